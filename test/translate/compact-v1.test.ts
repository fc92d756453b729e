import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {askChanges} from '../../source/translate/ask.ts';
import {compactV1Changes} from '../../source/translate/compact-v1.ts';
import {translateSameDialect} from '../../source/translate/same-dialect.ts';
import {scanBody} from '../../source/wire/body-scan.ts';
import {propertyRuns} from '../support/property-runs.ts';

const allowed = [
	'model',
	'input',
	'instructions',
	'tools',
	'parallel_tool_calls',
	'reasoning',
	'service_tier',
	'prompt_cache_key',
	'text',
];

const compact = (text: string): string => {
	const body = Buffer.from(text);
	const fields = scanBody(body);
	return translateSameDialect(body, {
		fields,
		changes: new Map(compactV1Changes(fields.keys())),
		removed: [],
	}).toString();
};

test('a v1 compact body keeps the allow-list, service_tier and prompt_cache_key among it, and loses the rest', () => {
	const kept = Object.fromEntries(allowed.map(key => [key, key]));
	const body = {previous_response_id: 'resp_1', ...kept, stream: true, store: false, include: [], client_metadata: {}};
	expect(JSON.parse(compact(JSON.stringify(body)))).toEqual(kept);
});

test('what stays keeps its bytes', () => {
	expect(compact('{"store":false, "model" : "m\\u0041",\n"input":[ 1.50 ],"stream":true}')).toBe(
		'{ "model" : "m\\u0041",\n"input":[ 1.50 ]}',
	);
});

test('a body with nothing of the list becomes an empty object', () => {
	expect(compact('{"stream":true}')).toBe('{}');
});

test('any v1 body becomes what a filter over JSON.parse would leave (property)', () => {
	fc.assert(
		fc.property(
			fc.dictionary(fc.oneof(fc.constantFrom(...allowed), fc.string({maxLength: 5})), fc.jsonValue(), {maxKeys: 8}),
			fc.constantFrom(undefined, 2),
			(value, space) => {
				const text = JSON.stringify(value, undefined, space);
				const parsed: Record<string, unknown> = JSON.parse(text);
				const expected = Object.fromEntries(Object.entries(parsed).filter(([key]) => allowed.includes(key)));
				expect(JSON.parse(compact(text))).toEqual(expected);
			},
		),
		propertyRuns(1000),
	);
});

test.each<['responses' | 'chat' | 'messages', object, object]>([
	[
		'responses',
		{model: 'a', reasoning: {effort: 'low', summary: 'auto'}},
		{model: 'b', service_tier: 'flex', reasoning: {effort: 'high', summary: 'auto'}},
	],
	['chat', {model: 'a'}, {model: 'b', service_tier: 'flex', reasoning_effort: 'high'}],
	['messages', {model: 'a'}, {model: 'b', service_tier: 'flex', output_config: {effort: 'high'}}],
])('model, effort and tier have their place in %s', (dialect, before, after) => {
	const body = Buffer.from(JSON.stringify(before));
	const changes = new Map(askChanges(dialect, {model: 'b', effort: 'high', tier: 'flex'}));
	expect(JSON.parse(translateSameDialect(body, {fields: scanBody(body), changes, removed: []}).toString())).toEqual(
		after,
	);
});

test.each<['responses' | 'chat' | 'messages', object, object]>([
	['responses', {reasoning: {effort: 'low'}, x: 1}, {x: 1}],
	['chat', {reasoning_effort: 'low', x: 1}, {x: 1}],
	['messages', {thinking: {type: 'adaptive'}, x: 1}, {thinking: {type: 'adaptive'}, x: 1}],
])('effort off in %s', (dialect, before, after) => {
	const body = Buffer.from(JSON.stringify(before));
	const changes = new Map(askChanges(dialect, {model: undefined, effort: 'off', tier: undefined}));
	expect(JSON.parse(translateSameDialect(body, {fields: scanBody(body), changes, removed: []}).toString())).toEqual(
		after,
	);
});
