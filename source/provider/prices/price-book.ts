import type {TokenUsage} from '../../wire/usage.ts';
import {type CostConfidence, type ModelPrice, type PriceRates} from './price.ts';
import {priceTable} from './price-table.ts';

/* Prices looked up and costs made of them (codex-helper.md 3.6). */

/** What a cost is made of. */
export interface CostQuestion {
	readonly usage: TokenUsage;
	readonly model: string | undefined;
	/** `service_tier` as it was billed; undefined or `default`: the list price. */
	readonly tier: string | undefined;
	/** What the provider charges in relation to the list price. */
	readonly multiplier: number;
	/** Responses and Chat count cached tokens inside the input, Messages beside it. */
	readonly isCachedInsideInput: boolean;
}

/** One line of a cost's formula: tokens times rate. */
export interface CostPart {
	readonly what: 'input' | 'output' | 'cache read' | 'cache write';
	readonly tokens: number;
	readonly picoUsdPerToken: number;
}

/** A cost with everything that it was made of. */
export interface Cost {
	/** Whole nanodollars, all factors included; undefined: unknown. */
	readonly nanoUsd: number | undefined;
	readonly confidence: CostConfidence;
	readonly parts: readonly CostPart[];
	/** Tier and provider, in thousandths and millionths. */
	readonly tierThousandths: number;
	readonly multiplierMillionths: number;
	/** `OpenAI list price, 2026-11-06`. */
	readonly source: string | undefined;
}

const effortSuffix = /-(?:none|minimal|low|medium|high|xhigh|max)$/;
const dateSuffix = /-(?:20\d{6}|20\d\d-\d\d-\d\d|latest)$/;
const contextSuffix = /\[\w{1,8}\]$/;

/** A model's name, then the same without vendor prefix, context mark, date and effort, each step on top of the one before. */
const spellingsOf = (model: string): readonly string[] => {
	const lower = model.trim().toLowerCase();
	const spellings = [lower, lower.slice(lower.lastIndexOf('/') + 1)];
	for (const suffix of [contextSuffix, effortSuffix, dateSuffix, effortSuffix]) {
		spellings.push((spellings.at(-1) ?? '').replace(suffix, ''));
	}

	return spellings;
};

interface Rates {
	readonly rates: PriceRates;
	readonly isKnown: boolean;
}

const ratesFor = ({rates, longPrompt}: ModelPrice, promptTokens: number): Rates =>
	longPrompt === undefined || promptTokens <= longPrompt.aboveTokens
		? {rates, isKnown: true}
		: {rates: longPrompt.rates ?? rates, isKnown: longPrompt.rates !== undefined};

interface Tokens {
	readonly fresh: number;
	readonly output: number;
	readonly cacheRead: number;
	readonly cacheWrite: number;
}

const tokensOf = ({usage, isCachedInsideInput}: CostQuestion): Tokens => {
	const input = Math.max(0, usage.inputTokens ?? 0);
	const cacheRead = Math.max(0, usage.cachedInputTokens ?? 0);
	const cacheWrite = Math.max(0, usage.cacheCreationInputTokens ?? 0);
	return {
		fresh: isCachedInsideInput ? Math.max(0, input - cacheRead - cacheWrite) : input,
		output: Math.max(0, usage.outputTokens ?? 0),
		cacheRead: isCachedInsideInput ? Math.min(cacheRead, input) : cacheRead,
		cacheWrite: isCachedInsideInput ? Math.min(cacheWrite, Math.max(0, input - cacheRead)) : cacheWrite,
	};
};

/** A part whose rate is not known is priced like fresh input. */
const partsOf = ({fresh, output, cacheRead, cacheWrite}: Tokens, rates: PriceRates): readonly CostPart[] => {
	const all: readonly CostPart[] = [
		{what: 'input', tokens: fresh, picoUsdPerToken: rates.input},
		{what: 'cache read', tokens: cacheRead, picoUsdPerToken: rates.cacheRead ?? rates.input},
		{what: 'cache write', tokens: cacheWrite, picoUsdPerToken: rates.cacheWrite ?? rates.input},
		{what: 'output', tokens: output, picoUsdPerToken: rates.output},
	];
	return all.filter(({tokens}) => tokens > 0);
};

const listTiers: ReadonlySet<string> = new Set(['default', 'standard', 'auto', '']);

const hasAllRates = ({cacheRead, cacheWrite}: Tokens, rates: PriceRates): boolean =>
	(cacheRead === 0 || rates.cacheRead !== undefined) && (cacheWrite === 0 || rates.cacheWrite !== undefined);

const unknownCost: Cost = {
	nanoUsd: undefined,
	confidence: 'unknown',
	parts: [],
	tierThousandths: 1000,
	multiplierMillionths: 1_000_000,
	source: undefined,
};

/** The price table with the user's own prices before it. */
export class PriceBook {
	readonly #byName = new Map<string, ModelPrice>();

	constructor(overrides: readonly ModelPrice[] = []) {
		for (const price of [...priceTable, ...overrides]) {
			for (const name of [price.id, ...price.aliases]) {
				this.#byName.set(name.toLowerCase(), price);
			}
		}
	}

	/** A model's price; vendor prefixes (`openai/gpt-5.5`), dates and efforts (`gpt-5.5-high`) are looked through. */
	price(model: string | undefined): ModelPrice | undefined {
		for (const name of model === undefined ? [] : spellingsOf(model)) {
			const price = this.#byName.get(name);
			if (price !== undefined) {
				return price;
			}
		}

		return undefined;
	}

	/** Dollars a million tokens at list price, for comparing models: three parts input to one part output. Undefined: unknown. */
	dollarsPerMillion(model: string | undefined): number | undefined {
		const rates = this.price(model)?.rates;
		return rates === undefined ? undefined : (rates.input * 3 + rates.output) / 4 / 1_000_000;
	}

	/** What an answer cost. */
	costOf(question: CostQuestion): Cost {
		const {usage, model, tier, multiplier, isCachedInsideInput} = question;
		const price = this.price(model);
		if (price === undefined || (usage.inputTokens === undefined && usage.outputTokens === undefined)) {
			return unknownCost;
		}

		const tokens = tokensOf(question);
		const promptTokens = isCachedInsideInput
			? (usage.inputTokens ?? 0)
			: tokens.fresh + tokens.cacheRead + tokens.cacheWrite;
		const {rates, isKnown} = ratesFor(price, promptTokens);
		const tierName = tier?.toLowerCase() ?? '';
		const factor = listTiers.has(tierName) ? 1000 : price.tierFactors.get(tierName);
		const isWhole =
			isKnown &&
			factor !== undefined &&
			hasAllRates(tokens, rates) &&
			usage.inputTokens !== undefined &&
			usage.outputTokens !== undefined;
		const parts = partsOf(tokens, rates);
		const tierThousandths = factor ?? 1000;
		const multiplierMillionths = Math.round(multiplier * 1_000_000);
		return {
			nanoUsd: sumNano(parts, tierThousandths, multiplierMillionths),
			confidence: isWhole ? price.confidence : 'partial',
			parts,
			tierThousandths,
			multiplierMillionths,
			source: `${price.source}, ${price.asOf}`,
		};
	}
}

/** Exact to the last step: tokens times rate leaves what a double holds. */
const sumNano = (parts: readonly CostPart[], tierThousandths: number, multiplierMillionths: number): number => {
	const pico = parts.reduce(
		(total, {tokens, picoUsdPerToken}) => total + BigInt(Math.round(tokens)) * BigInt(picoUsdPerToken),
		0n,
	);
	const scale = 1_000_000_000n * 1000n;
	const scaled = pico * BigInt(tierThousandths) * BigInt(multiplierMillionths);
	return Number((scaled + scale / 2n) / scale);
};
