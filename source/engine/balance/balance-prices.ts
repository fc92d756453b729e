import {Section} from '../../config/section.ts';
import {parseToml} from '../../config/toml.ts';
import {type CostConfidence, type ModelPrice, perMillion} from '../../provider/prices/price.ts';

/* `pricing_overrides.toml`: the user's own prices, `[models.<id>]` (codex-helper.md 3.6). */

const confidences: readonly CostConfidence[] = ['unknown', 'partial', 'estimated', 'exact'];
const mostDollars = 100_000;

/** codex-helper writes amounts as strings, people write numbers. */
const readDollars = (section: Section, key: string): number | undefined => {
	const value = section.has(key) ? section.raw()[key] : undefined;
	if (value === undefined) {
		return undefined;
	}

	const text = typeof value === 'number' ? String(value) : value;
	const dollars = typeof text === 'string' && /^\d{1,6}(?:\.\d{1,12})?$/.test(text.trim()) ? Number(text) : Number.NaN;
	if (!(dollars <= mostDollars)) {
		throw section.error('config-value', 'takes dollars a million tokens such as "2.50".', key);
	}

	return perMillion(dollars);
};

const readAmount = (section: Section, key: string): number => {
	const amount = readDollars(section, key);
	if (amount === undefined) {
		throw section.error('config-value', 'is missing: dollars a million tokens such as "2.50".', key);
	}

	return amount;
};

const readTiers = (section: Section): ReadonlyMap<string, number> => {
	const tiers = section.table('tier_multipliers');
	return new Map(
		(tiers?.names() ?? []).map(name => {
			const factor = tiers?.raw()[name];
			if (typeof factor !== 'number' || !(factor > 0 && factor <= 1000)) {
				throw section.error('config-value', 'takes factors above 0 such as priority = 2.', 'tier_multipliers');
			}

			return [name.toLowerCase(), Math.round(factor * 1000)] as const;
		}),
	);
};

const readAliases = (section: Section): readonly string[] => {
	const value: unknown = section.has('aliases') ? section.raw()['aliases'] : [];
	const list: readonly unknown[] = Array.isArray(value) ? value : [undefined];
	return list.map(alias => {
		if (typeof alias !== 'string' || alias.trim() === '') {
			throw section.error('config-value', 'takes a list of model names.', 'aliases');
		}

		return alias.trim().toLowerCase();
	});
};

const readPrice = (id: string, section: Section, asOf: string): ModelPrice => ({
	id: id.trim().toLowerCase(),
	aliases: readAliases(section),
	rates: {
		input: readAmount(section, 'input_per_1m_usd'),
		output: readAmount(section, 'output_per_1m_usd'),
		cacheRead: readDollars(section, 'cache_read_input_per_1m_usd'),
		cacheWrite: readDollars(section, 'cache_creation_input_per_1m_usd'),
	},
	longPrompt: undefined,
	tierFactors: readTiers(section),
	confidence: section.choice('confidence', confidences) ?? 'exact',
	source: 'pricing_overrides.toml',
	asOf,
});

/**
 * Reads the file's text; `changedAtMs` is its time of change, which is the date of its prices. Throws ConfigError with file, line and key.
 */
export const parsePriceOverrides = (path: string, text: string, changedAtMs: number): readonly ModelPrice[] => {
	const document = parseToml(path, text);
	const root = new Section(document, [], document.value);
	const asOf = new Date(changedAtMs).toISOString().slice(0, 10);
	return root.tables('models').map(([id, section]) => readPrice(id, section, asOf));
};
