import {
	anything,
	assert,
	constantFrom,
	dictionary,
	double,
	jsonValue,
	oneof,
	property,
	type Arbitrary,
} from 'fast-check';
import {expect, test} from 'vitest';
import {alertsOf} from '../../../source/provider/balance/alerts.ts';
import {defaultResetClock, exhaustedUntilMs, quotaUsedOf} from '../../../source/provider/balance/exhaustion.ts';
import {noRules} from '../../../source/provider/balance/extract.ts';
import {balanceKinds} from '../../../source/provider/balance/kinds.ts';
import {valueAtPath} from '../../../source/provider/balance/paths.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const nowMs = Date.UTC(2026, 6, 1, 12);

/** Names that the kinds look for, with values that they may or may not expect there. */
const names = constantFrom(
	...[
		'mode',
		'isValid',
		'quota',
		'subscription',
		'rate_limits',
		'data',
		'balance',
		'remaining',
		'limit',
		'used',
		'usage',
	],
	...['daily_usage_usd', 'daily_limit_usd', 'expires_at', 'window', 'reset_at', 'total_available', 'unlimited_quota'],
	...[
		'monthly_budget_usd',
		'monthly_spent_usd',
		'subscriptions',
		'available_prefixes',
		'total_quota',
		'results',
		'amount',
	],
);
const words = constantFrom(
	'quota_limited',
	'unrestricted',
	'5h',
	'/codex',
	'1e9',
	'-3',
	'2026-99-99',
	'2026-07-01T00:00:00Z',
);
const leaf = oneof(double(), words, jsonValue(), anything());
const level = (inner: Arbitrary<unknown>): Arbitrary<unknown> =>
	oneof(leaf, dictionary(names, inner), constantFrom([{}], []));
const answers = dictionary(names, level(level(level(leaf))));

test.each(balanceKinds)('$name reads any answer without a throw, and what follows from it is sane', kind => {
	assert(
		property(answers, json => {
			const result = kind.read({json, rules: noRules, baseUrl: 'https://right.codes/codex/v1', nowMs});
			if (result.kind === 'fault') {
				expect(result.text).not.toBe('');
				return;
			}

			const {reading} = result;
			const staleAfterMs = nowMs + 1000;
			const untilMs = exhaustedUntilMs(reading, {fetchedAtMs: nowMs, staleAfterMs, resetClock: defaultResetClock});
			expect(untilMs === undefined || untilMs > nowMs).toBe(true);
			const used = quotaUsedOf(reading);
			expect(used === undefined || (used >= 0 && used <= 1)).toBe(true);
			alertsOf(reading, {nowMs, error: undefined});
		}),
		propertyRuns(500),
	);
});

test('a path never leaves an answer’s own members', () => {
	for (const path of ['__proto__', 'constructor.name', 'toString', '0.length', 'a.__proto__.x']) {
		expect(valueAtPath({a: {}}, path)).toBeUndefined();
		expect(valueAtPath([[]], path)).toBeUndefined();
	}
});
