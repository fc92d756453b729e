import type {RouteCandidate, RoutePlan} from '../../route/route-plan.ts';
import {reasonText} from '../../route/reason-text.ts';
import {isProbed, isSaturated, statedReopeningMs} from '../search/choose.ts';
import type {Ending} from './ending.ts';
import type {Judged} from '../search/verdict.ts';

/** A try that failed, as the ending tells it. */
export interface FailedTry {
	readonly endpointKey: string;
	readonly judged: Judged;
}

/** What an ending is chosen by. */
export interface FailedRequest {
	readonly plan: RoutePlan;
	readonly failures: readonly FailedTry[];
	/** The client keeps what it got: the request cannot move any more. */
	readonly isBroken: boolean;
	readonly nowMs: number;
	/** Where providers are configured; named when there are none. */
	readonly configPath: string;
}

const longestWaitMs = 60_000;
const named = 5;

/** The ending of a request that nobody served (reliability-security.md 8, rules a to e). An upstream's own words are redacted. */
export const endingOf = (failed: FailedRequest, redact: (text: string) => string): Ending => {
	const last = failed.failures.at(-1);
	const fault = last && faultOf(last, failed);
	if (fault) {
		const provider = shortName(last.endpointKey);
		const message = redact(fault.message);
		return fault.code === 'context_length_exceeded'
			? {kind: 'context-overflow', provider, message}
			: {kind: 'request-fault', provider, ...fault, message};
	}

	if (failed.isBroken && last) {
		return {
			kind: 'mid-stream-break',
			code: last.judged.code,
			sentence: redact(
				`${shortName(last.endpointKey)} ${last.judged.reason} after a part of the answer was delivered. The request is sent again.`,
			),
		};
	}

	const ending = exhausted(failed);
	const isBlocked = failed.failures.length === 0 && failed.plan.candidates.length > 0;
	return {...ending, sentence: redact(ending.sentence), ...(isBlocked ? {isBlocked} : {})};
};

/**
 * The fault of the request that ends it: one that would be the same everywhere, also in the middle of a stream (asking again would
 * meet it again); a "not found" only where no upstream failed for another reason.
 */
const faultOf = (last: FailedTry, {failures, isBroken}: FailedRequest): Judged['requestFault'] => {
	const {requestFault, canMove} = last.judged;
	const isEverywhere = !isBroken && failures.every(({judged}) => judged.requestFault !== undefined);
	return canMove && !isEverywhere ? undefined : requestFault;
};

type Exhausted = Extract<Ending, {kind: 'quota-spent' | 'will-pass' | 'hopeless'}>;

const exhausted = (failed: FailedRequest): Exhausted => {
	const {plan, failures, nowMs} = failed;
	const untilMs = statedReopeningMs(plan);
	const waitMs = untilMs === undefined ? passedLimitMs(failures) : untilMs - nowMs;
	const isQuota =
		failures.length > 0 ? failures.every(({judged}) => judged.isQuota === true) : isSpentEverywhere(plan.candidates);
	if (isQuota && (waitMs === undefined || waitMs > longestWaitMs)) {
		return {kind: 'quota-spent', sentence: sentenceOf(failed, 'Add credit or another provider.')};
	}

	if ((waitMs !== undefined && waitMs <= longestWaitMs) || isProbed(plan) || isSaturated(plan)) {
		return {
			kind: 'will-pass',
			code: 'upstreams-limited',
			sentence: sentenceOf(failed, ''),
			retryAfterMs: waitMs === undefined ? undefined : Math.max(0, Math.min(waitMs, longestWaitMs)),
		};
	}

	return {kind: 'hopeless', code: 'no-upstream', sentence: sentenceOf(failed, adviceFor(failed)), status: 503};
};

/** Nobody was asked, since everybody is known to have nothing left. */
const isSpentEverywhere = (candidates: readonly RouteCandidate[]): boolean =>
	candidates.length > 0 &&
	candidates.every(
		({skips, health}) =>
			skips.some(({code}) => code === 'usage_exhausted' || code === 'quota_group') || health.cause === 'quota',
	);

/** A limit that ended while the request was under way: the client may ask again at once. */
const passedLimitMs = (failures: readonly FailedTry[]): number | undefined => {
	const last = failures.at(-1)?.judged;
	return last?.outcome === 'soft' && last.isQuota !== true ? 0 : undefined;
};

const sentenceOf = ({plan, failures, configPath, nowMs}: FailedRequest, advice: string): string => {
	if (plan.candidates.length === 0) {
		return `no provider is configured for this request. Add one to ${configPath}.`;
	}

	const parts = plan.candidates.map(({endpoint, account, skips}) => {
		const failure = failures.findLast(({endpointKey}) => endpointKey === endpoint.key);
		const [skip] = skips;
		const why = failure?.judged.reason ?? (skip ? reasonText(skip, nowMs) : 'was not tried');
		const label = endpoint.accounts.length > 1 ? ` (${account.label})` : '';
		return `${shortName(endpoint.key)}${label}: ${why}`;
	});
	const rest = parts.length > named ? `; and ${parts.length - named} more` : '';
	return `no upstream could serve this request (${parts.slice(0, named).join('; ')}${rest}). ${advice}`.trim();
};

const adviceFor = ({plan}: FailedRequest): string =>
	plan.pin?.pin.mode === 'only'
		? `${shortName(plan.pin.pin.endpointKey)} is pinned: unpin it or pin another one (key o in codex-tui).`
		: 'Check them on the Routes page of codex-tui, then ask again.';

/** `codex/relay-a/default` → `relay-a`; other endpoints keep theirs: `relay-a.eu`. */
const shortName = (endpointKey: string): string => {
	const [, provider = endpointKey, endpoint = 'default'] = endpointKey.split('/');
	return endpoint === 'default' ? provider : `${provider}.${endpoint}`;
};
