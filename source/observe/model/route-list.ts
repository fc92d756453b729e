import type {AccountHealth} from '../../event/account-view.ts';
import type {AttemptEnd, BreakerChanged, EngineEvent} from '../../event/catalogue.ts';
import type {EndpointInfo, Pin, RouteView} from '../../event/view.ts';
import type {EndpointKey, Service} from '../../wire/names.ts';
import type {RecentEndpoint} from './recent.ts';

/** What the model remembers of an endpoint or of one of its accounts; the rest of a row is counted from the requests. */
type Health = AccountHealth;

const healthy: Health = {phase: 'closed', cooldownUntilMs: undefined, failures: 0, lastReason: undefined};

const infoOf = (route: RouteView): EndpointInfo => {
	const {
		phase: _phase,
		cooldownUntilMs: _cooldown,
		failures: _failures,
		lastReason: _reason,
		accountHealth: _accounts,
		liveRequests: _live,
		recentAttempts: _attempts,
		recentSuccesses: _successes,
		ttfbMs: _ttfb,
		isPinned: _pinned,
		...info
	} = route;
	return info;
};

/** The health of one endpoint after one more event about it. */
const reduceHealth = (health: Health, event: EngineEvent): Health => {
	if (event.type === 'breaker-changed') {
		const {phase, failures, reason: lastReason} = event;
		return {phase, failures, lastReason, cooldownUntilMs: phase === 'closed' ? undefined : event.untilMs};
	}

	if (event.type !== 'attempt-end') {
		return health;
	}

	switch (event.outcome) {
		case 'success': {
			return {...health, lastReason: undefined};
		}

		case 'hard':
		case 'soft':
		case 'auth': {
			return {...health, lastReason: event.reason};
		}

		default: {
			return health;
		}
	}
};

/** The phases from worst to best. */
const phases: ReadonlyArray<RouteView['phase']> = ['open', 'half-open', 'closed'];

/** What an endpoint with several accounts is worth: as much as the best of them, since requests go to that one. */
const bestOf = (accounts: ReadonlyMap<string, Health>, labels: readonly string[]): Health =>
	labels
		.map(label => accounts.get(label) ?? healthy)
		.reduce((best, other) => {
			const difference = phases.indexOf(other.phase) - phases.indexOf(best.phase);
			const isSooner = (other.cooldownUntilMs ?? Infinity) < (best.cooldownUntilMs ?? Infinity);
			return difference > 0 || (difference === 0 && isSooner) ? other : best;
		});

/** The configured endpoints in the order of the config. */
export class RouteList {
	#infos: readonly EndpointInfo[];
	readonly #health: Map<EndpointKey, Health>;
	/** Of endpoints with a pool, by account. */
	readonly #accounts: Map<EndpointKey, Map<string, Health>>;

	constructor(routes: readonly RouteView[] = []) {
		this.#infos = routes.map(infoOf);
		this.#health = new Map(
			routes.map(({endpointKey, phase, cooldownUntilMs, failures, lastReason}) => [
				endpointKey,
				{phase, cooldownUntilMs, failures, lastReason},
			]),
		);
		this.#accounts = new Map(
			routes.flatMap(({endpointKey, accountHealth}) =>
				accountHealth === undefined ? [] : [[endpointKey, new Map(Object.entries(accountHealth))] as const],
			),
		);
	}

	apply(event: EngineEvent): void {
		if (event.type === 'config-loaded') {
			this.#configure(event.endpoints);
		} else if (event.type === 'breaker-changed' || event.type === 'attempt-end') {
			const health = this.#health.get(event.endpointKey);
			if (health !== undefined) {
				this.#health.set(event.endpointKey, this.#next(health, event));
			}
		}
	}

	toArray(
		recent: ReadonlyMap<EndpointKey, RecentEndpoint>,
		pins: Readonly<Partial<Record<Service, Pin>>>,
	): RouteView[] {
		return this.#infos.map(info => ({
			...info,
			...(this.#health.get(info.endpointKey) ?? healthy),
			...this.#accountHealth(info.endpointKey),
			liveRequests: recent.get(info.endpointKey)?.live ?? 0,
			recentAttempts: recent.get(info.endpointKey)?.attempts ?? 0,
			recentSuccesses: recent.get(info.endpointKey)?.successes ?? 0,
			ttfbMs: recent.get(info.endpointKey)?.ttfbMs,
			isPinned: pins[info.service]?.endpointKey === info.endpointKey,
		}));
	}

	#accountHealth(endpointKey: EndpointKey): Pick<RouteView, 'accountHealth'> {
		const accounts = this.#accounts.get(endpointKey);
		return accounts === undefined ? {} : {accountHealth: Object.fromEntries(accounts)};
	}

	#next(health: Health, event: BreakerChanged | AttemptEnd): Health {
		const labels = this.#infos.find(info => info.endpointKey === event.endpointKey)?.accounts ?? [];
		if (event.type !== 'breaker-changed' || event.account === undefined || labels.length < 2) {
			return reduceHealth(health, event);
		}

		const accounts = this.#accounts.get(event.endpointKey) ?? new Map<string, Health>();
		const own = reduceHealth(accounts.get(event.account) ?? healthy, event);
		this.#accounts.set(event.endpointKey, accounts.set(event.account, own));
		return bestOf(
			accounts,
			labels.map(({label}) => label),
		);
	}

	/** An endpoint that stays in the config keeps its health, one that is gone loses it. */
	#configure(endpoints: readonly EndpointInfo[]): void {
		const old = new Map(this.#health);
		this.#infos = endpoints;
		this.#health.clear();
		for (const endpointKey of this.#accounts.keys()) {
			if (!endpoints.some(endpoint => endpoint.endpointKey === endpointKey)) {
				this.#accounts.delete(endpointKey);
			}
		}

		for (const {endpointKey} of endpoints) {
			this.#health.set(endpointKey, old.get(endpointKey) ?? healthy);
		}
	}
}
