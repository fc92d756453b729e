import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {scanBody, scanBodyFor, type BodyScan, type ScannedBody} from '../../source/wire/body-scan.ts';
import {Lookout} from '../../source/wire/lookout.ts';
import {refusal} from '../support/refusal.ts';
import {propertyRuns} from '../support/property-runs.ts';

const scan = (text: string): Record<string, unknown> =>
	Object.fromEntries(
		[...scanBody(Buffer.from(text))].map(([key, {value}]) => [
			key,
			JSON.parse(Buffer.from(text).toString('utf8', value.start, value.end)),
		]),
	);

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
		const error = refusal(() => scanBody(Buffer.from(text)));
		expect(error).toMatchObject({code: 'body-not-json'});
		expect(error?.message).toContain(`at byte ${byte}.`);
	});

	test('refuses a key that comes twice, also in another spelling, but only at the top', () => {
		expect(refusal(() => scan('{"model":1,"x":2,"mod\\u0065l":3}'))).toMatchObject({code: 'duplicate-key'});
		expect(refusal(() => scan('{"a":{"b":1,"b":2}}'))).toBeUndefined();
		expect(scan('{"__proto__":1}')).toEqual({['__proto__']: 1});
	});

	test('counts depth and stops at the limit', () => {
		expect(refusal(() => scan(nested(127)))).toBeUndefined();
		expect(refusal(() => scan(nested(128)))).toMatchObject({code: 'body-too-deep'});
		expect(refusal(() => scan(`{"a":${'['.repeat(1_000_000)}`))).toMatchObject({code: 'body-too-deep'});
	});

	test('refuses more keys than the limit', () => {
		const keys = Array.from({length: 100_001}, (_, index) => `"k${index}":1`).join(',');
		expect(refusal(() => scan(`{${keys}}`))).toMatchObject({code: 'body-too-many-keys'});
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
				const error = refusal(() => scanBody(bytes));
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
				refusal(() => scanBody(Buffer.from([123, ...bytes])));
			}),
			propertyRuns(2000),
		);
	});
});

const lookout = new Lookout(['image"', 'secret', 'key"']);

const scanned = (text: string): ScannedBody => {
	const bytes = Buffer.from(text);
	return {bytes, held: scanBodyFor(bytes, lookout).held};
};

/** What a scan gives or is refused for. */
const outcome = (text: string, earlier?: ScannedBody): BodyScan | string => {
	const found: {scan?: BodyScan} = {};
	const refused = refusal(() => (found.scan = scanBodyFor(Buffer.from(text), lookout, earlier)));
	return found.scan ?? `${refused?.code}: ${refused?.message}`;
};

const manyKeys = (count: number, value: string): Buffer =>
	Buffer.from(`{${Array.from({length: count}, (_, index) => `"k${index}":${value}`).join(',')}}`);

const item = (text: string): string => JSON.stringify({type: 'message', content: [{type: 'image', text}]});

describe('a body that is scanned behind an earlier one', () => {
	const long = 'a text that is worth to be compared, since it is long'.repeat(2);

	test('gives the pieces that stand where they stood as the same objects', () => {
		const earlier = scanned(`{"model":"m","input":[${item(long)},1,${item('b'.repeat(90))}],"tools":[${item('t')}]}`);
		const next = `{"model":"m","input":[${item(long)},1,${item('b'.repeat(90))},${item('new')}],"tools":[${item('t')}]}`;
		const {held} = scanBodyFor(Buffer.from(next), lookout, earlier);
		const [before, after] = [earlier.held.get('input')?.pieces ?? [], held.get('input')?.pieces ?? []];
		expect(after.slice(0, 3).map((piece, index) => piece === before[index])).toEqual([true, true, true]);
		expect(after).toHaveLength(4);
		expect(held.get('tools')?.pieces[0]).not.toEqual(earlier.held.get('tools')?.pieces[0]);
		expect(outcome(next, earlier)).toEqual(outcome(next));
	});

	test.each([
		['a number that goes on', `[{"k":"${long}"},12]`, `[{"k":"${long}"},123]`],
		['a text that goes on', `["${long}"]`, `["${long}"x]`],
		['a value that became an array', `{"k":"${long}"}`, `[{"k":"${long}"}]`],
		['an array that became its element', `[{"k":"${long}"}]`, `{"k":"${long}"}`],
		['an array that is shorter', `["${long}","${long}"]`, `["${long}"]`],
		['elements without their comma', `["${long}","${long}"]`, `["${long}" "${long}"]`],
		['another word at the same place', `[{"secret":"${long}"}]`, `[{"public":"${long}"}]`],
	])('takes nothing over that is not the same: %s', (_, before, after) => {
		const next = `{"input":${after},"z":1}`;
		expect(outcome(next, scanned(`{"input":${before},"z":1}`))).toEqual(outcome(next));
	});

	test('is refused at the same depth', () => {
		const deep = `{"b":${'['.repeat(126)}${']'.repeat(126)}}`;
		expect(outcome(`{"a":[${deep}]}`, scanned(`{"a":${deep}}`))).toContain('body-too-deep');
	});

	test('finds the words of its keys too, at the top as everywhere', () => {
		const {words} = scanBodyFor(Buffer.from('{"a":1,"secret":2,"b":[3]}'), lookout);
		expect(lookout.isIn(words, 'secret')).toBe(true);
		expect(lookout.isIn(words, 'image"')).toBe(false);
	});

	test('of millions of numbers keeps no pieces, nor of what stands behind them', () => {
		const numbers = `[${'1,'.repeat(20_000)}1]`;
		const text = `{"a":[1],"input":${numbers},"x":[1],"secret":"image"}`;
		const {held, fields, words} = scanBodyFor(Buffer.from(text), lookout);
		expect([...held.keys()]).toEqual(['a']);
		expect([...fields.keys()]).toEqual(['a', 'input', 'x', 'secret']);
		expect(['secret', 'image"', 'key"'].filter(word => lookout.isIn(words, word))).toEqual(['secret', 'image"']);
		expect(scan(text)).toEqual(JSON.parse(text));
	});

	test('keeps no more of them in many arrays than in one, nor of many keys', () => {
		expect(scanBodyFor(manyKeys(50, `[${'1,'.repeat(999)}1]`), lookout).held.size).toBe(19);
		expect(scanBodyFor(manyKeys(30_000, '[]'), lookout).held.size).toBe(20_000);
	});

	test('makes no difference, whatever the two are', () => {
		const text = fc.oneof(fc.constantFrom('secret', 'image', 'key', long, `${long}é`), fc.string({maxLength: 3}));
		const value = fc.oneof(
			text,
			fc.integer(),
			fc.array(text, {maxLength: 3}),
			fc.dictionary(fc.constantFrom('key', 'secret', 'k'), text),
			fc.record({text, content: fc.array(fc.record({type: text, long: fc.constant(long)}), {maxLength: 3})}),
		);
		const body = fc.dictionary(
			fc.constantFrom('input', 'tools', 'model', 'image'),
			fc.oneof(value, fc.array(value, {maxLength: 6})),
		);
		const change = fc.record({
			at: fc.nat(),
			remove: fc.nat({max: 2}),
			insert: fc.constantFrom('', '"', ',', ']', '}', '[', '{', '1', `,"${long}"`, '\\', `"${long}",`),
		});
		fc.assert(
			fc.property(body, fc.option(body), fc.array(change, {maxLength: 2}), (before, other, changes) => {
				const first = JSON.stringify(before);
				const next = changes.reduce(
					(result, {at, remove, insert}) => {
						const place = at % (result.length + 1);
						return result.slice(0, place) + insert + result.slice(place + remove);
					},
					other ? JSON.stringify({...before, ...other}) : first,
				);
				expect(outcome(next, scanned(first))).toEqual(outcome(next));
			}),
			propertyRuns(10_000),
		);
	});
});
