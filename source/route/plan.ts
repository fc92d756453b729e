import type {Endpoint, RouteLeaf} from '../config/config.ts';
import type {Pin, PlanReason} from '../event/view.ts';
import type {Dialect, EndpointKey, Service} from '../wire/names.ts';
import {isModelSupported} from './model.ts';
import {stateOwner} from './state-owner.ts';

export {stateOwner} from './state-owner.ts';

/*
 * Call, graph, health and time → every endpoint in order, each eligible or with the reasons why not. Pure: routing takes the first
 * eligible one, explain prints the list (routing.md 1). The skip codes are those of codex-helper.md 3.4 and ours.
 */

/** What of a call a plan depends on. */
export interface RouteCall {
	readonly service: Service;
	readonly dialect: Dialect | undefined;
	readonly model: string | undefined;
	/** The provider or continuity domain that alone can read the call's compacted state; undefined for ordinary calls. */
	readonly boundTo: string | undefined;
}

/** What of an endpoint's health a plan depends on. */
export interface EndpointHealth {
	readonly phase: 'closed' | 'open' | 'half-open';
	readonly untilMs: number | undefined;
	readonly isProbing: boolean;
	readonly cause: 'hard' | 'limit' | 'auth' | undefined;
	readonly reason: string | undefined;
	/** The name of the environment variable that should hold its key and does not. */
	readonly missingCredential: string | undefined;
}

/** The reasons for which a candidate is skipped. */
export type SkipCode =
	| 'runtime_disabled'
	| 'unsupported_model'
	| 'dialect_mismatch'
	| 'missing_auth'
	| 'auth_failed'
	| 'cooldown'
	| 'breaker_open'
	| 'probe_running'
	| 'state_bound'
	| 'not_pinned';

interface Skip extends PlanReason {
	readonly code: SkipCode;
}

/** One endpoint in a plan. */
export interface Candidate {
	readonly endpoint: Endpoint;
	readonly preferenceGroup: number;
	readonly routePath: readonly string[];
	readonly eligible: boolean;
	readonly reasons: readonly PlanReason[];
}

/** Every endpoint of the service in the order of preference. */
export interface Plan {
	readonly candidates: readonly Candidate[];
	readonly pin: Pin | undefined;
}

/** The inputs of {@link planRoute}; `nowMs` is wall-clock. */
export interface PlanInput {
	readonly call: RouteCall;
	readonly leaves: readonly RouteLeaf[];
	readonly healthOf: (endpoint: Endpoint) => EndpointHealth;
	readonly pin: Pin | undefined;
	/** Endpoints that broke off an answer of this turn after the client had kept a part of it: they come last. */
	readonly brokeOff: ReadonlySet<EndpointKey>;
	readonly nowMs: number;
}

/** Orders and judges all endpoints. The order is the graph's; a pin comes first, what broke off this turn's answer last. */
export const planRoute = (input: PlanInput): Plan => {
	const {leaves, pin, brokeOff} = input;
	const candidates = leaves.map((leaf): Candidate => {
		const skips = skipReasons(leaf.endpoint, input);
		const eligible = skips.length === 0;
		return {
			endpoint: leaf.endpoint,
			preferenceGroup: leaf.preferenceGroup,
			routePath: leaf.routePath,
			eligible,
			reasons: [
				...(pin?.endpointKey === leaf.endpoint.key ? [pinnedReason(pin)] : []),
				...(eligible && brokeOff.has(leaf.endpoint.key) ? [brokeOffReason] : []),
				...skips,
			],
		};
	});
	const rankOf = ({endpoint}: Candidate): number => {
		const isPinned = endpoint.key === pin?.endpointKey;
		return brokeOff.has(endpoint.key) ? 2 : isPinned ? 0 : 1;
	};
	return {pin, candidates: candidates.toSorted((one, other) => rankOf(one) - rankOf(other))};
};

const brokeOffReason: PlanReason = {code: 'attempt_avoided', text: 'it broke off an answer of this turn: tried last'};

const pinnedReason = (pin: Pin): PlanReason => ({
	code: 'pinned',
	text: pin.mode === 'only' ? 'you pinned it: only it may serve' : 'you prefer it',
});

const skipReasons = (endpoint: Endpoint, {call, healthOf, pin, nowMs}: PlanInput): readonly PlanReason[] => {
	const reasons: Skip[] = [];
	if (!endpoint.enabled) {
		reasons.push({code: 'runtime_disabled', text: 'disabled in the configuration'});
	}

	if (!speaks(endpoint.dialect, call.dialect)) {
		reasons.push({
			code: 'dialect_mismatch',
			text: `it speaks ${endpoint.dialect}, the request ${call.dialect ?? 'no dialect'}`,
		});
	}

	if (call.model !== undefined && !isModelSupported(endpoint, call.model)) {
		reasons.push({code: 'unsupported_model', text: `supported_models does not allow ${call.model}`});
	}

	if (call.boundTo !== undefined && call.boundTo !== stateOwner(endpoint)) {
		reasons.push({code: 'state_bound', text: `the session's compacted state can only be read by ${call.boundTo}`});
	}

	if (pin?.mode === 'only' && pin.endpointKey !== endpoint.key) {
		reasons.push({code: 'not_pinned', text: `${pin.endpointKey} is pinned`});
	}

	const health = healthReason(healthOf(endpoint), nowMs);
	return health ? [...reasons, health] : reasons;
};

/** A chat request can be served by every OpenAI-shaped upstream; the other dialects only by their own until translation exists. */
const speaks = (endpoint: Dialect, call: Dialect | undefined): boolean =>
	call === undefined || endpoint === call || (call === 'chat' && endpoint === 'responses');

const healthReason = (health: EndpointHealth, nowMs: number): Skip | undefined => {
	if (health.missingCredential !== undefined) {
		return {code: 'missing_auth', text: `${health.missingCredential} is not set`};
	}

	if (health.phase === 'half-open') {
		return health.isProbing
			? {code: 'probe_running', text: 'one probe is under way, the rest goes elsewhere'}
			: undefined;
	}

	if (health.phase === 'closed') {
		return undefined;
	}

	if (health.cause === 'auth') {
		return {
			code: 'auth_failed',
			text: `${health.reason ?? 'it refused the key'}; change the key or pin it to try again`,
		};
	}

	const leftMs = Math.max(0, (health.untilMs ?? nowMs) - nowMs);
	const code = health.cause === 'limit' ? 'cooldown' : 'breaker_open';
	return {code, text: `${health.reason ?? 'it failed'}, ${Math.ceil(leftMs / 1000)} s left`, untilMs: health.untilMs};
};
