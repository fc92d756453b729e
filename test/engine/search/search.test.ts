import {describe, expect, test} from 'vitest';
import {defaultRetry} from '../../../source/config/retry.ts';
import {targetOf} from '../../../source/engine/brain/candidate-entry.ts';
import {endpoint} from '../../support/endpoint.ts';
import {judgedInBand, judgedStatus, judgedSuccess, judgedTransport} from '../../support/judged.ts';
import {createSearch} from '../../support/search.ts';

const targetNamed = (name: string) => targetOf(endpoint(name), endpoint(name).accounts[0]);

describe('the order of tries', () => {
	test('the first that serves ends it', async () => {
		const {run, sent, steps} = createSearch(['a', 'b']);
		expect(await run(() => judgedSuccess)).toBe('served');
		expect(sent).toEqual(['a']);
		expect(steps[0]).toMatchObject({isForced: false, isLast: false, repairs: new Set()});
	});

	test('each candidate gets one try where all answer 503', async () => {
		const {run, sent, search} = createSearch(['a', 'b', 'c']);
		expect(await run(() => judgedStatus(503))).toBe('none');
		expect(sent).toEqual(['a', 'b', 'c']);
		expect(search.failures.map(({endpointKey}) => endpointKey)).toEqual([
			'codex/a/default',
			'codex/b/default',
			'codex/c/default',
		]);
	});

	test('a fault of the request is not tried elsewhere, a 404 is', async () => {
		const fault = createSearch(['a', 'b']);
		expect(await fault.run(() => judgedStatus(422))).toBe('given-up');
		expect(fault.sent).toEqual(['a']);
		const missing = createSearch(['a', 'b']);
		expect(await missing.run((_, send) => (send === 1 ? judgedStatus(404) : judgedSuccess))).toBe('served');
		expect(missing.sent).toEqual(['a', 'b']);
	});

	test('what the client has kept cannot move', async () => {
		const {run, sent} = createSearch(['a', 'b']);
		expect(await run(() => judgedTransport('stream-cut'), false)).toBe('broken');
		expect(sent).toEqual(['a']);
	});

	test('nobody configured is the end at once', async () => {
		expect(await createSearch([]).run(() => judgedSuccess)).toBe('none');
	});
});

describe('the limits', () => {
	test('eight sends are the most', async () => {
		const names = Array.from({length: 12}, (_, index) => `p${index}`);
		const {run, sent} = createSearch(names);
		expect(await run(() => judgedStatus(503))).toBe('given-up');
		expect(sent).toHaveLength(8);
	});

	test('eight sends are the most even where every upstream wants the request without its state', async () => {
		const {run, sent} = createSearch(Array.from({length: 12}, (_, index) => `p${index}`));
		await run(() => judgedInBand('invalid_encrypted_content', 'no'));
		expect(sent).toHaveLength(8);
	});

	test('a minute after the first failure nothing new is begun', async () => {
		const {run, sent, clock} = createSearch(['a', 'b', 'c', 'd']);
		const decision = await run(() => {
			clock.advance(35_000);
			return judgedStatus(503);
		});
		expect(decision).toBe('given-up');
		expect(sent).toEqual(['a', 'b', 'c']);
	});

	test('a slow first try costs nothing of that minute', async () => {
		const {run, sent, clock} = createSearch(['a', 'b']);
		const decision = await run((_, send) => {
			clock.advance(send === 1 ? 300_000 : 0);
			return send === 1 ? judgedStatus(503) : judgedSuccess;
		});
		expect([decision, sent]).toEqual(['served', ['a', 'b']]);
	});
});

describe('a repeat on the same endpoint', () => {
	test('of a failed connection comes once, after everybody else', async () => {
		const {run, sent, steps} = createSearch(['a', 'b']);
		expect(await run(() => judgedTransport())).toBe('none');
		expect(sent).toEqual(['a', 'b', 'b']);
		expect(steps.at(-1)).toMatchObject({isForced: true, isLast: true});
	});

	test('never follows a timeout or an answer', async () => {
		const timeout = createSearch(['a']);
		expect(await timeout.run(() => judgedTransport('first-byte-timeout'))).toBe('none');
		expect(timeout.sent).toEqual(['a']);
		const answer = createSearch(['a']);
		expect(await answer.run(() => judgedStatus(500))).toBe('none');
		expect(answer.sent).toEqual(['a']);
	});

	test('without the encrypted items comes once and at once', async () => {
		const {run, sent, steps} = createSearch(['a', 'b']);
		const foreign = judgedStatus(400, {error: {message: 'encrypted content could not be verified'}});
		expect(await run(({repairs}) => (repairs.has('encrypted') ? judgedSuccess : foreign))).toBe('served');
		expect(sent).toEqual(['a', 'a']);
		expect(steps.map(({repairs}) => [...repairs])).toEqual([[], ['encrypted']]);
		const again = createSearch(['a', 'b']);
		expect(await again.run(() => foreign)).toBe('given-up');
		expect(again.sent).toEqual(['a', 'a']);
	});
});

describe('a short limit', () => {
	test('of the only endpoint is waited for silently', async () => {
		const {run, sent, clock} = createSearch(['a'], {silentWaitMs: 5000});
		const decision = await run((_, send) => {
			if (send > 1) {
				return judgedSuccess;
			}

			setTimeout(() => clock.advance(60), 1);
			return judgedStatus(429, {}, 50);
		});
		expect([decision, sent]).toEqual(['served', ['a', 'a']]);
	});

	test('is waited for no longer than allowed in all', async () => {
		const {run, sent, clock} = createSearch(['a'], {silentWaitMs: 100});
		const decision = await run(() => {
			setTimeout(() => clock.advance(60), 1);
			return judgedStatus(429, {}, 40);
		});
		expect(decision).toBe('none');
		expect(sent).toEqual(['a', 'a', 'a']);
	});

	test('is not waited for by a client that has left', async () => {
		const {cancellation, run, sent} = createSearch(['a']);
		const startedMs = performance.now();
		const decision = await run(() => {
			setTimeout(() => cancellation.cancel(), 20);
			return judgedStatus(429, {}, 4000);
		});
		expect([decision, sent]).toEqual(['cancelled', ['a']]);
		expect(performance.now() - startedMs).toBeLessThan(1000);
	});
});

test('a broken only endpoint gets one last try, and its success closes the breaker', async () => {
	const first = createSearch(['a']);
	for (let request = 0; request < 3; request++) {
		first.health.end(first.health.begin(targetNamed('a'), false), judgedStatus(503));
	}

	expect(first.health.breaker(targetNamed('a')).phase).toBe('open');
	expect(await first.run(() => judgedSuccess)).toBe('served');
	expect(first.steps[0]).toMatchObject({isForced: true, ticket: {isLastResort: true}});
	expect(first.health.breaker(targetNamed('a')).phase).toBe('closed');
});

test('every outcome counts once for the health of its endpoint', async () => {
	const {health, run} = createSearch(['a', 'b']);
	await run((_, send) => (send === 1 ? judgedStatus(503) : judgedSuccess));
	expect(health.breaker(targetNamed('a'))).toMatchObject({phase: 'closed', failures: 1});
});

test('a search that a fault of ours leaves gives its probe back', async () => {
	const {clock, health, search} = createSearch(['a']);
	for (let request = 0; request < 3; request++) {
		health.end(health.begin(targetNamed('a'), false), judgedStatus(503));
	}

	clock.advance(60_000);
	expect(await search.next()).toMatchObject({ticket: {isProbe: true}});
	search[Symbol.dispose]();
	expect(health.breaker(targetNamed('a'))).toMatchObject({phase: 'half-open', isProbing: false});
});

test('a candidate without room counts neither as tried nor as a send', async () => {
	const retry = {
		...defaultRetry,
		stated: new Set(['provider.max_attempts']),
		provider: {...defaultRetry.provider, maxAttempts: 2},
	};
	const {search, run, sent} = createSearch(['full', 'a', 'b', 'c'], {}, {retry});
	const first = await search.next();
	if (typeof first === 'string') {
		throw new Error(`the search ended: ${first}`);
	}

	expect(search.passOver(first)).toBe('again');
	expect(await run(() => judgedStatus(500))).toBe('given-up');
	expect(sent).toEqual(['a', 'b']);
});

test('a search that is left by a fault ends what runs for it', async () => {
	const {search} = createSearch(['a', 'b']);
	const first = await search.next();
	const rival = search.beside();
	search[Symbol.dispose]();
	expect([first, rival].map(step => typeof step === 'object' && step.stop.isCancelled)).toEqual([true, true]);
});
