import {describe, expect, test} from 'vitest';
import {withoutForeignThinking} from '../../source/translate/foreign-thinking.ts';
import type {JsonObject} from '../../source/wire/json-value.ts';

const clean = (body: JsonObject) => {
	const cleaned = withoutForeignThinking(Buffer.from(JSON.stringify(body)));
	return cleaned && {count: cleaned.count, body: JSON.parse(cleaned.body.toString()) as unknown};
};

const thought = (signature: string) => ({type: 'thinking', thinking: 'Hm.', signature});
const text = {type: 'text', text: 'Hello.'};
const call = {type: 'tool_use', id: 'c1', name: 'run', input: {}};
const result = {role: 'user', content: [{type: 'tool_result', tool_use_id: 'c1', content: 'ran'}]};
const user = {role: 'user', content: 'hi'};
const assistant = (...content: readonly object[]) => ({role: 'assistant', content});

describe('a Messages body that goes out as it is', () => {
	test.each([
		['an envelope', thought('ctui1.rc.e30')],
		['the word for no signature', thought('ctui1.none.')],
		['OpenAI’s state', thought('gAAAAabc')],
		['a redacted envelope', {type: 'redacted_thinking', data: 'ctui1.ar.e30'}],
	])('loses %s and nothing else', (_, block) => {
		const body = {model: 'm', messages: [user, assistant(block, text), user], thinking: {type: 'adaptive'}};
		expect(clean(body)).toEqual({count: 1, body: {...body, messages: [user, assistant(text), user]}});
	});

	test('keeps what Anthropic signed, and what merely looks like an envelope in a text', () => {
		const quoted = {type: 'text', text: 'ctui1.rc.e30'};
		expect(clean({messages: [user, assistant(thought('EqQBabc'), quoted), {role: 'user', content: '"ctui1."'}]})).toBe(
			undefined,
		);
	});

	test('has no answer left that was nothing but such a thought', () => {
		expect(clean({messages: [user, assistant(thought('gAAAAabc')), user]})?.body).toEqual({messages: [user, user]});
	});

	test('must not think on in a turn of calls that lost its thought, nor clear thoughts (case 82)', () => {
		const edits = [{type: 'clear_thinking_20251015', keep: 'all'}, {type: 'clear_tool_uses_20250919'}];
		const open = {
			messages: [user, assistant(thought('ctui1.rc.e30'), call), result],
			thinking: {type: 'adaptive'},
			context_management: {edits},
		};
		expect(clean(open)?.body).toEqual({
			messages: [user, assistant(call), result],
			thinking: {type: 'disabled'},
			context_management: {edits: edits.slice(1)},
		});
		expect(clean({...open, context_management: {edits: edits.slice(0, 1)}})?.body).not.toHaveProperty(
			'context_management',
		);
		const closed = {...open, messages: [...open.messages, assistant(text), user]};
		expect(clean(closed)?.body).toMatchObject({thinking: {type: 'adaptive'}, context_management: {edits}});
	});
});
