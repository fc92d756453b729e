import {readFileSync} from 'node:fs';
import path from 'node:path';
import {assert, constantFrom, jsonValue, property, string} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {mendedBody, mendedQuirks, readMend, shapeOf, type SentShape} from '../../../source/translate/mend/mend.ts';
import {mendsFor} from '../../../source/translate/mend/read-refusal.ts';
import {genericQuirks, type ProviderQuirks} from '../../../source/translate/codec/quirks.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {root} from '../../support/scratch.ts';

/* translation.md 1.11: which edits an upstream's refusal asks for. */

const chatBody = {
	...{model: 'm', messages: [], stream: true, stream_options: {include_usage: true}, max_tokens: 100, tools: []},
	...{tool_choice: 'required', parallel_tool_calls: true, temperature: 0.2, reasoning_effort: 'high', user: 'u'},
	...{response_format: {type: 'json_object'}, service_tier: 'priority'},
};

const withChat = (chat: Partial<ProviderQuirks['chat']>): ProviderQuirks => ({
	...genericQuirks,
	chat: {...genericQuirks.chat, ...chat},
});

const shape = (body: object = chatBody, quirks = genericQuirks, isChat = true): SentShape =>
	shapeOf({...body}, {quirks, isChat});

const errorOf = (message: string, more: object = {}): string =>
	JSON.stringify({error: {message, type: 'invalid_request_error', ...more}});

test('many names in a refusal and many fields in a body are not compared one by one', () => {
	const metadata = Object.fromEntries(Array.from({length: 20_000}, (_, index) => [`k${index}`, 1]));
	const startedMs = performance.now();
	expect(mendsFor({status: 400, body: `unknown field ${'"aa" '.repeat(1600)}`}, shape({metadata}))).toEqual([]);
	expect(performance.now() - startedMs).toBeLessThan(3000);
});

describe('what a body means without is never left out', () => {
	const schema = {type: 'object'};

	test.each([
		['output_config', {output_config: {format: {type: 'json_schema', schema}, effort: 'low'}}],
		['generationConfig.responseSchema', {generationConfig: {responseSchema: schema}}],
		['generationConfig.responseJsonSchema', {generationConfig: {responseJsonSchema: schema}}],
		['generationConfig.responseMimeType', {generationConfig: {responseMimeType: 'application/json'}}],
		['generationConfig.maxOutputTokens', {generationConfig: {maxOutputTokens: 10}}],
	])('%s stays, whatever the upstream says', (name, body) => {
		const refusal = {status: 400, body: errorOf(`Unknown parameter: '${name.split('.').at(-1)}'.`)};
		expect(mendsFor(refusal, shape(body, genericQuirks, false))).toEqual([]);
	});

	test('without the schema, output_config goes', () => {
		const refusal = {status: 400, body: errorOf("Unknown parameter: 'output_config'.")};
		expect(mendsFor(refusal, shape({output_config: {effort: 'low'}}, genericQuirks, false))).toEqual([
			'drop:output_config',
		]);
	});
});

describe('a refusal names what it does not know', () => {
	test.each([
		[
			'OpenAI',
			errorOf("Unknown parameter: 'parallel_tool_calls'.", {param: 'parallel_tool_calls'}),
			['drop:parallel_tool_calls'],
		],
		[
			'older OpenAI',
			errorOf('Unrecognized request argument supplied: parallel_tool_calls'),
			['drop:parallel_tool_calls'],
		],
		['stream_options', errorOf('stream_options is not supported by this model'), ['drop:stream_options']],
		[
			'pydantic, all of them at once',
			JSON.stringify({
				detail: ['stream_options', 'service_tier'].map(name => ({
					type: 'extra_forbidden',
					loc: ['body', name],
					msg: 'Extra inputs are not permitted',
					input: {user: 'tool_choice'},
				})),
			}),
			['drop:stream_options', 'drop:service_tier'],
		],
		['Go', errorOf('json: unknown field "service_tier"'), ['drop:service_tier']],
		[
			'serde, whose list of known names is no complaint',
			errorOf('unknown field `user`, expected one of `model`, `temperature`'),
			['drop:user'],
		],
		['Python', errorOf("create() got an unexpected keyword argument 'user'"), ['drop:user']],
		[
			'an error inside an error (OpenRouter)',
			JSON.stringify({
				error: {
					message: 'Provider returned error',
					code: 400,
					metadata: {raw: errorOf("Unsupported parameter: 'user'")},
				},
			}),
			['drop:user'],
		],
		[
			'a value',
			errorOf(
				"Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
			),
			['drop:temperature'],
		],
		[
			'a fixed temperature',
			errorOf('invalid temperature: only 1 is allowed for this model', {param: 'temperature'}),
			['drop:temperature'],
		],
		['reasoning in words', errorOf('This model does not support reasoning'), ['drop:reasoning_effort']],
		['a plain sentence', 'unknown field: service_tier', ['drop:service_tier']],
		['Chinese', JSON.stringify({message: '不支持的参数: "service_tier"'}), ['drop:service_tier']],
	])('%s', (_, body, mends) => {
		expect(mendsFor({status: 400, body}, shape())).toEqual(mends);
	});

	test('inside an object, in either spelling', () => {
		const body = {model: 'm', contents: [], generationConfig: {thinkingConfig: {}, temperature: 1}};
		const text = errorOf(
			'Invalid JSON payload received. Unknown name "thinking_config" at \'generation_config\': Cannot find field.',
		);
		expect(mendsFor({status: 400, body: text}, shape(body, genericQuirks, false))).toEqual([
			'drop:generationConfig.thinkingConfig',
		]);
		expect(mendedBody(body, ['drop:generationConfig.thinkingConfig'])).toEqual({
			...body,
			generationConfig: {temperature: 1},
		});
	});
});

describe('a refusal asks for another spelling', () => {
	test.each([
		[
			'max_completion_tokens',
			chatBody,
			genericQuirks,
			"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
		],
		['max_tokens', {max_completion_tokens: 1}, genericQuirks, "Unknown parameter: 'max_completion_tokens'."],
		[
			'developer-as-system',
			chatBody,
			withChat({developerRole: true}),
			"Unsupported value: 'messages[0].role' does not support 'developer' with this model.",
		],
		['one-system-message', chatBody, withChat({system: 'keep'}), 'System message must be at the beginning'],
		['one-system-message', chatBody, withChat({system: 'head-tail'}), 'invalid params, invalid chat setting (2013)'],
		[
			'reasoning-placeholder',
			chatBody,
			genericQuirks,
			'The reasoning_content in the thinking mode must be passed back to the API.',
		],
		[
			'reasoning-placeholder',
			chatBody,
			genericQuirks,
			'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2',
		],
		[
			'no-past-reasoning',
			chatBody,
			withChat({reasoningIn: 'reasoning_content'}),
			"'messages.1' : property 'reasoning_content' is unsupported",
		],
		['auto-tool-choice', chatBody, genericQuirks, 'tool_choice required is not supported in thinking mode'],
		['plain-content', chatBody, genericQuirks, 'messages[0].content: invalid type: sequence, expected a string'],
		['no-images', chatBody, genericQuirks, 'This model does not support image input'],
		[
			'short-call-ids',
			chatBody,
			genericQuirks,
			'Tool call id was call_123 but must be a-z, A-Z, 0-9, with a length of 9.',
		],
		['schema-as-text', chatBody, genericQuirks, "'response_format' of type 'json_schema' is not supported"],
	] as const)('%s', (...[mend, body, quirks, message]) => {
		expect(mendsFor({status: 400, body: errorOf(message)}, shape(body, quirks))).toEqual([mend]);
		// What it already goes without helps nobody twice.
		const mended = shape(mendedBody(body, [mend]), mendedQuirks(quirks, [mend]));
		const again = mendsFor(
			{status: 400, body: errorOf(message)},
			mend.startsWith('max_') ? shape({[mend]: 1}, quirks) : mended,
		);
		expect(again).not.toContain(mend);
		expect(readMend(mend)).toBe(mend);
	});
});

describe('nothing is learned', () => {
	test.each([500, 502, 503, 429, 401, 403, 413])('from a %i', status => {
		expect(mendsFor({status, body: errorOf("Unknown parameter: 'user'.")}, shape())).toEqual([]);
	});

	test.each([
		"Unknown parameter: 'foo'.",
		"Unsupported parameter: 'messages' is not supported",
		'Unknown model',
		'the tools you sent are not allowed',
		'Our policy does not support a user like you in this text',
	])('about what was not sent, cannot be left out, or is only a word: %s', message => {
		expect(mendsFor({status: 400, body: errorOf(message)}, shape())).toEqual([]);
	});

	test('from refusals of accounts, sizes and policies that upstreams are known to send', () => {
		const rows = readFileSync(path.join(root, 'test/fixture/error-bodies/bodies.jsonl'), 'utf8')
			.split('\n')
			.filter(line => line !== '')
			.map((line): {readonly status: number; readonly body: unknown; readonly name: string} => JSON.parse(line));
		const found = rows.flatMap(({status, body, name}) => {
			const text = typeof body === 'string' ? body : JSON.stringify(body);
			return mendsFor({status, body: text}, shape()).map(mend => `${name}: ${mend}`);
		});
		expect(found).toEqual([
			'openai reasoning effort: drop:reasoning_effort',
			'openai reasoning effort in words only: drop:reasoning_effort',
			'relay image input: no-images',
			'中转 不支持图片: no-images',
			'trap: a parameter that this model does not take: max_completion_tokens',
		]);
	});
});

test('whatever an upstream says, an edit changes what was sent and never touches the conversation', () => {
	assert(
		property(constantFrom(400, 404, 415, 422), jsonValue(), string(), (status, value, words) => {
			for (const text of [JSON.stringify(value), words, errorOf(`unknown parameter ${words}`, {param: words})]) {
				for (const mend of mendsFor({status, body: text}, shape())) {
					const mended = mendedBody(chatBody, [mend]);
					expect(mended['messages']).toBe(chatBody.messages);
					expect(mended !== chatBody || mendedQuirks(genericQuirks, [mend]) !== genericQuirks).toBe(true);
				}
			}
		}),
		propertyRuns(1000),
	);
});
