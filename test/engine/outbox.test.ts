import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {Outbox, type Batch} from '../../source/engine/outbox.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {limits} from '../../source/wire/limits.ts';
import {attemptEnd, requestStart} from '../support/events.ts';

const delta = (
	requestId: string,
	[events, bytes]: readonly [events: number, bytes: number],
	atMs = 1,
): EngineEvent => ({
	type: 'reply-delta',
	requestId,
	atMs,
	events,
	bytes,
});

const createOutbox = () => {
	const batches: Batch[] = [];
	return {batches, outbox: new Outbox(batch => batches.push(batch))};
};

test('what comes within 50 ms is one batch, counted from 1', async () => {
	const {batches, outbox} = createOutbox();
	outbox.push(requestStart('r1', 1));
	outbox.push(requestStart('r2', 2));
	expect(batches).toEqual([]);
	await sleep(120);
	outbox.push(requestStart('r3', 3));
	await sleep(120);
	expect(batches.map(({batch, dropped, events}) => [batch, dropped, events.length])).toEqual([
		[1, 0, 2],
		[2, 0, 1],
	]);
	expect(outbox.lastBatch).toBe(2);
});

test('deltas of one request become one, before whatever follows them in that request', () => {
	const {batches, outbox} = createOutbox();
	outbox.push(requestStart('r1', 1));
	outbox.push(delta('r1', [2, 10], 5));
	outbox.push(delta('r2', [1, 7]));
	outbox.push(delta('r1', [3, 20], 9));
	outbox.push(attemptEnd('r1', 10));
	outbox.push(delta('r1', [1, 1]));
	outbox.flush();
	expect(batches[0]?.events).toEqual([
		requestStart('r1', 1),
		delta('r1', [5, 30], 9),
		attemptEnd('r1', 10),
		delta('r2', [1, 7]),
		delta('r1', [1, 1]),
	]);
});

test('a full ring drops its oldest events and says how many', () => {
	const {batches, outbox} = createOutbox();
	for (let index = 0; index < limits.eventRing + 3; index++) {
		outbox.push(requestStart(`r${index}`, index));
	}

	outbox.flush();
	expect(outbox.dropped).toBe(3);
	expect(batches[0]).toMatchObject({batch: 1, dropped: 3});
	expect(batches[0]?.events[0]).toMatchObject({requestId: 'r3'});
	expect(batches[0]?.events).toHaveLength(limits.eventRing);
});

test('flushing nothing sends nothing, and a closed one sends nothing later', async () => {
	const {batches, outbox} = createOutbox();
	outbox.flush();
	outbox.push(requestStart('r1', 1));
	outbox.close();
	await sleep(120);
	expect(batches).toEqual([]);
});
