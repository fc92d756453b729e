import {isStoredSlot, type HealthTarget} from '../../attempt/breaker-slot.ts';
import {Health} from '../../attempt/health.ts';
import {Limiter} from '../../attempt/limiter.ts';
import type {QuotaUse} from '../../attempt/rate-limit-headers.ts';
import {RelayError} from '../../base/errors.ts';
import type {Config, Endpoint} from '../../config/config.ts';
import {credentialStatus, type CredentialContext} from '../../config/credentials.ts';
import type {Announce} from '../../event/catalogue.ts';
import type {CandidateHealth, PlanHealth} from '../../route/inputs.ts';
import {PausedAccounts, type AccountName} from './accounts.ts';
import {createEntry, targetOf, unknownHealth, type CandidateEntry} from './candidate-entry.ts';
import {RefusedCredentials} from './refused-credentials.ts';
import type {StateRows} from './state-store.ts';
import {VersionedRows} from './versioned-rows.ts';

/** What {@link EndpointHealthBook} is made of; `monotonic` in milliseconds, the wall clock where it is left out. */
export interface EndpointHealthOptions {
	readonly store: StateRows;
	readonly credentials: CredentialContext;
	readonly announce: Announce;
	readonly now: () => number;
	readonly monotonic?: () => number;
	/** See `Clock`; the monotonic clock where it is left out. */
	readonly uptime?: () => number;
	readonly random?: () => number;
}

/** A trusted balance that says that nothing is left, until it begins anew where that is known. */
export interface Exhausted {
	readonly untilMs: number | undefined;
	readonly text: string;
}

/** Raise it when the shape of a stored breaker changes: rows of another version are ignored. */
const breakerVersion = 2;

/** A view is made anew at least this often: keys in the clients' files and decaying figures change without telling. */
const viewMs = 1000;

/**
 * All that a plan asks of a candidate, in one book: breakers, pauses, credentials, concurrency, figures. A look-up without news costs
 * two map reads and makes nothing.
 */
export class EndpointHealthBook {
	readonly health: Health;
	readonly limiter: Limiter;
	readonly paused: PausedAccounts;
	readonly #options: EndpointHealthOptions;
	readonly #monotonic: () => number;
	readonly #entries = new Map<string, Map<string, CandidateEntry>>();
	readonly #byLimit = new Map<string, CandidateEntry[]>();
	readonly #refused: RefusedCredentials;
	readonly #exhausted = new Map<string, Exhausted>();

	constructor(options: EndpointHealthOptions) {
		const {store, now, announce, monotonic = now, uptime = monotonic, random = Math.random} = options;
		this.#options = options;
		this.#monotonic = monotonic;
		this.health = new Health({
			now,
			monotonic,
			uptime,
			random,
			announce,
			store: new VersionedRows(store, {kind: 'breaker', version: breakerVersion, isValue: isStoredSlot}),
		});
		this.limiter = new Limiter({monotonic, onChange: key => this.#crowdChanged(key)});
		this.#refused = new RefusedCredentials(store, options.credentials);
		this.paused = new PausedAccounts({store, announce, now});
	}

	/** Takes over the candidates of a configuration: figures stay where the key stays. Call it in the tick of `config-loaded`, after it. */
	configure(config: Config): void {
		const old = new Map(this.#entries);
		this.#entries.clear();
		this.#byLimit.clear();
		for (const endpoint of Object.values(config.services).flatMap(({endpoints}) => endpoints)) {
			for (const account of endpoint.accounts) {
				this.#add(endpoint, account.label, old.get(endpoint.key)?.get(account.label));
			}
		}

		this.health.tellAll();
	}

	/** Forgets the cooldowns of an endpoint with all its accounts: the user chose it. */
	dismissEndpoint(endpointKey: string, reason: string): void {
		for (const {target} of this.#entries.get(endpointKey)?.values() ?? []) {
			this.health.dismiss(target, reason);
		}
	}

	/** The look-up of one plan, for all its candidates; `login` is the client's own, the credential of an endpoint that passes it on. */
	lookUp(login: string | undefined): PlanHealth['of'] {
		this.health.followClock();
		const nowMs = this.#options.now();
		return (endpointKey, account, model) => {
			const entry = this.#entries.get(endpointKey)?.get(account);
			return entry ? this.#view(entry, model, {login, nowMs}) : unknownHealth;
		};
	}

	/** The upstream refused the account's credential: it is not asked again with the same one. */
	credentialRefused(endpoint: Endpoint, login: string | undefined, account = endpoint.accounts[0].label): void {
		this.#refused.add(this.#entryOf(endpoint, account), login);
	}

	/** Pauses or resumes an account of the configuration. Throws RelayError `unknown-account`. */
	setPaused(name: AccountName, isPaused: boolean): void {
		const own = this.entries().filter(({endpoint, account}) => isOf(endpoint, name) && account.label === name.account);
		if (own.length === 0) {
			throw this.#unknownAccount(name);
		}

		this.paused.set(name, isPaused);
		own.forEach(touch);
	}

	/** What a trusted balance says of an account (and of all who share its quota); undefined: it has something left. */
	setExhausted(endpointKey: string, account: string, exhausted: Exhausted | undefined): void {
		const quotaKey = this.#entries.get(endpointKey)?.get(account)?.target.quotaKey;
		if (quotaKey === undefined) {
			return;
		}

		if (exhausted) {
			this.#exhausted.set(quotaKey, exhausted);
		} else {
			this.#exhausted.delete(quotaKey);
		}

		this.entries()
			.filter(({target}) => target.quotaKey === quotaKey)
			.forEach(touch);
	}

	/** The used share of the tightest window that an answer or a balance named; undefined forgets it. */
	setQuotaUsed(endpointKey: string, account: string, use: QuotaUse | undefined): void {
		const entry = this.#entries.get(endpointKey)?.get(account);
		if (entry) {
			entry.quotaUse = use;
			touch(entry);
		}
	}

	/** A request is on its way there; `tokens` is what it is thought to cost. Gives what must be called when it has ended. */
	measure(endpointKey: string, account: string, tokens: number): (end: MeasuredEnd) => void {
		const entry = this.#entries.get(endpointKey)?.get(account);
		if (!entry) {
			return () => undefined;
		}

		entry.meter.begin(tokens);
		touch(entry);
		let isOpen = true;
		return ({tokens: used, ttfbMs}) => {
			if (isOpen) {
				isOpen = false;
				entry.meter.end(tokens, used ?? 0, this.#monotonic());
				if (ttfbMs !== undefined) {
					entry.meter.firstByte(ttfbMs, this.#monotonic());
				}

				touch(entry);
			}
		};
	}

	/** Who the breakers of a candidate are; undefined where the configuration does not have it. */
	target(endpointKey: string, account: string, model: string | undefined): HealthTarget | undefined {
		const entry = this.#entries.get(endpointKey)?.get(account);
		return entry && (model === undefined ? entry.target : {...entry.target, model});
	}

	/** Every candidate of the configuration, in its order. */
	entries(): readonly CandidateEntry[] {
		return [...this.#entries.values()].flatMap(accounts => [...accounts.values()]);
	}

	#unknownAccount(name: AccountName): RelayError {
		const {service, provider, account} = name;
		const known = this.entries().filter(({endpoint}) => isOf(endpoint, name));
		const labels = [...new Set(known.map(entry => entry.account.label))].join(', ');
		return new RelayError(
			'unknown-account',
			labels === ''
				? `There is no provider ${service}/${provider}; see \`codex-tui account list\`.`
				: `${service}/${provider} has no account ${account}; it has ${labels}.`,
		);
	}

	#entryOf(endpoint: Endpoint, label: string): CandidateEntry {
		const known = this.#entries.get(endpoint.key)?.get(label);
		return known?.endpoint === endpoint ? known : this.#add(endpoint, label, known);
	}

	#add(endpoint: Endpoint, label: string, known: CandidateEntry | undefined): CandidateEntry {
		const account = endpoint.accounts.find(one => one.label === label) ?? endpoint.accounts[0];
		const member = this.health.member(targetOf(endpoint, account));
		const entry = createEntry(endpoint, account, {member, known});
		const accounts = this.#entries.get(endpoint.key) ?? new Map<string, CandidateEntry>();
		this.#entries.set(endpoint.key, accounts.set(label, entry));
		for (const key of [entry.limits.limitKey, entry.limits.accountKey]) {
			const others = (this.#byLimit.get(key) ?? []).filter(other => other !== known);
			this.#byLimit.set(key, [...others, entry]);
		}

		return entry;
	}

	#crowdChanged(key: string): void {
		this.#byLimit.get(key)?.forEach(touch);
	}

	#view(
		entry: CandidateEntry,
		model: string | undefined,
		at: {readonly login: string | undefined; readonly nowMs: number},
	): CandidateHealth {
		const {member, views} = entry;
		const scope = model !== undefined && member.models.has(model) ? model : undefined;
		const {nowMs} = at;
		const view = views.get(scope);
		if (
			view?.memberVersion === member.version &&
			view.version === entry.version &&
			nowMs < view.untilMs &&
			nowMs >= view.builtAtMs &&
			// A key that was changed is to be tried by the very next request.
			view.health.cause !== 'auth'
		) {
			return view.health;
		}

		const health = this.#build(entry, scope, at);
		const {version: memberVersion} = member;
		const untilMs = Math.min(nowMs + viewMs, health.untilMs ?? Infinity, health.exhausted?.untilMs ?? Infinity);
		views.set(scope, {health, memberVersion, version: entry.version, builtAtMs: nowMs, untilMs});
		return health;
	}

	#build(
		entry: CandidateEntry,
		model: string | undefined,
		{login, nowMs}: {readonly login: string | undefined; readonly nowMs: number},
	): CandidateHealth {
		let breaker = this.health.worst(entry.member, model, nowMs);
		if (breaker.phase === 'open' && breaker.cause === 'auth' && this.#refused.isOver(entry, login)) {
			this.health.dismiss(entry.target, 'its key has changed');
			breaker = this.health.worst(entry.member, model, nowMs);
		}

		const {hasAuth, missingVariable} = credentialStatus(entry.account, this.#options.credentials);
		const exhausted = this.#exhausted.get(entry.target.quotaKey ?? '');
		const {quotaUse} = entry;
		return {
			phase: breaker.phase,
			untilMs: breaker.phase === 'open' ? breaker.untilMs : undefined,
			isProbing: breaker.phase === 'half-open' && breaker.isProbing,
			cause: breaker.phase === 'open' ? breaker.cause : undefined,
			reason: breaker.phase === 'closed' ? undefined : breaker.reason,
			failures: breaker.failures,
			missingCredential: hasAuth ? undefined : missingVariable,
			isPaused: this.paused.has(entry.accountKey),
			exhausted: exhausted && (exhausted.untilMs ?? Infinity) > nowMs ? exhausted : undefined,
			...this.limiter.crowd(entry.limits),
			recentTokens: entry.meter.recentTokens(this.#monotonic()),
			ttfbMs: entry.meter.ttfbMs,
			quotaUsed: quotaUse && (quotaUse.untilMs ?? Infinity) > nowMs ? quotaUse.used : undefined,
		};
	}
}

/** How a measured request ended. */
export interface MeasuredEnd {
	/** What it came to, where the upstream said so. */
	readonly tokens: number | undefined;
	readonly ttfbMs: number | undefined;
}

const touch = (entry: CandidateEntry): void => {
	entry.version++;
};

const isOf = (endpoint: Endpoint, {service, provider}: AccountName): boolean =>
	endpoint.service === service && endpoint.provider === provider;
