import {expect, test} from 'vitest';
import {maxTraceEntries, TraceLog} from '../../../source/observe/model/trace-log.ts';
import {eventToTrace} from '../../../source/observe/trace.ts';
import {attemptEnd, attemptStart, callIdentified, replyEnd, requestStart} from '../../support/events.ts';

const fill = (log: TraceLog, requests: number): void => {
	for (let index = 0; index < requests; index++) {
		const requestId = `r${index}`;
		log.apply(requestStart(requestId, index));
		log.apply(callIdentified(requestId, index));
		log.apply(attemptStart(requestId, index));
		log.apply({type: 'reply-delta', requestId, atMs: index, events: 1, bytes: 9});
		log.apply(attemptEnd(requestId, index));
		log.apply(replyEnd(requestId, index));
	}
};

test('the newest decisions are kept and counted on, and those of a request are found', () => {
	const log = new TraceLog();
	fill(log, 2000);
	const all = log.toArray();
	expect(all).toHaveLength(maxTraceEntries);
	expect(all.at(-1)?.sequence).toBe(10_000);
	expect(all[0]?.sequence).toBe(10_000 - maxTraceEntries + 1);
	expect(log.of('r1999').map(({kind, sequence}) => [kind, sequence])).toEqual([
		['request-start', 9996],
		['call-identified', 9997],
		['attempt-start', 9998],
		['attempt-end', 9999],
		['reply-end', 10_000],
	]);
	expect(log.of('r0')).toEqual([]);
});

test('a decision is read as the event told it', () => {
	const log = new TraceLog();
	const event = callIdentified('r1', 7, {model: 'gpt-5.6 "quoted" 试'});
	log.apply(event);
	expect(log.toArray()).toEqual([eventToTrace(event, 1)]);
});

test('a log that begins with the entries of another goes on where that ended', () => {
	const log = new TraceLog();
	fill(log, 3);
	const other = new TraceLog(log.toArray());
	other.apply(requestStart('r9', 9));
	log.apply(requestStart('r9', 9));
	expect(other.toArray()).toEqual(log.toArray());
	expect(other.of('r9').map(({sequence}) => sequence)).toEqual([16]);
});
