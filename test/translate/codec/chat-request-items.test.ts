import {describe, expect, test} from 'vitest';
import {TranslationRefusal} from '../../../source/translate/codec/refusal.ts';
import {unsupportedParameter} from '../../../source/translate/codec/responses/decode-request.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {chatMessages, toChat} from './bridge.ts';
import {assistant, call, codes, developer, f, output, toolNames, user} from './items.ts';

const systemRoles = (input: readonly JsonObject[], developerRole: boolean) =>
	chatMessages({input}, {chat: {system: 'keep', developerRole}}).map(({role}) => role);

describe('system texts (translation.md 1.2)', () => {
	test('case 1: empty instructions make no system message, the developer text does', () => {
		expect(chatMessages({instructions: '', input: [developer('rules'), user('hi')]})).toEqual([
			{role: 'system', content: 'rules'},
			{role: 'user', content: 'hi'},
		]);
	});

	const mixed = [developer('a'), developer('b'), user('1'), user('2'), assistant('x'), developer('c'), user('3')];

	test('case 2: merge-head joins all system texts in order and coalesces users where roles alternate', () => {
		expect(chatMessages({input: mixed}, {chat: {alternate: true}})).toEqual([
			{role: 'system', content: 'a\n\nb\n\nc'},
			{role: 'user', content: '1\n\n2'},
			{role: 'assistant', content: 'x'},
			{role: 'user', content: '3'},
		]);
	});

	test('case 3: head-tail keeps a late developer text in its place as a reminder', () => {
		expect(chatMessages({input: mixed}, {chat: {system: 'head-tail'}})).toEqual([
			{role: 'system', content: 'a\n\nb'},
			{role: 'user', content: '1'},
			{role: 'user', content: '2'},
			{role: 'assistant', content: 'x'},
			{role: 'user', content: '<system-reminder>\nc\n</system-reminder>'},
			{role: 'user', content: '3'},
		]);
	});

	test('keep leaves every developer message where it stands, under the role that the provider has', () => {
		expect(systemRoles(mixed, true).filter(role => role === 'developer')).toHaveLength(3);
		expect(systemRoles(mixed, false).filter(role => role === 'system')).toHaveLength(3);
	});
});

describe('input (translation.md 1.3)', () => {
	test('case 4: a string is one user message', () => {
		expect(chatMessages({input: 'hi'})).toEqual([{role: 'user', content: 'hi'}]);
	});

	test('case 5: an empty input is refused with a text for the client', () => {
		expect(() => toChat({input: [], instructions: 'x'})).toThrow(TranslationRefusal);
		expect(() => toChat({input: [], instructions: 'x'})).toThrow('The input is empty');
	});

	test('case 6: additional_tools are lifted, are no message, and leave tool_choice alone', () => {
		const lite = {
			type: 'additional_tools',
			role: 'developer',
			tools: [{type: 'namespace', name: 'functions', tools: [f]}],
		};
		const {body} = toChat({input: [lite, user('hi')], tool_choice: 'auto'});
		expect(toolNames(body)).toEqual(['functions__f']);
		expect(body['tool_choice']).toBe('auto');
		expect(body['messages']).toEqual([{role: 'user', content: 'hi'}]);
	});

	test('case 7: a tool that is declared twice goes out once, with the top-level definition', () => {
		const lite = {type: 'additional_tools', tools: [{...f, description: 'later'}]};
		const {body} = toChat({input: [lite, user('hi')], tools: [f]});
		expect(body['tools']).toEqual([
			{type: 'function', function: {name: 'f', description: 'd', parameters: {type: 'object', properties: {}}}},
		]);
	});

	test('case 11: the raw text of a custom call is JSON-escaped and survives byte by byte', () => {
		const patch = '*** Begin Patch\n"quoted" \\ é 😀\n*** End Patch';
		const item = {type: 'custom_tool_call', call_id: 'c', name: 'apply_patch', input: patch};
		const [, message] = chatMessages({input: [user('go'), item, {...output('c'), type: 'custom_tool_call_output'}]});
		const calls = message?.['tool_calls'];
		expect(calls).toEqual([
			{id: 'c', type: 'function', function: {name: 'apply_patch', arguments: JSON.stringify({input: patch})}},
		]);
	});

	test('case 12: tool_search is a function pair, and the tools it found are offered', () => {
		const found = {...f, name: 'found'};
		const search = {type: 'tool_search_call', call_id: 's', execution: 'client', arguments: {query: 'x'}};
		const result = {
			type: 'tool_search_output',
			call_id: 's',
			tools: [{type: 'namespace', name: 'mcp__a', tools: [found]}],
		};
		const {body} = toChat({input: [user('go'), search, result, user('on')], tools: [{type: 'tool_search'}]});
		expect(toolNames(body)).toEqual(['tool_search', 'mcp__a__found']);
		expect(body['messages']).toEqual([
			{role: 'user', content: 'go'},
			{
				role: 'assistant',
				content: null,
				tool_calls: [{id: 's', type: 'function', function: {name: 'tool_search', arguments: '{"query":"x"}'}}],
			},
			{role: 'tool', tool_call_id: 's', content: 'Loaded tools:\n- mcp__a__found: d'},
			{role: 'user', content: 'on'},
		]);
	});

	test('case 40: an item of an unknown type is skipped and counted, and the request still goes', () => {
		const {body, losses} = toChat({input: [{type: 'mystery'}, {type: 'mystery'}, user('hi')]});
		expect(body['messages']).toEqual([{role: 'user', content: 'hi'}]);
		expect(losses).toContainEqual(expect.objectContaining({code: 'unknown-item', count: 2}));
	});

	test('case 38: a compaction of another provider is left out and counted, never shown as text', () => {
		const {body, losses} = toChat({input: [{type: 'compaction', encrypted_content: 'gAAAA'}, user('hi')]});
		expect(body['messages']).toEqual([{role: 'user', content: 'hi'}]);
		expect(codes(losses)).toContain('foreign-compaction');
	});

	test('case 37: fields that only OpenAI knows are absent upstream', () => {
		const {body} = toChat({
			input: [{...user('hi'), internal_chat_message_metadata_passthrough: {a: 1}, id: 'msg_1'}],
			client_metadata: {a: 'b'},
			prompt_cache_key: 'k',
			store: false,
			include: ['reasoning.encrypted_content'],
		});
		expect(body).toEqual({
			model: 'upstream',
			messages: [{role: 'user', content: 'hi'}],
			stream: true,
			stream_options: {include_usage: true},
		});
	});
});

describe('calls and results (translation.md 1.9.5)', () => {
	test('case 15: results stand in the order of the calls', () => {
		const messages = chatMessages({input: [user('go'), call('a'), call('b'), output('b', 'B'), output('a', 'A')]});
		expect(messages.map(message => message['tool_call_id'] ?? message['role'])).toEqual([
			'user',
			'assistant',
			'a',
			'b',
		]);
	});

	test('case 16: what stands between call and result follows the result', () => {
		const input = [user('go'), call('a'), developer('note'), output('a')];
		const roles = chatMessages({input}, {chat: {system: 'head-tail'}}).map(({role}) => role);
		expect(roles).toEqual(['user', 'assistant', 'tool', 'user']);
	});

	test('case 17: an interrupted call gets a result before the user goes on', () => {
		const messages = chatMessages({input: [user('go'), call('a'), user('stop')]});
		expect(messages[2]).toEqual({
			role: 'tool',
			tool_call_id: 'a',
			content: '[no output recorded: the call was interrupted]',
		});
		expect(messages[3]).toEqual({role: 'user', content: 'stop'});
	});

	test('case 18: a result without a call is a note of the user', () => {
		expect(chatMessages({input: [output('zz', 'text')]})).toEqual([
			{role: 'user', content: 'Output of an earlier tool call (zz): text'},
		]);
	});

	test('case 19: of two results for one call the last one counts, once', () => {
		const messages = chatMessages({input: [call('a'), output('a', 'one'), output('a', 'two')]});
		expect(messages.filter(({role}) => role === 'tool')).toEqual([{role: 'tool', tool_call_id: 'a', content: 'two'}]);
	});

	test('case 20: the second call of one id is renamed with its result', () => {
		const messages = chatMessages({input: [call('a'), call('a'), output('a', 'one'), output('a', 'two')]});
		expect(messages.slice(1)).toEqual([
			{role: 'tool', tool_call_id: 'a', content: 'one'},
			{role: 'tool', tool_call_id: 'a_2', content: 'two'},
		]);
	});

	test('an id that a provider uses in every turn stays paired with its own result', () => {
		const input = [call('f:0'), output('f:0', 'one'), assistant('x'), user('y'), call('f:0'), output('f:0', 'two')];
		const tools = chatMessages({input}).filter(({role}) => role === 'tool');
		expect(tools.map(({content}) => content)).toEqual(['one', 'two']);
		expect(new Set(tools.map(message => message['tool_call_id'])).size).toBe(2);
	});

	test('case 21: arguments that are no JSON become {} and the result says what they were', () => {
		const messages = chatMessages({input: [call('a', 'f', '{not json'), output('a', 'ok')]});
		expect(messages).toEqual([
			{
				role: 'assistant',
				content: null,
				tool_calls: [{id: 'a', type: 'function', function: {name: 'f', arguments: '{}'}}],
			},
			{role: 'tool', tool_call_id: 'a', content: 'arguments were not valid JSON: {not json\nok'},
		]);
	});

	test('case 22: empty arguments are {}', () => {
		const [message] = chatMessages({input: [call('a', 'f', ''), output('a')]});
		expect(message?.['tool_calls']).toEqual([{id: 'a', type: 'function', function: {name: 'f', arguments: '{}'}}]);
	});

	test('case 27: a text and the calls behind it are one assistant message', () => {
		const [, message] = chatMessages({input: [user('go'), assistant('I look'), call('a'), output('a')]});
		expect(message).toMatchObject({role: 'assistant', content: 'I look', tool_calls: [{id: 'a'}]});
	});

	test('case 32: ids for Mistral have nine letters and digits and stay paired', () => {
		const long = 'x|'.repeat(100);
		const messages = chatMessages({input: [call(long), output(long), user('on')]}, {names: {callIds: 'mistral'}});
		const id = messages[1]?.['tool_call_id'];
		expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
		expect(messages[0]).toMatchObject({tool_calls: [{id}]});
	});

	test('ids of 200 characters with other signs become at most 64 safe ones', () => {
		const long = 'call|:'.repeat(40);
		const [, message] = chatMessages({input: [call(long), output(long)]});
		expect(message?.['tool_call_id']).toMatch(/^[\w-]{1,64}$/);
	});

	test('case 33: Mistral gets an assistant between a result and a user', () => {
		const input = [user('go'), call('a'), output('a'), user('on')];
		const roles = chatMessages({input}, {chat: {fillerAfterTool: 'Understood.'}}).map(({role}) => role);
		expect(roles).toEqual(['user', 'assistant', 'tool', 'assistant', 'user']);
	});

	test('a history that ends with an answer goes on with "Continue."', () => {
		expect(chatMessages({input: [user('a'), assistant('b')]}).at(-1)).toEqual({role: 'user', content: 'Continue.'});
	});
});

describe('fields that nobody but the maker of a conversation can carry out (translation.md 1.1)', () => {
	test('conversation, background and prompt are named, so that the client gets 400 unsupported_parameter', () => {
		expect(unsupportedParameter({conversation: 'c'})).toBe('conversation');
		expect(unsupportedParameter({background: true})).toBe('background');
		expect(unsupportedParameter({background: false, prompt: null, input: 'x'})).toBeUndefined();
	});
});
