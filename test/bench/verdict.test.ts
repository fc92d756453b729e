import {describe, expect, test} from 'vitest';
import {figures, type Figure} from './rows.ts';
import {
	formatNumber,
	isCheckFailed,
	linesOf,
	renderAbsolutes,
	renderLines,
	standingOf,
	type Measured,
} from './verdict.ts';

const goalOf = (row: Figure['row']): Figure => {
	const found = figures.find(figure => figure.row === row);
	if (found === undefined) {
		throw new RangeError(`There is no goal ${row}.`);
	}

	return found;
};

const p1 = goalOf('P1');
const measuredP1 = (...values: readonly number[]): Measured => ({row: 'P1', against: 'nginx', values});

describe('the verdict', () => {
	test('knows four standings, each with its edge inside', () => {
		const figure = {...p1, must: 2, moonshot: 1, spread: 1.5};
		expect([1, 1.01, 2, 2.01, 3, 3.01].map(value => standingOf(figure, value))).toEqual([
			'moonshot',
			'must',
			'must',
			'within the spread',
			'within the spread',
			'ABOVE',
		]);
	});

	test('judges the middle of the instances, not the best and not the worst', () => {
		const [line] = linesOf([measuredP1(0.5, 1.5, 99)], ['P1']);
		expect(line).toMatchObject({standing: 'must', measured: {best: 0.5, median: 1.5, worst: 99}});
	});

	test('passes the check at must times spread and fails it above', () => {
		expect(isCheckFailed(linesOf([measuredP1(p1.must * p1.spread)], ['P1']))).toBe(false);
		expect(isCheckFailed(linesOf([measuredP1(p1.must * p1.spread + 0.01)], ['P1']))).toBe(true);
	});

	test('fails the check where a wanted row has no figure: a check that saw nothing proves nothing', () => {
		expect(isCheckFailed(linesOf([{row: 'P1', against: 'nginx', missing: 'nginx is not installed'}], ['P1']))).toBe(
			true,
		);
		expect(isCheckFailed(linesOf([], ['P1']))).toBe(true);
		expect(isCheckFailed([])).toBe(true);
	});

	test('calls a figure that is not a number above, never within', () => {
		expect(standingOf(p1, Number.NaN)).toBe('ABOVE');
	});
});

describe('the table', () => {
	test('names each wanted goal with its measure and each other goal with the reason why it has none', () => {
		const text = renderLines(
			linesOf([measuredP1(1.234), {row: 'P2', against: 'undici-pipe', missing: 'it did not start'}], ['P1', 'P2']),
		);
		expect(text).toMatch(/^P1 .* nginx .* 1\.23 .* must, spread x[\d.]+$/m);
		expect(text).toMatch(/^P2 .* not measured: it did not start$/m);
		expect(text).toMatch(/^P15 .* not measured: it is not installed$/m);
		expect(text).not.toMatch(/^P6 /m);
	});

	test('states for every goal the spread it allows and the reason for it', () => {
		expect(figures.filter(figure => figure.spread < 1 || figure.spreadReason.length < 20)).toEqual([]);
		expect(figures.filter(figure => figure.moonshot > figure.must)).toEqual([]);
	});

	test('shows absolute values with the factor between the worst and the best instance', () => {
		const text = renderAbsolutes([{scenario: 'paced', target: 'nginx', what: 'CPU ns/event', values: [200, 100, 150]}]);
		expect(text.split('\n').at(-1)).toMatch(/^paced +nginx +CPU ns\/event +150 +100 - 200 +2$/);
	});

	test('writes three digits and no more', () => {
		expect([0.00379, 1.2345, 12.345, 123.45, 4_279_466, Number.NaN].map(formatNumber)).toEqual([
			'0.00379',
			'1.23',
			'12.3',
			'123',
			'4279466',
			'-',
		]);
	});
});
