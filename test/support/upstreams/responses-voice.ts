import {isObject, objectsOf, stringOf} from '../../../source/demo/read-request.ts';
import type {JsonObject, ReplyPart} from '../../../source/demo/script.ts';
import {flatCall} from '../../../source/demo/stream-event.ts';
import {fault, type Fault} from '../../../source/demo/strict/refuse.ts';
import {voiceOf, type Voice} from '../../../source/demo/voice.ts';
import {checkHeaders} from './plain-headers.ts';
import {readPrompt, type Spoken} from './prompt.ts';
import {responsesShape, xaiShape} from './responses-shape.ts';
import type {Shape} from './shape.ts';

/* Responses as OpenAI answers to strangers: every key of every item is known. */

const spokenOf = (item: JsonObject): readonly Spoken[] =>
	item['role'] === 'user'
		? objectsOf(item['content']).map(part => ({type: 'user', text: stringOf(part['text'])}))
		: [{type: stringOf(item['type']).endsWith('_output') ? 'output' : 'other'}];

const checkItems = (body: JsonObject): readonly Fault[] => {
	const items = objectsOf(body['input']);
	const names = objectsOf(body['tools']).map(({name}) => name);
	const loose = items.filter(
		({type}, index) =>
			type === 'reasoning' && !['message', 'function_call', 'reasoning'].includes(stringOf(items[index + 1]?.['type'])),
	);
	return [
		...loose.map(() =>
			fault('bad-field', 'An item of type reasoning was provided without its required following item.'),
		),
		...(new Set(names).size < names.length ? [fault('bad-field', 'Duplicate tool names.')] : []),
		...('tool_choice' in body && names.length === 0
			? [fault('bad-field', 'tool_choice is only allowed with tools.')]
			: []),
	];
};

const plain = voiceOf('responses');

const createVoice = (shape: Shape): Voice => ({
	...plain,
	readFacts(request) {
		const items = isObject(request.parsed) ? objectsOf(request.parsed['input']) : [];
		return {...plain.readFacts(request), ...readPrompt(items.flatMap(spokenOf))};
	},
	check(request, seal) {
		const body = isObject(request.parsed) ? request.parsed : {};
		return [
			...plain.check(request, seal),
			...checkHeaders(request, ['authorization']),
			...shape(body, 'body').map(wrong => fault('unknown-key', wrong)),
			...checkItems(body),
		];
	},
});

/** Responses, stricter than the demo's: for requests that the bridge wrote. */
export const strictResponsesVoice: Voice = createVoice(responsesShape);

/** Where every tool is a function, whatever it says: an answer as xAI gives it. */
const asFunction = (part: ReplyPart): ReplyPart => {
	const call = flatCall(part);
	return call === undefined
		? part
		: {
				type: 'function-call',
				name: call.name,
				arguments: call.arguments,
				...(call.callId !== undefined && {callId: call.callId}),
			};
};

/** Responses as xAI knows them: functions and its own tools only. */
export const xaiVoice: Voice = {
	...createVoice(xaiShape),
	buildStream: facts => plain.buildStream({...facts, parts: facts.parts.map(asFunction)}),
};
