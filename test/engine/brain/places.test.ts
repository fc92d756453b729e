import {describe, expect, test} from 'vitest';
import {Limiter} from '../../../source/attempt/limiter.ts';
import {Places} from '../../../source/engine/brain/places.ts';
import {TryStop} from '../../../source/engine/search/try-stop.ts';
import type {PlaceNews} from '../../../source/event/place.ts';
import type {RouteCandidate} from '../../../source/route/route-plan.ts';
import {fakeClock} from '../../support/clock.ts';
import {endpoint} from '../../support/endpoint.ts';
import {healthy} from '../../support/graph.ts';

const candidateOf = (limits: Partial<ReturnType<typeof endpoint>['limits']>): RouteCandidate => {
	const usual = endpoint('a');
	const own = endpoint('a', {limits: {...usual.limits, ...limits}});
	const {accounts} = own;
	const place = {preferenceGroup: 0, routePath: ['main'], routes: [], location: undefined};
	return {
		...place,
		endpoint: own,
		account: accounts[0],
		eligible: true,
		skips: [],
		notes: [],
		needsRepair: false,
		health: healthy,
	};
};

const placesWith = (limits: Parameters<typeof candidateOf>[0]) => {
	const clock = fakeClock();
	const places = new Places(new Limiter({monotonic: clock.monotonic}), clock.monotonic);
	const news: PlaceNews[] = [];
	const take = (stop = new TryStop(), isLast = false) =>
		places.take({candidate: candidateOf(limits), isLast, stop}, undefined, {placed: one => void news.push(one)});
	return {clock, news, take};
};

describe('places', () => {
	test('that are free are taken without a word', async () => {
		const {news, take} = placesWith({maxConcurrentRequests: 2, queue: 1});
		expect(await Promise.all([take(), take()])).not.toContain('saturated');
		expect(news).toEqual([]);
	});

	test('whose queue is full are passed over with one word, without a wait', async () => {
		const {news, take} = placesWith({maxConcurrentRequests: 1, queue: 0});
		await take();
		expect(await take()).toBe('saturated');
		expect(news).toEqual([
			{
				...{type: 'candidate-saturated', endpointKey: 'codex/a/default', account: 'default'},
				...{limitKey: 'codex/a/default', active: 1, limit: 1},
			},
		]);
	});

	test('tell each who waits how many are before it, and how long the wait was', async () => {
		const {clock, news, take} = placesWith({maxConcurrentRequests: 1, queue: 2});
		const held = await take();
		const stop = new TryStop();
		const waiting = [take(), take(stop)];
		expect(news.map(one => one.type === 'candidate-saturated' && one.ahead)).toEqual([0, 1]);
		clock.advance(1234);
		stop.cancel();
		expect(await waiting[1]).toBe('saturated');
		clock.advance(1000);
		if (held === 'saturated') {
			throw new Error('The first place was free.');
		}

		held[Symbol.dispose]();
		expect(await waiting[0]).not.toBe('saturated');
		expect(news.slice(2)).toMatchObject([
			{type: 'wait-end', waitedMs: 1234, result: 'stopped'},
			{type: 'wait-end', waitedMs: 2234, result: 'place'},
		]);
	});
});
