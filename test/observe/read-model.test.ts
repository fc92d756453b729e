import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import type {IncidentView} from '../../source/event/view.ts';
import {maxFinishedRequests} from '../../source/observe/model/request-list.ts';
import {maxSessions} from '../../source/observe/model/session-list.ts';
import {ReadModel} from '../../source/observe/read-model.ts';
import {
	attemptEnd,
	attemptStart,
	callIdentified,
	configLoaded,
	endpointInfo,
	replyEnd,
	requestStart,
} from '../support/events.ts';
import {propertyRuns} from '../support/property-runs.ts';

const modelOf = (events: readonly EngineEvent[]): ReadModel => {
	const model = new ReadModel();
	for (const event of events) {
		model.apply(event);
	}

	return model;
};

const opened = (account: string, atMs: number): EngineEvent => ({
	type: 'breaker-changed',
	endpointKey: 'codex/relay-a/default',
	...{atMs, account, phase: 'open', failures: 0, untilMs: atMs + 60_000, reason: 'answered 429'},
});

const incident = (id: string, state: IncidentView['state'], openedAtMs: number): IncidentView => ({
	id,
	rule: 'rate-limited',
	scope: 'codex/relay-a/default',
	title: 'relay-a rate limited',
	state,
	openedAtMs,
	updatedAtMs: openedAtMs,
	closedAtMs: undefined,
	count: 3,
	evidence: [],
	effect: '',
	advice: '',
	closesWhen: '',
});

/** Any event about a few requests, sessions and endpoints, in any order: also orders that no engine would send. */
const anyEvent = (atMs: number): fc.Arbitrary<EngineEvent> => {
	const requestId = fc.constantFrom('r1', 'r2', 'r3', 'r4');
	const name = fc.constantFrom('relay-a', 'relay-b', 'relay-gone');
	const endpointKey = name.map(text => `codex/${text}/default`);
	const attempt = fc.integer({min: 1, max: 3});
	return fc.oneof(
		requestId.map(id => requestStart(id, atMs)),
		fc
			.tuple(requestId, fc.constantFrom('s1', 's2', undefined), fc.constantFrom('t1', 't2', undefined))
			.map(([id, sessionId, threadId]) => callIdentified(id, atMs, {sessionId, threadId})),
		fc.tuple(requestId, endpointKey, fc.option(fc.nat(3), {nil: undefined})).map(([id, key, ahead]): EngineEvent => {
			const place = {requestId: id, atMs, endpointKey: key, account: 'default'};
			return {type: 'candidate-saturated', ...place, active: 1, limit: 1, ahead};
		}),
		fc.tuple(requestId, endpointKey, fc.constantFrom('place', 'timeout', 'stopped')).map(([id, key, result]) => {
			const place = {requestId: id, atMs, endpointKey: key, account: 'default'};
			return {type: 'wait-end', ...place, waitedMs: 900, result} as const;
		}),
		fc.tuple(requestId, attempt, endpointKey).map(([id, count, key]) => {
			return attemptStart(id, atMs, {attempt: count, endpointKey: key});
		}),
		fc
			.tuple(requestId, attempt, endpointKey, fc.constantFrom('success', 'hard', 'soft', 'neutral', 'cancelled'))
			.map(([id, count, key, outcome]) => attemptEnd(id, atMs, {attempt: count, endpointKey: key, outcome})),
		fc.tuple(requestId, endpointKey).map(([id, key]): EngineEvent => {
			return {type: 'reply-start', requestId: id, atMs, endpointKey: key, ttfbMs: 400};
		}),
		requestId.map((id): EngineEvent => ({type: 'reply-delta', requestId: id, atMs, events: 2, bytes: 100})),
		fc.tuple(requestId, fc.constantFrom('success', 'failed', 'cancelled', 'cut')).map(([id, outcome]) => {
			return replyEnd(id, atMs, {outcome, usage: {input_tokens: 5, output_tokens: 7}});
		}),
		fc.tuple(endpointKey, fc.constantFrom('closed', 'open', 'half-open')).map(([key, phase]): EngineEvent => {
			return {type: 'breaker-changed', atMs, endpointKey: key, phase, untilMs: atMs + 9, failures: 3, reason: 'x'};
		}),
		fc.subarray(['relay-a', 'relay-b']).map(names =>
			configLoaded(
				atMs,
				names.map(text => endpointInfo(text)),
			),
		),
		fc.tuple(endpointKey, fc.boolean()).map(([key, isSet]): EngineEvent => {
			const pin = isSet ? {endpointKey: key, mode: 'only' as const, setAtMs: atMs} : undefined;
			return {type: 'pin-changed', atMs, service: 'codex', pin};
		}),
		fc.constantFrom('open', 'closed').map((state): EngineEvent => {
			return {type: 'incident-opened', atMs, incident: incident(`INC-${atMs % 4}`, state, atMs)};
		}),
		fc.constant<EngineEvent>({type: 'engine-restarting', atMs, inMs: 100, restarts: 1, reason: 'crash'}),
		fc.constant<EngineEvent>({
			type: 'engine-stats',
			atMs,
			loopP99Ms: 2,
			rssMb: 90,
			liveRequests: 1,
			droppedEvents: 0,
		}),
	);
};

const anyStory = fc
	.integer({min: 0, max: 120})
	.chain(length => fc.tuple(...Array.from({length}, (_, index) => anyEvent(1_000_000 + index * 3000))));

describe('the read model', () => {
	test('is the same when a mirror starts from a snapshot anywhere in the story', () => {
		const first = configLoaded(1, [endpointInfo('relay-a'), endpointInfo('relay-b')]);
		fc.assert(
			fc.property(anyStory, fc.nat(), (story, cut) => {
				const at = story.length === 0 ? 0 : cut % story.length;
				const whole = modelOf([first, ...story]);
				const mirror = ReadModel.fromSnapshot(structuredClone(modelOf([first, ...story.slice(0, at)]).snapshot(1)));
				for (const event of story.slice(at)) {
					mirror.apply(event);
				}

				expect(mirror.snapshot(2, 1_400_000)).toEqual(whole.snapshot(2, 1_400_000));
				expect(mirror.kpis(1_400_000)).toEqual(whole.kpis(1_400_000));
			}),
			propertyRuns(300),
		);
	});

	test('tells a failover as one row with two attempts and a note', () => {
		const model = modelOf([
			requestStart('r1', 1000),
			callIdentified('r1', 1001),
			attemptStart('r1', 1002, {endpointKey: 'codex/relay-b/default'}),
			attemptEnd('r1', 1100, {endpointKey: 'codex/relay-b/default', outcome: 'hard', status: 503, willRetry: true}),
			attemptStart('r1', 1101, {attempt: 2}),
			{type: 'reply-start', requestId: 'r1', atMs: 1500, endpointKey: 'codex/relay-a/default', ttfbMs: 500},
			{type: 'reply-delta', requestId: 'r1', atMs: 1600, events: 3, bytes: 900},
			attemptEnd('r1', 2000, {attempt: 2}),
			replyEnd('r1', 2001, {provider_endpoint_key: 'codex/relay-a/default', usage: {output_tokens: 12}}),
		]);
		expect(model.request('r1')).toMatchObject({
			state: 'success',
			statusCode: 200,
			endpointKey: 'codex/relay-a/default',
			note: 'failed over from relay-b',
			ttfbMs: 500,
			replyEvents: 3,
			usage: {outputTokens: 12},
			attempts: [
				{attempt: 1, outcome: 'hard', status: 503},
				{attempt: 2, outcome: 'success'},
			],
		});
		expect(model.sessions()).toMatchObject([{sessionId: 'session-1', requests: 1, liveRequests: 0, outputTokens: 12}]);
	});

	test('lets turns speak for a session, not its title or its sub-agents', () => {
		const model = modelOf([
			requestStart('r1', 1),
			callIdentified('r1', 1, {cwd: '/work'}),
			requestStart('r2', 2),
			callIdentified('r2', 2, {kind: 'subagent', threadId: 'thread-2', model: 'small'}),
		]);
		expect(model.sessions()).toMatchObject([
			{lastRequestId: 'r1', model: 'gpt-5.3-codex', cwd: '/work', requests: 2, liveRequests: 2, threads: 2},
		]);
	});

	test('counts routes over the last five minutes only and ignores what says nothing about them', () => {
		const model = modelOf([configLoaded(0, [endpointInfo('relay-a')])]);
		const run = (requestId: string, atMs: number, outcome: 'success' | 'hard' | 'cancelled') => {
			model.apply(requestStart(requestId, atMs));
			model.apply(attemptStart(requestId, atMs));
			const endpointKey = 'codex/relay-a/default';
			model.apply({type: 'reply-start', requestId, atMs, endpointKey, ttfbMs: 100 + atMs / 1000});
			model.apply(attemptEnd(requestId, atMs, {outcome, durationMs: 0}));
			model.apply(replyEnd(requestId, atMs, {outcome: outcome === 'hard' ? 'failed' : outcome}));
		};

		run('old', 1000, 'hard');
		run('a', 400_000, 'success');
		run('b', 410_000, 'hard');
		run('c', 420_000, 'success');
		run('d', 430_000, 'cancelled');
		expect(model.routes(430_000)).toMatchObject([{recentAttempts: 3, recentSuccesses: 2, ttfbMs: 510}]);
		expect(model.kpis(430_000)).toMatchObject({finishedRequests: 3, liveRequests: 0});
		expect(model.kpis(430_000).okPercent).toBeCloseTo(66.7, 1);
	});

	test('shows the breaker, the pin and the live requests of a route', () => {
		const endpointKey = 'codex/relay-a/default';
		const model = modelOf([
			configLoaded(0, [endpointInfo('relay-a')]),
			requestStart('r1', 1),
			attemptStart('r1', 2),
			{type: 'pin-changed', atMs: 3, service: 'codex', pin: {endpointKey, mode: 'prefer', setAtMs: 3}},
			{type: 'breaker-changed', atMs: 4, endpointKey, phase: 'open', untilMs: 60_000, failures: 3, reason: '503'},
		]);
		expect(model.routes(10)).toMatchObject([
			{phase: 'open', cooldownUntilMs: 60_000, failures: 3, isPinned: true, liveRequests: 1},
		]);
	});

	test('keeps the health of an endpoint over a reload, and forgets it once the endpoint is gone', () => {
		const open: EngineEvent = {
			type: 'breaker-changed',
			atMs: 1,
			endpointKey: 'codex/relay-a/default',
			phase: 'open',
			untilMs: 60_000,
			failures: 3,
			reason: '503',
		};
		const model = modelOf([
			configLoaded(0, [endpointInfo('relay-a')]),
			open,
			configLoaded(2, [endpointInfo('relay-a')]),
		]);
		expect(model.routes()).toMatchObject([{phase: 'open', failures: 3}]);
		model.apply(configLoaded(3, []));
		model.apply(configLoaded(4, [endpointInfo('relay-a')]));
		expect(model.routes()).toMatchObject([{phase: 'closed', failures: 0}]);
	});

	test('shows a pool as well as its best account, also in a mirror that starts from a snapshot', () => {
		const accounts = ['work', 'spare'].map(label => ({label, enabled: true, authSource: 'inline', hasAuth: true}));
		const model = modelOf([configLoaded(1, [endpointInfo('relay-a', {accounts})]), opened('work', 2)]);
		expect(model.routes()).toMatchObject([{phase: 'closed', accountHealth: {work: {phase: 'open'}}}]);
		const mirror = ReadModel.fromSnapshot(model.snapshot(1, 3));
		for (const one of [model, mirror]) {
			one.apply(opened('spare', 4));
			expect(one.routes()).toMatchObject([{phase: 'open', cooldownUntilMs: 60_002}]);
		}
	});

	test('leaves a request alone once it has ended', () => {
		const model = modelOf([requestStart('r1', 1), replyEnd('r1', 2)]);
		const before = model.request('r1');
		model.apply({type: 'reply-delta', requestId: 'r1', atMs: 3, events: 1, bytes: 1});
		model.apply(replyEnd('r1', 4, {outcome: 'cut'}));
		expect(model.request('r1')).toEqual(before);
	});

	test('cuts the running requests when the engine restarts', () => {
		const model = modelOf([
			requestStart('r1', 1),
			callIdentified('r1', 2),
			{type: 'engine-restarting', atMs: 3, inMs: 100, restarts: 1, reason: 'crash'},
		]);
		expect(model.engine().state).toBe('restarting');
		expect(model.request('r1')).toMatchObject({state: 'cut', note: 'the engine restarted'});
		expect(model.sessions()).toMatchObject([{liveRequests: 0}]);
	});

	test('stays bounded, keeps every running request and takes 1,000 events in well under a second', () => {
		const model = modelOf([requestStart('live', 0)]);
		const rounds = maxFinishedRequests + 500;
		const startedAtMs = performance.now();
		for (let index = 0; index < rounds; index++) {
			const requestId = `r${index}`;
			model.apply(requestStart(requestId, index));
			model.apply(callIdentified(requestId, index, {sessionId: `s${index}`}));
			model.apply(attemptStart(requestId, index));
			model.apply(attemptEnd(requestId, index));
			model.apply(replyEnd(requestId, index));
		}

		const perThousandMs = ((performance.now() - startedAtMs) / (rounds * 5)) * 1000;
		expect(perThousandMs).toBeLessThan(200);
		expect(model.requests()).toHaveLength(maxFinishedRequests + 1);
		expect(model.requests()[0]?.requestId).toBe('live');
		expect(model.requests().at(-1)?.requestId).toBe(`r${rounds - 1}`);
		expect(model.sessions()).toHaveLength(maxSessions);
		expect(model.sessions()[0]?.sessionId).toBe(`s${rounds - 1}`);
	});

	test('puts open incidents first', () => {
		const model = modelOf(
			[incident('INC-1', 'open', 1), incident('INC-2', 'closed', 2), incident('INC-10', 'open', 2)].map(view => ({
				type: 'incident-opened' as const,
				atMs: 3,
				incident: view,
			})),
		);
		expect(model.incidents().map(({id}) => id)).toEqual(['INC-10', 'INC-1', 'INC-2']);
	});

	test('names the place of a broken config and forgets it with the next good one', () => {
		const model = modelOf([
			{type: 'config-broken', atMs: 1, path: 'config.toml', message: 'unknown key', line: 3, column: 7},
		]);
		expect(model.engine().configProblem).toBe('config.toml:3:7: unknown key');
		model.apply(configLoaded(2, []));
		expect(model.engine().configProblem).toBeUndefined();
	});
});
