import {fetchJson} from '../../attempt/fetch-json.ts';
import {JumpWatch} from '../../attempt/jump-watch.ts';
import type {Pools} from '../../attempt/pools.ts';
import {RetryBudgets} from '../../attempt/retry-budget.ts';
import type {Clock} from '../../base/clock.ts';
import type {Config} from '../../config/config.ts';
import {resolveCredentials, type CredentialContext} from '../../config/credentials.ts';
import type {Announce} from '../../event/catalogue.ts';
import {PriceBook} from '../../provider/prices/price-book.ts';
import {AuxiliaryLimits} from './auxiliary-limits.ts';
import {BalancePoller} from '../balance/balance-poller.ts';
import {UsageProvidersFile} from '../balance/balance-file.ts';
import {balanceTargets} from '../balance/balance-targets.ts';
import {CapabilityStore} from './capabilities.ts';
import type {Cleaner} from '../cleaner.ts';
import {Continuity} from './continuity.ts';
import {EndpointHealthBook} from './endpoint-health.ts';
import {Lessons} from './lessons.ts';
import {Mender} from '../bridge/mender.ts';
import {Pins} from './pins.ts';
import {Places} from './places.ts';
import type {Road} from '../road.ts';
import {Router} from './router.ts';
import type {StateStore} from './state-store.ts';

/** What a {@link Brain} is made of. */
export interface BrainOptions {
	/** The engine's. */
	readonly clock: Clock;
	readonly store: StateStore;
	readonly credentials: CredentialContext;
	readonly cleaner: Cleaner;
	readonly pools: Pools;
	readonly announce: Announce;
	readonly config: () => Config;
	/** `usage_providers.json` of the home. */
	readonly usageProvidersPath: string;
	/** A sentence for the engine's log. */
	readonly onFault: (sentence: string) => void;
}

/**
 * Everything that decides where a request goes: what the engine knows of its upstreams (health, limits, capabilities, balances, prices), of its
 * sessions (affinities, overrides, hidden state), and what the user wants (pins, pauses). One per engine.
 */
export class Brain {
	readonly book: EndpointHealthBook;
	readonly pins: Pins;
	readonly continuity: Continuity;
	readonly capabilities: CapabilityStore;
	readonly balances: BalancePoller;
	readonly router: Router;
	readonly #options: BrainOptions;
	readonly #budgets: RetryBudgets;
	readonly #lessons: Lessons;
	readonly #mender: Mender;
	readonly #places: Places;
	readonly #auxiliary: AuxiliaryLimits;

	constructor(options: BrainOptions) {
		const {store, credentials, announce, onFault} = options;
		const {now, monotonic, uptime} = options.clock;
		this.#options = options;
		this.#budgets = new RetryBudgets(monotonic);
		this.book = new EndpointHealthBook({store, credentials, announce, now, monotonic, uptime});
		this.#auxiliary = new AuxiliaryLimits(monotonic);
		this.#places = new Places(this.book.limiter, monotonic);
		// Each tells of a jump once: whoever follows the clock needs one of its own.
		const watchClock = (): JumpWatch => new JumpWatch(options.clock);
		this.pins = new Pins(store, announce, {now, jumps: watchClock()});
		this.continuity = new Continuity({store, now, watchClock, onFault});
		this.capabilities = new CapabilityStore(store, now);
		this.balances = this.#createPoller();
		const prices = new PriceBook();
		this.router = new Router({
			book: this.book,
			pins: this.pins,
			affinityOf: (service, sessionId) => this.continuity.affinities.affinityOf(service, sessionId),
			capability: (endpointKey, model, need) => this.capabilities.capability(endpointKey, model, need),
			price: model => prices.dollarsPerMillion(model),
			auxiliary: this.#auxiliary,
			now,
		});
		this.#mender = new Mender(this.capabilities);
		this.#lessons = new Lessons({book: this.book, capabilities: this.capabilities, balances: this.balances, now});
	}

	/** Wall clock, milliseconds. */
	now(): number {
		return this.#options.clock.now();
	}

	/** Takes over a configuration. Call it in the tick of `config-loaded`, after it. */
	configure(config: Config): void {
		this.book.configure(config);
		this.balances.reload();
		const endpoints = Object.values(config.services).flatMap(service => service.endpoints);
		this.#budgets.keep(new Set(endpoints.map(({service, provider}) => `${service}/${provider}`)));
	}

	/** Begins to look at balances. */
	start(): void {
		this.balances.start();
	}

	/** Ends the looks that run. Call it before the pools and the store close. */
	async close(): Promise<void> {
		await this.balances.close();
	}

	/** The brain's part of the road. */
	road(): Pick<
		Road,
		| 'health'
		| 'state'
		| 'continuity'
		| 'asked'
		| 'router'
		| 'budgets'
		| 'lessons'
		| 'mender'
		| 'permit'
		| 'auxiliary'
		| 'credentialOf'
		| 'credentialRefused'
	> {
		const {book, continuity, router} = this;
		const {credentials, cleaner} = this.#options;
		return {
			health: book.health,
			state: continuity.state,
			...{continuity, router},
			asked: (call, config) => continuity.asked(call, config.services[call.service].profiles),
			budgets: this.#budgets,
			...{lessons: this.#lessons, mender: this.#mender},
			auxiliary: this.#auxiliary,
			permit: (step, sessionId, listener) => this.#places.take(step, sessionId, listener),
			credentialOf: account => {
				const credential = resolveCredentials(account, credentials);
				// A key in a client's own file may have changed since the configuration was read.
				cleaner.know([credential.bearer, credential.apiKey]);
				return credential;
			},
			credentialRefused: ({endpoint, account}, login) => book.credentialRefused(endpoint, login, account.label),
		};
	}

	#createPoller(): BalancePoller {
		const {config, credentials, pools, announce, usageProvidersPath, onFault} = this.#options;
		const file = new UsageProvidersFile(usageProvidersPath, {
			onFault: error => onFault(error.message),
			onLoaded: warnings => warnings.forEach(onFault),
		});
		return new BalancePoller({
			clock: this.#options.clock,
			fetch: request => fetchJson(pools, request),
			readEnv: name => credentials.env[name],
			targets: () => {
				file.refresh();
				return balanceTargets(config(), file.providers, credentials);
			},
			resetClock: () => config().resetClock,
			onStanding: ({endpointKey, account, exhausted, quotaUsed}) => {
				this.book.setExhausted(endpointKey, account, exhausted);
				this.book.setQuotaUsed(
					endpointKey,
					account,
					quotaUsed === undefined ? undefined : {used: quotaUsed, untilMs: undefined},
				);
			},
			announce,
		});
	}
}
