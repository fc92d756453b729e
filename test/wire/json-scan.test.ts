import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {RelayError} from '../../source/base/errors.ts';
import {readString, scanBody, scanElements, scanMembers} from '../../source/wire/json-scan.ts';
import {spliceBytes} from '../../source/wire/json-splice.ts';
import {propertyRuns} from '../support/property-runs.ts';

const scan = (text: string): Record<string, unknown> =>
	Object.fromEntries(
		[...scanBody(Buffer.from(text))].map(([key, {value}]) => [
			key,
			JSON.parse(Buffer.from(text).toString('utf8', value.start, value.end)),
		]),
	);

const failure = (run: () => unknown): RelayError | undefined => {
	try {
		run();
		return undefined;
	} catch (error) {
		if (error instanceof RelayError) {
			return error;
		}

		throw error;
	}
};

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const nested = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;

describe('scanBody', () => {
	test('finds every top-level key and the bytes of its value', () => {
		const text =
			' {"model" : "gpt-5.5","input":[{"model":"inner"}, "}"],"é":-1.5e3,\n"a\\u0062":null , "stream":true} ';
		expect(scan(text)).toEqual(JSON.parse(text));
	});

	test.each([
		['', 0],
		['[]', 0],
		['"a"', 0],
		['{', 1],
		['{"a"}', 4],
		['{"a":}', 5],
		['{"a":1,}', 7],
		['{"a":01}', 6],
		['{"a":1 "b":2}', 7],
		['{"a":tru}', 5],
		['{"a":"\n"}', 6],
		['{"a":"\\x"}', 7],
		['{"a":"\\u12g4"}', 10],
		['{"a":[1,2}', 9],
		['{"a":"x', 7],
		['{"a":1}}', 7],
		['\u{FEFF}{}', 0],
	])('refuses %j and names byte %i', (text, byte) => {
		const error = failure(() => scanBody(Buffer.from(text)));
		expect(error).toMatchObject({code: 'body-not-json'});
		expect(error?.message).toContain(`at byte ${byte}.`);
	});

	test('refuses a key that comes twice, also in another spelling, but only at the top', () => {
		expect(failure(() => scan('{"model":1,"x":2,"mod\\u0065l":3}'))).toMatchObject({code: 'duplicate-key'});
		expect(failure(() => scan('{"a":{"b":1,"b":2}}'))).toBeUndefined();
		expect(scan('{"__proto__":1}')).toEqual({['__proto__']: 1});
	});

	test('counts depth and stops at the limit', () => {
		expect(failure(() => scan(nested(127)))).toBeUndefined();
		expect(failure(() => scan(nested(128)))).toMatchObject({code: 'body-too-deep'});
		expect(failure(() => scan(`{"a":${'['.repeat(1_000_000)}`))).toMatchObject({code: 'body-too-deep'});
	});

	test('refuses more keys than the limit', () => {
		const keys = Array.from({length: 100_001}, (_, index) => `"k${index}":1`).join(',');
		expect(failure(() => scan(`{${keys}}`))).toMatchObject({code: 'body-too-many-keys'});
	});

	test('agrees with JSON.parse on generated values', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat({max: 3}), (value, indent) => {
				const text = JSON.stringify(value, undefined, indent);
				expect(scan(text)).toEqual(JSON.parse(text));
			}),
			propertyRuns(3000),
		);
	});

	test('accepts a mutated or truncated body exactly where JSON.parse does', () => {
		const mutation = fc.record({
			value: fc.dictionary(fc.string({maxLength: 4}), fc.jsonValue({maxDepth: 3}), {maxKeys: 5}),
			at: fc.nat(),
			remove: fc.nat({max: 3}),
			insert: fc.oneof(
				fc.constantFrom('', '"', '\\', ',', ':', '{', '}', '[', ']', '0', '-', '.', 'e', ' ', '\n', 'u', 'null'),
				fc.string({maxLength: 2, unit: 'binary'}),
			),
			length: fc.nat(),
			isTruncated: fc.boolean(),
		});
		fc.assert(
			fc.property(mutation, ({value, at, remove, insert, length, isTruncated}) => {
				const whole = JSON.stringify(value);
				const place = at % (whole.length + 1);
				const mutated = whole.slice(0, place) + insert + whole.slice(place + remove);
				const bytes = Buffer.from(isTruncated ? mutated.slice(0, length % (mutated.length + 1)) : mutated);
				const expected = parsed(bytes.toString());
				const error = failure(() => scanBody(bytes));
				if (error === undefined || error.code !== 'duplicate-key') {
					expect(error === undefined).toBe(isObject(expected));
				} else {
					expect(isObject(expected)).toBe(true);
				}
			}),
			propertyRuns(8000),
		);
	});

	test('never throws anything but its own errors on raw bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({maxLength: 60}), bytes => {
				failure(() => scanBody(Buffer.from([123, ...bytes])));
			}),
			propertyRuns(2000),
		);
	});
});

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
		expect(failure(() => spliceBytes(Buffer.from('abcdef'), edits))).toMatchObject({code: 'edits-overlap'});
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
