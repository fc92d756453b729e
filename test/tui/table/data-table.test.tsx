import {render} from 'ink-testing-library';
import {expect, test} from 'vitest';
import {DataTable, gridLines} from '../../../source/tui/table/data-table.tsx';

const rows = [
	{provider: 'relay-a', live: 2},
	{provider: '中转站-东京', live: 0},
];

test('the component draws what its lines say, wide characters in their cells', () => {
	const screen = render(<DataTable data={rows} />);
	expect(screen.lastFrame()).toBe(gridLines(rows, ['provider', 'live']).join('\n'));
	screen.unmount();
});

test('the columns of the component are those that it is given', () => {
	const screen = render(<DataTable data={rows} columns={['live']} />);
	expect(screen.lastFrame()).not.toContain('relay-a');
	screen.unmount();
});
