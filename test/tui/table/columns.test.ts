import {expect, test} from 'vitest';
import {tableLines, type Column} from '../../../source/tui/table/columns.ts';
import {plainOf, span} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';

const column = (title: string, width: number, more: Partial<Column<string>> = {}): Column<string> => ({
	...{title, width, cell: row => span(`${row}-${title}`)},
	...more,
});

const headerAt = (width: number): string => {
	const columns = [column('NAME', 20, {grow: 1}), column('HIT', 4, {drop: 2}), column('NOTE', 30, {drop: 1})];
	const [header = []] = tableLines({
		...{columns, rows: ['a'], selected: 0, isFocused: true, glyphs: unicodeGlyphs},
		...{width, height: 2},
	});
	return plainOf(header);
};

test('a narrow column comes back where a wide one went after it', () => {
	expect(headerAt(60)).toMatch(/NAME +HIT +NOTE/);
	expect(headerAt(56)).toMatch(/NAME +NOTE/);
	expect(headerAt(50)).toMatch(/NAME +HIT *$/);
	expect(headerAt(26)).toMatch(/NAME *$/);
});

test('a column that grows gives cells away before the table is wider than its place', () => {
	const header = headerAt(18);
	expect(header).toHaveLength(18);
	expect(header).toMatch(/^ {2}NAME *$/);
});
