import type {EndpointKey, Service} from '../wire/names.ts';

/** One account of a provider, as `account list` and the control API show it; never its key. */
export interface AccountView {
	readonly service: Service;
	readonly provider: string;
	readonly account: string;
	readonly enabled: boolean;
	readonly isPaused: boolean;
	readonly weight: number;
	readonly quotaGroup: string | undefined;
	readonly authSource: string;
	readonly hasAuth: boolean;
	/** The first digits of its key's SHA-256; undefined where it has no key of its own. */
	readonly fingerprint: string | undefined;
	/** Used share of its tightest known quota window, 0 to 1. */
	readonly quotaUsed: number | undefined;
	/** What a trusted balance says, where nothing is left. */
	readonly exhausted: string | undefined;
	readonly endpoints: ReadonlyArray<{
		readonly endpointKey: EndpointKey;
		readonly phase: 'closed' | 'open' | 'half-open';
		readonly untilMs: number | undefined;
		readonly cause: 'hard' | 'limit' | 'quota' | 'auth' | undefined;
		readonly reason: string | undefined;
		readonly active: number;
		readonly limit: number | undefined;
	}>;
}

/** What the screen may know of one account of an endpoint. */
export interface AccountInfo {
	readonly label: string;
	readonly enabled: boolean;
	readonly authSource: string;
	readonly hasAuth: boolean;
}

/** The breaker of one account of an endpoint with a pool, as last told. */
export interface AccountHealth {
	readonly phase: 'closed' | 'open' | 'half-open';
	readonly cooldownUntilMs: number | undefined;
	readonly failures: number;
	readonly lastReason: string | undefined;
}

/** What an endpoint with a pool has besides the others. */
export interface PoolInfo {
	/** All its accounts; `authSource` and `hasAuth` beside it are the first one's. Undefined where there is only one. */
	readonly accounts?: readonly AccountInfo[] | undefined;
}

/** What is known of an endpoint's pool. */
export interface PoolHealth {
	/** By label; `phase` and what belongs to it beside it are those of the best account. Undefined where there is no pool. */
	readonly accountHealth?: Readonly<Record<string, AccountHealth>> | undefined;
}
