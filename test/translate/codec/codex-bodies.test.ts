import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {
	callIdsOf,
	createAnswerDecoder,
	decodeRequest,
	encodeRequest,
	type ProviderDialect,
} from '../../../source/translate/codec/codec.ts';
import {objectsField} from '../../../source/translate/codec/field.ts';
import {createIdSource} from '../../../source/translate/codec/ids.ts';
import {objectField, parseJsonObject, textField, type JsonObject} from '../../../source/wire/json-value.ts';
import {asResponses, quirksWith, readAnswer, sse} from './bridge.ts';
import {checkResponsesStream, lastOf} from './check-stream.ts';
import {calls, finish, part} from './chunks.ts';

/** Second requests of turns that the real Codex 0.169 made (codex-wire.md), long texts elided. */
const bodies = ['patch', 'tool-search', 'lite-exec', 'sub-agent', 'mcp', 'compaction'] as const;
const dialects: readonly ProviderDialect[] = ['responses', 'chat', 'messages', 'gemini'];

const bodyOf = (name: string): JsonObject => {
	const file = new URL(`../../fixture/codex-0.169/${name}.bridge-body.json`, import.meta.url);
	return parseJsonObject(readFileSync(file, 'utf8')) ?? {};
};

const encode = (name: string, dialect: ProviderDialect) => {
	const {request, losses} = decodeRequest('responses', bodyOf(name));
	const encoded = encodeRequest(dialect, request, {model: 'up', stream: true, quirks: quirksWith()});
	return {...encoded, request, losses: [...losses, ...encoded.losses].map(({code}) => code)};
};

describe.each(bodies)('the Codex request %s', name => {
	test.each(dialects)('goes to %s with the same bytes twice, without the client’s private fields', dialect => {
		const first = JSON.stringify(encode(name, dialect).body);
		expect(JSON.stringify(encode(name, dialect).body)).toBe(first);
		expect(first).not.toContain('client_metadata');
		expect(first).not.toContain('internal_chat_message_metadata_passthrough');
	});

	test('loses nothing that the bridge does not know', () => {
		const {losses} = encode(name, 'chat');
		expect(losses.filter(code => code.startsWith('unknown'))).toEqual([]);
	});
});

const functionsOf = (body: JsonObject): readonly (string | undefined)[] =>
	objectsField(body, 'tools').map(tool => textField(objectField(tool, 'function'), 'name'));

describe('what Codex sends reaches a Chat upstream', () => {
	test('the lite dialect’s tools come from the additional_tools item, flat', () => {
		const names = functionsOf(encode('lite-exec', 'chat').body);
		expect(names).toContain('functions__exec');
		expect(names).toContain('collaboration__spawn_agent');
	});

	test('found tools are offered in the turn after the search', () => {
		const {body, tools} = encode('tool-search', 'chat');
		const found = functionsOf(body).filter(one => one !== undefined && tools.resolve(one).namespace !== undefined);
		expect(found.length).toBeGreaterThan(0);
	});

	test('a task for a sub-agent is a message that its model can read, and its schema has no private mark', () => {
		const {body} = encode('sub-agent', 'chat');
		const messages = objectsField(body, 'messages');
		expect(messages.at(-1)).toMatchObject({role: 'user', content: expect.stringContaining('say hi')});
		expect(JSON.stringify(body['tools'])).not.toContain('"encrypted":true');
	});

	test('between agents of the same provider the message stays as it is', () => {
		const {body} = encode('sub-agent', 'responses');
		expect(JSON.stringify(body['input'])).toContain('"type":"agent_message"');
	});

	test('the answer comes back in the declared kind and namespace', () => {
		const {tools, request} = encode('lite-exec', 'chat');
		const options = {tools, quirks: quirksWith(), ids: createIdSource('t'), knownCallIds: callIdsOf(request)};
		const decoder = createAnswerDecoder('chat', options);
		const chunks = [
			calls(
				part(0, 'a', 'functions__exec', '{"input":"1+1"}'),
				part(1, 'b', 'collaboration__spawn_agent', '{"task_name":"t"}'),
			),
			finish('tool_calls'),
		];
		const wire = asResponses(readAnswer(decoder, [sse(chunks)]));
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({
			response: {
				output: [
					{type: 'custom_tool_call', namespace: 'functions', name: 'exec', input: '1+1'},
					{type: 'function_call', namespace: 'collaboration', name: 'spawn_agent', arguments: '{"task_name":"t"}'},
				],
			},
		});
	});
});
