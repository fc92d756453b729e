import {plan} from '../../source/route/plan.ts';
import {
	chooseFirst,
	type RouteCandidate,
	type RoutePlan,
	type SkipCode,
	type SkipReason,
} from '../../source/route/route-plan.ts';
import {endpoint} from './endpoint.ts';
import {graphOf, healthy, inputsOf, nowMs, ordered} from './graph.ts';

/** A reason that ends in `inMs` after the plan's moment, or not by itself. */
export const skip = (code: SkipCode, inMs?: number, subject?: string): SkipReason => ({
	code,
	location: undefined,
	untilMs: inMs === undefined ? undefined : nowMs + inMs,
	subject,
	other: undefined,
	count: undefined,
	limit: undefined,
});

/** The endpoint `codex/<provider>/default` with its only account; eligible where nothing is given that speaks against it. */
export const candidate = (provider: string, ...skips: readonly SkipReason[]): RouteCandidate => {
	const own = endpoint(provider);
	return {
		endpoint: own,
		account: own.accounts[0],
		preferenceGroup: 0,
		routePath: ['main', provider],
		eligible: skips.length === 0,
		skips,
		notes: [],
		needsRepair: false,
		health: healthy,
	};
};

/** A real plan over these candidates in this order, with what each of them says about itself in place of what the plan found. */
export const planOf = (...candidates: readonly RouteCandidate[]): RoutePlan => {
	const real = plan(inputsOf(graphOf(ordered('main', ...candidates.map(one => one.endpoint)))));
	const changed = {...real, candidates};
	return {...changed, selected: chooseFirst(changed)};
};
