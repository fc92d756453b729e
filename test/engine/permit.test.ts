import {describe, expect, test} from 'vitest';
import type {Cancellation} from '../../source/base/cancellation.ts';
import type {Road} from '../../source/engine/road.ts';
import {limits} from '../../source/wire/limits.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {playStream, startFarEnd, streamHead, write} from '../support/raw-http.ts';
import {startRoad} from '../support/road.ts';
import {call, until} from '../support/running-engine.ts';

/* The place of a request among those that a candidate may serve at once: taken before the send, given back at the end of the try. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);

/** Counts places; `wait` holds back whoever asks for one at that provider. */
const counter = (wait: (provider: string, stop: Cancellation) => Promise<'saturated' | undefined>) => {
	const seen: string[] = [];
	const open = new Map<string, number>();
	const change = (provider: string, by: number): void => {
		open.set(provider, (open.get(provider) ?? 0) + by);
	};
	const permit: Road['permit'] = async ({candidate: {endpoint}, stop}, sessionId) => {
		const {provider} = endpoint;
		seen.push(`${provider} ${sessionId ?? '-'}`);
		if ((await wait(provider, stop)) === 'saturated') {
			return 'saturated';
		}

		change(provider, 1);
		return {[Symbol.dispose]: () => change(provider, -1)};
	};
	return {seen, open, permit};
};

const free = (): Promise<undefined> => Promise.resolve(undefined);

/** Waits in a queue until the try is stopped. */
const untilStopped = (stop: Cancellation): Promise<'saturated'> =>
	new Promise(resolve => {
		stop.onCancel(() => resolve('saturated'));
	});

describe('a permit', () => {
	test('is asked for with the session, held while the upstream answers, and given back at the end', async () => {
		const places = counter(free);
		let heldMeanwhile = 0;
		await using far = await startFarEnd(arrival => {
			heldMeanwhile = places.open.get('p0') ?? 0;
			playStream(stream)(arrival);
		});
		await using road = await startRoad([far.url], {permit: places.permit});
		expect((await call(road)).body.equals(stream)).toBe(true);
		await until('the end', () => road.ledger.length === 1);
		expect([heldMeanwhile, places.open.get('p0'), places.seen]).toEqual([1, 0, ['p0 session-1']]);
	});

	test('that cannot be had sends nothing there: the next candidate serves, and no attempt is counted', async () => {
		const places = counter(async provider => (provider === 'p0' ? 'saturated' : undefined));
		await using full = await startFarEnd(playStream(stream));
		await using healthy = await startFarEnd(playStream(stream));
		await using road = await startRoad([full.url, healthy.url], {permit: places.permit});
		await call(road);
		await until('the end', () => road.ledger.length === 1);
		expect([full.arrivals.length, healthy.arrivals.length]).toEqual([0, 1]);
		expect(road.ledger).toMatchObject([{outcome: 'success', provider_id: 'p1', retry: {attempts: 1}}]);
		expect(road.events.filter(({type}) => type === 'attempt-start')).toHaveLength(1);
	});

	test('is given back by an attempt that is moved, and a wait for one ends with a move or with the client', async () => {
		const places = counter((provider, stop) => (provider === 'p1' ? untilStopped(stop) : free()));
		await using silent = await startFarEnd(write(streamHead));
		await using queued = await startFarEnd(playStream(stream));
		await using healthy = await startFarEnd(playStream(stream));
		await using road = await startRoad([silent.url, queued.url, healthy.url], {permit: places.permit});
		const idOf = (): string => road.events.findLast(event => event.type === 'request-start')?.requestId ?? '';
		const answer = call(road);
		await until('the attempt', () => silent.arrivals.length === 1);
		road.road.running.move(idOf(), undefined);
		await until('the queue', () => places.seen.length === 2);
		expect(places.open.get('p0')).toBe(0);
		road.road.running.move(idOf(), undefined);
		expect((await answer).body.equals(stream)).toBe(true);
		expect(queued.arrivals).toHaveLength(0);

		const controller = new AbortController();
		// The first session stays with the upstream that served it.
		const leaving = call(road, {session: 'session-2', signal: controller.signal}).catch(() => undefined);
		await until('the attempt', () => silent.arrivals.length === 2);
		road.road.running.move(idOf(), undefined);
		await until('the queue', () => places.seen.filter(line => line.startsWith('p1')).length === 2);
		controller.abort();
		await leaving;
		await until('the end', () => road.ledger.length === 2);
		expect(road.ledger[1]).toMatchObject({outcome: 'cancelled'});
		expect([...places.open.values()].reduce((sum, held) => sum + held, 0)).toBe(0);
	});

	test('a rival of a hedged try needs one too, and without it the first goes on', async () => {
		const places = counter(async provider => (provider === 'p1' ? 'saturated' : undefined));
		await using slow = await startFarEnd(arrival => setTimeout(() => playStream(stream)(arrival), 700));
		await using full = await startFarEnd(playStream(stream));
		await using road = await startRoad([slow.url, full.url], {
			permit: places.permit,
			limits: {...limits, hedgeAfterMs: 200},
		});
		expect((await call(road)).body.equals(stream)).toBe(true);
		await until('the end', () => road.ledger.length === 1);
		expect(places.seen).toHaveLength(2);
		expect([full.arrivals.length, places.open.get('p0')]).toEqual([0, 0]);
		expect(road.ledger).toMatchObject([{provider_id: 'p0', retry: {attempts: 1}}]);
	});
});
