import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {cleanSchema} from '../../../source/translate/codec/gemini/clean-schema.ts';
import {isJsonObject, type JsonObject} from '../../../source/wire/json-value.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const propertyOf = (schema: unknown): unknown => {
	const cleaned = cleanSchema({type: 'object', properties: {a: schema}});
	return isJsonObject(cleaned?.['properties']) ? cleaned['properties']['a'] : undefined;
};

describe('schema cleaning (translation.md 3.4)', () => {
	test('case 93: $ref cycle, anyOf null, const and a property named "title"', () => {
		const cleaned = cleanSchema({
			$schema: 'https://json-schema.org/draft/2020-12/schema',
			type: 'object',
			title: 'Root',
			additionalProperties: false,
			$defs: {node: {type: 'object', properties: {next: {$ref: '#/$defs/node'}, value: {type: 'integer'}}}},
			properties: {
				title: {type: 'string', title: 'gone'},
				properties: {type: 'number'},
				node: {$ref: '#/$defs/node'},
				maybe: {anyOf: [{type: 'string'}, {type: 'null'}]},
				fixed: {const: 'x'},
			},
			required: ['title', 'missing'],
		});
		expect(cleaned).toEqual({
			type: 'object',
			properties: {
				title: {type: 'string'},
				properties: {type: 'number'},
				node: {
					type: 'object',
					properties: {next: {type: 'object', description: 'see node'}, value: {type: 'integer'}},
				},
				maybe: {type: 'string', nullable: true},
				fixed: {type: 'string', enum: ['x']},
			},
			required: ['title'],
		});
	});

	test.each<[string, unknown, unknown]>([
		['a type list', {type: ['null', 'integer']}, {type: 'integer', nullable: true}],
		['an enum of numbers and null', {enum: [1, 2, null]}, {type: 'string', nullable: true, enum: ['1', '2']}],
		[
			'constraints',
			{type: 'string', minLength: 2, description: 'x'},
			{type: 'string', description: 'x (minLength: 2)'},
		],
		['a known format', {type: 'string', format: 'date-time'}, {type: 'string', format: 'date-time'}],
		['an unknown format', {type: 'string', format: 'uri'}, {type: 'string', description: '(format: uri)'}],
		['an array without items', {type: 'array'}, {type: 'array', items: {type: 'string'}}],
		['a tuple', {type: 'array', prefixItems: [{type: 'integer'}]}, {type: 'array', items: {type: 'integer'}}],
		['an object without properties', {type: 'object', additionalProperties: true}, {type: 'object'}],
		['nothing at all', {}, {type: 'string'}],
		['true', true, {type: 'string'}],
		[
			'a bare map of properties',
			{x: {type: 'string'}, y: {type: 'integer', required: true}},
			{type: 'object', properties: {x: {type: 'string'}, y: {type: 'integer'}}, required: ['y']},
		],
		[
			'allOf',
			{
				allOf: [
					{type: 'object', properties: {x: {type: 'string'}}, required: ['x']},
					{properties: {y: {type: 'string'}}},
				],
			},
			{type: 'object', properties: {y: {type: 'string'}, x: {type: 'string'}}, required: ['x']},
		],
		[
			'if, then, else',
			// As JSON: an object with `then` would be a promise to whoever awaits it.
			JSON.parse(
				'{"type":"object","properties":{"x":{"type":"string"}},"if":{"properties":{"x":{"const":"a"}}},"then":{"properties":{"y":{"type":"string"}},"required":["y"]},"else":{"properties":{"z":{"type":"string"}}}}',
			),
			{type: 'object', properties: {z: {type: 'string'}, y: {type: 'string'}, x: {type: 'string'}}},
		],
		[
			'several branches, with what stood beside them',
			{description: 'd', oneOf: [{type: 'string'}, {type: 'integer', description: 'n'}, {type: 'null'}]},
			{
				anyOf: [
					{type: 'string', description: 'd', nullable: true},
					{type: 'integer', description: 'n', nullable: true},
				],
			},
		],
		[
			'branches beside properties',
			{
				type: 'object',
				properties: {x: {type: 'string'}},
				anyOf: [{required: ['x']}, {properties: {y: {type: 'string'}}}],
			},
			{type: 'object', properties: {y: {type: 'string'}, x: {type: 'string'}}},
		],
		['a reference that leads nowhere', {$ref: '#/nowhere'}, {type: 'object', description: 'see nowhere'}],
	])('%s', (_, schema, expected) => {
		expect(propertyOf(schema)).toEqual(expected);
	});

	test('a description beside a reference wins, and an escaped name is found', () => {
		const cleaned = cleanSchema({
			type: 'object',
			definitions: {'a/b': {type: 'string', description: 'old'}},
			properties: {a: {$ref: '#/definitions/a~1b', description: 'new'}},
		});
		expect(cleaned).toEqual({type: 'object', properties: {a: {type: 'string', description: 'new'}}});
	});

	test('an object without properties is left out at the top', () => {
		expect(cleanSchema({type: 'object', properties: {}})).toBeUndefined();
	});

	test('references that unfold without end are cut', () => {
		const defs = Object.fromEntries(
			Array.from({length: 30}, (_, index) => [
				`d${index}`,
				{type: 'object', properties: {l: {$ref: `#/$defs/d${index + 1}`}, r: {$ref: `#/$defs/d${index + 1}`}}},
			]),
		);
		const cleaned = cleanSchema({type: 'object', $defs: defs, properties: {a: {$ref: '#/$defs/d0'}}});
		expect(JSON.stringify(cleaned).length).toBeLessThan(3_000_000);
	});

	const keyword = fc.constantFrom(
		'type',
		'properties',
		'required',
		'items',
		'anyOf',
		'allOf',
		'enum',
		'const',
		'$ref',
		'title',
		'x',
	);
	const {schema} = fc.letrec<{schema: unknown}>(tie => ({
		schema: fc.oneof(
			{maxDepth: 4},
			fc.constantFrom<unknown>('string', 'object', ['string', 'null'], true, null, 3, '#/properties'),
			fc.dictionary(keyword, tie('schema'), {maxKeys: 4}),
			fc.array(tie('schema'), {maxLength: 3}),
		),
	}));
	const allowed = new Set([
		'type',
		'format',
		'description',
		'nullable',
		'enum',
		'items',
		'properties',
		'required',
		'anyOf',
	]);

	const check = (node: JsonObject): void => {
		expect(Object.keys(node).every(key => allowed.has(key))).toBe(true);
		expect(node['anyOf'] !== undefined || typeof node['type'] === 'string').toBe(true);
		const properties = isJsonObject(node['properties']) ? node['properties'] : {};
		const required: readonly unknown[] = Array.isArray(node['required']) ? node['required'] : [];
		expect(required.every(name => typeof name === 'string' && Object.hasOwn(properties, name))).toBe(true);
		const branches = Array.isArray(node['anyOf']) ? node['anyOf'] : [];
		for (const child of [...Object.values(properties), ...branches, node['items']].filter(isJsonObject)) {
			check(child);
		}
	};

	test('whatever a schema says, only what Google knows is left, every node has a type, and twice is once', () => {
		fc.assert(
			fc.property(fc.dictionary(keyword, schema, {maxKeys: 5}), raw => {
				const cleaned = cleanSchema(raw);
				if (cleaned !== undefined) {
					check(cleaned);
					expect(cleanSchema(cleaned)).toEqual(cleaned);
				}
			}),
			propertyRuns(5000),
		);
	});
});
