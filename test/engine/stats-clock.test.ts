import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {StatsClock} from '../../source/engine/stats-clock.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {ReadModel} from '../../source/observe/read-model.ts';
import {maxFinishedRequests} from '../../source/observe/model/request-list.ts';
import {fakeClock} from '../support/clock.ts';
import {replyEnd, requestStart} from '../support/events.ts';

test('once a second the engine tells how it is, until it is closed', async () => {
	const clock = fakeClock();
	const model = new ReadModel();
	const events: EngineEvent[] = [];
	const stats = new StatsClock({
		announce: event => events.push(event),
		now: clock.now,
		model: () => model,
		dropped: () => 4,
	});
	model.apply(requestStart('r1', clock.now()));
	clock.advance(61_000);
	expect(stats.health()).toMatchObject({uptime_s: 61, requests_total: 1, requests_live: 1, loop_p99_ms: 0, routes: 0});
	await sleep(1200);
	stats.close();
	expect(events).toEqual([
		{
			type: 'engine-stats',
			atMs: clock.now(),
			loopP99Ms: expect.any(Number),
			rssMb: expect.any(Number),
			liveRequests: 1,
			droppedEvents: 4,
		},
	]);
	expect(stats.health()['memory_mb']).toBeGreaterThan(10);
	await sleep(1200);
	expect(events).toHaveLength(1);
});

test('the total of requests counts those that are no longer listed', () => {
	const clock = fakeClock();
	const model = new ReadModel();
	const stats = new StatsClock({announce: () => undefined, now: clock.now, model: () => model, dropped: () => 0});
	for (let index = 0; index < maxFinishedRequests + 5; index++) {
		model.apply(requestStart(`r${index}`, clock.now()));
		model.apply(replyEnd(`r${index}`, clock.now()));
	}

	expect(model.requests()).toHaveLength(maxFinishedRequests);
	expect(stats.health()).toMatchObject({requests_total: maxFinishedRequests + 5, requests_live: 0});
	stats.close();
});
