/* What models cost. Money is whole numbers: a rate is picodollars a token, which is dollars a million tokens times 10^6. */

/** How sure an amount is (codex-helper.md 3.6). `partial`: something of it could not be priced. */
export type CostConfidence = 'unknown' | 'partial' | 'estimated' | 'exact';

/** Picodollars a token; undefined: not known. */
export interface PriceRates {
	readonly input: number;
	readonly output: number;
	/** Tokens read from the prompt cache. */
	readonly cacheRead: number | undefined;
	/** Tokens written to the prompt cache (where several lifetimes have prices: the shortest). */
	readonly cacheWrite: number | undefined;
}

/** One model's price. */
export interface ModelPrice {
	/** In lower case, without vendor prefix. */
	readonly id: string;
	readonly aliases: readonly string[];
	readonly rates: PriceRates;
	/** Requests whose prompt (cache included) is longer pay these rates for everything; `rates` undefined: more, but not known how much. */
	readonly longPrompt: {readonly aboveTokens: number; readonly rates: PriceRates | undefined} | undefined;
	/** What a service tier multiplies every rate by, in thousandths; a tier that is missing is not known. */
	readonly tierFactors: ReadonlyMap<string, number>;
	readonly confidence: CostConfidence;
	/** Where the price was read, and when (`YYYY-MM-DD`). */
	readonly source: string;
	readonly asOf: string;
}

/** Dollars a million tokens as picodollars a token. */
export const perMillion = (dollars: number): number => Math.round(dollars * 1_000_000);
