import {describe, expect, test} from 'vitest';
import {answerWith, startSwitched} from '../support/switched-far-end.ts';
import {call, startEngine} from '../support/running-engine.ts';

/* What failing upstreams cost: attempts stay near the number of requests, whatever fails and however often (watchdog.md 4, retry budget). */

const requests = 100;
/** What three failures at each upstream cost before its breaker opens, and what the budget's own floor allows. */
const floor = 24;

const failures: ReadonlyArray<readonly [string, Parameters<typeof startSwitched>[0]]> = [
	['answer 503', answerWith(503)],
	['answer 500', answerWith(500)],
	['reset the connection', ({socket}) => socket.resetAndDestroy()],
	['are limited for a while', answerWith(429, {'retry-after': '30'})],
];

describe('where all upstreams fail', () => {
	test.for(failures)('and %s, attempts are at most 1.2 times the requests and a floor', async ([, answer]) => {
		const fars = await Promise.all(Array.from({length: 4}, () => startSwitched(answer)));
		await using engine = await startEngine({
			providers: fars.map(({url}, index) => ({name: `p${index}`, url, key: `sk-key-number-${index}`})),
		});
		for (let round = 0; round < requests; round++) {
			await call(engine);
		}

		const attempts = fars.reduce((sum, {arrivals}) => sum + arrivals.length, 0);
		expect(attempts).toBeLessThanOrEqual(1.2 * requests + floor);
		// And it is not that nobody was ever asked.
		expect(fars.every(({arrivals}) => arrivals.length > 0)).toBe(true);
		await Promise.all(fars.map(far => far[Symbol.asyncDispose]()));
	});

	test('eight that all cool still answer by the contract, at once and with the time', async () => {
		const fars = await Promise.all(
			Array.from({length: 8}, () => startSwitched(answerWith(429, {'retry-after': '30'}))),
		);
		await using engine = await startEngine({
			providers: fars.map(({url}, index) => ({name: `p${index}`, url, key: `sk-key-number-${index}`})),
		});
		await call(engine);
		const before = fars.reduce((sum, {arrivals}) => sum + arrivals.length, 0);
		const startedMs = performance.now();
		const answer = await call(engine);
		expect(performance.now() - startedMs).toBeLessThan(1000);
		expect(fars.reduce((sum, {arrivals}) => sum + arrivals.length, 0)).toBe(before);
		expect(answer.status).toBe(200);
		expect(answer.text).toMatch(/^event: response\.failed\n/m);
		expect(answer.text).toMatch(
			/"code":"rate_limit_exceeded","message":"codex-tui: .*Please try again in (?:29|30)s\."/,
		);
		await Promise.all(fars.map(far => far[Symbol.asyncDispose]()));
	});
});
