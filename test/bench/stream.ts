/* The answers of the mock: a Responses stream as the wire has it (codex-wire.md 2) and a Chat Completions one, one HTTP chunk per event. */

/** What stands before the 16 digits of a time stamp in a paced delta; no other text of the stream holds it. */
export const stampMark = '@@';

/** Digits of a stamp: microseconds of CLOCK_MONOTONIC. */
export const stampDigits = 16;

/** Events of a Responses stream besides its deltas. */
export const framingEvents = 8;

/** The same of a Chat Completions stream. */
export const chatFramingEvents = 4;

const itemId = 'msg_68f0b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e5f60';
const responseId = 'resp_68f0b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e5f61';
const usage = {
	input_tokens: 9211,
	input_tokens_details: {cached_tokens: 8960},
	output_tokens: 300,
	output_tokens_details: {reasoning_tokens: 0},
	total_tokens: 9511,
};

const event = (type: string, fields: Readonly<Record<string, unknown>>): string =>
	`event: ${type}\ndata: ${JSON.stringify({type, ...fields})}\n\n`;

const response = (status: string, rest: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
	id: responseId,
	object: 'response',
	created_at: 1_795_252_567,
	status,
	model: 'gpt-5.5',
	parallel_tool_calls: true,
	store: false,
	...rest,
});

/** One delta event of about 370 bytes around 24 characters of text. */
export const deltaEvent = (text: string, sequenceNumber: number): string =>
	event('response.output_text.delta', {
		sequence_number: sequenceNumber,
		item_id: itemId,
		output_index: 0,
		content_index: 0,
		delta: text,
		logprobs: [],
		obfuscation: 'k3J9x'.repeat(19),
	});

const finishedItem = (text: string): Readonly<Record<string, unknown>> => ({
	id: itemId,
	type: 'message',
	status: 'completed',
	role: 'assistant',
	content: [{type: 'output_text', text, annotations: [], logprobs: []}],
});

const opening = (): string[] => [
	event('response.created', {sequence_number: 0, response: response('in_progress', {output: [], usage: null})}),
	event('response.in_progress', {sequence_number: 1, response: response('in_progress', {output: [], usage: null})}),
	event('response.output_item.added', {
		sequence_number: 2,
		output_index: 0,
		item: {id: itemId, type: 'message', status: 'in_progress', role: 'assistant', content: []},
	}),
	event('response.content_part.added', {
		sequence_number: 3,
		item_id: itemId,
		output_index: 0,
		content_index: 0,
		part: {type: 'output_text', text: '', annotations: [], logprobs: []},
	}),
];

const closing = (text: string, next: number): string[] => [
	event('response.output_text.done', {sequence_number: next, item_id: itemId, output_index: 0, content_index: 0, text}),
	event('response.content_part.done', {
		sequence_number: next + 1,
		item_id: itemId,
		output_index: 0,
		content_index: 0,
		part: {type: 'output_text', text, annotations: [], logprobs: []},
	}),
	event('response.output_item.done', {sequence_number: next + 2, output_index: 0, item: finishedItem(text)}),
	event('response.completed', {
		sequence_number: next + 3,
		response: response('completed', {output: [finishedItem(text)], usage}),
	}),
];

/** A text of exactly 24 characters, different for each index. */
export const deltaText = (index: number): string => ` word ${index} of the answer`.padEnd(24, '.').slice(0, 24);

/** All events of one stream, in order: 4 that open it, `deltas` of text, 4 that close it. */
export const streamEvents = (deltas: number): string[] => {
	const texts = Array.from({length: deltas}, (_, index) => deltaText(index));
	return [
		...opening(),
		...texts.map((text, index) => deltaEvent(text, 4 + index)),
		...closing(texts.join(''), 4 + deltas),
	];
};

const chatChunk = (fields: Readonly<Record<string, unknown>>): string =>
	`data: ${JSON.stringify({
		id: 'chatcmpl-68f0b1c2d3e4f5061728394a5b6c7d8e',
		object: 'chat.completion.chunk',
		created: 1_795_252_567,
		model: 'gpt-5.5',
		system_fingerprint: 'fp_bench',
		...fields,
	})}\n\n`;

const chatDelta = (delta: Readonly<Record<string, unknown>>, finishReason: string | null = null): string =>
	chatChunk({choices: [{index: 0, delta, logprobs: null, finish_reason: finishReason}], usage: null});

/** All events of one Chat Completions stream: the role, `deltas` of text, the finish reason, the usage, `[DONE]`. */
export const chatEvents = (deltas: number): string[] => [
	chatDelta({role: 'assistant', content: ''}),
	...Array.from({length: deltas}, (_, index) => chatDelta({content: deltaText(index)})),
	chatDelta({}, 'stop'),
	chatChunk({choices: [], usage: {prompt_tokens: 9211, completion_tokens: 300, total_tokens: 9511}}),
	'data: [DONE]\n\n',
];

/** One HTTP/1.1 chunk around a text of one-byte characters (RFC 9112, 7.1). */
export const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** The end of a chunked body. */
export const lastChunk = '0\r\n\r\n';

/** The head of the answer. */
export const responseHead =
	'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\nx-request-id: req_bench\r\ntransfer-encoding: chunked\r\n\r\n';
