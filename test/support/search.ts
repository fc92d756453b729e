import {Health} from '../../source/attempt/health.ts';
import {Cancellation} from '../../source/base/cancellation.ts';
import {targetOf} from '../../source/engine/candidate-entry.ts';
import {Search, type Step} from '../../source/engine/search.ts';
import type {Judged} from '../../source/engine/verdict.ts';
import {planRoute} from '../../source/route/plan.ts';
import {limits, type Limits} from '../../source/wire/limits.ts';
import {fakeClock} from './clock.ts';
import {endpoint, leavesOf} from './endpoint.ts';

/** A search over endpoints of these names with real breakers and a clock that stands still; `hedgeAfterMs` is the plan's. */
export const createSearch = (names: readonly string[], changed: Partial<Limits> = {}, hedgeAfterMs?: number) => {
	const clock = fakeClock();
	const health = new Health({
		now: clock.now,
		random: () => 0.5,
		announce: () => undefined,
		store: {load: () => new Map(), save: () => undefined, remove: () => undefined},
	});
	const cancellation = new Cancellation();
	const leaves = leavesOf(...names.map(name => endpoint(name)));
	const plan = () => ({
		hedgeAfterMs,
		...planRoute({
			call: {service: 'codex', dialect: 'responses', model: undefined, boundTo: undefined},
			leaves,
			pin: undefined,
			brokeOff: new Set(),
			nowMs: clock.now(),
			healthOf: target => {
				const breaker = health.breaker(targetOf(target, target.accounts[0]));
				return {
					phase: breaker.phase,
					untilMs: breaker.phase === 'open' ? breaker.untilMs : undefined,
					isProbing: breaker.phase === 'half-open' && breaker.isProbing,
					cause: breaker.phase === 'open' && breaker.cause !== 'quota' ? breaker.cause : undefined,
					reason: breaker.phase === 'closed' ? undefined : breaker.reason,
					missingCredential: undefined,
				};
			},
		}),
	});
	const search = new Search({health, clock, limits: {...limits, ...changed}}, plan, cancellation);
	const sent: string[] = [];
	const steps: Step[] = [];

	/** Follows the search; each send ends as `outcomeOf` says. Gives the last decision. */
	const run = async (outcomeOf: (step: Step, send: number) => Judged, canMove = true): Promise<string> => {
		for (;;) {
			const step = await search.next();
			if (typeof step === 'string') {
				return step;
			}

			sent.push(step.candidate.endpoint.provider);
			steps.push(step);
			const judged = outcomeOf(step, sent.length);
			const decision = search.decide(step, judged, canMove);
			if (decision !== 'again') {
				return decision;
			}
		}
	};

	return {cancellation, clock, health, run, search, sent, steps};
};
