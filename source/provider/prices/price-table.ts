import {type ModelPrice, perMillion, type PriceRates} from './price.ts';

/*
 * List prices in US dollars a million tokens: input, output, cache read, cache write. Only what could be read with a source and a date stands here;
 * a model that is missing has no price, which is shown as "unknown" and never guessed. The user's pricing_overrides.toml goes before it.
 */

type Dollars = readonly [input: number, output: number, cacheRead?: number, cacheWrite?: number];

interface Row {
	readonly ids: readonly [string, ...string[]];
	readonly dollars: Dollars;
	readonly longPrompt?: {readonly above: number; readonly dollars?: Dollars};
	/** Thousandths. */
	readonly tiers?: Readonly<Record<string, number>>;
}

const ratesOf = ([input, output, cacheRead, cacheWrite]: Dollars): PriceRates => ({
	input: perMillion(input),
	output: perMillion(output),
	cacheRead: cacheRead === undefined ? undefined : perMillion(cacheRead),
	cacheWrite: cacheWrite === undefined ? undefined : perMillion(cacheWrite),
});

const listed =
	(source: string, asOf: string) =>
	({ids, dollars, longPrompt, tiers}: Row): ModelPrice => ({
		id: ids[0],
		aliases: ids.slice(1),
		rates: ratesOf(dollars),
		longPrompt: longPrompt && {
			aboveTokens: longPrompt.above,
			rates: longPrompt.dollars && ratesOf(longPrompt.dollars),
		},
		tierFactors: new Map(Object.entries(tiers ?? {})),
		confidence: 'estimated',
		source,
		asOf,
	});

/** OpenAI's price list; `fast` is what Codex calls the tier `priority`. */
const openai: readonly Row[] = [
	{ids: ['gpt-6-astra'], dollars: [10, 50, 1], longPrompt: {above: 272_000}},
	{
		ids: ['gpt-6.1-sol'],
		dollars: [2, 10, 0.1],
		longPrompt: {above: 272_000, dollars: [4, 15, 0.2]},
		tiers: {priority: 2000, fast: 2000, flex: 500},
	},
	{
		ids: ['gpt-6-sol'],
		dollars: [2, 10, 0.2, 2.5],
		longPrompt: {above: 272_000, dollars: [4, 15, 0.4, 5]},
	},
	{
		ids: ['gpt-6-luna'],
		dollars: [0.1, 0.5, 0.01, 0.125],
		longPrompt: {above: 272_000, dollars: [0.2, 0.75, 0.02, 0.25]},
	},
	{ids: ['gpt-5.6-sol'], dollars: [4, 20], longPrompt: {above: 272_000}},
	{ids: ['gpt-5.6-terra'], dollars: [2, 12, 0.2], longPrompt: {above: 272_000}},
	{ids: ['gpt-5.6-luna'], dollars: [0.2, 1.2, 0.02], longPrompt: {above: 272_000}},
	{
		ids: ['gpt-5.5'],
		dollars: [5, 30, 0.5],
		longPrompt: {above: 270_000},
		tiers: {priority: 2500, fast: 2500, flex: 500},
	},
	{
		ids: ['gpt-5.4'],
		dollars: [2.5, 15, 0.25],
		longPrompt: {above: 270_000},
		tiers: {priority: 2000, fast: 2000, flex: 500},
	},
	{ids: ['gpt-5.4-mini'], dollars: [0.75, 4.5, 0.075]},
	{ids: ['gpt-5.4-nano'], dollars: [0.2, 1.25, 0.02]},
	{ids: ['gpt-5.3-codex'], dollars: [1.75, 14, 0.175]},
];

/** Anthropic's price list; cache writes of five minutes. */
const anthropic: readonly Row[] = [
	{ids: ['claude-fable-5-1'], dollars: [10, 50, 0.25, 12.5]},
	{ids: ['claude-fable-5'], dollars: [10, 50, 1, 12.5]},
	{ids: ['claude-opus-5-5'], dollars: [4, 20, 0.2, 5]},
	{ids: ['claude-opus-5'], dollars: [5, 25, 0.5, 6.25]},
	{
		ids: ['claude-opus-4-8', 'claude-opus-4-7', 'claude-opus-4-6', 'claude-opus-4-5'],
		dollars: [5, 25, 0.5, 6.25],
	},
	{ids: ['claude-opus-4-1', 'claude-opus-4', 'claude-opus-4-0'], dollars: [15, 75, 1.5, 18.75]},
	{ids: ['claude-sonnet-5-5'], dollars: [2, 10, 0.1, 2.5]},
	{ids: ['claude-sonnet-5'], dollars: [2, 10, 0.2, 2.5]},
	{
		ids: ['claude-haiku-5-5'],
		dollars: [0.1, 0.5, 0.01, 0.125],
		longPrompt: {above: 100_000, dollars: [0.5, 2.5, 0.05, 0.625]},
	},
	{ids: ['claude-haiku-4-5'], dollars: [1, 5, 0.1, 1.25]},
];

/** The table, with the sources and days on which it was read. */
export const priceTable: readonly ModelPrice[] = [
	...openai.map(listed('OpenAI list price', '2026-11-06')),
	...anthropic.map(listed('Anthropic list price', '2026-10-24')),
];
