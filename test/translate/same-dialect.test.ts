import {expect, test} from 'vitest';
import {translateSameDialect} from '../../source/translate/same-dialect.ts';
import {scanBody} from '../../source/wire/body-scan.ts';
import {scanElements} from '../../source/wire/json-scan.ts';

const text = '{ "model" : "gpt-5.5",\n "input":[{"a":1}, {"b":[2]} ,{"c":3}], "x": 1.50 }';
const body = Buffer.from(text);
const fields = scanBody(body);
const elements = scanElements(body, fields.get('input')?.value ?? {start: 0, end: 0}) ?? [];
const change = (name: string | undefined, ...removed: readonly number[]) =>
	translateSameDialect(body, {
		fields,
		changes: new Map(name === undefined ? [] : [['model', {json: JSON.stringify(name)}]]),
		removed: removed.flatMap(index => elements[index] ?? []),
	}).toString();

test('nothing to change keeps the very same bytes', () => {
	expect(translateSameDialect(body, {fields, changes: new Map(), removed: []})).toBe(body);
	const same = new Map([['model', {json: '"gpt-5.5"'}]]);
	expect(translateSameDialect(body, {fields, changes: same, removed: []})).toBe(body);
});

test('another model name changes nothing else', () => {
	expect(change('relay/"x"')).toBe(text.replace('"gpt-5.5"', String.raw`"relay/\"x\""`));
});

test.each([
	[[0], [{b: [2]}, {c: 3}]],
	[[1], [{a: 1}, {c: 3}]],
	[[2], [{a: 1}, {b: [2]}]],
	[[0, 1], [{c: 3}]],
	[[1, 2], [{a: 1}]],
	[[0, 2], [{b: [2]}]],
	[[0, 1, 2], []],
])('without the elements %j the input is %j and the model is renamed too', (removed, input) => {
	expect(JSON.parse(change('other', ...removed))).toEqual({model: 'other', input, x: 1.5});
});
