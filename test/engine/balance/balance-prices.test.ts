import {describe, expect, test} from 'vitest';
import {ConfigError} from '../../../source/config/config-error.ts';
import {parsePriceOverrides} from '../../../source/engine/balance/balance-prices.ts';

const changedAtMs = Date.UTC(2026, 10, 21);
const parse = (text: string) => parsePriceOverrides('/h/pricing_overrides.toml', text, changedAtMs);

describe('pricing_overrides.toml', () => {
	test('reads strings and numbers, aliases, confidence and tiers', () => {
		const text = `[models."gpt-5.5"]
display_name = "five"
aliases = ["My-Model"]
input_per_1m_usd = "2.50"
output_per_1m_usd = 10
cache_read_input_per_1m_usd = "0.25"
[models.other]
input_per_1m_usd = "0"
output_per_1m_usd = "0.000001"
confidence = "estimated"
tier_multipliers = { priority = 2.5 }
`;
		const [first, second] = parse(text);
		expect(first).toMatchObject({
			id: 'gpt-5.5',
			aliases: ['my-model'],
			rates: {input: 2_500_000, output: 10_000_000, cacheRead: 250_000, cacheWrite: undefined},
			confidence: 'exact',
			asOf: '2026-11-21',
		});
		expect(second).toMatchObject({rates: {input: 0, output: 1}, confidence: 'estimated'});
		expect(second?.tierFactors.get('priority')).toBe(2500);
	});

	test('is empty where the file is', () => {
		expect(parse('')).toEqual([]);
	});

	test.each([
		['input_per_1m_usd = "much"\noutput_per_1m_usd = 1', /:2:\d+: models\.x\.input_per_1m_usd takes dollars/],
		['output_per_1m_usd = 1', /models\.x\.input_per_1m_usd is missing/],
		['input_per_1m_usd = -1\noutput_per_1m_usd = 1', /takes dollars/],
		['input_per_1m_usd = 1\noutput_per_1m_usd = 1\naliases = [3]', /:4:\d+: models\.x\.aliases takes a list/],
		[
			'input_per_1m_usd = 1\noutput_per_1m_usd = 1\ntier_multipliers = {priority = 0}',
			/tier_multipliers takes factors/,
		],
	])('%j is refused with line and key', (rows, sentence) => {
		expect(() => parse(`[models.x]\n${rows}\n`)).toThrow(ConfigError);
		expect(() => parse(`[models.x]\n${rows}\n`)).toThrow(sentence);
	});
});
