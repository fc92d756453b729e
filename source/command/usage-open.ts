import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {codeOf, messageOf} from '../base/errors.ts';
import type {Home} from '../config/home.ts';
import {loadConfig} from '../config/load.ts';
import {Section} from '../config/section.ts';
import {parseToml} from '../config/toml.ts';
import {parsePriceOverrides} from '../engine/balance/balance-prices.ts';
import type {RequestView} from '../event/view.ts';
import type {CostAsk, PriceCost} from '../observe/usage/entry.ts';
import {defaultForecast, type ForecastSettings} from '../observe/usage/forecast.ts';
import {UsageSource} from '../observe/usage/usage-source.ts';
import {PriceBook} from '../provider/prices/price-book.ts';
import type {ModelPrice} from '../provider/prices/price.ts';
import type {CostOf, LoadCosts} from '../tui/store/request-costs.ts';
import type {TokenUsage} from '../wire/usage.ts';

/*
 * The usage of a home: its ledger, with the price table, the user's own prices, the providers' multipliers and the budget. What of these
 * cannot be read is left out with a warning: the requests were made, whatever the configuration is like now.
 */

/** The usage of a home. */
export interface OpenedUsage {
	readonly source: UsageSource;
	/** Sentences about files that could not be used. */
	readonly warnings: readonly string[];
}

interface Context {
	readonly env: NodeJS.ProcessEnv;
	readonly now: () => number;
}

const overridesPath = (home: Home): string => path.join(home.root, 'pricing_overrides.toml');

/** What a reader makes of a file; undefined where there is no file, or where it cannot be used and the warnings say so. */
const using = async <Value>(
	warnings: Map<string, string>,
	read: () => Promise<Value>,
	consequence: string,
): Promise<Value | undefined> => {
	try {
		return await read();
	} catch (error) {
		const code = codeOf(error);
		if (code !== 'ENOENT' && code !== 'config-missing') {
			warnings.set(messageOf(error), `${warnings.get(messageOf(error)) ?? messageOf(error)} ${consequence}`);
		}

		return undefined;
	}
};

/** `[ui.usage_forecast]` of a configuration's text. Throws ConfigError with file, line and key. */
export const parseForecast = (file: string, text: string): ForecastSettings => {
	const document = parseToml(file, text);
	const table = new Section(document, [], document.value).table('ui')?.table('usage_forecast');
	const minutes = table?.integer('rate_window_minutes', [5, 1440]);
	const budget = table?.number('daily_budget_usd', [0, 1_000_000]);
	return {
		isEnabled: table?.boolean('enabled') ?? defaultForecast.isEnabled,
		windowMs: minutes === undefined ? defaultForecast.windowMs : minutes * 60_000,
		leastPriced: table?.integer('min_priced_requests', [1, 10_000]) ?? defaultForecast.leastPriced,
		dailyBudgetNanoUsd: budget === undefined ? undefined : Math.round(budget * 1e9),
	};
};

const readOverrides = async (file: string): Promise<readonly ModelPrice[]> => {
	const {mtimeMs} = await stat(file);
	return parsePriceOverrides(file, await readFile(file, 'utf8'), mtimeMs);
};

/** The prices of a home; where its own file is at fault, the table's alone (the page Usage says so). */
export const readPriceBook = async (home: Home): Promise<PriceBook> =>
	new PriceBook(await readOverrides(overridesPath(home)).catch(() => []));

const noTokens: TokenUsage = {
	...{inputTokens: undefined, outputTokens: undefined, totalTokens: undefined},
	...{cachedInputTokens: undefined, cacheCreationInputTokens: undefined, reasoningTokens: undefined},
};

/**
 * What a request would cost once more, in nanodollars: its tokens at list price. Another upstream has nothing of it in its cache, so all of the
 * input is fresh.
 */
export const createRequestPrice = async (
	home: Home,
): Promise<(request: Pick<RequestView, 'service' | 'model' | 'usage'>) => Promise<number | undefined>> => {
	const book = await readPriceBook(home);
	return async ({service, model, usage}) => {
		if (usage?.inputTokens === undefined) {
			return undefined;
		}

		const {inputTokens, cachedInputTokens = 0, cacheCreationInputTokens = 0} = usage;
		// Messages counts what comes from a cache beside the input, the others inside of it.
		const besides = service === 'claude' ? cachedInputTokens + cacheCreationInputTokens : 0;
		const fresh = {...noTokens, inputTokens: inputTokens + besides, outputTokens: usage.outputTokens};
		return book.costOf({usage: fresh, model, tier: undefined, multiplier: 1, isCachedInsideInput: true}).nanoUsd;
	};
};

const dollars = (picoUsdPerToken: number): string => `$${Number((picoUsdPerToken / 1e6).toFixed(6))}`;

const textOf = ({rates, source, asOf}: ModelPrice): string => {
	const {input, output, cacheRead, cacheWrite} = rates;
	const parts = [
		`${dollars(input)} in`,
		cacheRead === undefined ? '' : `${dollars(cacheRead)} cached`,
		cacheWrite === undefined ? '' : `${dollars(cacheWrite)} into the cache`,
		`${dollars(output)} out`,
	];
	return `${parts.filter(part => part !== '').join(', ')} a million (${source}, ${asOf})`;
};

const pricing =
	(book: PriceBook, multipliers: ReadonlyMap<string, number>): PriceCost =>
	({models, endpointKey, ...ask}: CostAsk) => {
		const model = models.find(name => book.price(name) !== undefined);
		const {nanoUsd, confidence} = book.costOf({...ask, model, multiplier: multipliers.get(endpointKey) ?? 1});
		return {nanoUsd, isPartial: confidence === 'partial'};
	};

interface Prices {
	readonly book: PriceBook;
	readonly price: PriceCost;
}

/** The table, the user's own prices and the providers' multipliers; `warnings` by what is wrong: one fault may have several consequences. */
const readPrices = async (home: Home, env: Context['env'], warnings: Map<string, string>): Promise<Prices> => {
	const overrides = await using(warnings, () => readOverrides(overridesPath(home)), 'Only the price table counts.');
	const config = await using(
		warnings,
		() => loadConfig({path: home.config, env}),
		'Price multipliers of providers are left out.',
	);
	const endpoints = Object.values(config?.services ?? {}).flatMap(service => service.endpoints);
	const book = new PriceBook(overrides ?? []);
	return {book, price: pricing(book, new Map(endpoints.map(({key, priceMultiplier}) => [key, priceMultiplier])))};
};

/** Opens the usage of a home; reads its small files, not yet the ledger. */
export const openUsage = async (home: Home, {env, now}: Context): Promise<OpenedUsage> => {
	const warnings = new Map<string, string>();
	const {book, price} = await readPrices(home, env, warnings);
	const forecast = await using(
		warnings,
		async () => parseForecast(home.config, await readFile(home.config, 'utf8')),
		'There is no budget, and the forecast is the usual one.',
	);
	const source = new UsageSource({
		path: home.requestsLog,
		price,
		priceText: model => {
			const known = book.price(model);
			return known && textOf(known);
		},
		forecast: forecast ?? defaultForecast,
		now,
	});
	return {source, warnings: [...warnings.values()]};
};

const changeOf = async (file: string): Promise<string> => {
	const found = await stat(file).catch(() => undefined);
	return found === undefined ? 'none' : `${found.mtimeMs} ${found.size}`;
};

/** Changes whenever prices, multipliers or the budget may have. */
const stampOf = async (home: Home): Promise<string> =>
	(await Promise.all([home.config, overridesPath(home)].map(changeOf))).join(' ');

const costBy =
	(price: PriceCost): CostOf =>
	({usage, billed, endpointKey = '', service}) => {
		if (usage === undefined || billed === undefined) {
			return undefined;
		}

		const asked = {...noTokens, ...usage};
		const {nanoUsd, isPartial} = price({
			...billed,
			usage: asked,
			endpointKey,
			isCachedInsideInput: service !== 'claude',
		});
		return nanoUsd === undefined ? undefined : {nanoUsd, isPartial};
	};

/** What answered requests cost, as the page Usage counts it; loaded again when the files that decide it change. */
export const createRequestCosts = (home: Home, {env}: Pick<Context, 'env'>): LoadCosts => {
	let loaded: {readonly stamp: string; readonly costOf: Promise<CostOf>} | undefined;
	return async () => {
		const stamp = await stampOf(home);
		if (loaded?.stamp !== stamp) {
			loaded = {stamp, costOf: readPrices(home, env, new Map()).then(({price}) => costBy(price))};
		}

		return loaded.costOf;
	};
};

/** Answers a screen's questions; prices, multipliers and the budget are those of now, also when their files change. */
export const createUsageLook = (home: Home, context: Context): UsageSource['look'] => {
	let opened: {readonly stamp: string; readonly usage: Promise<OpenedUsage>} | undefined;
	return async question => {
		const stamp = await stampOf(home);
		if (opened?.stamp !== stamp) {
			const before = opened?.usage;
			opened = {stamp, usage: openUsage(home, context)};
			await (await before)?.source.close();
		}

		return (await opened.usage).source.look(question);
	};
};
