import {describe, expect, test} from 'vitest';
import {sealHiddenState} from '../../../source/translate/codec/envelope.ts';
import {toMessages} from './bridge.ts';
import {assistant, call, developer, f, image, output, user} from './items.ts';

const signed = sealHiddenState({kind: 'signed', family: 'anthropic', text: '', signature: 'sig'}) ?? '';
const thought = {type: 'reasoning', summary: [{type: 'summary_text', text: 'hm'}], encrypted_content: signed};

const effort = (level: string, messages: object) =>
	toMessages({input: 'x', reasoning: {effort: level}}, {messages}).body;

describe('Responses requests for a Messages upstream (translation.md 3.1)', () => {
	test('leading system texts are separate blocks, a late one is a reminder in its place', () => {
		const {body} = toMessages({
			instructions: 'a',
			input: [developer('b'), user('1'), assistant('x '), developer('c'), user('2')],
		});
		expect(body['system']).toEqual([
			{type: 'text', text: 'a'},
			{type: 'text', text: 'b'},
		]);
		expect(body['messages']).toEqual([
			{role: 'user', content: [{type: 'text', text: '1'}]},
			{role: 'assistant', content: [{type: 'text', text: 'x '}]},
			{
				role: 'user',
				content: [
					{type: 'text', text: '<system-reminder>\nc\n</system-reminder>'},
					{type: 'text', text: '2'},
				],
			},
		]);
	});

	test('a model with mid-conversation system messages gets them in place, with the beta', () => {
		const {body, betas} = toMessages({input: [user('1'), developer('c'), user('2')]}, {messages: {midSystem: true}});
		expect(body['messages']).toMatchObject([{role: 'user'}, {role: 'system'}, {role: 'user'}]);
		expect(betas).toContain('mid-conversation-system-2026-04-07');
	});

	test('calls are tool_use behind thinking and text, results one user message, results before text', () => {
		const input = [
			user('go'),
			thought,
			assistant('I look'),
			call('a'),
			call('b'),
			output('b', 'B'),
			output('a', [image]),
			user('on'),
		];
		expect(toMessages({input, reasoning: {effort: 'high'}}).body['messages']).toEqual([
			{role: 'user', content: [{type: 'text', text: 'go'}]},
			{
				role: 'assistant',
				content: [
					{type: 'thinking', thinking: 'hm', signature: 'sig'},
					{type: 'text', text: 'I look'},
					{type: 'tool_use', id: 'a', name: 'f', input: {a: 1}},
					{type: 'tool_use', id: 'b', name: 'f', input: {a: 1}},
				],
			},
			{
				role: 'user',
				content: [
					{
						type: 'tool_result',
						tool_use_id: 'a',
						content: [{type: 'image', source: {type: 'base64', media_type: 'image/png', data: 'AAAA'}}],
					},
					{type: 'tool_result', tool_use_id: 'b', content: 'B'},
					{type: 'text', text: 'on'},
				],
			},
		]);
	});

	test('case 82: thinking is off where the answered call came without its signed thinking', () => {
		const input = [user('go'), call('a'), output('a')];
		expect(toMessages({input, reasoning: {effort: 'high'}}).body['thinking']).toEqual({type: 'disabled'});
		const whole = [user('go'), thought, call('a'), output('a')];
		expect(toMessages({input: whole, reasoning: {effort: 'high'}}).body['thinking']).toEqual({
			type: 'adaptive',
			display: 'summarized',
		});
	});

	test('case 84: a forced tool turns thinking off and keeps the force', () => {
		const {body} = toMessages({input: 'x', tools: [f], tool_choice: 'required', reasoning: {effort: 'high'}});
		expect(body).toMatchObject({thinking: {type: 'disabled'}, tool_choice: {type: 'any'}});
	});

	test('reasoning of another family never goes out, unsigned thinking only where it is taken', () => {
		const foreign = {...thought, encrypted_content: 'gAAAAB'};
		const input = [user('a'), foreign, assistant('b'), user('c')];
		expect(JSON.stringify(toMessages({input}).body)).not.toContain('thinking');
		const open = {...thought, encrypted_content: null};
		const unsigned = toMessages(
			{input: [user('a'), open, assistant('b'), user('c')]},
			{messages: {unsignedThinking: true}},
		);
		expect(unsigned.body['messages']).toMatchObject([{}, {content: [{type: 'thinking', thinking: 'hm'}, {}]}, {}]);
	});

	test('effort becomes adaptive thinking, or a budget of at most half the tokens', () => {
		expect(effort('ultra', {})).toMatchObject({thinking: {type: 'adaptive'}, output_config: {effort: 'max'}});
		expect(effort('minimal', {})).toMatchObject({output_config: {effort: 'low'}});
		expect(effort('high', {thinking: 'budget'})).toMatchObject({thinking: {type: 'enabled', budget_tokens: 16_000}});
		expect(effort('none', {})).toMatchObject({thinking: {type: 'disabled'}});
		expect(toMessages({input: 'x'}).body).not.toHaveProperty('thinking');
	});

	test('max_tokens is always there and never above the cap of the model', () => {
		expect(toMessages({input: 'x'}).body['max_tokens']).toBe(32_000);
		expect(toMessages({input: 'x', max_output_tokens: 99_000}).body['max_tokens']).toBe(32_000);
	});

	test('tools have an input schema, parallel_tool_calls false is said with the choice', () => {
		const {body} = toMessages({input: 'x', tools: [f], parallel_tool_calls: false});
		expect(body['tools']).toEqual([{name: 'f', description: 'd', input_schema: {type: 'object', properties: {}}}]);
		expect(body['tool_choice']).toEqual({type: 'auto', disable_parallel_tool_use: true});
	});

	test('at most four cache marks: last tool, last system block, the two latest user messages', () => {
		const input = [developer('s'), user('1'), assistant('x'), user('2'), assistant('y'), user('3')];
		const {body} = toMessages({input, tools: [f]}, {messages: {cacheControl: true}});
		const marks = JSON.stringify(body).split('"cache_control":{"type":"ephemeral"}').length - 1;
		expect(marks).toBe(4);
		expect(JSON.stringify(body['messages'])).not.toContain('"text":"1","cache_control"');
	});

	test('blank texts are left out, and an answer at the end is followed by a user', () => {
		expect(toMessages({input: [user('  '), assistant('b')]}).body['messages']).toEqual([
			{role: 'user', content: [{type: 'text', text: '(continuing the conversation)'}]},
			{role: 'assistant', content: [{type: 'text', text: 'b'}]},
			{role: 'user', content: [{type: 'text', text: 'Continue.'}]},
		]);
	});
});
