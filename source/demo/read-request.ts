import type {IncomingHttpHeaders} from 'node:http';
import {gunzipSync, zstdDecompressSync} from 'node:zlib';
import type {RequestKind} from '../wire/names.ts';
import type {JsonObject} from './script.ts';

/** A request as it came, and what a rule may ask about it. */
export interface SeenRequest {
	readonly method: string;
	/** The path with its query. */
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	/** Names and values in turn, as they came: two equal names stay two. */
	readonly rawHeaders: readonly string[];
	readonly body: Buffer;
	/** The body's text without its `content-encoding`; empty where it does not decode. */
	readonly text: string;
	/** The parsed JSON body, or undefined where it is none. */
	readonly parsed: unknown;
}

/** What rules match on. */
export interface RequestFacts {
	readonly path: string;
	readonly kind: RequestKind;
	readonly model: string;
	/** The text of the user's last prompt. */
	readonly prompt: string;
	/** Tool outputs after that prompt. */
	readonly toolOutputs: number;
	readonly bodyText: string;
}

/** Whether a value is a JSON object (not a list, not null). */
export const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects of a list; anything else is left out, and what is no list is empty. */
export const objectsOf = (value: unknown): readonly JsonObject[] =>
	Array.isArray(value) ? value.filter(isObject) : [];

/** The value where it is a string, otherwise an empty text. */
export const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The parsed JSON of a text, or undefined. */
export const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

/** The body without its `content-encoding` (zstd and gzip), or undefined where it does not decode. */
export const decodeBody = (body: Buffer, encoding: string | undefined): Buffer | undefined => {
	try {
		switch (encoding) {
			case 'zstd': {
				return zstdDecompressSync(body);
			}

			case 'gzip': {
				return gunzipSync(body);
			}

			default: {
				return body;
			}
		}
	} catch {
		return undefined;
	}
};

/** The text of a message's content: a string, or the `text` of its parts. */
const textOf = (content: unknown): string =>
	typeof content === 'string'
		? content
		: objectsOf(content)
				.map(part => (typeof part['text'] === 'string' ? part['text'] : ''))
				.join('\n');

const oneOf = (value: string | readonly string[] | undefined): string =>
	typeof value === 'string' ? value : (value?.[0] ?? '');

const codexKind = (headers: IncomingHttpHeaders): RequestKind => {
	const metadata = parseJson(oneOf(headers['x-codex-turn-metadata']));
	if (!isObject(metadata)) {
		return 'other';
	}

	if (metadata['request_kind'] === 'compaction' || metadata['request_kind'] === 'prewarm') {
		return metadata['request_kind'];
	}

	if (metadata['thread_source'] === 'thread_title') {
		return 'title';
	}

	const subagents: Readonly<Record<string, RequestKind>> = {review: 'review', thread_spawn: 'subagent'};
	return subagents[stringOf(metadata['subagent_kind'])] ?? 'turn';
};

// Both clients put context of their own into user messages; it starts with a tag, a person's prompt does not.
const isPrompt = (item: JsonObject): boolean =>
	item['role'] === 'user' &&
	textOf(item['content']).trim() !== '' &&
	!textOf(item['content']).trimStart().startsWith('<');

const responsesFacts = (body: JsonObject): Pick<RequestFacts, 'prompt' | 'toolOutputs'> => {
	const input = objectsOf(body['input']);
	const last = input.findLastIndex(isPrompt);
	return {
		prompt: textOf(input[last]?.['content']),
		toolOutputs: input.slice(last + 1).filter(item => stringOf(item['type']).endsWith('_output')).length,
	};
};

const promptBlocks = (message: JsonObject): string =>
	typeof message['content'] === 'string'
		? message['content']
		: objectsOf(message['content'])
				.map(block => textOf([block]))
				.filter(text => text !== '' && !text.startsWith('<'))
				.join('\n');

const messagesFacts = (body: JsonObject): Pick<RequestFacts, 'prompt' | 'toolOutputs'> => {
	const messages = objectsOf(body['messages']);
	const last = messages.findLastIndex(item => item['role'] === 'user' && promptBlocks(item) !== '');
	const results = messages
		.slice(last + 1)
		.flatMap(item => objectsOf(item['content']).filter(block => block['type'] === 'tool_result'));
	return {prompt: last === -1 ? '' : promptBlocks(messages[last] ?? {}), toolOutputs: results.length};
};

const claudeKind = (headers: IncomingHttpHeaders, body: JsonObject): RequestKind => {
	if (!('max_tokens' in body)) {
		return 'other';
	}

	if (headers['x-claude-code-agent-id'] !== undefined) {
		return 'subagent';
	}

	return isObject(body['output_config']) && isObject(body['output_config']['format']) ? 'title' : 'turn';
};

/** What every dialect with its model in the body tells alike; a body that is no JSON object has no model. */
export const readPlainFacts = ({
	path,
	parsed,
	text,
}: SeenRequest): Pick<RequestFacts, 'path' | 'model' | 'bodyText'> => ({
	path: path.split('?')[0] ?? '',
	model: isObject(parsed) ? stringOf(parsed['model']) : '',
	bodyText: text,
});

const bodyOf = ({parsed}: SeenRequest): JsonObject => (isObject(parsed) ? parsed : {});

/** Reads what rules match on from a Responses request; a body that is no JSON object has no prompt. */
export const readResponsesFacts = (request: SeenRequest): RequestFacts => ({
	...readPlainFacts(request),
	kind: codexKind(request.headers),
	...responsesFacts(bodyOf(request)),
});

/** The same from a Messages request. */
export const readMessagesFacts = (request: SeenRequest): RequestFacts => ({
	...readPlainFacts(request),
	kind: claudeKind(request.headers, bodyOf(request)),
	...messagesFacts(bodyOf(request)),
});
