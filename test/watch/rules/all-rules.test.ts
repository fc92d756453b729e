import {describe, expect, test} from 'vitest';
import type {AttemptEnd, EngineEvent} from '../../../source/event/catalogue.ts';
import {attemptEnd, configLoaded, endpointInfo, replyEnd, requestStart} from '../../support/events.ts';
import {broken, cut, limited, minute, planned, refused, relayA, Story} from '../../support/incident-story.ts';

const failed = (requestId: string, atMs: number) => replyEnd(requestId, atMs, {outcome: 'failed', status_code: 200});

const stats = (atMs: number, loopP99Ms: number): EngineEvent => {
	return {type: 'engine-stats', atMs, loopP99Ms, rssMb: 90, liveRequests: 0, droppedEvents: 0};
};

describe('incident rate-limited', () => {
	test('opens at the third limit within five minutes, with the requests as evidence', () => {
		const story = new Story().attempt(0, limited).attempt(1000, limited);
		expect(story.open).toEqual([]);
		story.attempt(2000, limited);
		expect(story.lines).toEqual([`incident-opened INC-1 rate-limited ${relayA}`]);
		expect(story.open[0]).toMatchObject({
			title: 'relay-a is rate limited',
			count: 3,
			openedAtMs: 2000,
			evidence: [
				{atMs: 0, requestId: 'r1', text: '429, retry-after 41 s'},
				{atMs: 1000, requestId: 'r2'},
				{atMs: 2000, requestId: 'r3'},
			],
		});
	});

	test('does not open when the three are spread over more than five minutes', () => {
		expect(
			new Story()
				.attempt(0, limited)
				.attempt(minute, limited)
				.attempt(5 * minute, limited).open,
		).toEqual([]);
	});

	test('keeps endpoints apart', () => {
		const other = {...limited, endpointKey: 'codex/relay-b/default'};
		expect(new Story().attempt(0, limited).attempt(1, other).attempt(2, limited).open).toEqual([]);
	});

	test('closes after two successes in a row, not after one between limits', () => {
		const story = new Story().attempt(0, limited).attempt(1, limited).attempt(2, limited);
		story.attempt(3).attempt(4, limited).attempt(5);
		expect(story.open).toHaveLength(1);
		story.attempt(6);
		expect(story.open).toEqual([]);
		expect(story.lines.at(-1)).toBe(`incident-closed INC-1 rate-limited ${relayA}`);
	});

	test('closes after ten quiet minutes', () => {
		const story = new Story().attempt(0, limited).attempt(1, limited).attempt(2, limited);
		expect(story.tick(9 * minute).open).toHaveLength(1);
		expect(story.tick(10 * minute + 2).open).toEqual([]);
	});
});

describe('incident repeated-5xx', () => {
	test('opens at the third server error and closes after two successes', () => {
		const story = new Story().attempt(0, broken).attempt(1, broken).attempt(2, broken);
		expect(story.open).toMatchObject([
			{rule: 'repeated-5xx', evidence: [{text: '503: 503 Service Unavailable'}, {}, {}]},
		]);
		expect(story.attempt(3).attempt(4).open).toEqual([]);
	});

	test('does not count other failures', () => {
		const refusedConnection: Partial<AttemptEnd> = {outcome: 'hard', phase: 'connect', code: 'connect-refused'};
		const story = new Story().attempt(0, broken).attempt(1, broken).attempt(2, refusedConnection);
		expect(story.open).toEqual([]);
	});
});

describe('incident stream-cut', () => {
	test('opens at the second unseen cut', () => {
		const unseen = {...cut, willRetry: true};
		const story = new Story().attempt(0, unseen);
		expect(story.open).toEqual([]);
		expect(story.attempt(1, unseen).open).toMatchObject([{rule: 'stream-cut', scope: relayA}]);
	});

	test('opens at once where the client noticed', () => {
		expect(new Story().attempt(0, cut).open).toMatchObject([{rule: 'stream-cut', count: 1}]);
	});
});

describe('incident auth-failure', () => {
	test('opens at the first refusal, does not close by itself and closes at a success', () => {
		const story = new Story().attempt(0, refused);
		expect(story.open).toMatchObject([{rule: 'auth-failure', evidence: [{text: '401: invalid key'}]}]);
		expect(story.tick(24 * 60 * minute).open).toHaveLength(1);
		expect(story.attempt(24 * 60 * minute).open).toEqual([]);
	});

	test('closes when the endpoint leaves the config or is switched off', () => {
		expect(new Story().attempt(0, refused).see(configLoaded(1, [])).open).toEqual([]);
		const off = configLoaded(1, [endpointInfo('relay-a', {enabled: false})]);
		expect(new Story().attempt(0, refused).see(off).open).toEqual([]);
		const still = configLoaded(1, [endpointInfo('relay-a')]);
		expect(new Story().attempt(0, refused).see(still).open).toHaveLength(1);
	});
});

describe('incident all-routes-down', () => {
	test('opens when a request ended because its last candidate failed, and closes at the next success', () => {
		const story = new Story().see(planned('r1', 0), attemptEnd('r1', 1, broken), failed('r1', 2));
		expect(story.open).toMatchObject([
			{rule: 'all-routes-down', scope: 'all routes of codex', evidence: [{requestId: 'r1'}]},
		]);
		expect(story.see(replyEnd('r2', 3, {service: 'claude'})).open).toHaveLength(1);
		expect(story.see(replyEnd('r3', 4)).open).toEqual([]);
	});

	test('opens when no candidate could be tried at all', () => {
		expect(new Story().see(planned('r1', 0), failed('r1', 2)).open).toHaveLength(1);
	});

	test('stays closed for a fault of the request, a wrong token, and a client that left', () => {
		const story = new Story()
			.see(planned('r1', 0), attemptEnd('r1', 1, {outcome: 'neutral', status: 400}), failed('r1', 2))
			.see(requestStart('r2', 3), failed('r2', 4))
			.see(planned('r3', 5), replyEnd('r3', 6, {outcome: 'cancelled'}));
		expect(story.open).toEqual([]);
	});
});

describe('incident config-broken', () => {
	test('opens with the place of the error and closes when a config is loaded', () => {
		const story = new Story().see({
			type: 'config-broken',
			atMs: 0,
			path: '/c.toml',
			message: 'bad value',
			line: 3,
			column: 9,
		});
		expect(story.open).toMatchObject([{scope: 'config', evidence: [{text: '/c.toml:3:9: bad value'}]}]);
		expect(story.see(configLoaded(1, [])).open).toEqual([]);
	});
});

describe('incident missing-auth', () => {
	const missing = endpointInfo('relay-a', {
		hasAuth: false,
		authSource: 'missing env RELAY_A_KEY',
		location: 'c.toml:4',
	});

	test('opens for an enabled endpoint without its key and closes when it has it', () => {
		const story = new Story().see(configLoaded(0, [missing, endpointInfo('relay-b')]));
		expect(story.open).toMatchObject([{scope: relayA, evidence: [{text: 'missing env RELAY_A_KEY (c.toml:4)'}]}]);
		expect(story.see(configLoaded(1, [missing])).open).toMatchObject([{id: 'INC-1'}]);
		expect(story.see(configLoaded(2, [endpointInfo('relay-a')])).open).toEqual([]);
	});

	test('stays closed for disabled endpoints and for those that need no key', () => {
		const quiet = [
			{...missing, enabled: false},
			endpointInfo('local', {hasAuth: false, authSource: 'none'}),
			endpointInfo('openai', {hasAuth: false, authSource: 'client'}),
		];
		expect(new Story().see(configLoaded(0, quiet)).open).toEqual([]);
	});
});

describe('incident engine-crashed', () => {
	test('opens at a restart and closes after ten quiet minutes', () => {
		const story = new Story().see({type: 'engine-restarting', atMs: 0, inMs: 100, restarts: 1, reason: 'exit 1'});
		expect(story.open).toMatchObject([{scope: 'engine', evidence: [{text: 'restart 1: exit 1'}]}]);
		expect(story.tick(10 * minute).open).toEqual([]);
	});
});

describe('incident engine-slow', () => {
	test('opens after three slow seconds and closes after thirty good ones', () => {
		const story = new Story().see(stats(0, 300), stats(1000, 300), stats(2000, 2));
		expect(story.open).toEqual([]);
		expect(story.see(stats(3000, 300)).open).toMatchObject([{rule: 'engine-slow'}]);
		story.see(...Array.from({length: 29}, (_, index) => stats(4000 + index * 1000, 2)));
		expect(story.open).toHaveLength(1);
		expect(story.see(stats(34_000, 2)).open).toEqual([]);
	});
});

describe('incident log-write-failed', () => {
	test('opens when a log cannot be written and closes when it can', () => {
		const log = {type: 'log-changed' as const, path: '/home/u/requests.jsonl', lostLines: 1};
		const story = new Story().see({...log, atMs: 0, isWritable: false, code: 'ENOSPC'});
		expect(story.open).toMatchObject([
			{title: 'requests.jsonl cannot be written', evidence: [{text: 'cannot be written: ENOSPC'}]},
		]);
		expect(story.see({...log, path: '/other', atMs: 1, isWritable: true, code: ''}).open).toHaveLength(1);
		expect(story.see({...log, atMs: 1, isWritable: true, code: ''}).open).toEqual([]);
	});
});

const lost = (atMs: number, isFirstRepair: boolean): EngineEvent => ({
	...{type: 'body-translated', requestId: 'r1', atMs, attempt: 1, endpointKey: relayA, isFirstRepair},
	losses: [{code: 'foreign-reasoning', count: 2, text: '2 encrypted reasoning items were left out'}],
	sessionId: 's1',
});

describe('incident state-left-out', () => {
	test('opens at the first loss of a session, not at its later ones, and closes after ten quiet minutes', () => {
		const story = new Story().see(lost(0, false));
		expect(story.open).toEqual([]);
		story.see(lost(1, true), lost(2, false));
		expect(story.open).toMatchObject([
			{
				rule: 'state-left-out',
				scope: relayA,
				count: 1,
				title: 'Sessions without their hidden state at relay-a',
				evidence: [{requestId: 'r1', text: 'session s1: 2 encrypted reasoning items were left out'}],
			},
		]);
		expect(story.tick(10 * minute + 2).open).toEqual([]);
	});

	test('closes when the configuration no longer has the endpoint', () => {
		const story = new Story().see(lost(1, true), configLoaded(2, [endpointInfo('relay-a')]));
		expect(story.open).toHaveLength(1);
		expect(story.see(configLoaded(3, [endpointInfo('relay-b')])).open).toEqual([]);
	});
});
