import {messageOf} from '../base/errors.ts';
import {catalogText, codexSnippet, type CatalogModel} from '../client/codex/catalog.ts';
import {replaceFile} from '../base/atomic-file.ts';
import type {Config, Endpoint} from '../config/config.ts';
import type {Home} from '../config/home.ts';
import {quirksOf} from '../provider/profiles/profiles.ts';
import type {ListedModel} from '../provider/presets/model-list.ts';
import {modelAt} from '../route/model.ts';
import {fetchModels} from './provider-models.ts';

/* What `serve` says of its upstreams' models, and the catalog that Codex gets of them (product.md 6). */

/** What one upstream lists, or why it could not be asked. */
export type UpstreamModels = {readonly endpoint: Endpoint} & (
	| {readonly models: readonly ListedModel[]; readonly isCut: boolean}
	| {readonly fault: string}
);

/** Asks every enabled upstream of the codex service, all at once. Never rejects: whoever does not answer says why. */
export const askUpstreams = async (config: Config, env: NodeJS.ProcessEnv): Promise<readonly UpstreamModels[]> =>
	Promise.all(
		config.services.codex.leaves
			.map(({endpoint}) => endpoint)
			.filter((endpoint, index, all) => all.indexOf(endpoint) === index)
			.map(async (endpoint): Promise<UpstreamModels> => {
				try {
					const {models, isCut} = await fetchModels(endpoint, {env, connectMs: config.clocks.connectMs});
					return {endpoint, models, isCut};
				} catch (error) {
					return {endpoint, fault: messageOf(error)};
				}
			}),
	);

const shownModels = 20;

/** One upstream's models as a line for people. */
export const modelsLine = (asked: UpstreamModels): string => {
	const {provider} = asked.endpoint;
	if ('fault' in asked) {
		return `${provider}: ${asked.fault}`;
	}

	const ids = asked.models.map(({id}) => id);
	const rest = ids.length - shownModels;
	const shown = ids.slice(0, shownModels).join(', ');
	return ids.length === 0
		? `${provider} lists no models.`
		: `${provider} lists ${ids.length}${asked.isCut ? ' models and more' : ids.length === 1 ? ' model' : ' models'}: ${shown}${rest > 0 ? `, and ${rest} more` : ''}.`;
};

/** The same as a line of `serve --json`. */
export const modelsEvent = (asked: UpstreamModels): string =>
	JSON.stringify({
		event: 'models',
		endpoint: asked.endpoint.key,
		...('fault' in asked ? {error: asked.fault} : {models: asked.models.map(({id}) => id), is_cut: asked.isCut}),
	});

/** What Codex is told where the upstream does not say it: too little compacts early, too much ends turns. */
const defaultContextWindow = 128_000;

const listedLevels: readonly string[] = ['low', 'medium', 'high'];

const catalogModel = (endpoint: Endpoint, slug: string, listed: ListedModel | undefined): CatalogModel => {
	const {chat} = quirksOf(endpoint.profile, modelAt(endpoint, slug));
	const isChat = endpoint.dialect === 'chat';
	const levels = chat.efforts?.filter(effort => effort !== 'none') ?? listedLevels;
	return {
		slug,
		contextWindow: listed?.contextWindow ?? defaultContextWindow,
		takesImages: (listed?.takesImages ?? true) && (!isChat || chat.vision),
		efforts: isChat && chat.effort === 'omit' ? [] : levels,
		parallelTools: !isChat || chat.parallelToolCalls,
	};
};

/** The names that Codex may ask an upstream for: those that the user mapped without a `*`, then those that it lists. */
const namesAt = (asked: UpstreamModels): readonly CatalogModel[] => {
	const listed = 'fault' in asked ? [] : asked.models;
	const mapped = [...asked.endpoint.modelMapping].filter(([from]) => !from.includes('*'));
	return [
		...mapped.map(([from, to]) =>
			catalogModel(
				asked.endpoint,
				from,
				listed.find(({id}) => id === to),
			),
		),
		...listed.map(model => catalogModel(asked.endpoint, model.id, model)),
	];
};

/** Every model once; the first upstream in the order of the routes says what it can do. */
export const catalogModels = (asked: readonly UpstreamModels[]): readonly CatalogModel[] => {
	const bySlug = new Map<string, CatalogModel>();
	for (const model of asked.flatMap(namesAt)) {
		if (!bySlug.has(model.slug)) {
			bySlug.set(model.slug, model);
		}
	}

	return [...bySlug.values()];
};

/** Each brings a prompt of two kilobytes, and Codex reads them all at every start. */
const mostCatalogModels = 500;

/** Addresses to listen on that nobody can be reached at. */
const everyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * Writes the catalog of the upstreams' models into the home and gives the snippet for Codex that names it. Upstreams that could not be asked are
 * named in comments; without any model no file is written. Throws RelayError where the file cannot be written.
 */
export const printedConfig = async (
	config: Config,
	{home, env}: {readonly home: Home; readonly env: NodeJS.ProcessEnv},
): Promise<string> => {
	const asked = await askUpstreams(config, env);
	const all = catalogModels(asked);
	const models = all.slice(0, mostCatalogModels);
	const rest = all.length - models.length;
	if (models.length > 0) {
		await replaceFile(home.codexModels, catalogText(models));
	}

	const {port} = config.listen;
	const host = everyAddress.has(config.listen.host) ? '127.0.0.1' : config.listen.host;
	const snippet = codexSnippet({
		model: models[0]?.slug,
		baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
		catalogFile: models.length > 0 ? home.codexModels : undefined,
		tokenFile: home.token,
	});
	return [
		...asked.map(each => `# ${modelsLine(each)}`),
		...(rest > 0 ? [`# The catalog holds the first ${models.length} of them; --model-map names others.`] : []),
		snippet,
	].join('\n');
};
