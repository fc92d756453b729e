import {setImmediate} from 'node:timers/promises';
import {expect, onTestFinished} from 'vitest';
import type {FetchJson} from '../../source/attempt/fetch-json.ts';
import {BalancePoller, type PollerOptions} from '../../source/engine/balance/balance-poller.ts';
import type {BalanceStanding} from '../../source/engine/balance/balance-state.ts';
import type {BalanceTarget} from '../../source/engine/balance/balance-targets.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {defaultResetClock} from '../../source/provider/balance/exhaustion.ts';
import {type Answers, balanceTarget, startBalanceFarEnd, startFetch, usageEntry} from './balance.ts';
import {fakeClock} from './clock.ts';

/** The wall clock at which {@link startPoller} begins. */
export const startMs = Date.UTC(2026, 6, 1, 12);

/** Waits, turn by turn, for at most 5 s. */
export const until = async (isDone: () => boolean): Promise<void> => {
	const endsAtMs = performance.now() + 5000;
	do {
		await setImmediate();
	} while (!isDone() && performance.now() < endsAtMs);
	expect(isDone()).toBe(true);
};

/** A poller over a far end on the loopback, with a clock that is moved by hand. It is closed when the test ends. */
export const startPoller = async (answers: Answers, more: {entry?: object; options?: Partial<PollerOptions>} = {}) => {
	const far = await startBalanceFarEnd(answers);
	const source = startFetch();
	const clock = fakeClock(startMs);
	const standings: BalanceStanding[] = [];
	const events: EngineEvent[] = [];
	const usage = usageEntry({kind: 'openai_balance_http_json', ...more.entry});
	let targets: readonly BalanceTarget[] = [balanceTarget(far.origin, {usage})];
	let running = 0;
	const fetch: FetchJson = async request => {
		running += 1;
		try {
			return await source.fetch(request);
		} finally {
			running -= 1;
		}
	};
	const poller = new BalancePoller({
		clock,
		fetch,
		readEnv: () => undefined,
		targets: () => targets,
		resetClock: () => defaultResetClock,
		onStanding: standing => standings.push(standing),
		announce: event => events.push(event),
		timeoutMs: 500,
		...more.options,
	});
	onTestFinished(async () => {
		await poller.close();
		await source[Symbol.asyncDispose]();
		await far[Symbol.asyncDispose]();
	});
	const settle = async (): Promise<void> => {
		// A look calls fetch before the turn ends, and takes what came of it before the turn after fetch's end does.
		await until(() => running === 0);
		await setImmediate();
	};
	return {
		far,
		poller,
		clock,
		standings,
		events,
		setTargets: (changed: readonly BalanceTarget[]) => (targets = changed),
		usage,
		/** Moves the clock, lets the poller look, and waits for what it does. */
		step: async (ms: number) => {
			clock.advance(ms);
			poller.tick();
			await settle();
		},
	};
};
