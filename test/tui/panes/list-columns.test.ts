import {describe, expect, test} from 'vitest';
import {frameLines} from '../../../source/tui/frame/frame.ts';
import type {PageName, ScreenState} from '../../../source/tui/store/screen-state.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {sampleState} from '../../support/sample-state.ts';

const drawn = (state: ScreenState): string => frameLines(state, unicodeGlyphs).map(plainOf).join('\n');

const headerOf = (page: PageName, columns: number, change: (state: ScreenState) => ScreenState = state => state) =>
	frameLines(change(sampleState('full', page, [columns, 24])), unicodeGlyphs)
		.map(plainOf)
		.find(line => /STATE|SESSION|DECISION/.test(line)) ?? '';

const unpinned = (state: ScreenState): ScreenState => ({
	...state,
	engine: state.engine && {...state.engine, pins: {}},
});

const withoutFaults = (state: ScreenState): ScreenState => ({
	...state,
	checks: state.checks.filter(({repair, fix}) => repair === undefined && fix === undefined),
});

/** Three answered requests: a whole cost, a partial one and none. */
const withCosts = (state: ScreenState, isPriced = true): ScreenState => {
	const [first, second, third] = state.requests.filter(row => row.usage !== undefined);
	const priced = new Map([
		[first, {nanoUsd: 29_800_000, isPartial: false}],
		[second, {nanoUsd: 1_420_000_000, isPartial: true}],
	]);
	const requests = state.requests.flatMap((row): ScreenState['requests'] => {
		const cost = priced.get(row);
		return cost !== undefined ? [isPriced ? {...row, cost} : row] : row === third ? [row] : [];
	});
	return {...state, requests};
};

describe('columns of lists', () => {
	test('the pin of an upstream has a column only while there is a pin', () => {
		expect(headerOf('routes', 80)).toMatch(/STATE +PIN +OK/);
		expect(headerOf('routes', 80, unpinned)).toMatch(/STATE +OK/);
	});

	test('what Enter does about a check has a column only where something is to be done', () => {
		expect(headerOf('doctor', 80)).toMatch(/TOOK ENTER/);
		expect(headerOf('doctor', 80, withoutFaults)).toMatch(/TOOK +│$/);
		expect(drawn(withoutFaults(sampleState('full', 'doctor', [80, 24])))).toContain('✔ ok');
	});

	test('an incident is a whole sentence at 80 columns: the hour it began at goes, its age stays', () => {
		const header = headerOf('incidents', 80);
		expect(header).toMatch(/STATE +ID +WHAT +TIMES +AGE/);
		expect(header).not.toContain('SINCE');
		expect(headerOf('incidents', 200)).toMatch(/TIMES SINCE +AGE/);
	});

	test('the target of a decision goes before its sentence is cut', () => {
		expect(headerOf('trace', 80)).toMatch(/DECISION +WHAT/);
		expect(headerOf('trace', 200)).toMatch(/DECISION +TARGET +WHAT/);
	});

	test('a session shows its route at 120 columns and a model of 15 letters whole at 80', () => {
		expect(headerOf('sessions', 120)).toContain('ROUTE');
		expect(drawn(sampleState('full', 'sessions', [80, 24]))).toMatch(/claude-opus-4\.6 /);
	});

	test('what a request cost stands in a column where there is room, and where nobody knows it there is none', () => {
		const lines = drawn(withCosts(sampleState('full', 'requests', [200, 60]))).split('\n');
		expect(lines.find(line => line.includes('STATUS'))).toMatch(/ OUT +HIT +COST NOTE /);
		const costs = lines.filter(line => line.includes(' 92% ')).map(line => / 92% (.{8})/.exec(line)?.[1]);
		expect(costs).toEqual([' $0.0298', '  $1.42+', '       -']);
		expect(lines.join('\n')).toMatch(/tokens .* out \S+ \(reasoning 212\) {2}\$0\.0298 /);
		expect(drawn(withCosts(sampleState('full', 'requests', [160, 48])))).toMatch(/ OUT +COST /);
	});

	test('nothing is cut for the cost of a request on a small screen, nor on Dash', () => {
		const frames = [
			...([80, 100, 119] as const).map(columns => sampleState('full', 'requests', [columns, 24])),
			sampleState('full', 'dash', [80, 24]),
			sampleState('full', 'dash', [200, 60]),
		];
		for (const state of frames) {
			expect(drawn(withCosts(state))).toBe(drawn(withCosts(state, false)));
		}
		expect(drawn(withCosts(sampleState('full', 'requests', [80, 24])))).toMatch(/MODEL +TTFB +DUR +IN +OUT/);
	});

	test("Claude's input is what was read in all, as OpenAI's is: fresh, from the cache and into it", () => {
		const state = sampleState('full', 'requests', [200, 60]);
		const [first] = state.requests.filter(row => row.usage !== undefined);
		const usage = {inputTokens: 26, cachedInputTokens: 105, cacheCreationInputTokens: 9, outputTokens: 67};
		const shown = (service: 'codex' | 'claude'): string =>
			drawn({
				...state,
				requests: first === undefined ? [] : [{...first, service, usage}],
				lists: {...state.lists, requests: {...state.lists.requests, selectedKey: first?.requestId}},
			});
		expect(shown('claude')).toMatch(/ 140 +67 +75% /);
		expect(shown('claude')).toMatch(/tokens +in 140 \(cached 105\) {2}out 67 +│/);
		expect(shown('codex')).toMatch(/tokens +in 26 \(cached 105\)/);
	});
});
