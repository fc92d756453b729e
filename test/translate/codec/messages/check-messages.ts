import {isDeepStrictEqual} from 'node:util';
import type {WireEvent} from '../../../../source/translate/codec/ir-event.ts';
import {isJsonObject, objectField, textField, type JsonObject} from '../../../../source/wire/json-value.ts';
import {payloads} from '../check-stream.ts';

/** Cheaper than an expectation: the properties ask it millions of times. */
const must = (isTrue: boolean, rule: string, value?: unknown): void => {
	if (!isTrue) {
		throw new Error(`${rule}: ${JSON.stringify(value)}`);
	}
};

const list = (value: unknown): readonly JsonObject[] => {
	must(Array.isArray(value) && value.every(isJsonObject), 'an array of objects', value);
	return Array.isArray(value) ? value : [];
};

const checkKeys = (value: JsonObject, allowed: string): void => {
	const names = allowed.split(' ');
	must(
		Object.keys(value).every(name => names.includes(name)),
		`only the keys ${allowed}`,
		value,
	);
};

const blockKeys: Readonly<Record<string, string>> = {
	text: 'type text cache_control',
	image: 'type source cache_control',
	document: 'type source title cache_control',
	thinking: 'type thinking signature',
	redacted_thinking: 'type data',
	tool_use: 'type id name input',
	tool_result: 'type tool_use_id content is_error cache_control',
};

const isName = (value: unknown): boolean => typeof value === 'string' && /^[\w-]{1,64}$/.test(value);

const checkBlock = (block: JsonObject): void => {
	const type = textField(block, 'type') ?? '';
	must(type in blockKeys, 'a known block', block);
	checkKeys(block, blockKeys[type] ?? '');
	if (type === 'text') {
		must(textField(block, 'text')?.trim() !== '', 'no blank text', block);
	}

	if (type === 'tool_use') {
		must(isName(block['id']) && isName(block['name']) && isJsonObject(block['input']), 'a whole tool_use', block);
	}
};

const idsOf = (content: readonly JsonObject[], type: string, field: string): readonly unknown[] =>
	content.filter(block => block['type'] === type).map(block => block[field]);

/** Everything of a turn that Anthropic answers 400 to, as far as translation.md 3.1 knows it. */
const checkTurns = (messages: readonly JsonObject[]): void => {
	const turns = messages.filter(({role}) => role !== 'system');
	must(turns[0]?.['role'] === 'user' && turns.at(-1)?.['role'] === 'user', 'a user at both ends', messages);
	for (const [index, message] of messages.entries()) {
		checkKeys(message, 'role content');
		const content = list(message['content']);
		must(content.length > 0, 'no empty message', messages);
		content.forEach(checkBlock);
		const before = messages[index - 1];
		must(message['role'] !== before?.['role'], 'roles alternate', messages);
		const results = idsOf(content, 'tool_result', 'tool_use_id');
		must(
			content.slice(0, results.length).every(({type}) => type === 'tool_result'),
			'results first',
			content,
		);
		const calls = before?.['role'] === 'assistant' ? idsOf(list(before['content']), 'tool_use', 'id') : [];
		must(isDeepStrictEqual(results, calls), 'a result for each call, directly behind them', messages);
	}
};

const marksIn = (value: unknown): number => JSON.stringify(value).split('"cache_control"').length - 1;

const checkTools = (body: JsonObject): void => {
	const tools = list(body['tools'] ?? []);
	must(new Set(tools.map(({name}) => name)).size === tools.length, 'a name for each tool', tools);
	for (const tool of tools) {
		checkKeys(tool, 'name description input_schema strict cache_control');
		must(isName(tool['name']) && objectField(tool, 'input_schema')['type'] === 'object', 'a whole tool', tool);
	}

	must(tools.length > 0 || body['tool_choice'] === undefined, 'no choice without tools', body);
};

const checkThinking = (body: JsonObject): void => {
	const thinking = objectField(body, 'thinking')['type'];
	if (thinking === 'enabled' || thinking === 'adaptive') {
		const choice = objectField(body, 'tool_choice')['type'];
		must(choice !== 'any' && choice !== 'tool', 'no forced tool while thinking', body);
		const sampling = body['temperature'] ?? body['top_p'] ?? body['top_k'];
		must(sampling === undefined, 'no sampling while thinking', body);
	}
};

/** A Messages request as the strictest server would check it; unknown keys fail (issue 4, "Done when"). */
export const checkMessagesRequest = (body: JsonObject): void => {
	checkKeys(
		body,
		'model max_tokens system messages tools tool_choice thinking output_config stop_sequences temperature top_p top_k ' +
			'metadata speed stream',
	);
	must(Number(body['max_tokens']) > 0, 'max_tokens', body);
	checkTurns(list(body['messages']));
	for (const block of list(body['system'] ?? [])) {
		must(block['type'] === 'text', 'text only in system', block);
		checkBlock(block);
	}

	checkTools(body);
	checkThinking(body);
	must(marksIn(body) <= 4, 'four cache marks', body);
};

/** The deltas that each kind of block may get. */
const deltasOf: Readonly<Record<string, readonly string[]>> = {
	text: ['text_delta'],
	thinking: ['thinking_delta', 'signature_delta'],
	tool_use: ['input_json_delta'],
	redacted_thinking: [],
	server_tool_use: [],
	web_search_tool_result: [],
};

/** What a reader of the stream keeps of a block. */
export interface ReadBlock {
	readonly type: string;
	text: string;
	readonly start: JsonObject;
	isStopped: boolean;
}

const readPayload = (payload: JsonObject, blocks: ReadBlock[]): void => {
	const block = blocks.at(-1);
	if (payload['type'] === 'content_block_start') {
		must((block?.isStopped ?? true) && payload['index'] === blocks.length, 'one open block, dense indices', payload);
		const start = objectField(payload, 'content_block');
		const type = textField(start, 'type') ?? '';
		must(type in deltasOf, 'a known block', payload);
		blocks.push({type, text: '', start, isStopped: false});
	} else if (payload['type'] === 'content_block_delta') {
		const delta = objectField(payload, 'delta');
		const type = textField(delta, 'type') ?? '';
		must(payload['index'] === blocks.length - 1 && block?.isStopped === false, 'a delta of the open block', payload);
		must(deltasOf[block?.type ?? '']?.includes(type) === true, 'a delta of the right kind', payload);
		if (block && type !== 'signature_delta') {
			block.text += String(delta['text'] ?? delta['thinking'] ?? delta['partial_json']);
		}
	} else if (payload['type'] === 'content_block_stop') {
		must(payload['index'] === blocks.length - 1 && block?.isStopped === false, 'a stop of the open block', payload);
		if (block) {
			block.isStopped = true;
		}
	}
};

/** Reads a Messages stream as the official SDK does, and checks order, density and one open block at a time. */
export const readMessagesStream = (events: readonly WireEvent[]): readonly ReadBlock[] => {
	const all = payloads(events);
	const blocks: ReadBlock[] = [];
	must(
		events.every(({event}, index) => event === all[index]?.['type']),
		'the event line names the type',
	);
	must(all.length === 0 || ['message_start', 'error'].includes(String(all[0]?.['type'])), 'the head first', all[0]);
	for (const payload of all) {
		readPayload(payload, blocks);
	}

	return blocks;
};

/** The checks of {@link readMessagesStream} on a whole stream: one head, one end, nothing behind it. */
export const checkMessagesStream = (events: readonly WireEvent[]): readonly ReadBlock[] => {
	const blocks = readMessagesStream(events);
	const types = payloads(events).map(({type}) => type);
	const isFailed = types.at(-1) === 'error';
	const ends = types.filter(type => type === 'message_stop' || type === 'error');
	must(ends.length === 1, 'one end', types);
	if (!isFailed) {
		must(types.filter(type => type === 'message_start').length === 1, 'one head', types);
		must(isDeepStrictEqual(types.slice(-2), ['message_delta', 'message_stop']), 'the end last', types);
	}

	return blocks;
};
