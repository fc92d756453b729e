import type {RequestView} from '../../event/view.ts';
import type {EndpointKey} from '../../wire/names.ts';

/*
 * Figures over the last five minutes. They are counted from the requests that the model keeps, not held beside them: so a
 * mirror that starts from a snapshot counts the same.
 */

/** The window of all "5m" figures. */
const recentWindowMs = 5 * 60_000;

/** What the attempts at one endpoint came to. */
export interface RecentEndpoint {
	readonly attempts: number;
	readonly successes: number;
	readonly ttfbMs: number | undefined;
	readonly live: number;
}

/** The header's figures over the last five minutes. */
export interface Kpis {
	/** Share of finished requests that succeeded, 0 to 100; requests that the client left do not count. */
	readonly okPercent: number | undefined;
	/** 95th percentile of the whole duration of successful requests. */
	readonly p95Ms: number | undefined;
	readonly liveRequests: number;
	readonly finishedRequests: number;
	/** Attempts that an upstream answered with 429. */
	readonly rateLimited: number;
	/** Attempts that an upstream answered with 500 to 599. */
	readonly serverErrors: number;
}

interface Tally {
	attempts: number;
	successes: number;
	live: number;
	readonly ttfbs: number[];
}

/** The value below which `share` (0 to 1) of the values lie, by the nearest rank; undefined without values. */
const percentile = (values: readonly number[], share: number): number | undefined =>
	values.toSorted((left, right) => left - right)[Math.max(0, Math.ceil(values.length * share) - 1)];

const hasJudgedUpstream = (outcome: string): boolean =>
	outcome === 'success' || outcome === 'hard' || outcome === 'soft' || outcome === 'auth';

const countRequest = (request: RequestView, sinceMs: number, tallyOf: (key: EndpointKey) => Tally): void => {
	for (const {endpointKey, outcome, startedAtMs, durationMs} of request.attempts) {
		if (hasJudgedUpstream(outcome) && startedAtMs + (durationMs ?? 0) >= sinceMs) {
			const tally = tallyOf(endpointKey);
			tally.attempts++;
			tally.successes += outcome === 'success' ? 1 : 0;
		}
	}

	if (request.endpointKey === undefined) {
		return;
	}

	if (request.state === 'running' && request.attempts.at(-1)?.outcome === 'running') {
		tallyOf(request.endpointKey).live++;
	}

	if (request.ttfbMs !== undefined && request.startedAtMs + request.ttfbMs >= sinceMs) {
		tallyOf(request.endpointKey).ttfbs.push(request.ttfbMs);
	}
};

/** What each endpoint did in the five minutes before `nowMs`. Attempts that say nothing about the upstream do not count. */
export const recentByEndpoint = (
	requests: Iterable<RequestView>,
	nowMs: number,
): ReadonlyMap<EndpointKey, RecentEndpoint> => {
	const tallies = new Map<EndpointKey, Tally>();
	const tallyOf = (endpointKey: EndpointKey): Tally => {
		const tally = tallies.get(endpointKey) ?? {attempts: 0, successes: 0, live: 0, ttfbs: []};
		tallies.set(endpointKey, tally);
		return tally;
	};

	for (const request of requests) {
		countRequest(request, nowMs - recentWindowMs, tallyOf);
	}

	return new Map(
		[...tallies].map(([endpointKey, {ttfbs, ...counts}]) => [endpointKey, {...counts, ttfbMs: percentile(ttfbs, 0.5)}]),
	);
};

/** The header's figures over the five minutes before `nowMs`. */
export const kpisOf = (requests: readonly RequestView[], nowMs: number): Kpis => {
	const sinceMs = nowMs - recentWindowMs;
	const finished = requests.filter(
		({state, startedAtMs, durationMs}) =>
			state !== 'running' && state !== 'cancelled' && startedAtMs + (durationMs ?? 0) >= sinceMs,
	);
	const succeeded = finished.filter(({state}) => state === 'success');
	const statuses = requests
		.flatMap(({attempts}) => attempts)
		.filter(({startedAtMs, durationMs}) => startedAtMs + (durationMs ?? 0) >= sinceMs)
		.map(({status}) => status ?? 0);
	return {
		okPercent: finished.length === 0 ? undefined : (succeeded.length / finished.length) * 100,
		p95Ms: percentile(
			succeeded.flatMap(({durationMs}) => durationMs ?? []),
			0.95,
		),
		liveRequests: requests.filter(({state}) => state === 'running').length,
		finishedRequests: finished.length,
		rateLimited: statuses.filter(status => status === 429).length,
		serverErrors: statuses.filter(status => status >= 500 && status < 600).length,
	};
};
