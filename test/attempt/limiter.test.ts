import {describe, expect, test} from 'vitest';
import {Limiter, type Permit} from '../../source/attempt/limiter.ts';
import {Cancellation} from '../../source/base/cancellation.ts';
import {fakeClock} from '../support/clock.ts';
import {applicant, target} from './limiter-fixtures.ts';

const createLimiter = () => {
	const clock = fakeClock();
	return {clock, limiter: new Limiter({monotonic: clock.monotonic})};
};

const permitOf = (result: Permit | string | undefined): Permit => {
	if (result === undefined || typeof result === 'string') {
		throw new Error(`no permit: ${String(result)}`);
	}

	return result;
};

describe('a limit', () => {
	test('lets as many run as it says, and the next one where one has ended', () => {
		const {limiter} = createLimiter();
		const first = permitOf(limiter.tryAcquire(target()));
		limiter.tryAcquire(target());
		expect(limiter.tryAcquire(target())).toBeUndefined();
		expect(limiter.crowd(target())).toEqual({active: 2, limit: 2, limitKey: 'codex/a/default', hasQueueRoom: true});
		first[Symbol.dispose]();
		first[Symbol.dispose]();
		expect(limiter.totals()).toEqual({active: 1, waiting: 0});
		expect(limiter.tryAcquire(target())).toBeDefined();
	});

	test('of a group is one counter for all its endpoints', () => {
		const {limiter} = createLimiter();
		const [a, b] = ['a', 'b'].map(name => target({limitKey: 'codex/team', accountKey: `codex/${name}#default`}));
		expect([a, a, b, b].map(one => one && limiter.tryAcquire(one) !== undefined)).toEqual([true, true, false, false]);
	});

	test('that nobody set holds nobody back', () => {
		const {limiter} = createLimiter();
		const free = target({max: undefined});
		expect(Array.from({length: 200}, () => limiter.tryAcquire(free)).every(Boolean)).toBe(true);
		expect(limiter.crowd(free)).toMatchObject({active: 200, limit: undefined, limitKey: undefined});
	});

	test('that the account has taught holds back below the configured one, and never above it', () => {
		const {limiter} = createLimiter();
		const wide = target({max: 20});
		for (let count = 0; count < 10; count++) {
			limiter.tryAcquire(wide);
		}

		limiter.refused(wide);
		expect(limiter.crowd(wide)).toMatchObject({active: 10, limit: 7, limitKey: 'codex/a#default'});
		expect(limiter.tryAcquire(wide)).toBeUndefined();
		expect(limiter.crowd(target({max: 3}))).toMatchObject({limit: 3});
	});
});

describe('the queue', () => {
	test('gives a free place to who has waited', async () => {
		const {limiter, clock} = createLimiter();
		const [one] = [limiter.tryAcquire(target()), limiter.tryAcquire(target())];
		const waiting = limiter.acquire(target(), applicant('s'));
		expect(limiter.totals()).toEqual({active: 2, waiting: 1});
		clock.advance(70);
		permitOf(one)[Symbol.dispose]();
		expect(permitOf(await waiting).waitedMs).toBe(70);
	});

	test('takes no more than it may hold', async () => {
		const {limiter} = createLimiter();
		const small = target({max: 1, queue: 1});
		limiter.tryAcquire(small);
		void limiter.acquire(small, applicant('s'));
		expect(limiter.crowd(small).hasQueueRoom).toBe(false);
		expect(await limiter.acquire(small, applicant('s'))).toBe('full');
		expect(await limiter.acquire({...small, queue: 0}, applicant('s'))).toBe('full');
	});

	test('sends away who has waited too long', async () => {
		const {limiter} = createLimiter();
		const short = target({max: 1, queueTimeoutMs: 20});
		limiter.tryAcquire(short);
		expect(await limiter.acquire(short, applicant('s'))).toBe('timeout');
		expect(limiter.totals().waiting).toBe(0);
	});

	test('is left at once by a client that leaves, and what it would have got goes to the next', async () => {
		const {limiter} = createLimiter();
		const single = target({max: 1});
		const held = permitOf(limiter.tryAcquire(single));
		const leaving = new Cancellation();
		const first = limiter.acquire(single, applicant('s', leaving));
		const second = limiter.acquire(single, applicant('s'));
		leaving.cancel();
		expect(limiter.totals().waiting).toBe(1);
		held[Symbol.dispose]();
		expect(await first).toBe('cancelled');
		expect(await second).toBeTypeOf('object');
	});

	test('does not take in a client that has left before', async () => {
		const {limiter} = createLimiter();
		const single = target({max: 1});
		limiter.tryAcquire(single);
		const gone = new Cancellation();
		gone.cancel();
		expect(await limiter.acquire(single, applicant('s', gone))).toBe('cancelled');
		expect(limiter.totals().waiting).toBe(0);
	});

	test('says how many wait before one', async () => {
		const {limiter} = createLimiter();
		const single = target({max: 1});
		limiter.tryAcquire(single);
		const ahead: number[] = [];
		for (const sessionId of 'abc') {
			void limiter.acquire(single, {...applicant(sessionId), onWait: count => ahead.push(count)});
		}

		expect(ahead).toEqual([0, 1, 2]);
	});

	test('goes round the sessions, first come first served within each', async () => {
		const {limiter} = createLimiter();
		const single = target({max: 1});
		const held = permitOf(limiter.tryAcquire(single));
		const order: string[] = [];
		const run = async (name: string): Promise<void> => {
			using permit = permitOf(await limiter.acquire(single, applicant(name.slice(0, 1))));
			order.push(name);
			expect(permit.waitedMs).toBeGreaterThanOrEqual(0);
		};
		const all = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map(run);
		held[Symbol.dispose]();
		await Promise.all(all);
		expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
	});

	test('lets nobody wait for an account that is busy when another account of the group is free', async () => {
		const {limiter} = createLimiter();
		const [busy, free] = ['busy', 'free'].map(account =>
			target({limitKey: 'codex/team', max: 50, accountKey: `codex/a#${account}`}),
		);
		if (!busy || !free) {
			throw new Error('two targets');
		}

		for (let count = 0; count < 5; count++) {
			limiter.tryAcquire(busy);
		}

		limiter.refused(busy);
		void limiter.acquire(busy, applicant('s'));
		expect(limiter.totals().waiting).toBe(1);
		expect(await limiter.acquire(free, applicant('s'))).toBeTypeOf('object');
	});
});
