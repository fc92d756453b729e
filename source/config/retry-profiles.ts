/* The table of codex-helper.md 1.7: one profile for each column, as the file would state it. */

/** The profiles of `retry.profile`. */
export type RetryProfileName = 'balanced' | 'same-upstream' | 'aggressive-failover' | 'cost-primary';

interface LayerTable {
	readonly maxAttempts: number;
	readonly backoffMs: number;
	readonly backoffMaxMs: number;
	readonly jitterMs: number;
	readonly onStatus: string;
	readonly onClass: readonly string[];
}

/** One column. */
export interface RetryTable {
	readonly upstream: LayerTable;
	readonly provider: LayerTable;
	readonly neverOnStatus: string;
	readonly neverOnClass: readonly string[];
	readonly cooldownFactor: number;
	readonly cooldownMaxSeconds: number;
}

const limited = ['upstream_rate_limited', 'upstream_overloaded'] as const;

const balanced: RetryTable = {
	upstream: {
		maxAttempts: 2,
		backoffMs: 200,
		backoffMaxMs: 2000,
		jitterMs: 100,
		onStatus: '429,500-502,504-528,530-599',
		onClass: ['upstream_transport_error', 'cloudflare_timeout', 'cloudflare_challenge', ...limited],
	},
	provider: {
		maxAttempts: 2,
		backoffMs: 0,
		backoffMaxMs: 0,
		jitterMs: 0,
		onStatus: '401,403,404,408,429,500-599',
		onClass: ['upstream_transport_error', 'routing_mismatch_capability', 'image_generation_missing_result', ...limited],
	},
	neverOnStatus: '413,415,422',
	neverOnClass: ['client_error_non_retryable'],
	cooldownFactor: 1,
	cooldownMaxSeconds: 600,
};

/** All four. */
export const retryProfiles: Readonly<Record<RetryProfileName, RetryTable>> = {
	balanced,
	'same-upstream': {
		...balanced,
		upstream: {...balanced.upstream, maxAttempts: 3},
		provider: {...balanced.provider, maxAttempts: 1},
	},
	'aggressive-failover': {
		...balanced,
		upstream: {...balanced.upstream, backoffMaxMs: 2500, jitterMs: 150},
		provider: {
			...balanced.provider,
			maxAttempts: 3,
			onClass: ['upstream_transport_error', 'routing_mismatch_capability', ...limited],
		},
	},
	'cost-primary': {...balanced, cooldownFactor: 2, cooldownMaxSeconds: 900},
};
