import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {fieldEdits, type FieldChange, type FieldChanges} from '../../source/translate/field-edits.ts';
import {scanBody} from '../../source/wire/body-scan.ts';
import {spliceBytes} from '../../source/wire/json-splice.ts';
import {propertyRuns} from '../support/property-runs.ts';

const apply = (text: string, changes: FieldChanges): string => {
	const body = Buffer.from(text);
	const members = [...scanBody(body).values()];
	return spliceBytes(body, fieldEdits(body, {start: body.indexOf('{'), members}, changes)).toString();
};

const json = (value: unknown): FieldChange => ({json: JSON.stringify(value)});

interface Case {
	readonly what: string;
	readonly before: string;
	readonly changes: ReadonlyArray<readonly [string, FieldChange]>;
	readonly after: string;
}

const high: FieldChange = {inside: new Map([['effort', json('high')]])};
const cases: readonly Case[] = [
	{
		what: 'a value is put in place',
		before: '{ "a" : 1 , "b":2}',
		changes: [['a', json('x')]],
		after: '{ "a" : "x" , "b":2}',
	},
	{what: 'a missing key comes first', before: '{"b":2}', changes: [['a', json(1)]], after: '{"a":1,"b":2}'},
	{what: 'an empty object gets it without a comma', before: '{ }', changes: [['a', json(1)]], after: '{"a":1 }'},
	{
		what: 'the only member makes room for a new one',
		before: '{"old":1}',
		changes: [
			['old', 'removed'],
			['new', json(2)],
		],
		after: '{"new":2}',
	},
	{
		what: 'the first and the last go with their commas',
		before: '{"a":1, "b":2, "c":3}',
		changes: [
			['a', 'removed'],
			['c', 'removed'],
		],
		after: '{ "b":2}',
	},
	{
		what: 'a field inside is changed in its place',
		before: '{"r":{"x": 1.50,"effort":"low"}}',
		changes: [['r', high]],
		after: '{"r":{"x": 1.50,"effort":"high"}}',
	},
	{
		what: 'an object is made where there is null',
		before: '{"r":null}',
		changes: [['r', high]],
		after: '{"r":{"effort":"high"}}',
	},
	{what: 'nothing to remove changes nothing', before: '{"a": 1}', changes: [['z', 'removed']], after: '{"a": 1}'},
];

test.each(cases)('$what', ({before, changes, after}) => {
	expect(apply(before, new Map(changes))).toBe(after);
});

const key = fc.oneof(fc.constantFrom('a', 'b', 'c', 'model', '__proto__'), fc.string({maxLength: 4}));
const leafChange: fc.Arbitrary<FieldChange> = fc.oneof(fc.constant('removed' as const), fc.jsonValue().map(json));
const changeOf = fc.oneof(
	leafChange,
	fc.array(fc.tuple(key, leafChange), {maxLength: 3}).map((entries): FieldChange => ({inside: new Map(entries)})),
);

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same with parsed values. */
const model = (value: Record<string, unknown>, changes: FieldChanges): unknown => {
	const entries = new Map(Object.entries(value));
	for (const [name, change] of changes) {
		const old = entries.get(name);
		if (change === 'removed') {
			entries.delete(name);
		} else if ('json' in change) {
			entries.set(name, JSON.parse(change.json));
		} else {
			const inner = model(isObject(old) ? old : {}, change.inside);
			const isEmpty = isObject(inner) && Object.keys(inner).length === 0;
			if (isObject(old) || !isEmpty) {
				entries.set(name, inner);
			}
		}
	}

	return Object.fromEntries(entries);
};

test('any changes of any body give what JSON.parse and an assignment would (property)', () => {
	fc.assert(
		fc.property(
			fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue(), {maxKeys: 3})), {maxKeys: 5}),
			fc.array(fc.tuple(key, changeOf), {maxLength: 5}),
			fc.constantFrom(undefined, 1, '\t'),
			(value, entries, space) => {
				const text = JSON.stringify(value, undefined, space);
				const changes: FieldChanges = new Map(entries);
				expect(JSON.parse(apply(text, changes))).toEqual(JSON.parse(JSON.stringify(model(JSON.parse(text), changes))));
			},
		),
		propertyRuns(2000),
	);
});
