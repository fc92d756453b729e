import type {ConcurrencyLimits} from './config.ts';
import {endpointDefaults} from './endpoint-defaults.ts';
import type {Section} from './section.ts';

type OwnLimits = {
	readonly [Key in Exclude<keyof ConcurrencyLimits, 'isInherited'>]: ConcurrencyLimits[Key] | undefined;
};

const readOwn = (limits: Section | undefined): OwnLimits => ({
	maxConcurrentRequests: limits?.integer('max_concurrent_requests', [1, 4_294_967_295]),
	limitGroup: limits?.string('limit_group'),
	queue: limits?.integer('queue', [0, 10_000]),
	queueTimeoutMs: limits?.integer('queue_timeout_ms', [0, 600_000]),
});

/** The table `limits` of an endpoint, field by field over its provider's (codex-helper.md 1.3; product.md 6). Throws `ConfigError`. */
export const readLimits = (section: Section, provider: Section): ConcurrencyLimits => {
	const own = readOwn(section.table('limits'));
	const above = readOwn(provider.table('limits'));
	const usual = endpointDefaults.limits;
	return {
		maxConcurrentRequests: own.maxConcurrentRequests ?? above.maxConcurrentRequests,
		limitGroup: own.limitGroup ?? above.limitGroup,
		queue: own.queue ?? above.queue ?? usual.queue,
		queueTimeoutMs: own.queueTimeoutMs ?? above.queueTimeoutMs ?? usual.queueTimeoutMs,
		isInherited: section !== provider && !section.has('limits') && provider.has('limits'),
	};
};
