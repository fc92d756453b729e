import {expect, test} from 'vitest';
import {widthOf} from '../../../source/base/text-width.ts';
import {renderToString} from '../../../source/tui/ink.ts';
import {DataTable, gridLines} from '../../../source/tui/table/data-table.tsx';
import {inkTableLines, printedTable} from '../../../source/tui/table/ink-table.ts';

const columns = ['provider', 'status', 'requests'];
const rows = [
	{provider: 'relay-a', status: 'ready', requests: 41},
	{provider: 'relay-b', status: 'cooldown', requests: 7},
];

test('ink-table loads through the adapter and our own table draws ASCII data the same way', () => {
	const drawn = inkTableLines(rows, columns);
	expect(drawn[1]).toContain('provider');
	expect(drawn.join('\n')).toContain('relay-b');
	expect(gridLines(rows, columns)).toEqual(drawn);
	expect(renderToString(<DataTable data={rows} />, {columns: 80}).split('\n')).toEqual(drawn);
});

test('a printed table with wide characters keeps its columns in line', () => {
	const lines = printedTable([...rows, {provider: '中转站-东京', status: 'ready', requests: 3}], columns).split('\n');
	expect(new Set(lines.map(widthOf)).size).toBe(1);
	expect(lines.join('\n')).toContain('中转站-东京');
	expect(printedTable(rows, columns).split('\n')).toEqual(inkTableLines(rows, columns));
});
