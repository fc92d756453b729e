import {describe, expect, test} from 'vitest';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {functionsOf, toGemini} from './gemini.ts';
import {codes, f} from './items.ts';

const bodyOf = (input: unknown, more: JsonObject = {}, name?: string): JsonObject =>
	toGemini({input, ...more}, name).body;
const configOf = (more: JsonObject, name?: string): unknown => bodyOf('hi', more, name)['generationConfig'];

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
