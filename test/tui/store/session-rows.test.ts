import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {ClientSession} from '../../../source/event/client-session.ts';
import {listOf} from '../../../source/tui/store/selectors.ts';
import type {ScreenState} from '../../../source/tui/store/screen-state.ts';
import {sessionRows, treeOf, type SessionRow} from '../../../source/tui/store/session-rows.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {firstThread, sampleClientSessions} from '../../support/sample-sessions.ts';
import {sampleNowMs} from '../../support/sample-screen.ts';
import {sampleState} from '../../support/sample-state.ts';

const page = sampleState('full', 'sessions', [160, 48]);

const withFilter = (filter: string): ScreenState => ({
	...page,
	lists: {...page.lists, sessions: {selectedKey: undefined, filter}},
});

const keysOf = (state: ScreenState): readonly string[] =>
	listOf(state, 'sessions').rows.map(({key}) => key.slice(0, 8));

const rowOf = (state: ScreenState, key: string): SessionRow =>
	sessionRows(state).find(row => row.key === key) ?? expect.fail(`no row ${key}`);

describe('the rows of the page Sessions', () => {
	test('join live and historic threads, children below their parents, the newest tree first', () => {
		expect(sessionRows(page).map(({key, depth, origin}) => [key.slice(0, 8), depth, origin])).toEqual([
			['01a9e3f0', 0, 'main'],
			['01a9e3f1', 1, 'subagent'],
			['01a9e3f2', 1, 'fork'],
			['5b20aaaa', 0, 'main'],
			['c3f1aa00', 0, 'main'],
			['77e0aa00', 0, 'main'],
			['agent-a1', 1, 'subagent'],
			['01a80000', 0, 'main'],
			['01a80000', 0, 'main'],
		]);
	});

	test('a thread that both know is one row with what each says', () => {
		const row = rowOf(page, firstThread);
		expect(row.engine?.requests).toBe(41);
		expect(row.file?.title).toBe('Mend the flaky test of the invoice export');
		expect(row.title).toBe(row.file?.title);
		expect(row.tally?.requests).toBe(41);
		expect(row.pin?.pin.mode).toBe('only');
		expect(row.affinity?.changeReason).toBe('failover_after_status_503');
		// The sub-agent's tokens are of the same session, as in the ledger.
		expect(row.clientTokens).toBe(1_202_000 + 41_200);
	});

	test("a sub-agent has no override, pin or ledger of its own: they are its session's", () => {
		const row = rowOf(page, '01a9e3f1-0000-7000-8000-0000000000a1');
		expect(row).toMatchObject({sessionId: firstThread, override: undefined, pin: undefined, tally: undefined});
	});

	test('an override is that of the session and the service', () => {
		expect(rowOf(page, '5b20aaaa-0000-7000-8000-00000000009d').override).toMatchObject({
			model: 'gpt-5.5',
			profile: 'deep',
		});
		const [first, ...others] = page.sessions;
		const foreign: ScreenState = {
			...page,
			sessions: [
				...others,
				...(first
					? [{...first, sessionId: '5b20aaaa-0000-7000-8000-00000000009d', client: 'claude-code' as const}]
					: []),
			].slice(1),
		};
		expect(rowOf(foreign, '5b20aaaa-0000-7000-8000-00000000009d').override).toBeUndefined();
	});

	test('only live ones are those that the engine saw, and Dash has no others', () => {
		const live = {...page, sessionPage: {...page.sessionPage, isLiveOnly: true}};
		expect(keysOf(live)).toEqual(['01a9e3f0', '5b20aaaa', 'c3f1aa00']);
		expect(keysOf({...page, page: 'dash'})).toEqual(['01a9e3f0', '5b20aaaa', 'c3f1aa00']);
	});

	test.each([
		['client:claude', ['c3f1aa00', '77e0aa00', 'agent-a1']],
		['cwd:notes', ['c3f1aa00', '77e0aa00']],
		['model:haiku', ['agent-a1']],
		['live>0', ['01a9e3f0']],
		['origin:fork', ['01a9e3f2']],
		['title:会议', ['77e0aa00']],
		['effort:xhigh', ['5b20aaaa']],
		['provider:relay-a', ['01a9e3f0']],
		['cost>0.5', ['01a9e3f0']],
		['flaky -sub', ['01a9e3f0']],
	])('the filter %s finds its rows', (filter, keys) => {
		expect(keysOf(withFilter(filter))).toEqual(keys);
		expect(listOf(withFilter(filter), 'sessions').problem).toBeUndefined();
	});
});

describe('the tree of threads', () => {
	const [file] = sampleClientSessions(sampleNowMs).sessions;
	const rowWith = (key: string, parentId: string | undefined, lastSeenAtMs: number): SessionRow => ({
		...rowOf(page, firstThread),
		key,
		lastSeenAtMs: lastSeenAtMs * 60_000,
		file: file && ({...file, threadId: key, parentId} satisfies ClientSession),
	});

	const rowAt = (key: string, lastSeenAtMs: number, startedAtMs: number): SessionRow => ({
		...rowWith(key, undefined, 0),
		lastSeenAtMs,
		file: file && {...file, threadId: key, startedAtMs},
	});

	test('a parent that is not there makes its child a root', () => {
		expect(treeOf([rowWith('child', 'gone', 1)])).toMatchObject([{key: 'child', depth: 0}]);
	});

	test('parents that go round in a circle are shown once each', () => {
		const rows = treeOf([rowWith('a', 'b', 1), rowWith('b', 'c', 3), rowWith('c', 'a', 2), rowWith('d', 'd', 4)]);
		expect(rows.map(({key, depth}) => [key, depth])).toEqual([
			['d', 0],
			['b', 0],
			['a', 1],
			['c', 2],
		]);
	});

	test('a tree stands where its youngest thread would', () => {
		const rows = treeOf([rowWith('old', undefined, 1), rowWith('new', undefined, 5), rowWith('child', 'old', 9)]);
		expect(rows.map(({key}) => key)).toEqual(['old', 'child', 'new']);
	});

	test('threads that speak in the same minute keep their places, the younger first', () => {
		for (const [one, other] of [
			[61_000, 119_000],
			[119_000, 61_000],
		] as const) {
			const rows = treeOf([rowAt('older', one, 1), rowAt('younger', other, 2), rowAt('last', 121_000, 0)]);
			expect(rows.map(({key}) => key)).toEqual(['last', 'younger', 'older']);
		}
	});

	test('whatever the parents are, every thread is there once and no deeper than one below the row above', () => {
		const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
		const parents = fc.uniqueArray(fc.tuple(key, fc.option(key, {nil: undefined}), fc.nat(9)), {
			selector: ([own]) => own,
		});
		fc.assert(
			fc.property(parents, all => {
				const rows = treeOf(all.map(([own, parent, at]) => rowWith(own, parent, at)));
				expect(rows.map(row => row.key).toSorted()).toEqual(all.map(([own]) => own).toSorted());
				for (const [index, row] of rows.entries()) {
					expect(row.depth).toBeLessThanOrEqual((rows[index - 1]?.depth ?? -1) + 1);
				}
			}),
			propertyRuns(200),
		);
	});
});
