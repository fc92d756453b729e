import type {Pin} from '../event/view.ts';
import type {EndpointKey} from '../wire/names.ts';
import type {CandidateHealth, PlanInputs} from './inputs.ts';
import {plan} from './plan.ts';
import type {RoutePlan} from './route-plan.ts';

/** One account of one endpoint. */
export interface AccountName {
	readonly endpointKey: EndpointKey;
	readonly account: string;
}

/** What is imagined to be otherwise; all that is absent stays as it is. */
export interface WhatIf {
	/** Endpoints that answer nothing. */
	readonly down?: ReadonlySet<EndpointKey>;
	/** Endpoints without a cooldown, a pause, or a spent quota. */
	readonly up?: ReadonlySet<EndpointKey>;
	readonly paused?: readonly AccountName[];
	readonly model?: string;
	readonly effort?: string;
	readonly tier?: string;
	readonly sessionId?: string;
	/** So much later; cooldowns that are over by then are over. */
	readonly laterMs?: number;
	/** As the session's pin. */
	readonly pin?: Pin;
	/** As if nothing were pinned. */
	readonly forgetsPins?: boolean;
	/** As a session that nobody has served yet. */
	readonly forgetsAffinity?: boolean;
}

/** The plan of an imagined situation, made by the function that routes (routing.md 1). */
export const whatIf = (inputs: PlanInputs, changes: WhatIf): RoutePlan => plan(imagine(inputs, changes));

const imagine = (inputs: PlanInputs, changes: WhatIf): PlanInputs => {
	const {call, health, pins, nowMs} = inputs;
	const {model, effort, tier, sessionId} = changes;
	return {
		...inputs,
		call: {
			...call,
			model: model ?? call.model,
			effort: effort ?? call.effort,
			tier: tier ?? call.tier,
			sessionId: sessionId ?? call.sessionId,
		},
		health: {
			...health,
			of: (endpointKey, account, asked) =>
				imagineHealth(health.of(endpointKey, account, asked), {endpointKey, account}, changes),
		},
		affinity: changes.forgetsAffinity === true ? undefined : inputs.affinity,
		pins: changes.pin
			? {...pins, session: changes.pin}
			: changes.forgetsPins === true
				? {session: undefined, global: undefined}
				: pins,
		nowMs: nowMs + (changes.laterMs ?? 0),
	};
};

const imagineHealth = (
	health: CandidateHealth,
	{endpointKey, account}: AccountName,
	{down, up, paused}: WhatIf,
): CandidateHealth => {
	const isUp = up?.has(endpointKey) === true;
	const base: CandidateHealth = isUp
		? {...health, phase: 'closed', untilMs: undefined, cause: undefined, isPaused: false, exhausted: undefined}
		: health;
	const isPaused = paused?.some(name => name.endpointKey === endpointKey && name.account === account) === true;
	const withPause = isPaused ? {...base, isPaused: true} : base;
	return down?.has(endpointKey) === true
		? {...withPause, phase: 'open', untilMs: undefined, cause: 'hard', reason: 'imagined to be down'}
		: withPause;
};
