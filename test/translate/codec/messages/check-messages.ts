import {expect} from 'vitest';
import type {WireEvent} from '../../../../source/translate/codec/ir-event.ts';
import {isJsonObject, objectField, textField, type JsonObject} from '../../../../source/wire/json-value.ts';
import {payloads} from '../check-stream.ts';

const list = (value: unknown): readonly JsonObject[] => {
	expect(Array.isArray(value)).toBe(true);
	return Array.isArray(value) ? value.filter(isJsonObject) : [];
};

const checkKeys = (value: JsonObject, allowed: string): void => {
	expect(allowed.split(' ')).toEqual(expect.arrayContaining(Object.keys(value)));
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

const checkBlock = (block: JsonObject): void => {
	const type = textField(block, 'type') ?? '';
	expect(Object.keys(blockKeys)).toContain(type);
	checkKeys(block, blockKeys[type] ?? '');
	if (type === 'text') {
		expect(textField(block, 'text')?.trim()).not.toBe('');
	}

	if (type === 'tool_use') {
		expect(block['id']).toMatch(/^[\w-]{1,64}$/);
		expect(block['name']).toMatch(/^[\w-]{1,64}$/);
		expect(isJsonObject(block['input'])).toBe(true);
	}
};

const idsOf = (content: readonly JsonObject[], type: string, field: string): readonly unknown[] =>
	content.filter(block => block['type'] === type).map(block => block[field]);

/** Everything of a turn that Anthropic answers 400 to, as far as translation.md 3.1 knows it. */
const checkTurns = (messages: readonly JsonObject[]): void => {
	expect(messages.length).toBeGreaterThan(0);
	const turns = messages.filter(({role}) => role !== 'system');
	expect(turns[0]?.['role']).toBe('user');
	expect(turns.at(-1)?.['role']).toBe('user');
	for (const [index, message] of messages.entries()) {
		checkKeys(message, 'role content');
		const content = list(message['content']);
		expect(content.length).toBeGreaterThan(0);
		content.forEach(checkBlock);
		expect(message['role']).not.toBe(messages[index - 1]?.['role']);
		const results = idsOf(content, 'tool_result', 'tool_use_id');
		expect(content.slice(0, results.length).every(({type}) => type === 'tool_result')).toBe(true);
		const before = messages[index - 1];
		const calls = before?.['role'] === 'assistant' ? idsOf(list(before['content']), 'tool_use', 'id') : [];
		expect(results).toEqual(calls);
	}
};

const marksIn = (value: unknown): number => JSON.stringify(value).split('"cache_control"').length - 1;

/** A Messages request as the strictest server would check it; unknown keys fail (issue 4, "Done when"). */
export const checkMessagesRequest = (body: JsonObject): void => {
	checkKeys(
		body,
		'model max_tokens system messages tools tool_choice thinking output_config stop_sequences temperature top_p top_k ' +
			'metadata speed stream',
	);
	expect(body['max_tokens']).toBeGreaterThan(0);
	checkTurns(list(body['messages']));
	for (const block of list(body['system'] ?? [])) {
		expect(block['type']).toBe('text');
		checkBlock(block);
	}

	const tools = list(body['tools'] ?? []);
	const names = tools.map(({name}) => name);
	expect(new Set(names).size).toBe(names.length);
	for (const tool of tools) {
		checkKeys(tool, 'name description input_schema strict cache_control');
		expect(tool['name']).toMatch(/^[\w-]{1,64}$/);
		expect(objectField(tool, 'input_schema')['type']).toBe('object');
	}

	if (tools.length === 0) {
		expect(body['tool_choice']).toBeUndefined();
	}

	const thinking = objectField(body, 'thinking');
	const isThinking = thinking['type'] === 'enabled' || thinking['type'] === 'adaptive';
	if (isThinking) {
		expect(['any', 'tool']).not.toContain(objectField(body, 'tool_choice')['type']);
		expect(body['temperature'] ?? body['top_p'] ?? body['top_k']).toBeUndefined();
	}

	expect(marksIn(body)).toBeLessThanOrEqual(4);
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

/** Reads a Messages stream as the official SDK does, and checks order, density and one open block at a time. */
export const readMessagesStream = (events: readonly WireEvent[]): readonly ReadBlock[] => {
	const all = payloads(events);
	const blocks: ReadBlock[] = [];
	expect(events.map(({event}) => event)).toEqual(all.map(({type}) => type));
	if (all.length > 0 && all[0]?.['type'] !== 'error') {
		expect(all[0]?.['type']).toBe('message_start');
	}

	for (const payload of all) {
		const block = blocks.at(-1);
		if (payload['type'] === 'content_block_start') {
			expect(block?.isStopped ?? true).toBe(true);
			expect(payload['index']).toBe(blocks.length);
			const begun = objectField(payload, 'content_block');
			const type = textField(begun, 'type') ?? '';
			expect(Object.keys(deltasOf)).toContain(type);
			blocks.push({type, text: '', start: begun, isStopped: false});
		} else if (payload['type'] === 'content_block_delta') {
			const delta = objectField(payload, 'delta');
			expect(payload['index']).toBe(blocks.length - 1);
			expect(block?.isStopped).toBe(false);
			expect(deltasOf[block?.type ?? '']).toContain(delta['type']);
			if (block && delta['type'] !== 'signature_delta') {
				block.text += String(delta['text'] ?? delta['thinking'] ?? delta['partial_json']);
			}
		} else if (payload['type'] === 'content_block_stop' && block) {
			expect(payload['index']).toBe(blocks.length - 1);
			expect(block.isStopped).toBe(false);
			block.isStopped = true;
		}
	}

	return blocks;
};

/** The checks of {@link readMessagesStream} on a whole stream: one head, one end, nothing behind it. */
export const checkMessagesStream = (events: readonly WireEvent[]): readonly ReadBlock[] => {
	const blocks = readMessagesStream(events);
	const types = payloads(events).map(({type}) => type);
	const isFailed = types.at(-1) === 'error';
	expect(types.filter(type => type === 'message_stop')).toHaveLength(isFailed ? 0 : 1);
	if (!isFailed) {
		expect(types.filter(type => type === 'message_start')).toHaveLength(1);
		expect(types.slice(-2)).toEqual(['message_delta', 'message_stop']);
	}

	return blocks;
};
