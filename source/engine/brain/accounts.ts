import type {Announce} from '../../event/catalogue.ts';
import type {Service} from '../../wire/names.ts';
import type {StateRows} from './state-store.ts';
import {VersionedRows} from './versioned-rows.ts';

/** `<service>/<provider>#<account>`: one credential, at whichever endpoint of its provider. */
export const accountKey = (service: Service, provider: string, account: string): string =>
	`${service}/${provider}#${account}`;

interface Pause {
	readonly sinceMs: number;
}

const isPause = (value: unknown): value is Pause =>
	typeof value === 'object' && value !== null && 'sinceMs' in value && Number.isFinite(value.sinceMs);

/** Names one account. */
export interface AccountName {
	readonly service: Service;
	readonly provider: string;
	readonly account: string;
}

/** Which accounts the user has paused; kept over restarts until he resumes them. */
export class PausedAccounts {
	readonly #rows: VersionedRows<Pause>;
	readonly #paused: Set<string>;
	readonly #announce: Announce;
	readonly #now: () => number;

	constructor({
		store,
		announce,
		now,
	}: {
		readonly store: StateRows;
		readonly announce: Announce;
		readonly now: () => number;
	}) {
		this.#rows = new VersionedRows(store, {kind: 'account-paused', version: 1, isValue: isPause});
		this.#paused = new Set(this.#rows.load().keys());
		this.#announce = announce;
		this.#now = now;
	}

	/** By {@link accountKey}. */
	has(key: string): boolean {
		return this.#paused.has(key);
	}

	/** Announces it; does nothing where it is so already. */
	set(name: AccountName, isPaused: boolean): void {
		const key = accountKey(name.service, name.provider, name.account);
		if (this.#paused.has(key) === isPaused) {
			return;
		}

		const atMs = this.#now();
		if (isPaused) {
			this.#paused.add(key);
			this.#rows.save(key, {sinceMs: atMs});
		} else {
			this.#paused.delete(key);
			this.#rows.remove(key);
		}

		const {service, provider, account} = name;
		this.#announce({type: 'account-changed', atMs, service, provider, account, isPaused});
	}
}
