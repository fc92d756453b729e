import {describe, expect, test} from 'vitest';
import {sealHiddenState} from '../../../source/translate/codec/envelope.ts';
import {geminiPath} from '../../../source/translate/codec/gemini/encode-request.ts';
import {codeAssistPath, wrapCodeAssist} from '../../../source/translate/codec/gemini/code-assist.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {functionsOf, partsOf, toGemini, turnsOf} from './gemini.ts';
import {assistant, call, codes, developer, f, image, output, user} from './items.ts';

const bodyOf = (input: unknown, more: JsonObject = {}, name?: string): JsonObject =>
	toGemini({input, ...more}, name).body;
const configOf = (more: JsonObject, name?: string): unknown => bodyOf('hi', more, name)['generationConfig'];

const sealed = (text: string, signature: string, part?: 'call' | 'text', family = 'gemini'): JsonObject => ({
	type: 'reasoning',
	summary: [],
	encrypted_content: sealHiddenState({
		kind: 'thought',
		family,
		text,
		signature,
		...(part !== undefined && {part}),
	}),
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

	test('a compaction of ours is told, a foreign one and unknown items are losses (cases 38, 40)', () => {
		const {body, losses} = toGemini({
			input: [user('a'), {type: 'compaction', encrypted_content: 'gAAA'}, {type: 'mystery'}],
		});
		expect(partsOf(body)).toEqual([{text: 'a'}]);
		expect(codes(losses)).toEqual(expect.arrayContaining(['foreign-compaction', 'unknown-item']));
	});
});

describe('thought signatures (translation.md 3.5)', () => {
	test('the one of a call returns with exactly this call, later parallel calls have none (case 91)', () => {
		const input = [user('go'), sealed('', 'sig', 'call'), call('c1'), call('c2'), output('c1'), output('c2')];
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
		expect(partsOf(bodyOf([user('go'), assistant('Hello you'), sealed(' you', 's', 'text'), user('on')]))).toEqual([
			{text: 'go'},
			{text: 'Hello'},
			{text: ' you', thoughtSignature: 's'},
			{text: 'on'},
		]);
		expect(partsOf(bodyOf([user('go'), assistant('Hi'), sealed('', 's', 'text'), user('on')]))[2]).toEqual({
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
			sealed('', 's', 'call', 'anthropic'),
			{type: 'reasoning', summary: [{type: 'summary_text', text: 'hm'}]},
		];
		expect(JSON.stringify(bodyOf([user('go'), ...foreign, assistant('x'), user('on')]))).not.toMatch(/hm|"s"/);
	});
});

describe('tools (translation.md 3.3)', () => {
	const tool = {
		...f,
		parameters: {$schema: 'x', type: 'object', properties: {a: {type: ['string', 'null'], pattern: 'x'}}},
	};

	test('are declared with their JSON Schema, or with the part of it that older models know', () => {
		expect(functionsOf(bodyOf('hi', {tools: [tool]}))).toEqual([
			{
				name: 'f',
				description: 'd',
				parametersJsonSchema: {type: 'object', properties: {a: {type: ['string', 'null'], pattern: 'x'}}},
			},
		]);
		expect(functionsOf(bodyOf('hi', {tools: [tool, {...f, name: 'g'}]}, 'gemini-2.0-flash'))).toEqual([
			{
				name: 'f',
				description: 'd',
				parameters: {
					type: 'object',
					properties: {a: {type: 'string', description: '(pattern: x)', nullable: true}},
				},
			},
			{name: 'g', description: 'd'},
		]);
	});

	test('names begin with a letter, and namespaces are flat', () => {
		const tools = [
			{type: 'function', name: '1st'},
			{type: 'namespace', name: 'mcp__x__', tools: [{type: 'function', name: 'search'}]},
		];
		expect(functionsOf(bodyOf('hi', {tools})).map(({name}) => name)).toEqual(['_1st', 'mcp__x____search']);
	});

	test.each([
		['auto', {mode: 'AUTO'}],
		['none', {mode: 'NONE'}],
		['required', {mode: 'ANY'}],
		[
			{type: 'function', name: 'f'},
			{mode: 'ANY', allowedFunctionNames: ['f']},
		],
		[{type: 'function', name: 'unknown'}, {mode: 'AUTO'}],
		[{type: 'allowed_tools', mode: 'required', tools: [{type: 'function', name: 'f'}]}, {mode: 'ANY'}],
	])('tool_choice %j', (choice, config) => {
		expect(bodyOf('hi', {tools: [f], tool_choice: choice})['toolConfig']).toEqual({functionCallingConfig: config});
	});

	test('allowed tools are the only ones that are offered', () => {
		const choice = {type: 'allowed_tools', mode: 'auto', tools: [{type: 'function', name: 'g'}]};
		expect(
			functionsOf(bodyOf('hi', {tools: [f, {...f, name: 'g'}], tool_choice: choice})).map(({name}) => name),
		).toEqual(['g']);
	});

	test('no tool, no choice (case 13); Google Search where no function is offered', () => {
		const search = {type: 'web_search'};
		expect(bodyOf('hi', {tools: [search], tool_choice: 'auto'})).toEqual({
			contents: [{role: 'user', parts: [{text: 'hi'}]}],
			tools: [{googleSearch: {}}],
		});
		const {body, losses} = toGemini({input: 'hi', tools: [search, f]});
		expect(JSON.stringify(body)).not.toContain('googleSearch');
		expect(codes(losses)).toEqual(['hosted-tool']);
		const mixed = toGemini({input: 'hi', tools: [search, f]}, undefined, {gemini: {search: 'mixed'}});
		expect(mixed.body['tools']).toHaveLength(2);
		const none = toGemini({input: 'hi', tools: [search], tool_choice: 'auto'}, undefined, {gemini: {search: 'none'}});
		expect(none.body).not.toHaveProperty('tools');
		expect(none.body).not.toHaveProperty('toolConfig');
	});
});

describe('generationConfig (translation.md 3.3)', () => {
	test.each([
		['gemini-3-flash', 'none', {thinkingLevel: 'MINIMAL'}],
		['gemini-3-flash', 'medium', {thinkingLevel: 'MEDIUM', includeThoughts: true}],
		['gemini-3-flash', 'ultra', {thinkingLevel: 'HIGH', includeThoughts: true}],
		['gemini-3-pro-preview', 'none', {thinkingLevel: 'LOW'}],
		['gemini-2.5-flash', 'none', {thinkingBudget: 0}],
		['gemini-2.5-flash', 'max', {thinkingBudget: 24_576, includeThoughts: true}],
		['gemini-2.5-pro', 'none', {thinkingBudget: 512}],
	])('%s with effort %s', (name, effort, thinkingConfig) => {
		expect(configOf({reasoning: {effort}}, name)).toEqual({thinkingConfig});
	});

	test('nothing said is nothing sent, but whoever asks for a summary gets thoughts', () => {
		expect(configOf({})).toBeUndefined();
		expect(configOf({reasoning: {summary: 'auto'}})).toEqual({thinkingConfig: {includeThoughts: true}});
		expect(configOf({reasoning: {effort: 'high'}}, 'gemini-2.0-flash')).toBeUndefined();
	});

	test('limits and sampling have Google’s names; Gemini 3 keeps its temperature', () => {
		const wanted = {max_output_tokens: 7, temperature: 0.1, top_p: 0.5};
		expect(configOf(wanted)).toEqual({maxOutputTokens: 7, topP: 0.5});
		expect(configOf(wanted, 'gemini-2.5-flash')).toEqual({maxOutputTokens: 7, temperature: 0.1, topP: 0.5});
	});

	test('JSON answers: a schema, or words where the model refuses both that and tools (case 36)', () => {
		const schema = {type: 'object', properties: {a: {type: 'string'}}};
		const text = {format: {type: 'json_schema', name: 's', schema}};
		const json = {responseMimeType: 'application/json', responseJsonSchema: schema};
		expect(configOf({text})).toEqual(json);
		expect(configOf({text, tools: [f]})).toEqual(json);
		const words = bodyOf('hi', {text, tools: [f]}, 'gemini-2.5-flash');
		expect(words).not.toHaveProperty('generationConfig');
		expect(JSON.stringify(words['systemInstruction'])).toContain('JSON Schema');
		expect(configOf({text: {format: {type: 'json_object'}}}, 'gemini-2.0-flash')).toEqual({
			responseMimeType: 'application/json',
		});
	});

	test('safety settings are sent only where they are configured', () => {
		const safety = [{category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE'}];
		expect(toGemini({input: 'hi'}, undefined, {gemini: {safety}}).body['safetySettings']).toEqual(safety);
		expect(bodyOf('hi')).not.toHaveProperty('safetySettings');
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
		expect(wrapCodeAssist(body, {model: 'gemini-3-pro', project: undefined, promptId: 'p', sessionId: 's'})).toEqual({
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
			items.push(sealed('', `sig${turn}`, 'call'), call(`c${turn}`), output(`c${turn}`, `result ${turn}`));
			const now = JSON.stringify(bodyOf(items)['contents']);
			expect(now.startsWith(before)).toBe(true);
			before = now.slice(0, -1);
		}
	});
});
