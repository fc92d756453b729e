import {describe, expect, test} from 'vitest';
import {playStream, startFarEnd, type RawArrival} from '../support/raw-http.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {call, startEngine, until} from '../support/running-engine.ts';
import {answerWith} from '../support/switched-far-end.ts';

/* `[retry]` and `limits` on the road, over real sockets (codex-helper.md 1.7 and 2.10; routing.md 5 and 6). */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const serve = playStream(stream);
const quick = '[retry.upstream]\nbackoff_ms = 1\nbackoff_max_ms = 1\njitter_ms = 0\n';

describe('the retry section', () => {
	test('without it each candidate is tried once', async () => {
		await using a = await startFarEnd(answerWith(500));
		await using b = await startFarEnd(answerWith(500));
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: a.url},
				{name: 'b', url: b.url},
			],
		});
		await call(engine);
		expect([a.arrivals.length, b.arrivals.length]).toEqual([1, 1]);
	});

	test('with the profile same-upstream asks the same one three times before the next', async () => {
		await using a = await startFarEnd(answerWith(500));
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: a.url},
				{name: 'b', url: b.url},
			],
			more: `[retry]\nprofile = "same-upstream"\n${quick}`,
		});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect([a.arrivals.length, b.arrivals.length]).toEqual([3, 1]);
		expect(engine.ledger()[0]?.retry?.attempts).toBe(4);
	});

	test('with `sends` bounds what one request may cost, and the rest is not asked', async () => {
		const fars = await Promise.all(Array.from({length: 4}, () => startFarEnd(answerWith(500))));
		await using engine = await startEngine({
			providers: fars.map(({url}, index) => ({name: `p${index}`, url})),
			more: '[retry]\nsends = 2\n',
		});
		const answer = await call(engine);
		expect(answer.text).toContain('"type":"response.failed"');
		expect(fars.map(({arrivals}) => arrivals.length)).toEqual([1, 1, 0, 0]);
		await Promise.all(fars.map(far => far[Symbol.asyncDispose]()));
	});
});

/** Holds every request until it is let go, in the order of their coming. */
const startHeld = async () => {
	const held: RawArrival[] = [];
	let most = 0;
	let running = 0;
	const far = await startFarEnd(arrival => {
		running++;
		most = Math.max(most, running);
		held.push(arrival);
	});
	const release = (): void => {
		const next = held.shift();
		if (next) {
			running--;
			serve(next);
		}
	};
	return {...far, release, held, most: () => most};
};

describe('max_concurrent_requests', () => {
	test('with a queue: the second waits for its place, the third goes to the next candidate', async () => {
		await using a = await startHeld();
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: a.url, extra: 'limits = {max_concurrent_requests = 1, queue = 1}'},
				{name: 'b', url: b.url},
			],
		});
		const first = call(engine, {session: 's1'});
		await until('the first', () => a.arrivals.length === 1);
		const second = call(engine, {session: 's2'});
		await until('the plan of the second', () => {
			engine.engine.ask({type: 'snapshot'});
			return engine.events.filter(({type}) => type === 'route-planned').length === 2;
		});
		expect((await call(engine, {session: 's3'})).body.equals(stream)).toBe(true);
		expect([a.arrivals.length, b.arrivals.length]).toEqual([1, 1]);
		a.release();
		expect((await first).body.equals(stream)).toBe(true);
		await until('the second', () => a.arrivals.length === 2);
		a.release();
		expect((await second).body.equals(stream)).toBe(true);
		expect(a.most()).toBe(1);
		expect(b.arrivals).toHaveLength(1);
	});

	test('with a queue: who waits longer than queue_timeout_ms goes to the next candidate', async () => {
		await using a = await startHeld();
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({
			providers: [
				{
					name: 'a',
					url: a.url,
					extra: 'limits = {max_concurrent_requests = 1, queue = 4, queue_timeout_ms = 150}',
				},
				{name: 'b', url: b.url},
			],
		});
		const first = call(engine, {session: 's1'});
		await until('the first', () => a.arrivals.length === 1);
		const startedMs = performance.now();
		expect((await call(engine, {session: 's2'})).body.equals(stream)).toBe(true);
		expect(performance.now() - startedMs).toBeGreaterThan(145);
		expect([a.arrivals.length, b.arrivals.length]).toEqual([1, 1]);
		a.release();
		expect((await first).body.equals(stream)).toBe(true);
	});

	test('of a limit_group holds for all its endpoints together, and no other account counts', async () => {
		await using a = await startHeld();
		await using b = await startFarEnd(serve);
		await using c = await startFarEnd(serve);
		const extra = 'limits = {max_concurrent_requests = 1, limit_group = "team"}';
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: a.url, extra},
				{name: 'b', url: b.url, extra},
				{name: 'c', url: c.url},
			],
		});
		const first = call(engine, {session: 's1'});
		await until('the first', () => a.arrivals.length === 1);
		expect((await call(engine, {session: 's2'})).body.equals(stream)).toBe(true);
		expect([a.arrivals.length, b.arrivals.length, c.arrivals.length]).toEqual([1, 0, 1]);
		a.release();
		expect((await first).body.equals(stream)).toBe(true);
	});

	test('without a queue and without another candidate the client is told to ask again, and nothing is held against the upstream', async () => {
		await using a = await startHeld();
		await using engine = await startEngine({
			providers: [{name: 'a', url: a.url, extra: 'limits = {max_concurrent_requests = 1}'}],
		});
		const first = call(engine, {session: 's1'});
		await until('the first', () => a.arrivals.length === 1);
		const refused = await call(engine, {session: 's2'});
		expect(refused.text).toContain('"code":"rate_limit_exceeded"');
		expect(refused.text).toContain('a: 1 of 1 requests run there (codex/a/default)');
		a.release();
		expect((await first).body.equals(stream)).toBe(true);
		expect(engine.events.filter(({type}) => type === 'breaker-changed')).toEqual([]);
		expect(a.arrivals).toHaveLength(1);
	});
});
