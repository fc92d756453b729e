import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, describe, expect, test} from 'vitest';
import {StatsClock} from '../../source/engine/stats-clock.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {ReadModel} from '../../source/observe/read-model.ts';
import {poll} from '../support/poll.ts';
import {sampleSnapshot} from '../support/sample-screen.ts';

const blockLoop = (forMs: number): void => {
	const endsAtMs = performance.now() + forMs;
	while (performance.now() < endsAtMs) {
		// Blocks on purpose.
	}
};

const loopP99Ms = (events: readonly EngineEvent[]): number => {
	const last = events.findLast(({type}) => type === 'engine-stats');
	return last?.type === 'engine-stats' ? (last.loopP99Ms ?? Number.NaN) : Number.NaN;
};

describe("the figure for the engine's loop", () => {
	let clock: StatsClock | undefined;
	afterEach(() => clock?.close());

	const startClock = (): EngineEvent[] => {
		const events: EngineEvent[] = [];
		clock = new StatsClock({
			announce: event => void events.push(event),
			now: Date.now,
			model: () => ReadModel.fromSnapshot(sampleSnapshot(0)),
			dropped: () => 0,
		});
		return events;
	};

	test('is not below the blocks that requests wait for: 40 ms, five times a second', async () => {
		const events = startClock();
		for (let round = 0; round < 7; round++) {
			blockLoop(40);
			await sleep(160);
		}

		// A request that comes during a block waits for its rest; the worst of a second waits for almost all of it.
		expect(loopP99Ms(events)).toBeGreaterThan(20);
	});

	test('sees blocks that are shorter than its own sampling step', async () => {
		const events = startClock();
		const endsAtMs = performance.now() + 1300;
		while (performance.now() < endsAtMs) {
			blockLoop(8);
			await sleep(3);
		}

		expect(loopP99Ms(events)).toBeGreaterThan(4);
	});

	test('does not count its own sampling step: an idle loop is near zero', async () => {
		const events = startClock();
		// One quiet second is enough: a busy machine delays an idle loop too. With the step of 10 ms in it there would be none.
		await poll('a second below 5 ms', () => (loopP99Ms(events) < 5 ? true : undefined), 15_000);
	});
});
