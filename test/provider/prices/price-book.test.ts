import {assert, integer, property, record} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {PriceBook} from '../../../source/provider/prices/price-book.ts';
import {priceTable} from '../../../source/provider/prices/price-table.ts';
import type {TokenUsage} from '../../../source/wire/usage.ts';
import {type ModelPrice, perMillion} from '../../../source/provider/prices/price.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const book = new PriceBook();

const usage = (input: number | undefined, output: number | undefined, cached?: number): TokenUsage => ({
	inputTokens: input,
	outputTokens: output,
	totalTokens: undefined,
	cachedInputTokens: cached,
	cacheCreationInputTokens: undefined,
	reasoningTokens: undefined,
});

const question = {model: 'gpt-5.5', tier: undefined, multiplier: 1, isCachedInsideInput: true};

describe('the price table', () => {
	test('has OpenAI’s and Claude’s prices of the specification, each with source and date', () => {
		expect(book.price('gpt-5.5')?.rates).toMatchObject({input: 5_000_000, output: 30_000_000, cacheRead: 500_000});
		expect(book.price('gpt-5.4')?.rates).toMatchObject({input: 2_500_000, output: 15_000_000, cacheRead: 250_000});
		expect(book.price('gpt-5.3-codex')?.rates).toMatchObject({
			input: 1_750_000,
			output: 14_000_000,
			cacheRead: 175_000,
		});
		expect(book.price('claude-opus-5-5')?.rates.output).toBe(20_000_000);
		for (const price of priceTable) {
			expect(price.source).not.toBe('');
			expect(price.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
			expect(Number.isInteger(price.rates.input) && Number.isInteger(price.rates.output)).toBe(true);
		}
	});

	test('names every model once', () => {
		const names = priceTable.flatMap(({id, aliases}) => [id, ...aliases]);
		expect(new Set(names).size).toBe(names.length);
	});
});

describe('a model is found', () => {
	test.each([
		['openai/gpt-5.5', 'gpt-5.5'],
		['gpt-5.5-high', 'gpt-5.5'],
		['GPT-5.4-2026-03-05', 'gpt-5.4'],
		['relay/openai/gpt-5.3-codex-xhigh', 'gpt-5.3-codex'],
		['anthropic/claude-opus-4-5-20251101', 'claude-opus-4-8'],
		['claude-sonnet-5-5[1m]', 'claude-sonnet-5-5'],
		['gpt-5.4-mini', 'gpt-5.4-mini'],
	])('%s as %s', (model, id) => {
		expect(book.price(model)?.id).toBe(id);
	});

	test.each(['gpt-9', 'gpt-5.5-turbo', '', 'constructor', 'my-gpt-5.5'])('%s is not: nothing is guessed', model => {
		expect(book.price(model)).toBeUndefined();
		expect(book.costOf({...question, model, usage: usage(1, 1)})).toMatchObject({
			nanoUsd: undefined,
			confidence: 'unknown',
		});
	});
});

describe('a cost', () => {
	test('counts cached tokens inside the input once, at the cache’s rate', () => {
		const cost = book.costOf({...question, usage: usage(1_000_000 / 4, 1000, 200_000)});
		// 50,000 × $5 + 200,000 × $0.50 + 1,000 × $30, a million each.
		expect(cost).toMatchObject({
			nanoUsd: 380_000_000,
			confidence: 'estimated',
			source: 'OpenAI list price, 2026-11-06',
		});
		expect(cost.parts.map(({what, tokens}) => [what, tokens])).toEqual([
			['input', 50_000],
			['cache read', 200_000],
			['output', 1000],
		]);
	});

	test('counts cached and written tokens beside the input for Messages', () => {
		const cost = book.costOf({
			...question,
			model: 'claude-opus-5',
			isCachedInsideInput: false,
			usage: {...usage(1000, 1000, 10_000), cacheCreationInputTokens: 2000},
		});
		expect(cost).toMatchObject({nanoUsd: 5_000_000 + 25_000_000 + 5_000_000 + 12_500_000, confidence: 'estimated'});
	});

	test('knows the priority tier and the provider’s multiplier', () => {
		const cost = book.costOf({...question, tier: 'priority', multiplier: 0.3, usage: usage(1000, 0)});
		expect(cost).toMatchObject({nanoUsd: 3_750_000, tierThousandths: 2500, multiplierMillionths: 300_000});
	});

	test('is partial where a tier, a rate or half of the usage is not known', () => {
		expect(book.costOf({...question, tier: 'scale', usage: usage(1, 1)}).confidence).toBe('partial');
		expect(book.costOf({...question, model: 'gpt-5.6-sol', usage: usage(10, 1, 5)}).confidence).toBe('partial');
		expect(book.costOf({...question, usage: usage(10, undefined)}).confidence).toBe('partial');
		expect(book.costOf({...question, usage: usage(300_000, 1)}).confidence).toBe('partial');
	});

	test('of a long prompt is made of the long prompt’s rates', () => {
		const [short, long] = [272_000, 272_001].map(
			input => book.costOf({...question, model: 'gpt-6.1-sol', usage: usage(input, 1_000_000)}).nanoUsd,
		);
		expect(short).toBe(544_000_000 + 10_000_000_000);
		expect(long).toBe(1_088_004_000 + 15_000_000_000);
	});

	test('is unknown without any tokens stated', () => {
		expect(book.costOf({...question, usage: usage(undefined, undefined)}).confidence).toBe('unknown');
	});

	test('is whole, never below zero, and grows with every token', () => {
		const tokens = integer({min: 0, max: 1_000_000_000});
		assert(
			property(record({input: tokens, output: tokens, cached: tokens}), ({input, output, cached}) => {
				const nano = (more: number) =>
					book.costOf({...question, model: 'gpt-5.4-mini', usage: usage(input + more, output + more, cached)})
						.nanoUsd ?? -1;
				expect(Number.isSafeInteger(nano(0))).toBe(true);
				expect(nano(0)).toBeGreaterThanOrEqual(0);
				expect(nano(1)).toBeGreaterThan(nano(0));
			}),
			propertyRuns(100),
		);
	});
});

test('the user’s prices go before the table, under their aliases too, and are exact', () => {
	const mine: ModelPrice = {
		id: 'gpt-5.5',
		aliases: ['my-model'],
		rates: {input: perMillion(1), output: perMillion(2), cacheRead: undefined, cacheWrite: undefined},
		longPrompt: undefined,
		tierFactors: new Map(),
		confidence: 'exact',
		source: 'pricing_overrides.toml',
		asOf: '2026-11-21',
	};
	const own = new PriceBook([mine]);
	expect(own.costOf({...question, model: 'x/my-model-low', usage: usage(1000, 0)})).toMatchObject({
		nanoUsd: 1_000_000,
		confidence: 'exact',
	});
	expect(own.dollarsPerMillion('gpt-5.5')).toBe(1.25);
	expect(own.dollarsPerMillion('unheard-of')).toBeUndefined();
});
