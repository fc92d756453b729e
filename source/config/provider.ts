import type {ProviderPreset} from '../provider/presets/preset.ts';
import {type Dialect, type Service, dialects} from '../wire/names.ts';
import {isLoopbackUrl, readBaseUrl} from './base-url.ts';
import {readAccounts} from './accounts.ts';
import type {Endpoint, LengthPolicy, ListenConfig} from './config.ts';
import {readLimits} from './concurrency-limits.ts';
import {readHeaders} from './headers.ts';
import {presetCredentials, readApiKeyHeader, readPreset, readProfile} from './preset.ts';
import type {Section} from './section.ts';
import {readIntent, readTextTools} from './text-tools.ts';

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

/** What `on_length` may say. */
export const lengthPolicies = ['faithful', 'endturn', 'soft'] as const satisfies LengthPolicy[];
const dotlessName = /^[^./\s\p{Cc}][^./\p{Cc}]*$/u;

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

const readMultiplier = (section: Section): number | undefined => section.number('price_multiplier', [0, 1000]);

const readIdle = (section: Section): number | undefined =>
	section.table('timeouts')?.integer('idle_ms', [1000, 86_400_000]);

const readOnLength = (section: Section): LengthPolicy | undefined => section.choice('on_length', lengthPolicies);

/** `pass`, `off` or an effort; which efforts there are is the upstream's business (routing.md 13). */
const readReasoning = (section: Section): string | undefined => {
	const word = section.string('reasoning');
	if (word !== undefined && !/^[a-z][a-z_-]*$/.test(word)) {
		throw section.error('config-value', 'takes "pass", "off" or an effort such as "high".', 'reasoning');
	}

	return word;
};

interface EndpointSource {
	readonly provider: Section;
	readonly providerName: string;
	/** The provider's own table for the shorthand, else `endpoints.NAME`. */
	readonly section: Section;
	readonly name: string;
	readonly preset: ProviderPreset | undefined;
}

const missingUrl = ({section, preset}: EndpointSource): Error =>
	preset === undefined
		? section.error('config-missing-key', 'has no base_url.')
		: section.error(
				'config-missing-key',
				`has no base_url, and the preset ${preset.name} has none of its own; write base_url = ${JSON.stringify(preset.otherUrls[0] ?? 'https://…')}.`,
			);

const readDialect = ({section, provider, preset}: EndpointSource, service: Service): Dialect =>
	section.choice('dialect', dialects) ??
	provider.choice('dialect', dialects) ??
	preset?.dialect ??
	(service === 'codex' ? 'responses' : 'messages');

const readEndpoint = (source: EndpointSource, context: ProviderContext): Endpoint => {
	const {provider, providerName, section, name, preset} = source;
	const baseUrl = readBaseUrl(section, context.listen, preset?.baseUrl);
	if (baseUrl === undefined) {
		throw missingUrl(source);
	}

	for (const table of [provider, section]) {
		checkModels(table, 'supported_models', readModels(table).keys());
		checkModels(table, 'model_mapping', Object.keys(table.strings('model_mapping')));
	}

	const profile = readProfile(section, provider, preset);
	const textTools = readTextTools(section, provider, profile);
	const endpoint: Endpoint = {
		key: `${context.service}/${providerName}/${name}`,
		service: context.service,
		provider: providerName,
		endpoint: name,
		alias: section.string('alias') ?? provider.string('alias'),
		enabled: (provider.boolean('enabled') ?? true) && (section.boolean('enabled') ?? true),
		baseUrl,
		dialect: readDialect(source, context.service),
		preset: preset?.name,
		profile,
		textTools,
		intent: readIntent(section, provider, {profile, textTools}),
		apiKeyHeader: readApiKeyHeader(section, provider, preset),
		accounts: readAccounts({
			service: context.service,
			baseUrl,
			provider,
			section,
			fallback: presetCredentials(preset, baseUrl),
		}),
		limits: readLimits(section, provider),
		priceMultiplier: readMultiplier(section) ?? readMultiplier(provider) ?? 1,
		reasoning: readReasoning(section) ?? readReasoning(provider) ?? 'pass',
		idleMs: readIdle(section) ?? readIdle(provider),
		onLength: readOnLength(section) ?? readOnLength(provider) ?? 'faithful',
		headers: {...readHeaders(provider, context.env), ...readHeaders(section, context.env)},
		tags: {...provider.strings('tags'), ...section.strings('tags')},
		supportedModels: new Map([...readModels(provider), ...readModels(section)]),
		modelMapping: new Map([
			...Object.entries(provider.strings('model_mapping')),
			...Object.entries(section.strings('model_mapping')),
		]),
		toolDenylist: [
			...new Set([...(provider.stringList('tool_denylist') ?? []), ...(section.stringList('tool_denylist') ?? [])]),
		],
		continuityDomain: section.string('continuity_domain') ?? provider.string('continuity_domain'),
		location: section.document.locate(section.path),
	};
	checkClientAuth(section, endpoint);
	return endpoint;
};

const checkName = (section: Section, name: string): void => {
	if (!dotlessName.test(name)) {
		throw section.error(
			'config-name',
			'has a dot, a slash, a blank or a control character in its name; routes could not name it.',
		);
	}
};

const byName = (left: string, right: string): number => (left < right ? -1 : 1);

/**
 * One table `[S.providers.NAME]`: the shorthand `base_url` is endpoint `default`, `endpoints.NAME` are the others, and what an
 * endpoint does not say it takes from its provider (codex-helper.md 1.3), and the provider from its preset. Throws `ConfigError`.
 */
export const readProvider = (name: string, provider: Section, context: ProviderContext): Provider => {
	checkName(provider, name);
	const named = provider.tables('endpoints');
	if (provider.has('base_url') && named.some(([endpoint]) => endpoint === 'default')) {
		throw provider.error('config-endpoint', 'stands beside endpoints.default; keep one of them.', 'base_url');
	}

	const preset = readPreset(provider);
	if (!provider.has('base_url') && named.length === 0 && preset === undefined) {
		throw provider.error('config-missing-key', 'has neither base_url nor preset nor endpoints.NAME.');
	}

	const found = named.map(([endpointName, section]) => {
		checkName(section, endpointName);
		const priority = section.integer('priority', [0, 4_294_967_295]) ?? 0;
		const source = {provider, providerName: name, section, name: endpointName, preset};
		return {priority, endpoint: readEndpoint(source, context)};
	});
	if (provider.has('base_url') || named.length === 0) {
		const source = {provider, providerName: name, section: provider, name: 'default', preset};
		found.push({priority: 0, endpoint: readEndpoint(source, context)});
	}

	return {
		name,
		endpoints: found
			.toSorted((a, b) => a.priority - b.priority || byName(a.endpoint.endpoint, b.endpoint.endpoint))
			.map(({endpoint}) => endpoint),
	};
};
