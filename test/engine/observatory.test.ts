import path from 'node:path';
import {expect, test} from 'vitest';
import {Observatory} from '../../source/engine/observatory.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {fakeClock} from '../support/clock.ts';
import {requestStart} from '../support/events.ts';
import {scratchFolder} from '../support/scratch.ts';

test('REL-45: a fault over one event is told, and the events behind it are worked off', async () => {
	const folder = scratchFolder('observatory');
	const clock = fakeClock();
	const faults: string[] = [];
	const observatory = new Observatory({
		requestsLog: path.join(folder, 'requests.jsonl'),
		traceLog: path.join(folder, 'control_trace.jsonl'),
		clock,
		post: undefined,
		onFault: sentence => faults.push(sentence),
	});
	const broken: EngineEvent = JSON.parse('{"type": "route-planned", "requestId": "r0", "atMs": 1}');
	observatory.announce(broken);
	observatory.announce(requestStart('r1', clock.now()));
	expect(observatory.model.request('r1')?.requestId).toBe('r1');
	expect(faults).toEqual([expect.stringContaining('An event "route-planned" was not worked off: ')]);
	await observatory.close();
});
