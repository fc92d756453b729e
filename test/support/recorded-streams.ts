import type {Client, Dialect} from '../../source/wire/names.ts';

/*
 * Streams as the providers send them: text, reasoning with hidden state, one and several tool calls, non-ASCII, CRLF, CR,
 * missing event lines, comments. Shapes follow the recorded provider streams (codex-wire.md 2, claude-wire.md).
 */

/** One stream with the client it is for and how it ends well. */
export interface RecordedStream {
	readonly name: string;
	readonly client: Client;
	readonly dialect: Dialect;
	readonly bytes: Buffer;
	/** The name of its terminal event. */
	readonly terminal: string;
}

const named = (type: string, fields: object): string =>
	`event: ${type}\ndata: ${JSON.stringify({type, ...fields})}\n\n`;

const response = (status: string, fields: object = {}): object => ({
	response: {
		id: 'resp_1',
		object: 'response',
		created_at: 1764180467,
		status,
		model: 'gpt-5.5',
		output: [],
		headers: {'openai-model': 'gpt-5.5', 'x-request-id': 'req_9'},
		...fields,
	},
});

const usage = {
	input_tokens: 1200,
	input_tokens_details: {cached_tokens: 1000},
	output_tokens: 34,
	output_tokens_details: {reasoning_tokens: 12},
	total_tokens: 1234,
};

const opening = [
	named('response.created', response('in_progress')),
	named('response.in_progress', response('in_progress')),
];

const closing = named('response.completed', response('completed', {usage, service_tier: 'default'}));

/** The events of a message item whose text comes in these pieces. */
const message = (index: number, pieces: readonly string[]): readonly string[] => {
	const item = {id: `msg_${index}`, type: 'message', role: 'assistant'};
	const part = {item_id: item.id, output_index: index, content_index: 0};
	const text = pieces.join('');
	return [
		named('response.output_item.added', {output_index: index, item: {...item, status: 'in_progress', content: []}}),
		named('response.content_part.added', {...part, part: {type: 'output_text', text: '', annotations: []}}),
		...pieces.map(delta => named('response.output_text.delta', {...part, delta})),
		named('response.output_text.done', {...part, text}),
		named('response.content_part.done', {...part, part: {type: 'output_text', text, annotations: []}}),
		named('response.output_item.done', {
			output_index: index,
			item: {...item, status: 'completed', content: [{type: 'output_text', text, annotations: []}]},
		}),
	];
};

const reasoning = (index: number, state: string): readonly string[] => {
	const item = {id: `rs_${index}`, type: 'reasoning', summary: []};
	return [
		named('response.output_item.added', {output_index: index, item}),
		named('response.reasoning_summary_part.added', {item_id: item.id, part: {type: 'summary_text', text: ''}}),
		named('response.reasoning_summary_text.delta', {item_id: item.id, delta: 'Überlegung „eins“ … ✓'}),
		named('response.output_item.done', {output_index: index, item: {...item, encrypted_content: state}}),
	];
};

const call = (index: number, command: string): readonly string[] => {
	const item = {id: `fc_${index}`, type: 'function_call', name: 'exec_command', call_id: `call_${index}`};
	const text = JSON.stringify({cmd: command});
	return [
		named('response.output_item.added', {output_index: index, item: {...item, arguments: ''}}),
		named('response.function_call_arguments.delta', {item_id: item.id, output_index: index, delta: text.slice(0, 7)}),
		named('response.function_call_arguments.delta', {item_id: item.id, output_index: index, delta: text.slice(7)}),
		named('response.output_item.done', {output_index: index, item: {...item, arguments: text, status: 'completed'}}),
	];
};

/** Every event of a Responses answer with reasoning, text and two calls, one string each; for playbooks. */
export const responsesParts = {opening, closing, message, reasoning, call, named, response};

const trap = ['event: response.failed\n', 'data: {"type":"response.completed"}', '\n\n', ' "error":{} 日本語 🦀'];

const messagesEvents = (): readonly string[] => [
	named('message_start', {
		message: {
			id: 'msg_1',
			type: 'message',
			role: 'assistant',
			model: 'claude-sonnet-4-5',
			content: [],
			usage: {input_tokens: 69, cache_read_input_tokens: 400, output_tokens: 1, service_tier: 'standard'},
		},
	}),
	named('content_block_start', {index: 0, content_block: {type: 'thinking', thinking: '', signature: ''}}),
	named('ping', {}),
	named('content_block_delta', {index: 0, delta: {type: 'thinking_delta', thinking: 'Zuerst … 思考'}}),
	named('content_block_delta', {index: 0, delta: {type: 'signature_delta', signature: 'c2ln'}}),
	named('content_block_stop', {index: 0}),
	named('content_block_start', {index: 1, content_block: {type: 'text', text: ''}}),
	named('content_block_delta', {index: 1, delta: {type: 'text_delta', text: 'event: error\n\nmessage_stop'}}),
	named('content_block_stop', {index: 1}),
	named('content_block_start', {index: 2, content_block: {type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {}}}),
	named('content_block_delta', {index: 2, delta: {type: 'input_json_delta', partial_json: ''}}),
	named('content_block_delta', {index: 2, delta: {type: 'input_json_delta', partial_json: '{"command":"ls"}'}}),
	named('content_block_stop', {index: 2}),
	named('message_delta', {delta: {stop_reason: 'tool_use', stop_sequence: null}, usage: {output_tokens: 88}}),
	named('message_stop', {}),
];

const chunk = (delta: object, fields: object = {}): string =>
	`data: ${JSON.stringify({
		id: 'chatcmpl-1',
		object: 'chat.completion.chunk',
		model: 'gpt-4.1-nano',
		service_tier: 'default',
		choices: [{index: 0, delta, logprobs: null, finish_reason: null, ...fields}],
		usage: null,
	})}\n\n`;

const chatEvents = (): readonly string[] => [
	chunk({role: 'assistant', content: '', refusal: null}),
	chunk({content: 'Grüße "error": [DONE] ✓'}),
	chunk({tool_calls: [{index: 0, id: 'call_1', type: 'function', function: {name: 'ls', arguments: ''}}]}),
	chunk({tool_calls: [{index: 0, function: {arguments: '{"usage":{"a":1}}'}}]}),
	chunk({}, {finish_reason: 'tool_calls'}),
	`data: ${JSON.stringify({
		id: 'chatcmpl-1',
		choices: [],
		usage: {prompt_tokens: 16, completion_tokens: 300, total_tokens: 316, prompt_tokens_details: {cached_tokens: 4}},
	})}\n\n`,
	'data: [DONE]\n\n',
];

const stream = (
	name: string,
	events: readonly string[],
	fields: Omit<RecordedStream, 'name' | 'bytes'>,
): RecordedStream => ({
	name,
	bytes: Buffer.from(events.join('')),
	...fields,
});

const codex = {client: 'codex', dialect: 'responses', terminal: 'response.completed'} as const;
const full = [
	...opening,
	...message(0, ['Hallo ', 'Wörld', ...trap]),
	...call(1, 'ls "ä"'),
	...call(2, 'pwd'),
	closing,
];

/** The streams that every re-chunking and every cut is tried on. Towards Codex none has deltas between a reasoning item and the next finished one, so all of them must come through bit for bit. */
export const recordedStreams: readonly RecordedStream[] = [
	stream('text and parallel calls for Codex', full, codex),
	stream('the same with CRLF', [full.join('').replaceAll('\n', '\r\n')], codex),
	stream('the same with CR alone', [full.join('').replaceAll('\n', '\r')], codex),
	stream('the same without event lines', [full.join('').replaceAll(/^event: .*\n/gm, '')], codex),
	stream(
		'reasoning right before its call for Codex',
		[': note\n\n', ...opening, ...reasoning(0, 'STATE-1'), closing],
		codex,
	),
	stream('an incomplete answer', [...message(0, ['half']), named('response.incomplete', response('incomplete'))], {
		...codex,
		terminal: 'response.incomplete',
	}),
	stream(
		'reasoning, text and a call for an SDK',
		[...opening, ...reasoning(0, 'S'), ...message(1, trap), ...call(2, 'ls'), closing],
		{
			...codex,
			client: 'sdk',
		},
	),
	stream('thinking, text and a tool for Claude Code', messagesEvents(), {
		client: 'claude-code',
		dialect: 'messages',
		terminal: 'message_stop',
	}),
	stream('a chat answer with a tool call', [': OPENROUTER PROCESSING\n\n', ...chatEvents()], {
		client: 'sdk',
		dialect: 'chat',
		terminal: '[DONE]',
	}),
	stream('a chat answer with CRLF', [chatEvents().join('').replaceAll('\n', '\r\n')], {
		client: 'sdk',
		dialect: 'chat',
		terminal: '[DONE]',
	}),
];

/** The events of the Messages and the Chat stream, one string each; for playbooks. */
export const otherParts = {messagesEvents, chatEvents, chunk};
