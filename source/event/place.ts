import type {EndpointKey} from '../wire/names.ts';

/* Events about places: how many requests a candidate may serve at once, and who waits for one. Part of the catalogue. */

interface OfPlace {
	readonly requestId: string;
	/** Wall clock, milliseconds since the epoch. */
	readonly atMs: number;
	readonly endpointKey: EndpointKey;
	readonly account: string;
	/** What is full: `<service>/<limit_group>`, the endpoint's key, or `<service>/<provider>#<account>` where the account's learned window is. */
	readonly limitKey?: string | undefined;
}

/** A candidate has no place for the request (codex-helper.md 3.3, `route_candidate_concurrency_saturated`). Said of a later plan too, where it is skipped for that. */
export interface CandidateSaturated extends OfPlace {
	readonly type: 'candidate-saturated';
	readonly active: number;
	readonly limit?: number | undefined;
	/** The request waits for a place behind so many others; undefined: it passes the candidate over. */
	readonly ahead?: number | undefined;
}

/** The wait for a place at a candidate is over. */
export interface WaitEnd extends OfPlace {
	readonly type: 'wait-end';
	readonly waitedMs: number;
	/** `place`: it is sent there. `timeout`: it passes the candidate over. `stopped`: the client left, or somebody moved the request. */
	readonly result: 'place' | 'timeout' | 'stopped';
}

/** What the limits say of a request, before it is known of which and when. */
export type PlaceNews = Omit<CandidateSaturated, 'requestId' | 'atMs'> | Omit<WaitEnd, 'requestId' | 'atMs'>;
