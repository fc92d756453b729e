import {describe, expect, test} from 'vitest';
import {sealHiddenState, type SignedPart} from '../../../source/translate/codec/envelope.ts';
import {geminiPath} from '../../../source/translate/codec/gemini/encode-request.ts';
import {codeAssistPath, wrapCodeAssist} from '../../../source/translate/codec/gemini/code-assist.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {partsOf, toGemini, turnsOf} from './gemini.ts';
import {assistant, call, codes, developer, f, image, output, user} from './items.ts';

const bodyOf = (input: unknown, more: JsonObject = {}, name?: string): JsonObject =>
	toGemini({input, ...more}, name).body;

interface Binding {
	readonly on?: SignedPart;
	readonly family?: string;
}

const sealed = (text: string, signature: string, {on = 'thought', family = 'gemini'}: Binding = {}): JsonObject => ({
	type: 'reasoning',
	summary: [],
	encrypted_content: sealHiddenState({kind: 'thought', family, on, signature, ...(text !== '' && {text})}),
});

describe('contents (translation.md 3.3)', () => {
	test('instructions and leading developer messages are the system instruction, in separate parts', () => {
		const body = bodyOf([developer('rules'), user('hi')], {instructions: 'base'});
		expect(body).toEqual({
			contents: [{role: 'user', parts: [{text: 'hi'}]}],
			systemInstruction: {parts: [{text: 'base'}, {text: 'rules'}]},
		});
	});

	test('a later developer message stays where it is, as a reminder', () => {
		expect(turnsOf(bodyOf([user('a'), assistant('b'), developer('now'), user('c')]))).toEqual([
			['user', [{text: 'a'}]],
			['model', [{text: 'b'}]],
			['user', [{text: '<system-reminder>\nnow\n</system-reminder>'}, {text: 'c'}]],
		]);
	});

	test('empty instructions are none, and an empty input is refused (cases 1, 5)', () => {
		expect(bodyOf('hi', {instructions: ''})).not.toHaveProperty('systemInstruction');
		expect(() => bodyOf([])).toThrow('The input is empty');
		expect(() => bodyOf([developer('x')])).toThrow('instructions only');
	});

	test('turns begin and end with the user, and equal roles are one turn', () => {
		expect(turnsOf(bodyOf([assistant('a'), assistant('b')])).map(([role]) => role)).toEqual(['user', 'model', 'user']);
		expect(turnsOf(bodyOf([user('a'), user('b')]))).toEqual([['user', [{text: 'a'}, {text: 'b'}]]]);
	});

	test('calls and results: one turn each, in call order, named like the call and not like its id', () => {
		const input = [
			user('go'),
			call('c1', 'f', '{"a":1}'),
			call('c2', 'g', ''),
			output('c2', 'two'),
			output('c1', 'one'),
		];
		expect(turnsOf(bodyOf(input)).slice(1)).toEqual([
			[
				'model',
				[
					{
						functionCall: {id: 'c1', name: 'f', args: {a: 1}},
						thoughtSignature: 'skip_thought_signature_validator',
					},
					{functionCall: {id: 'c2', name: 'g', args: {}}},
				],
			],
			[
				'user',
				[
					{functionResponse: {id: 'c1', name: 'f', response: {output: 'one'}}},
					{functionResponse: {id: 'c2', name: 'g', response: {output: 'two'}}},
				],
			],
		]);
	});

	test('arguments are always an object: a custom tool’s text in `input`, broken ones empty with a note (cases 11, 21)', () => {
		const patch = {type: 'custom_tool_call', call_id: 'p', name: 'apply_patch', input: '*** "x"\n'};
		const result = {type: 'custom_tool_call_output', call_id: 'p', output: 'done'};
		const parts = partsOf(bodyOf([user('go'), patch, result, call('c', 'f', '{not json'), output('c')]));
		expect(parts[1]).toMatchObject({functionCall: {args: {input: '*** "x"\n'}}});
		expect(parts[3]).toMatchObject({functionCall: {args: {}}});
		expect(parts[4]).toMatchObject({
			functionResponse: {response: {output: 'arguments were not valid JSON: {not json\nok'}},
		});
	});

	test('an image of a message is inline, an address of somebody else a text', () => {
		const url = {type: 'input_image', image_url: 'https://x.example/a.png'};
		const message = {type: 'message', role: 'user', content: [image, url]};
		const {body, losses} = toGemini({input: [message]});
		expect(partsOf(body)).toEqual([
			{inlineData: {mimeType: 'image/png', data: 'AAAA'}},
			{text: '[image not sent: https://x.example/a.png]'},
		]);
		expect(codes(losses)).toEqual(['media-url']);
	});

	test('images of results: inside the response for Gemini 3, behind all responses before', () => {
		const shown = [{type: 'input_text', text: 'see'}, image];
		const input = [user('go'), call('c1'), call('c2'), output('c1', shown), output('c2')];
		const inline = {inlineData: {mimeType: 'image/png', data: 'AAAA'}};
		expect(partsOf(bodyOf(input))[3]).toMatchObject({
			functionResponse: {response: {output: 'see\n[media 1 attached]'}, parts: [inline]},
		});
		expect(
			turnsOf(bodyOf(input, {}, 'gemini-2.5-flash'))
				.at(-1)?.[1]
				.slice(2),
		).toEqual([{text: 'Output media for call c1:'}, inline]);
	});

	test('a foreign compaction and unknown items are losses (cases 38, 40)', () => {
		const {body, losses} = toGemini({
			input: [user('a'), {type: 'compaction', encrypted_content: 'gAAA'}, {type: 'mystery'}],
		});
		expect(partsOf(body)).toEqual([{text: 'a'}]);
		expect(codes(losses)).toEqual(expect.arrayContaining(['foreign-compaction', 'unknown-item']));
	});
});

describe('thought signatures (translation.md 3.5)', () => {
	test('the one of a call returns with exactly this call, later parallel calls have none (case 91)', () => {
		const input = [user('go'), sealed('', 'sig', {on: 'call'}), call('c1'), call('c2'), output('c1'), output('c2')];
		expect(partsOf(bodyOf(input)).map(part => part['thoughtSignature'])).toEqual([
			undefined,
			'sig',
			undefined,
			undefined,
			undefined,
		]);
	});

	test('a lost one is bypassed on the first call of every step, and not where models do not ask (case 92)', () => {
		const input = [user('go'), call('c1'), call('c2'), output('c1'), output('c2'), call('c3'), output('c3')];
		const signatures = (name?: string) =>
			partsOf(bodyOf(input, {}, name))
				.filter(part => part['functionCall'])
				.map(part => part['thoughtSignature']);
		expect(signatures()).toEqual(['skip_thought_signature_validator', undefined, 'skip_thought_signature_validator']);
		expect(signatures('gemini-2.5-pro')).toEqual([undefined, undefined, undefined]);
	});

	test('the one of a text returns with the end of that text, or behind it', () => {
		expect(
			partsOf(bodyOf([user('go'), assistant('Hello you'), sealed(' you', 's', {on: 'text'}), user('on')])),
		).toEqual([{text: 'go'}, {text: 'Hello'}, {text: ' you', thoughtSignature: 's'}, {text: 'on'}]);
		expect(partsOf(bodyOf([user('go'), assistant('Hi'), sealed('', 's', {on: 'text'}), user('on')]))[2]).toEqual({
			text: '',
			thoughtSignature: 's',
		});
	});

	test('a signed thought goes back as one, another family’s never, and a readable summary neither', () => {
		expect(partsOf(bodyOf([user('go'), sealed('hm', 's'), assistant('x'), user('on')]))[1]).toEqual({
			text: 'hm',
			thought: true,
			thoughtSignature: 's',
		});
		const foreign = [
			sealed('', 's', {on: 'call', family: 'anthropic'}),
			{type: 'reasoning', summary: [{type: 'summary_text', text: 'hm'}]},
		];
		expect(JSON.stringify(bodyOf([user('go'), ...foreign, assistant('x'), user('on')]))).not.toMatch(/hm|"s"/);
	});
});

describe('addresses and envelopes (translation.md 3.6, 3.7)', () => {
	test('the model stands in the path', () => {
		expect(geminiPath('gemini-3-pro', true)).toBe('/models/gemini-3-pro:streamGenerateContent?alt=sse');
		expect(geminiPath('models/a b?c', false)).toBe('/models/a%20b%3Fc:generateContent');
		expect(codeAssistPath(true)).toBe('/v1internal:streamGenerateContent?alt=sse');
	});

	test('Code Assist gets the same request in its envelope', () => {
		const body = bodyOf('hi');
		expect(
			wrapCodeAssist(body, {model: 'gemini-3-pro', project: undefined, userPromptId: 'p', sessionId: 's'}),
		).toEqual({
			model: 'gemini-3-pro',
			user_prompt_id: 'p',
			request: {...body, session_id: 's'},
		});
	});

	test('the same request gives the same bytes', () => {
		const request = {input: [user('go'), call('c1'), output('c1'), developer('x'), user('on')], tools: [f]};
		expect(JSON.stringify(toGemini(request).body)).toBe(JSON.stringify(toGemini(structuredClone(request)).body));
	});

	test('a longer conversation begins with the bytes of the shorter one', () => {
		const items: JsonObject[] = [developer('rules'), user('go')];
		let before = JSON.stringify(bodyOf(items)['contents']).slice(0, -1);
		for (let turn = 0; turn < 40; turn += 1) {
			items.push(sealed('', `sig${turn}`, {on: 'call'}), call(`c${turn}`), output(`c${turn}`, `result ${turn}`));
			const now = JSON.stringify(bodyOf(items)['contents']);
			expect(now.startsWith(before)).toBe(true);
			before = now.slice(0, -1);
		}
	});
});
