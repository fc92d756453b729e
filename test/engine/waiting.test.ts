import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {playStream, startFarEnd, type RawArrival} from '../support/raw-http.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {call, settled, startEngine, until, type RunningEngine, type TestProvider} from '../support/running-engine.ts';
import {answerWith} from '../support/switched-far-end.ts';

/* What is said of a request that waits for a place, or finds none (codex-helper.md 2.10 and 3.3): who is full, for how long it waits, what then. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const serve = playStream(stream);

/** Holds its first request until it is let go, and serves all others. */
const startHeld = async () => {
	const held: RawArrival[] = [];
	const far = await startFarEnd(arrival => (held.length === 0 ? void held.push(arrival) : serve(arrival)));
	return {...far, release: () => held.forEach(serve)};
};

const limited = (name: string, url: string, limits: string): TestProvider => ({
	name,
	url,
	extra: `limits = {${limits}}`,
});

type PlaceEvent = Extract<EngineEvent, {type: 'candidate-saturated' | 'wait-end'}>;

const placeEvents = (engine: RunningEngine): readonly PlaceEvent[] => {
	settled(engine);
	return engine.events.filter(event => event.type === 'candidate-saturated' || event.type === 'wait-end');
};

/** What was announced of a request, in its order. */
const storyOf = (engine: RunningEngine, requestId: string | undefined): readonly string[] => {
	settled(engine);
	return engine.events.filter(event => 'requestId' in event && event.requestId === requestId).map(({type}) => type);
};

const rowOf = (engine: RunningEngine, requestId: string | undefined) => {
	const {requests} = engine.engine.ask({type: 'snapshot'});
	return requests.find(request => request.requestId === requestId);
};

describe('a request that waits for a place', () => {
	test('says at whom, behind how many and for how long, before it is sent there', async () => {
		await using a = await startHeld();
		const setup = {providers: [limited('a', a.url, 'max_concurrent_requests = 1, queue = 2, limit_group = "team"')]};
		await using engine = await startEngine(setup);
		const first = call(engine, {session: 's1'});
		await until('the first', () => a.arrivals.length === 1);
		const second = call(engine, {session: 's2'});
		await until('its wait', () => placeEvents(engine).length === 1);
		const [saturated] = placeEvents(engine);
		const place = {endpointKey: 'codex/a/default', account: 'default', limitKey: 'codex/team'};
		expect(saturated).toMatchObject({type: 'candidate-saturated', ...place, active: 1, limit: 1, ahead: 0});
		const waiting = rowOf(engine, saturated?.requestId);
		expect(waiting).toMatchObject({state: 'running', note: 'waits for a place at a, 0 before it', attempts: []});
		expect(waiting?.waitingSinceMs).toBe(saturated?.atMs);

		a.release();
		expect((await Promise.all([first, second])).map(({body}) => body.equals(stream))).toEqual([true, true]);
		const ended = placeEvents(engine)[1];
		expect(ended).toMatchObject({type: 'wait-end', requestId: saturated?.requestId, ...place, result: 'place'});
		expect(storyOf(engine, saturated?.requestId).slice(2, 6)).toEqual([
			...['route-planned', 'candidate-saturated', 'wait-end', 'attempt-start'],
		]);
		const served = rowOf(engine, saturated?.requestId);
		expect(served).toMatchObject({state: 'success', waitingSinceMs: undefined, note: 'waited for a place at a'});
		expect(served?.waitedMs).toBe(ended?.type === 'wait-end' ? ended.waitedMs : undefined);
	});

	test('stands in control_trace.jsonl under the name that codex-helper gave it', async () => {
		await using a = await startHeld();
		await using engine = await startEngine({
			providers: [limited('a', a.url, 'max_concurrent_requests = 1, queue = 1')],
		});
		const first = call(engine, {session: 's1'});
		await until('the first', () => a.arrivals.length === 1);
		const second = call(engine, {session: 's2'});
		await until('its wait', () => placeEvents(engine).length === 1);
		a.release();
		await Promise.all([first, second]);
		await engine.stop();
		const lines = readFileSync(engine.home.traceLog, 'utf8').trim().split('\n');
		const told = lines.filter(line => /"kind":"(?:candidate-saturated|wait-end)"/.test(line));
		expect(told.map(line => JSON.parse(line) as unknown)).toMatchObject([
			{
				...{event: 'route_candidate_concurrency_saturated', service: 'codex'},
				detail: 'waits for a place at a, 0 before it (1 of 1 taken, codex/a/default)',
				payload: {active: 1, limit: 1, limitKey: 'codex/a/default'},
			},
			{kind: 'wait-end', detail: expect.stringMatching(/^a place at a after /), payload: {result: 'place'}},
		]);
	});

	test('in vain says so and goes to the next candidate', async () => {
		await using a = await startHeld();
		await using b = await startFarEnd(serve);
		const queue = 'max_concurrent_requests = 1, queue = 1, queue_timeout_ms = 120';
		await using engine = await startEngine({providers: [limited('a', a.url, queue), {name: 'b', url: b.url}]});
		const first = call(engine, {session: 's1'});
		await until('the first', () => a.arrivals.length === 1);
		expect((await call(engine, {session: 's2'})).body.equals(stream)).toBe(true);
		const ended = placeEvents(engine)[1];
		expect(ended).toMatchObject({type: 'wait-end', endpointKey: 'codex/a/default', result: 'timeout'});
		expect(ended?.type === 'wait-end' && ended.waitedMs).toBeGreaterThanOrEqual(115);
		expect(rowOf(engine, ended?.requestId)).toMatchObject({note: 'waited in vain for a place at a'});
		a.release();
		await first;
	});

	test('and whose client leaves says that the wait was stopped', async () => {
		await using a = await startHeld();
		await using engine = await startEngine({
			providers: [limited('a', a.url, 'max_concurrent_requests = 1, queue = 1')],
		});
		const first = call(engine, {session: 's1'});
		await until('the first', () => a.arrivals.length === 1);
		const controller = new AbortController();
		const leaving = call(engine, {session: 's2', signal: controller.signal}).catch(() => undefined);
		await until('its wait', () => placeEvents(engine).length === 1);
		controller.abort();
		await leaving;
		await until('the end of its wait', () => placeEvents(engine).length === 2);
		expect(placeEvents(engine)[1]).toMatchObject({type: 'wait-end', result: 'stopped'});
		a.release();
		await first;
	});
});

test('a candidate that a later plan passes over for want of a place is named, since only the first plan is announced', async () => {
	await using a = await startFarEnd(answerWith(500));
	await using b = await startHeld();
	await using c = await startFarEnd(serve);
	const providers = [
		{name: 'a', url: a.url},
		limited('b', b.url, 'max_concurrent_requests = 1'),
		{name: 'c', url: c.url},
	];
	await using engine = await startEngine({providers});
	const first = call(engine, {session: 's1'});
	await until('the first', () => b.arrivals.length === 1);
	expect((await call(engine, {session: 's2'})).body.equals(stream)).toBe(true);
	const told = placeEvents(engine);
	expect(told).toMatchObject([{type: 'candidate-saturated', endpointKey: 'codex/b/default', active: 1, limit: 1}]);
	expect(told[0]).not.toHaveProperty('ahead');
	expect(storyOf(engine, told[0]?.requestId).filter(type => /attempt|saturated/.test(type))).toEqual([
		...['attempt-start', 'attempt-end', 'candidate-saturated', 'attempt-start', 'attempt-end'],
	]);
	b.release();
	await first;
});

test('a request that gets its place at once says nothing of places', async () => {
	await using a = await startFarEnd(serve);
	await using engine = await startEngine({
		providers: [limited('a', a.url, 'max_concurrent_requests = 2, queue = 2')],
	});
	await Promise.all([call(engine, {session: 's1'}), call(engine, {session: 's2'})]);
	expect(placeEvents(engine)).toEqual([]);
});
