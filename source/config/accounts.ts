import type {Service} from '../wire/names.ts';
import type {Account, CredentialSource, Credentials} from './config.ts';
import {soleAccount} from './endpoint-defaults.ts';
import {isHeaderValue} from './headers.ts';
import type {Section} from './section.ts';

/* Credentials of a provider: its own keys, or the pool `accounts` (product.md 6). */

/** Where an endpoint's credentials may stand. */
export interface AccountSource {
	readonly service: Service;
	readonly baseUrl: string;
	readonly provider: Section;
	/** The provider's own table for the shorthand, else `endpoints.NAME`. */
	readonly section: Section;
	/** What is sent where nothing of this is in the file: the preset's way. */
	readonly fallback?: Credentials | undefined;
}

const variableName = /^[A-Za-z_]\w*$/;
/** A candidate is called `<endpoint key>#<label>`. */
const labelPattern = /^[^\s#/\p{Cc}]{1,64}$/u;
const credentialKeys = [
	'auth_token',
	'auth_token_env',
	'api_key',
	'api_key_env',
	'auth',
	'requires_openai_auth',
] as const;
/** Whose keys the client's own file holds. */
const makerHosts: Readonly<Record<Service, RegExp>> = {
	codex: /(^|\.)openai\.com$/,
	claude: /(^|\.)anthropic\.com$/,
};

const isMaker = (service: Service, baseUrl: string): boolean => {
	const {protocol, hostname} = new URL(baseUrl);
	return protocol === 'https:' && makerHosts[service].test(hostname);
};

class CredentialReader {
	readonly #isMaker: boolean;

	constructor({service, baseUrl}: AccountSource) {
		this.#isMaker = isMaker(service, baseUrl);
	}

	/** The credentials of an endpoint without a pool; the fallback counts where neither table says anything. */
	readOwn(section: Section, above: Section, fallback: Credentials | undefined): Credentials {
		const own = this.read(section, above);
		const isSilent = own.bearer === undefined && own.apiKey === undefined && !own.passesClientAuth;
		return isSilent && fallback !== undefined ? this.#fromMaker(fallback) : own;
	}

	/** What `section` does not say comes from `above`. */
	read(section: Section, above: Section): Credentials {
		return {
			bearer: this.#family(section, 'auth_token') ?? this.#family(above, 'auth_token'),
			apiKey: this.#family(section, 'api_key') ?? this.#family(above, 'api_key'),
			passesClientAuth: section.boolean('requires_openai_auth') ?? above.boolean('requires_openai_auth') ?? false,
		};
	}

	/** One family beside the others or in the sub-table `auth`; the former wins, and a value wins over a variable (codex-helper.md 1.3). */
	#family(section: Section, key: 'auth_token' | 'api_key'): CredentialSource | undefined {
		const auth = section.table('auth');
		return this.#source(section, key) ?? (auth === undefined ? undefined : this.#source(auth, key));
	}

	#source(section: Section, key: 'auth_token' | 'api_key'): CredentialSource | undefined {
		const value = section.string(key);
		if (value !== undefined && value !== '') {
			if (!isHeaderValue(value)) {
				throw section.error(
					'config-value',
					'has a character that a header may not hold, such as the end of a line.',
					key,
				);
			}

			return {kind: 'inline', value};
		}

		const name = section.string(`${key}_env`);
		if (name === undefined || name === '') {
			return undefined;
		}

		if (!variableName.test(name)) {
			// The value is not shown: people paste the key itself here.
			throw section.error(
				'config-env-name',
				'takes the name of an environment variable, not the key itself.',
				`${key}_env`,
			);
		}

		return this.#isMaker ? {kind: 'env', name, isInClientFile: true} : {kind: 'env', name};
	}

	#fromMaker({bearer, apiKey, ...rest}: Credentials): Credentials {
		const mark = (source: CredentialSource | undefined): CredentialSource | undefined =>
			source?.kind === 'env' && this.#isMaker ? {...source, isInClientFile: true} : source;
		return {bearer: mark(bearer), apiKey: mark(apiKey), ...rest};
	}
}

const ownKey = (section: Section): string | undefined => credentialKeys.find(key => section.has(key));

const readAccount = (account: Section, service: Service, reader: CredentialReader): Account => {
	const label = account.string('label');
	if (label === undefined) {
		throw account.error('config-missing-key', 'has no label; give each account a name of its own.');
	}

	if (!labelPattern.test(label)) {
		throw account.error('config-name', 'takes up to 64 characters without blanks, # and /.', 'label');
	}

	const credentials = reader.read(account, account);
	if (credentials.bearer === undefined && credentials.apiKey === undefined && !credentials.passesClientAuth) {
		throw account.error('config-missing-key', 'has no key; give it auth_token_env or api_key_env.');
	}

	const weight = account.number('weight', [0, 1_000_000]) ?? 1;
	if (weight === 0) {
		throw account.error('config-value', 'is 0, but a weight is above 0; write enabled = false instead.', 'weight');
	}

	return {
		label,
		service,
		credentials,
		weight,
		quotaGroup: account.string('quota_group'),
		enabled: account.boolean('enabled') ?? true,
		location: account.document.locate(account.path),
	};
};

const checkLabels = (pool: readonly Section[], accounts: readonly Account[]): void => {
	for (const [index, section] of pool.entries()) {
		const label = accounts[index]?.label;
		if (accounts.findIndex(other => other.label === label) < index) {
			throw section.error(
				'config-account',
				`is ${JSON.stringify(label)}, the label of an account above; rename one.`,
				'label',
			);
		}
	}
};

const readPool = (pool: readonly Section[], {service, provider}: AccountSource, reader: CredentialReader) => {
	const rival = ownKey(provider);
	if (rival !== undefined) {
		throw provider.error('config-account', 'stands beside accounts; move it into one of them.', rival);
	}

	const accounts = pool.map(section => readAccount(section, service, reader));
	checkLabels(pool, accounts);
	const [first, ...rest] = accounts;
	if (first === undefined) {
		throw provider.error('config-account', 'is empty; name at least one account or remove it.', 'accounts');
	}

	return [first, ...rest] as const;
};

/**
 * The accounts of an endpoint: its own keys first, then the provider's pool, then the provider's own keys as one account `default`.
 * Throws `ConfigError` `config-account`, `config-name`, `config-missing-key`, `config-env-name`, `config-value` or `config-type`.
 */
export const readAccounts = (source: AccountSource): readonly [Account, ...Account[]] => {
	const {service, provider, section} = source;
	const reader = new CredentialReader(source);
	const pool = provider.tableList('accounts');
	if (pool === undefined || (section !== provider && ownKey(section) !== undefined)) {
		const credentials = reader.readOwn(section, provider, source.fallback);
		return [soleAccount(service, credentials, section.document.locate(section.path))];
	}

	return readPool(pool, source, reader);
};
