import type {HealthMember, HealthTarget} from '../../attempt/breaker-slot.ts';
import type {LimitTarget} from '../../attempt/limiter.ts';
import {Meter} from '../../attempt/meter.ts';
import type {QuotaUse} from '../../attempt/rate-limit-headers.ts';
import type {Account, Endpoint} from '../../config/config.ts';
import type {CandidateHealth} from '../../route/inputs.ts';
import {accountKey} from './accounts.ts';

/** What is known of one endpoint with one account, in one place that a plan reaches without making a key. */
export interface CandidateEntry {
	readonly endpoint: Endpoint;
	readonly account: Account;
	readonly target: HealthTarget;
	readonly limits: LimitTarget;
	readonly accountKey: string;
	readonly meter: Meter;
	member: HealthMember;
	quotaUse: QuotaUse | undefined;
	/** Counts the changes that the breakers do not count. */
	version: number;
	/** The last view, by the model that it is about where a model has a breaker of its own. */
	readonly views: Map<string | undefined, CandidateView>;
}

/** A view with what makes it old. */
export interface CandidateView {
	readonly health: CandidateHealth;
	readonly memberVersion: number;
	readonly version: number;
	readonly builtAtMs: number;
	readonly untilMs: number;
}

/** `<endpoint key>#<account label>`. */
export const candidateKey = (endpointKey: string, account: string): string => `${endpointKey}#${account}`;

/** Who spends the same quota: the accounts of one group of a provider, else the one account at all its endpoints. */
const quotaKeyOf = ({service, provider}: Endpoint, {label, quotaGroup}: Account): string =>
	quotaGroup === undefined ? `${service}/${provider} account ${label}` : `${service}/${provider} group ${quotaGroup}`;

/** Who the breakers of an endpoint with one of its accounts are. */
export const targetOf = (endpoint: Endpoint, account: Account, model?: string): HealthTarget => ({
	key: candidateKey(endpoint.key, account.label),
	endpointKey: endpoint.key,
	account: account.label,
	model,
	quotaKey: quotaKeyOf(endpoint, account),
});

/** What limits an endpoint with one of its accounts. */
export const limitTargetOf = (endpoint: Endpoint, account: Account): LimitTarget => {
	const {limitGroup, maxConcurrentRequests, queue, queueTimeoutMs} = endpoint.limits;
	return {
		limitKey: limitGroup === undefined ? endpoint.key : `${endpoint.service}/${limitGroup}`,
		max: maxConcurrentRequests,
		accountKey: accountKey(endpoint.service, endpoint.provider, account.label),
		queue,
		queueTimeoutMs,
	};
};

/** An entry of a (new) configuration; what was measured under the same key goes on. */
export const createEntry = (
	endpoint: Endpoint,
	account: Account,
	{member, known}: {readonly member: HealthMember; readonly known: CandidateEntry | undefined},
): CandidateEntry => ({
	endpoint,
	account,
	target: targetOf(endpoint, account),
	limits: limitTargetOf(endpoint, account),
	accountKey: accountKey(endpoint.service, endpoint.provider, account.label),
	meter: known?.meter ?? new Meter(),
	member,
	quotaUse: known?.quotaUse,
	version: (known?.version ?? 0) + 1,
	views: new Map(),
});

/** A candidate that nobody has configured or tried: nothing speaks against it. */
export const unknownHealth: CandidateHealth = Object.freeze({
	phase: 'closed',
	untilMs: undefined,
	isProbing: false,
	cause: undefined,
	reason: undefined,
	failures: 0,
	missingCredential: undefined,
	isPaused: false,
	exhausted: undefined,
	active: 0,
	limit: undefined,
	limitKey: undefined,
	hasQueueRoom: true,
	recentTokens: 0,
	ttfbMs: undefined,
	quotaUsed: undefined,
});
