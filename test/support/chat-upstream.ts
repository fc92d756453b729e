import {createServer} from 'node:http';
import {onTestFinished} from 'vitest';
import {isRecord} from '../../source/base/json.ts';
import {upstreamKey} from './upstream.ts';

/*
 * A strict Chat Completions upstream: it refuses what DeepSeek and its like refuse (translation.md 1): fields of the Responses API, a tool result
 * without its call, a call without its result, an empty assistant message, a wrong key.
 */

/** What the upstream does with one request. */
export type ChatAnswer =
	/** `length`: the text is cut by the upstream's limit. */
	| {readonly text: string; readonly reasoning?: string; readonly finish?: 'length'}
	| {readonly call: {readonly name: string; readonly arguments: Record<string, unknown>}; readonly reasoning?: string}
	| {readonly status: number};

/** One request as it came. */
export interface ChatRequest {
	readonly path: string;
	readonly body: Record<string, unknown>;
	readonly messages: ReadonlyArray<Record<string, unknown>>;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A running upstream. */
export interface ChatUpstream {
	readonly name: string;
	readonly url: string;
	readonly requests: readonly ChatRequest[];
	/** What it refused, in words. */
	readonly refusals: readonly string[];
}

const foreignFields = [
	'input',
	'instructions',
	'previous_response_id',
	'include',
	'store',
	'reasoning',
	'client_metadata',
];

const recordsIn = (value: unknown): ReadonlyArray<Record<string, unknown>> =>
	Array.isArray(value) ? value.filter(isRecord) : [];

const faultOf = ({body, messages, headers}: ChatRequest): string | undefined => {
	if (headers['authorization'] !== `Bearer ${upstreamKey}`) {
		return 'wrong key';
	}

	const foreign = foreignFields.find(field => field in body);
	if (foreign !== undefined) {
		return `unknown field ${foreign}`;
	}

	const open = new Set<unknown>();
	for (const message of messages) {
		if (message['role'] === 'tool') {
			if (!open.delete(message['tool_call_id'])) {
				return `tool result without its call: ${String(message['tool_call_id'])}`;
			}

			continue;
		}

		if (open.size > 0) {
			return 'a call without its result';
		}

		const calls = recordsIn(message['tool_calls']);
		calls.forEach(({id}) => open.add(id));
		if (message['role'] === 'assistant' && calls.length === 0 && !message['content']) {
			return 'empty assistant message';
		}
	}

	return open.size > 0 ? 'a call without its result' : undefined;
};

const chunk = (delta: object, finish: string | null = null): string =>
	`data: ${JSON.stringify({id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{index: 0, delta, finish_reason: finish}]})}\n\n`;

const usage = `data: ${JSON.stringify({id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: {prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, prompt_tokens_details: {cached_tokens: 40}}})}\n\ndata: [DONE]\n\n`;

const piecesOf = (text: string): readonly string[] => text.match(/[^]{1,7}/gu) ?? [];

const streamOf = (answer: Exclude<ChatAnswer, {readonly status: number}>): string => {
	const start = chunk({role: 'assistant', content: ''});
	const thoughts = piecesOf(answer.reasoning ?? '').map(piece => chunk({reasoning_content: piece}));
	if ('call' in answer) {
		const {name, arguments: values} = answer.call;
		const [first = '', ...rest] = piecesOf(JSON.stringify(values));
		const opening = {index: 0, id: 'call_1', type: 'function', function: {name, arguments: first}};
		return [
			start,
			...thoughts,
			chunk({tool_calls: [opening]}),
			...rest.map(piece => chunk({tool_calls: [{index: 0, function: {arguments: piece}}]})),
			chunk({}, 'tool_calls'),
			usage,
		].join('');
	}

	return [
		start,
		...thoughts,
		...piecesOf(answer.text).map(piece => chunk({content: piece})),
		chunk({}, answer.finish ?? 'stop'),
		usage,
	].join('');
};

/** Starts an upstream whose answers `answerFor` chooses by the request; closed when the test ends. */
export const startChatUpstream = async (
	name: string,
	answerFor: (request: ChatRequest) => ChatAnswer,
): Promise<ChatUpstream> => {
	const requests: ChatRequest[] = [];
	const refusals: string[] = [];
	const server = createServer((incoming, response) => {
		const pieces: Buffer[] = [];
		incoming.on('data', (piece: Buffer) => pieces.push(piece));
		incoming.on('end', () => {
			const body: Record<string, unknown> = JSON.parse(Buffer.concat(pieces).toString() || '{}');
			const request = {
				path: incoming.url ?? '',
				...{body, messages: recordsIn(body['messages'])},
				headers: incoming.headers,
			};
			requests.push(request);
			const fault = faultOf(request);
			const answer = fault === undefined ? answerFor(request) : {status: 400};
			if (fault !== undefined) {
				refusals.push(fault);
			}

			if ('status' in answer) {
				response.writeHead(answer.status, {'content-type': 'application/json'});
				response.end(JSON.stringify({error: {message: fault ?? 'no', type: 'invalid_request_error'}}));
				return;
			}

			response.writeHead(200, {'content-type': 'text/event-stream'});
			response.end(streamOf(answer));
		});
	}).listen(0, '127.0.0.1');
	await new Promise(resolve => {
		server.once('listening', resolve);
	});
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	return {name, url: `http://127.0.0.1:${port}/v1`, requests, refusals};
};
