import {expect, test} from 'vitest';
import {Limiter, type LimitTarget} from '../../source/attempt/limiter.ts';
import {Cancellation} from '../../source/base/cancellation.ts';
import {fakeClock} from '../support/clock.ts';

const targetOf = (account: string): LimitTarget => ({
	...{limitKey: 'codex/team', max: 1, accountKey: `codex/${account}#default`},
	...{queue: 8, queueTimeoutMs: 30_000},
});

test('a load says what runs in all, what runs with the account, and who waits of how many', async () => {
	const limiter = new Limiter({monotonic: fakeClock().monotonic});
	const [a, b] = [targetOf('a'), targetOf('b')];
	const cancellation = new Cancellation();
	expect(limiter.tryAcquire(a)).toBeDefined();
	const waiting = limiter.acquire(b, {sessionId: 's1', onCancel: leave => cancellation.onCancel(leave)});
	const load = {active: 1, max: 1, window: undefined, waiting: 1, queue: 8};
	expect(limiter.load(a)).toEqual({...load, accountActive: 1});
	expect(limiter.load(b)).toEqual({...load, accountActive: 0});
	cancellation.cancel();
	expect(await waiting).toBe('cancelled');
	expect(limiter.load(b).waiting).toBe(0);
});
