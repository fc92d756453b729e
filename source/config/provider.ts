import type {Dialect, Service} from '../wire/names.ts';
import {isLoopbackUrl, readBaseUrl} from './base-url.ts';
import type {CredentialSource, Credentials, Endpoint, ListenConfig} from './config.ts';
import {endpointDefaults, soleAccount} from './endpoint-defaults.ts';
import {readHeaders} from './headers.ts';
import type {Section} from './section.ts';

/** What reading a provider needs besides its table. */
export interface ProviderContext {
	readonly service: Service;
	readonly listen: ListenConfig;
	readonly env: NodeJS.ProcessEnv;
}

/** A provider of the file with its endpoints in the order in which they are tried: priority, then name. */
export interface Provider {
	readonly name: string;
	readonly endpoints: readonly Endpoint[];
}

const dialects = [
	'responses',
	'chat',
	'messages',
	'gemini',
	'code-assist',
	'command-code',
] as const satisfies Dialect[];
const variableName = /^[A-Za-z_]\w*$/;
const dotlessName = /^[^./\s][^./]*$/;

const readSource = (section: Section, key: 'auth_token' | 'api_key'): CredentialSource | undefined => {
	const value = section.string(key);
	if (value !== undefined && value !== '') {
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

	return {kind: 'env', name};
};

/** One family of keys beside the others or in the sub-table `auth`; the former wins, and a value wins over a variable (codex-helper.md 1.3). */
const readCredential = (section: Section, key: 'auth_token' | 'api_key'): CredentialSource | undefined => {
	const auth = section.table('auth');
	return readSource(section, key) ?? (auth === undefined ? undefined : readSource(auth, key));
};

const readCredentials = (section: Section, provider: Section): Credentials => ({
	bearer: readCredential(section, 'auth_token') ?? readCredential(provider, 'auth_token'),
	apiKey: readCredential(section, 'api_key') ?? readCredential(provider, 'api_key'),
	passesClientAuth: section.boolean('requires_openai_auth') ?? provider.boolean('requires_openai_auth') ?? false,
});

const readModels = (section: Section): ReadonlyMap<string, boolean> => {
	const models = section.table('supported_models');
	return new Map((models?.names() ?? []).map(name => [name, models?.boolean(name) ?? false]));
};

const checkModels = (section: Section, key: string, patterns: Iterable<string>): void => {
	for (const pattern of patterns) {
		if (pattern.split('*').length > 2) {
			throw (section.table(key) ?? section).error('config-model', 'has more than one * in a model name.', pattern);
		}
	}
};

const openAiHosts = /(^|\.)(openai|chatgpt)\.com$/;

const checkClientAuth = (section: Section, endpoint: Pick<Endpoint, 'baseUrl' | 'accounts'>): void => {
	const {hostname} = new URL(endpoint.baseUrl);
	if (
		endpoint.accounts.some(({credentials}) => credentials.passesClientAuth) &&
		!openAiHosts.test(hostname) &&
		!isLoopbackUrl(endpoint.baseUrl)
	) {
		throw section.error(
			'config-client-auth',
			'passes the client’s own login on and is allowed for openai.com and chatgpt.com only; use auth_token_env here.',
			section.has('requires_openai_auth') ? 'requires_openai_auth' : undefined,
		);
	}
};

interface EndpointSource {
	readonly provider: Section;
	readonly providerName: string;
	/** The provider's own table for the shorthand, else `endpoints.NAME`. */
	readonly section: Section;
	readonly name: string;
}

const readEndpoint = ({provider, providerName, section, name}: EndpointSource, context: ProviderContext): Endpoint => {
	const baseUrl = readBaseUrl(section, context.listen);
	if (baseUrl === undefined) {
		throw section.error('config-missing-key', 'has no base_url.');
	}

	for (const table of [provider, section]) {
		checkModels(table, 'supported_models', readModels(table).keys());
		checkModels(table, 'model_mapping', Object.keys(table.strings('model_mapping')));
	}

	const endpoint: Endpoint = {
		key: `${context.service}/${providerName}/${name}`,
		service: context.service,
		provider: providerName,
		endpoint: name,
		alias: section.string('alias') ?? provider.string('alias'),
		enabled: (provider.boolean('enabled') ?? true) && (section.boolean('enabled') ?? true),
		baseUrl,
		dialect:
			section.choice('dialect', dialects) ??
			provider.choice('dialect', dialects) ??
			(context.service === 'codex' ? 'responses' : 'messages'),
		...endpointDefaults,
		accounts: [soleAccount(context.service, readCredentials(section, provider), section.document.locate(section.path))],
		headers: {...readHeaders(provider, context.env), ...readHeaders(section, context.env)},
		tags: {...provider.strings('tags'), ...section.strings('tags')},
		supportedModels: new Map([...readModels(provider), ...readModels(section)]),
		modelMapping: new Map([
			...Object.entries(provider.strings('model_mapping')),
			...Object.entries(section.strings('model_mapping')),
		]),
		continuityDomain: section.string('continuity_domain') ?? provider.string('continuity_domain'),
		location: section.document.locate(section.path),
	};
	checkClientAuth(section, endpoint);
	return endpoint;
};

const checkName = (section: Section, name: string): void => {
	if (!dotlessName.test(name)) {
		throw section.error('config-name', 'has a dot, a slash or a blank in its name; routes could not name it.');
	}
};

const byName = (left: string, right: string): number => (left < right ? -1 : 1);

/**
 * One table `[S.providers.NAME]`: the shorthand `base_url` is endpoint `default`, `endpoints.NAME` are the others, and what an
 * endpoint does not say it takes from its provider (codex-helper.md 1.3). Throws `ConfigError`.
 */
export const readProvider = (name: string, provider: Section, context: ProviderContext): Provider => {
	checkName(provider, name);
	const named = provider.tables('endpoints');
	if (provider.has('base_url') && named.some(([endpoint]) => endpoint === 'default')) {
		throw provider.error('config-endpoint', 'stands beside endpoints.default; keep one of them.', 'base_url');
	}

	if (!provider.has('base_url') && named.length === 0) {
		throw provider.has('preset')
			? provider.error('config-preset', 'is not known to this version; give the provider a base_url as well.', 'preset')
			: provider.error('config-missing-key', 'has neither base_url nor endpoints.NAME.');
	}

	const found = named.map(([endpointName, section]) => {
		checkName(section, endpointName);
		const priority = section.integer('priority', [0, 4_294_967_295]) ?? 0;
		return {priority, endpoint: readEndpoint({provider, providerName: name, section, name: endpointName}, context)};
	});
	if (provider.has('base_url')) {
		const source = {provider, providerName: name, section: provider, name: 'default'};
		found.push({priority: 0, endpoint: readEndpoint(source, context)});
	}

	return {
		name,
		endpoints: found
			.toSorted((a, b) => a.priority - b.priority || byName(a.endpoint.endpoint, b.endpoint.endpoint))
			.map(({endpoint}) => endpoint),
	};
};
