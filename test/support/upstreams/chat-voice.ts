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
import {checkChat} from './chat-rules.ts';
import {checkHeaders} from './plain-headers.ts';
import {readPrompt, type Spoken} from './prompt.ts';
import type {Shape} from './shape.ts';

/* Chat Completions as DeepSeek streams it: thoughts in `reasoning_content`, usage on the last chunk (translation.md 1.10). */

const contentText = (content: unknown): string =>
	typeof content === 'string'
		? content
		: objectsOf(content)
				.map(part => stringOf(part['text']))
				.join('\n');

const spokenOf = ({role, content}: JsonObject): Spoken =>
	role === 'user' ? {type: 'user', text: contentText(content)} : {type: role === 'tool' ? 'output' : 'other'};

/** A server that speaks Chat Completions in its own way. */
export interface ChatServer {
	/** The keys that it takes. */
	readonly shape: Shape;
	/** What it refuses beside what all refuse. */
	readonly rules: (body: JsonObject) => readonly Fault[];
}

const check = (request: SeenRequest, {shape, rules}: ChatServer): readonly Fault[] => {
	const body = request.parsed;
	return isObject(body)
		? [
				...checkHeaders(request, ['authorization']),
				...shape(body, 'body').map(wrong => fault('unknown-key', wrong)),
				...checkChat(body),
				...rules(body),
			]
		: [fault('bad-json', 'The body is not a JSON object.')];
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

/** Chat Completions of one server. */
export const createChatVoice = (server: ChatServer): Voice => ({
	root: '/v1',
	modelPath: '/v1/chat/completions',
	readFacts: request => ({
		...readPlainFacts(request),
		kind: 'other',
		...readPrompt(isObject(request.parsed) ? objectsOf(request.parsed['messages']).map(spokenOf) : []),
	}),
	check: request => check(request, server),
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
