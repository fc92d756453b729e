import type {Account, CredentialSource, Endpoint} from './config.ts';
import {endpointDefaults} from './endpoint-defaults.ts';
import type {Setting, SettingOrigin} from './settings-list.ts';
import {formatSettingValue, noValue} from './settings-text.ts';
import {formatKeyPath, type KeyPath, type TomlDocument} from './toml.ts';

/* What an endpoint is in effect: each of its fields with the table that says so, its own, its provider's, or its preset. */

interface Field {
	/** Below the endpoint's table. */
	readonly key: readonly string[];
	readonly read: (endpoint: Endpoint) => unknown;
	readonly usual?: unknown;
	/** A preset may say it where the file does not. */
	readonly isPresets?: true;
}

const {limits, intent} = endpointDefaults;

const fields: readonly Field[] = [
	{key: ['enabled'], read: ({enabled}) => enabled, usual: true},
	{key: ['alias'], read: ({alias}) => alias},
	{key: ['preset'], read: ({preset}) => preset},
	{key: ['base_url'], read: ({baseUrl}) => baseUrl, isPresets: true},
	{key: ['dialect'], read: ({dialect}) => dialect, isPresets: true},
	{key: ['profile'], read: ({profile}) => profile, usual: endpointDefaults.profile, isPresets: true},
	{key: ['api_key_header'], read: ({apiKeyHeader}) => apiKeyHeader, isPresets: true},
	{key: ['supported_models'], read: ({supportedModels}) => Object.fromEntries(supportedModels)},
	{key: ['model_mapping'], read: ({modelMapping}) => Object.fromEntries(modelMapping)},
	{key: ['tool_denylist'], read: ({toolDenylist}) => toolDenylist},
	{key: ['tags'], read: ({tags}) => tags},
	// Names only: a header may carry a key.
	{key: ['headers'], read: ({headers}) => Object.keys(headers)},
	{key: ['continuity_domain'], read: ({continuityDomain}) => continuityDomain},
	{key: ['price_multiplier'], read: ({priceMultiplier}) => priceMultiplier, usual: 1},
	{key: ['reasoning'], read: ({reasoning}) => reasoning, usual: 'pass'},
	{key: ['on_length'], read: ({onLength}) => onLength, usual: endpointDefaults.onLength},
	{key: ['text_tools'], read: ({textTools}) => textTools, usual: endpointDefaults.textTools},
	{key: ['intent', 'level'], read: endpoint => endpoint.intent.level, usual: intent.level},
	{key: ['intent', 'any_url'], read: endpoint => endpoint.intent.anyUrl, usual: intent.anyUrl},
	{key: ['intent', 'any_command'], read: endpoint => endpoint.intent.anyCommand, usual: intent.anyCommand},
	{key: ['limits', 'max_concurrent_requests'], read: endpoint => endpoint.limits.maxConcurrentRequests},
	{key: ['limits', 'limit_group'], read: endpoint => endpoint.limits.limitGroup},
	{key: ['limits', 'queue'], read: endpoint => endpoint.limits.queue, usual: limits.queue},
	{
		key: ['limits', 'queue_timeout_ms'],
		read: endpoint => endpoint.limits.queueTimeoutMs,
		usual: limits.queueTimeoutMs,
	},
	{key: ['timeouts', 'idle_ms'], read: ({idleMs}) => idleMs},
];

const credentialKeys = ['auth_token', 'auth_token_env', 'api_key', 'api_key_env', 'auth'] as const;

/** The names under a provider or an endpoint that the rows of an endpoint tell of. */
export const toldOfEndpoints: ReadonlySet<string> = new Set([
	...fields.map(({key}) => key[0] ?? ''),
	...credentialKeys,
	'requires_openai_auth',
	'accounts',
	'endpoints',
	'priority',
]);

/** The place of an endpoint's table and that of its provider, in the order in which they are asked. */
const tablesOf = ({service, provider, endpoint}: Endpoint): readonly [KeyPath, KeyPath] => {
	const above = [service, 'providers', provider] as const;
	return [[...above, 'endpoints', endpoint], above];
};

const lineOf = (endpoint: Endpoint, key: KeyPath, document: TomlDocument | undefined): number | undefined => {
	const places = tablesOf(endpoint).map(table => document?.locate([...table, ...key]));
	return places.find(place => place !== undefined)?.line;
};

const baseOf = (endpoint: Endpoint, document: TomlDocument | undefined): KeyPath => {
	const [own, above] = tablesOf(endpoint);
	return document !== undefined && document.locate(own) === undefined ? above : own;
};

const sourceText = (source: CredentialSource): string => (source.kind === 'env' ? `env ${source.name}` : 'in the file');

/** Where the key comes from, never the key. */
const credentialText = ({credentials: {bearer, apiKey, passesClientAuth}, enabled}: Account): string => {
	const parts = [
		bearer === undefined ? '' : `token ${sourceText(bearer)}`,
		apiKey === undefined ? '' : `api key ${sourceText(apiKey)}`,
		passesClientAuth ? "the client's own login" : '',
	].filter(part => part !== '');
	return `${parts.length === 0 ? noValue : parts.join(', ')}${enabled ? '' : ' (off)'}`;
};

const row = (base: KeyPath, key: KeyPath, rest: Omit<Setting, 'key' | 'stated' | 'about' | 'editing'>): Setting => ({
	key: formatKeyPath([...base, ...key]),
	stated: undefined,
	about: undefined,
	editing: undefined,
	...rest,
});

const originOf = (endpoint: Endpoint, line: number | undefined, isPresets: boolean): SettingOrigin =>
	line !== undefined
		? {kind: 'file', line}
		: isPresets && endpoint.preset !== undefined
			? {kind: 'preset', name: endpoint.preset}
			: {kind: 'default'};

const credentialLine = (endpoint: Endpoint, document: TomlDocument | undefined): number | undefined => {
	const lines = [...credentialKeys, 'requires_openai_auth'].map(key => lineOf(endpoint, [key], document));
	return lines.find(line => line !== undefined);
};

const accountRows = (endpoint: Endpoint, base: KeyPath, document: TomlDocument | undefined): readonly Setting[] => {
	const isPool = lineOf(endpoint, ['accounts'], document) !== undefined;
	return endpoint.accounts.map(account => {
		const own = account.location?.line;
		const line = isPool && own !== undefined ? own : credentialLine(endpoint, document);
		return row(base, isPool ? ['accounts', account.label] : ['auth'], {
			value: credentialText(account),
			usual: undefined,
			origin: originOf(endpoint, line, true),
		});
	});
};

/** The rows of one endpoint. */
export const endpointSettings = (endpoint: Endpoint, document: TomlDocument | undefined): readonly Setting[] => {
	const base = baseOf(endpoint, document);
	const own = fields.map(({key, read, usual, isPresets}) =>
		row(base, key, {
			value: formatSettingValue(read(endpoint)),
			usual: formatSettingValue(usual),
			origin: originOf(endpoint, lineOf(endpoint, key, document), isPresets === true),
		}),
	);
	return [...own, ...accountRows(endpoint, base, document)];
};
