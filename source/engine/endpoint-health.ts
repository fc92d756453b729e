import {isBreaker} from '../attempt/breaker.ts';
import {Health, type BreakerStore} from '../attempt/health.ts';
import {fingerprint} from '../base/ids.ts';
import {credentialStatus, resolveCredentials, type CredentialContext} from '../config/credentials.ts';
import type {Endpoint} from '../config/config.ts';
import type {Announce} from '../event/catalogue.ts';
import type {EndpointHealth} from '../route/plan.ts';
import type {StateStore} from './state-store.ts';

/** Breakers in `state.db`. A row that is not a breaker any more (an older version's) is left out. */
const breakerStore = (store: StateStore): BreakerStore => ({
	load: () =>
		new Map(store.list('breaker').flatMap(([key, value]) => (isBreaker(value) ? [[key, value] as const] : []))),
	save: (endpointKey, breaker) => store.set('breaker', endpointKey, breaker),
});

/** What {@link EndpointHealthBook} is made of. */
export interface EndpointHealthOptions {
	readonly store: StateStore;
	readonly credentials: CredentialContext;
	readonly announce: Announce;
	readonly now: () => number;
}

/** Breakers and credentials together: what the plan asks of an endpoint. */
export class EndpointHealthBook {
	readonly health: Health;
	readonly #store: StateStore;
	readonly #credentials: CredentialContext;

	constructor({store, credentials, announce, now}: EndpointHealthOptions) {
		this.#store = store;
		this.#credentials = credentials;
		this.health = new Health({now, random: Math.random, announce, store: breakerStore(store)});
	}

	/**
	 * The endpoint as the plan sees it. A refused credential that has changed since is given a new chance here; `login` is the
	 * client's own, which is the credential of an endpoint that passes it on.
	 */
	of(endpoint: Endpoint, login: string | undefined): EndpointHealth {
		const {hasAuth, missingVariable} = credentialStatus(endpoint.accounts[0], this.#credentials);
		let breaker = this.health.breaker(endpoint.key);
		if (
			breaker.phase === 'open' &&
			breaker.cause === 'auth' &&
			this.#store.get('refused', endpoint.key) !== this.#print(endpoint, login)
		) {
			this.health.dismiss(endpoint.key, 'its key has changed');
			breaker = this.health.breaker(endpoint.key);
		}

		return {
			phase: breaker.phase,
			untilMs: breaker.phase === 'open' ? breaker.untilMs : undefined,
			isProbing: breaker.phase === 'half-open' && breaker.isProbing,
			cause: breaker.phase === 'open' ? breaker.cause : undefined,
			reason: breaker.phase === 'closed' ? undefined : breaker.reason,
			missingCredential: hasAuth ? undefined : missingVariable,
		};
	}

	/** The upstream refused the endpoint's credential: it is not asked again with the same one. */
	credentialRefused(endpoint: Endpoint, login: string | undefined): void {
		this.#store.set('refused', endpoint.key, this.#print(endpoint, login));
	}

	#print(endpoint: Endpoint, login = ''): string {
		const {bearer = '', apiKey = '', passesClientAuth} = resolveCredentials(endpoint.accounts[0], this.#credentials);
		return fingerprint([bearer, apiKey, ...(passesClientAuth ? [login] : [])].join('\n'));
	}
}
