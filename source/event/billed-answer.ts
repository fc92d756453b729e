import type {Usage} from './view.ts';

/** What a request's cost is made of, as far as the engine knows it. */
export interface BilledAnswer {
	readonly usage: Usage | undefined;
	/** Names under which the upstream may have billed it, the likeliest first, and its `service_tier`; absent without `usage`. */
	readonly billed?: {readonly models: readonly string[]; readonly tier: string | undefined} | undefined;
}
