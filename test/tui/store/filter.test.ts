import {expect, test} from 'vitest';
import {parseFilter} from '../../../source/tui/store/filter.ts';

const known = ['status', 'provider', 'model', 'duration', 'cost'];
const row = {status: 429, provider: 'relay-b', model: 'GPT-5.3-codex', duration: 120, cost: undefined};

test.each([
	['', true],
	['relay', true],
	['RELAY codex', true],
	['relay openai', false],
	['-openai', true],
	['-relay', false],
	['status>=400', true],
	['status<400', false],
	['status>428 status<=429', true],
	['status:42', true],
	['status=42', false],
	['status!=200', true],
	['-status:429', false],
	['provider:relay-b', true],
	['provider=RELAY-B', true],
	['model:gpt -provider:openai', true],
	['cost>0', false],
	['provider:', true],
	['中', false],
])('%s matches the row: %s', (text, isMatch) => {
	const filter = parseFilter(text, known);
	expect(filter.problem).toBeUndefined();
	expect(filter.matches(row)).toBe(isMatch);
});

test('an unknown field is named with the fields that there are, and hides nothing', () => {
	const filter = parseFilter('colour:red', known);
	expect(filter.problem).toContain('"colour"');
	expect(filter.problem).toContain('status, provider');
	expect(filter.matches(row)).toBe(true);
});

test('a comparison with a word is named', () => {
	expect(parseFilter('status>=bad', known).problem).toContain('needs a number');
});
