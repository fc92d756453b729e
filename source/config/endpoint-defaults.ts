import type {Service} from '../wire/names.ts';
import type {Account, ConcurrencyLimits, Credentials, Endpoint, Location} from './config.ts';

/** The account of a provider that has no pool: its own credentials under the label `default`. */
export const soleAccount = (service: Service, credentials: Credentials, location?: Location): Account => ({
	label: 'default',
	service,
	credentials,
	weight: 1,
	quotaGroup: undefined,
	enabled: true,
	location,
});

const unlimited: ConcurrencyLimits = {
	maxConcurrentRequests: undefined,
	limitGroup: undefined,
	queue: 0,
	queueTimeoutMs: 30_000,
	isInherited: false,
};

/** What an endpoint is where the file says nothing about it. */
export const endpointDefaults: Pick<
	Endpoint,
	| 'limits'
	| 'priceMultiplier'
	| 'reasoning'
	| 'idleMs'
	| 'onLength'
	| 'preset'
	| 'profile'
	| 'apiKeyHeader'
	| 'toolDenylist'
> = {
	limits: unlimited,
	priceMultiplier: 1,
	reasoning: 'pass',
	idleMs: undefined,
	onLength: 'faithful',
	preset: undefined,
	profile: 'generic',
	apiKeyHeader: 'x-api-key',
	toolDenylist: [],
};
