import {fingerprint} from '../../base/ids.ts';
import type {Account, Config, Endpoint} from '../../config/config.ts';
import {type CredentialContext, resolveCredentials} from '../../config/credentials.ts';
import {providerFor, type UsageProvider} from '../../provider/balance/usage-providers.ts';
import type {EndpointKey} from '../../wire/names.ts';

/** One account at one endpoint whose balance may be asked for. */
export interface BalanceTarget {
	readonly endpointKey: EndpointKey;
	readonly account: string;
	/** The provider's name in the configuration. */
	readonly provider: string;
	readonly baseUrl: string;
	/** The entry of `usage_providers.json`; undefined: it is probed. */
	readonly usage: UsageProvider | undefined;
	/** The endpoint's own key, a secret; undefined where it has none now. */
	readonly readKey: () => string | undefined;
	/** Changes when what would be asked changes: what was learned before is then forgotten. */
	readonly identity: string;
}

const loopback = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)$/i;

const isLoopback = (baseUrl: string): boolean => loopback.test(new URL(baseUrl).hostname);

const targetOf = (
	[endpoint, account]: readonly [Endpoint, Account],
	providers: readonly UsageProvider[],
	context: CredentialContext,
): BalanceTarget | undefined => {
	const usage = providerFor(providers, endpoint.baseUrl);
	const readKey = (): string | undefined => {
		const {bearer, apiKey} = resolveCredentials(account, context);
		return bearer ?? apiKey;
	};

	const key = readKey();
	// A server of one's own has no balance to tell, unless the user says that it does.
	if (usage === undefined && (key === undefined || isLoopback(endpoint.baseUrl))) {
		return undefined;
	}

	const token = usage?.tokenEnv === undefined ? undefined : context.env[usage.tokenEnv];
	const parts = [endpoint.baseUrl, usage?.id ?? 'auto', usage?.kind.name, usage?.endpoint, key, token];
	return {
		endpointKey: endpoint.key,
		account: account.label,
		provider: endpoint.provider,
		baseUrl: endpoint.baseUrl,
		usage,
		readKey,
		identity: fingerprint(JSON.stringify(parts)),
	};
};

/**
 * Whose balances are asked for: enabled accounts of enabled endpoints that have a key (or an entry with a token of its own). The demo has none, and
 * a loopback address only where an entry names it.
 */
export const balanceTargets = (
	config: Pick<Config, 'path' | 'services'>,
	providers: readonly UsageProvider[],
	context: CredentialContext,
): readonly BalanceTarget[] =>
	config.path === undefined
		? []
		: Object.values(config.services)
				.flatMap(service => service.endpoints)
				.filter(endpoint => endpoint.enabled && URL.canParse(endpoint.baseUrl))
				.flatMap(endpoint =>
					endpoint.accounts.filter(account => account.enabled).map(account => [endpoint, account] as const),
				)
				.map(pair => targetOf(pair, providers, context))
				.filter(target => target !== undefined);
