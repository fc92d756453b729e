import {Health} from '../../source/attempt/health.ts';
import {Cancellation} from '../../source/base/cancellation.ts';
import {targetOf} from '../../source/engine/brain/candidate-entry.ts';
import type {Step} from '../../source/engine/search/step.ts';
import {Search} from '../../source/engine/search/search.ts';
import type {CandidateHealth} from '../../source/route/inputs.ts';
import type {Judged} from '../../source/engine/search/verdict.ts';
import {RetryBudgets} from '../../source/attempt/retry-budget.ts';
import {defaultRetry, type RetryConfig} from '../../source/config/retry.ts';
import {plan as planRoute} from '../../source/route/plan.ts';
import type {RoutePlan} from '../../source/route/route-plan.ts';
import {limits, type Limits} from '../../source/wire/limits.ts';
import {fakeClock} from './clock.ts';
import {endpoint} from './endpoint.ts';
import {graphOf, healthy, inputsOf, ordered} from './graph.ts';

/** Plans over endpoints of these names in this order, from what these breakers say. */
const plannerOf = (names: readonly string[], health: Health, now: () => number): (() => RoutePlan) => {
	const endpoints = new Map(names.map(name => [`codex/${name}/default`, endpoint(name)]));
	const graph = graphOf(ordered('main', ...endpoints.values()));
	const healthOf = (endpointKey: string): CandidateHealth => {
		const target = endpoints.get(endpointKey);
		if (!target) {
			return healthy;
		}

		const breaker = health.breaker(targetOf(target, target.accounts[0]));
		return {
			...healthy,
			phase: breaker.phase,
			untilMs: breaker.phase === 'open' ? breaker.untilMs : undefined,
			isProbing: breaker.phase === 'half-open' && breaker.isProbing,
			cause: breaker.phase === 'open' ? breaker.cause : undefined,
			reason: breaker.phase === 'closed' ? undefined : breaker.reason,
			failures: breaker.failures,
		};
	};
	const known = {of: healthOf, capability: () => undefined, price: () => undefined};
	return () => planRoute({...inputsOf(graph, {health: known}), nowMs: now()});
};

interface Planned {
	readonly hedgeAfterMs?: number;
	readonly retry?: RetryConfig;
	readonly isAuxiliary?: boolean;
}

/** A search over endpoints of these names with real breakers, plans and budgets, and a clock that stands still; `hedgeAfterMs` is the plan's. */
export const createSearch = (
	names: readonly string[],
	changed: Partial<Limits> = {},
	{hedgeAfterMs, retry = defaultRetry, isAuxiliary = false}: Planned = {},
) => {
	const clock = fakeClock();
	const health = new Health({
		now: clock.now,
		random: () => 0.5,
		announce: () => undefined,
		store: {load: () => new Map(), save: () => undefined, remove: () => undefined},
	});
	const cancellation = new Cancellation();
	const planNow = plannerOf(names, health, clock.now);
	const plan = (): RoutePlan => ({...planNow(), hedgeAfterMs});
	const search = new Search({
		...{health, clock, plan, cancellation, retry, isAuxiliary},
		limits: {...limits, ...changed},
		budgets: new RetryBudgets(clock.monotonic),
		taken: () => undefined,
	});
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
