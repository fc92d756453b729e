import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {scanBody} from '../../source/wire/body-scan.ts';
import {readString, scanElements, scanMembers} from '../../source/wire/json-scan.ts';
import {spliceBytes} from '../../source/wire/json-splice.ts';
import {refusal} from '../support/refusal.ts';
import {propertyRuns} from '../support/property-runs.ts';

describe('parts of a body', () => {
	const bytes = Buffer.from('{"a":[1, {"b":"x"} ,[]],"s":"é\\n","a2":{"k":1,"k":2}}');
	const rangeOf = (key: string) => scanBody(bytes).get(key)?.value ?? {start: 0, end: 0};

	test('are the elements of an array', () => {
		const elements = scanElements(bytes, rangeOf('a'));
		expect(elements?.map(({start, end}) => bytes.toString('utf8', start, end))).toEqual(['1', '{"b":"x"}', '[]']);
		expect(scanElements(bytes, rangeOf('s'))).toBeUndefined();
	});

	test('are the members of a nested object, repeated keys as well', () => {
		expect(scanMembers(bytes, rangeOf('a2'))?.map(({key}) => key)).toEqual(['k', 'k']);
		expect(scanMembers(bytes, rangeOf('a'))).toBeUndefined();
	});

	test('are strings, with their escapes read', () => {
		expect(readString(bytes, rangeOf('s'))).toBe('é\n');
		expect(readString(bytes, rangeOf('a'))).toBeUndefined();
	});
});

describe('spliceBytes', () => {
	test('replaces a value and leaves every other byte alone', () => {
		const bytes = Buffer.from('{ "model" : "a", "x":1.0 }');
		const {value} = scanBody(bytes).get('model') ?? {value: {start: 0, end: 0}};
		expect(spliceBytes(bytes, [{...value, replacement: Buffer.from('"bé"')}]).toString()).toBe(
			'{ "model" : "bé", "x":1.0 }',
		);
		expect(spliceBytes(bytes, []).equals(bytes)).toBe(true);
	});

	test('refuses edits that overlap', () => {
		const edits = [
			{start: 0, end: 4, replacement: Buffer.from('x')},
			{start: 2, end: 5, replacement: Buffer.from('y')},
		];
		expect(refusal(() => spliceBytes(Buffer.from('abcdef'), edits))).toMatchObject({code: 'edits-overlap'});
	});

	test('removes any choice of elements with exactly their commas', () => {
		const element = fc.record({
			value: fc.jsonValue({maxDepth: 1}),
			gone: fc.boolean(),
			padding: fc.constantFrom('', ' ', '\n\t'),
		});
		fc.assert(
			fc.property(fc.array(element, {maxLength: 8}), elements => {
				const list = elements.map(({value, padding}) => padding + JSON.stringify(value) + padding).join(',');
				const bytes = Buffer.from(`{"input":[${list}],"z":0}`);
				const ranges = scanElements(bytes, scanBody(bytes).get('input')?.value ?? {start: 0, end: 0}) ?? [];
				const edits = ranges
					.filter((_, index) => elements[index]?.gone)
					.map(range => ({...range, replacement: undefined}));
				expect(JSON.parse(spliceBytes(bytes, edits.toReversed()).toString())).toEqual({
					input: JSON.parse(JSON.stringify(elements.filter(({gone}) => !gone).map(({value}) => value))),
					z: 0,
				});
			}),
			propertyRuns(2000),
		);
	});

	test('removes any choice of members with exactly their commas', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string({maxLength: 3}), fc.jsonValue({maxDepth: 1})), fc.nat(), (value, mask) => {
				const bytes = Buffer.from(JSON.stringify(value, undefined, mask % 3));
				const members = [...scanBody(bytes).values()];
				const isGone = (index: number): boolean => ((mask >> (index % 20)) & 1) === 1;
				const edits = members.filter((_, index) => isGone(index)).map(range => ({...range, replacement: undefined}));
				const kept = members.filter((_, index) => !isGone(index)).map(({key}) => key);
				expect([...scanBody(spliceBytes(bytes, edits)).keys()].toSorted()).toEqual(kept.toSorted());
			}),
			propertyRuns(1000),
		);
	});
});
