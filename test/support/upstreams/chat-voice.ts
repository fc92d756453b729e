import {isObject, objectsOf, readPlainFacts, stringOf, type SeenRequest} from '../../../source/demo/read-request.ts';
import type {JsonObject} from '../../../source/demo/script.ts';
import {
	estimateUsage,
	flatCall,
	splitText,
	type FlatCall,
	type ReplyFacts,
	type StreamEvent,
} from '../../../source/demo/stream-event.ts';
import {fault, type Fault} from '../../../source/demo/strict/refuse.ts';
import type {Voice} from '../../../source/demo/voice.ts';
import {checkHeaders} from './plain-headers.ts';
import {readPrompt, type Spoken} from './prompt.ts';
import type {Shape} from './shape.ts';

/* Chat Completions as DeepSeek speaks it while it thinks: reasoning must come back with every call (translation.md 1.10). */

const contentText = (content: unknown): string =>
	typeof content === 'string'
		? content
		: objectsOf(content)
				.map(part => stringOf(part['text']))
				.join('\n');

const spokenOf = ({role, content}: JsonObject): Spoken =>
	role === 'user' ? {type: 'user', text: contentText(content)} : {type: role === 'tool' ? 'output' : 'other'};

const callIds = (message: JsonObject | undefined): readonly string[] =>
	objectsOf(message?.['tool_calls']).map(({id}) => stringOf(id));

/** Each call has its result right behind its message, in the order of the calls, and no result stands elsewhere. */
const checkPairs = (messages: readonly JsonObject[]): readonly Fault[] => {
	const asked = messages.flatMap((message, index) => {
		const ids = callIds(message);
		const answers = messages.slice(index + 1, index + 1 + ids.length).map(next => next['tool_call_id']);
		const isAnswered = ids.every((id, place) => answers[place] === id);
		return isAnswered
			? []
			: [fault('missing-tool-output', `messages.${index}: the calls ${ids.join()} are not answered.`)];
	});
	const orphans = messages.flatMap((message, index) => {
		const before = messages.findLast((other, place) => place < index && other['role'] !== 'tool');
		const isOrphan = message['role'] === 'tool' && !callIds(before).includes(stringOf(message['tool_call_id']));
		return isOrphan ? [fault('orphan-tool-output', `messages.${index}: a tool message without its call.`)] : [];
	});
	return [...asked, ...orphans];
};

const bad = (index: number, why: string): Fault => fault('bad-field', `messages.${index}: ${why}`);

const checkOrder = (body: JsonObject): readonly Fault[] => {
	const messages = objectsOf(body['messages']);
	const thinking = isObject(body['thinking']) ? body['thinking']['type'] : undefined;
	const names = objectsOf(body['tools']).map(({function: tool}) => (isObject(tool) ? tool['name'] : ''));
	return [
		...messages.flatMap(({role, tool_calls: calls, content, reasoning_content: thought}, index) => [
			...(role === 'system' && index > 0 ? [bad(index, 'a system message stands at the beginning only')] : []),
			...(role === 'assistant' && calls === undefined && content === null ? [bad(index, 'an empty answer')] : []),
			...(calls !== undefined && thought === undefined && thinking !== 'disabled'
				? [bad(index, 'the reasoning_content in the thinking mode must be passed back to the API')]
				: []),
		]),
		...(messages.at(-1)?.['role'] === 'assistant' ? [bad(messages.length - 1, 'the last message is an answer')] : []),
		...(new Set(names).size < names.length ? [fault('bad-field', 'tools: two tools have one name')] : []),
		...('tool_choice' in body && names.length === 0 ? [fault('bad-field', 'tool_choice: there are no tools')] : []),
		...('stream_options' in body && body['stream'] !== true ? [fault('bad-field', 'stream_options: no stream')] : []),
	];
};

const check = (request: SeenRequest, shape: Shape): readonly Fault[] => {
	const body = request.parsed;
	if (!isObject(body)) {
		return [fault('bad-json', 'The body is not a JSON object.')];
	}

	return [
		...checkHeaders(request, ['authorization']),
		...shape(body, 'body').map(text => fault('unknown-key', text)),
		...checkOrder(body),
		...checkPairs(objectsOf(body['messages'])),
	];
};

interface Spelled {
	readonly reasoning: string;
	readonly text: string;
	readonly calls: readonly FlatCall[];
}

const spell = ({parts, id}: ReplyFacts): Spelled => ({
	reasoning: parts.flatMap(part => (part.type === 'reasoning' ? [part.summary.join('\n\n')] : [])).join('\n\n'),
	text: parts.flatMap(part => (part.type === 'message' ? [part.text] : [])).join(''),
	calls: parts
		.map(flatCall)
		.filter(call => call !== undefined)
		.map((call, index) => ({...call, callId: call.callId ?? `call_${id}${index}`})),
});

const finishOf = ({end}: ReplyFacts, {calls}: Spelled): string =>
	end.type === 'incomplete' ? end.reason : calls.length > 0 ? 'tool_calls' : 'stop';

const usageOf = (facts: ReplyFacts): JsonObject => {
	const {inputTokens, cachedInputTokens, outputTokens, reasoningTokens} = estimateUsage(facts);
	return {
		prompt_tokens: inputTokens,
		completion_tokens: outputTokens,
		total_tokens: inputTokens + outputTokens,
		prompt_cache_hit_tokens: cachedInputTokens,
		completion_tokens_details: {reasoning_tokens: reasoningTokens},
	};
};

const callEvents = ({name, arguments: values, callId}: FlatCall, index: number, facts: ReplyFacts): JsonObject[] => [
	{tool_calls: [{index, id: callId, type: 'function', function: {name, arguments: ''}}]},
	...splitText(JSON.stringify(values), facts.deltaLength).map(piece => ({
		tool_calls: [{index, function: {arguments: piece}}],
	})),
];

const buildStream = (facts: ReplyFacts): readonly StreamEvent[] => {
	const spelled = spell(facts);
	const frame = {id: facts.id, object: 'chat.completion.chunk', created: 1, model: facts.model};
	const chunk = (delta: JsonObject, finish: string | null, more: JsonObject = {}): StreamEvent => ({
		data: {...frame, choices: [{index: 0, delta, finish_reason: finish}], ...more},
	});
	const deltas: readonly JsonObject[] = [
		{role: 'assistant', content: '', reasoning_content: null},
		...splitText(spelled.reasoning, facts.deltaLength).map(piece => ({content: null, reasoning_content: piece})),
		...splitText(spelled.text, facts.deltaLength).map(piece => ({content: piece, reasoning_content: null})),
		...spelled.calls.flatMap((call, index) => callEvents(call, index, facts)),
	];
	const said = deltas.map(delta => chunk(delta, null));
	const {end} = facts;
	if (end.type === 'none') {
		return said;
	}

	return end.type === 'failed' || end.type === 'error'
		? [...said, {data: {error: {message: end.message, type: end.code, code: end.code}}}]
		: [...said, chunk({content: ''}, finishOf(facts, spelled), {usage: usageOf(facts)}), {data: {}, word: '[DONE]'}];
};

const buildBody = (facts: ReplyFacts): JsonObject => {
	const spelled = spell(facts);
	const calls = spelled.calls.map(({callId, name, arguments: values}) => ({
		...{id: callId, type: 'function'},
		function: {name, arguments: JSON.stringify(values)},
	}));
	const message = {role: 'assistant', content: spelled.text, reasoning_content: spelled.reasoning, tool_calls: calls};
	const choice = {index: 0, message, finish_reason: finishOf(facts, spelled)};
	return {
		id: facts.id,
		object: 'chat.completion',
		created: 1,
		model: facts.model,
		choices: [choice],
		usage: usageOf(facts),
	};
};

/** Chat Completions of a provider that takes these keys. */
export const createChatVoice = (shape: Shape): Voice => ({
	root: '/v1',
	modelPath: '/v1/chat/completions',
	readFacts: request => ({
		...readPlainFacts(request),
		kind: 'other',
		...readPrompt(isObject(request.parsed) ? objectsOf(request.parsed['messages']).map(spokenOf) : []),
	}),
	check: request => check(request, shape),
	wantsStream: ({parsed}) => isObject(parsed) && parsed['stream'] === true,
	buildStream,
	buildBody,
	contentType: 'text/event-stream; charset=utf-8',
	issuesTurnState: false,
	idHeader: 'x-ds-trace-id',
	errorBody: ({message, wireCode}) => ({
		error: {message, type: 'invalid_request_error', param: null, code: wireCode},
	}),
});
