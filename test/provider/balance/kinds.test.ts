import {describe, expect, test} from 'vitest';
import {readBalance, readingOf} from '../../support/balance-kind.ts';
import {autoProbeOrder, balanceKind, balanceKinds, probeKindsFor} from '../../../source/provider/balance/kinds.ts';

describe('the table of kinds', () => {
	test('knows nine kinds, each under its name and aliases', () => {
		expect(balanceKinds).toHaveLength(9);
		expect(balanceKind('relay_balance_http_json')?.name).toBe('openai_balance_http_json');
		expect(balanceKind('rightcode')?.name).toBe('rightcode_account_summary');
		expect(balanceKind('openai_costs')?.name).toBe('openai_organization_costs');
		expect(balanceKind('sub2api_usage_http_json')?.name).toBe('sub2api_usage');
		expect(balanceKind('toString')).toBeUndefined();
	});

	test('probes in the order of the specification, and RightCode only at RightCode', () => {
		expect(autoProbeOrder).toEqual([
			'rightcode_account_summary',
			'sub2api_usage',
			'new_api_token_usage',
			'new_api_user_self',
			'openai_balance_http_json',
		]);
		expect(probeKindsFor('www.right.codes')).toEqual(autoProbeOrder);
		expect(probeKindsFor('evil-right.codes')).toEqual(autoProbeOrder.slice(1));
	});

	test('probes nothing at api.openai.com', () => {
		expect(probeKindsFor('api.openai.com')).toEqual([]);
	});

	test.each(balanceKinds.map(kind => kind.name))('%s takes garbage for a fault, never for exhaustion', name => {
		for (const json of [null, 7, 'text', [], {}, {error: 'nope'}, {data: null}, {__proto__: {balance: 0}}]) {
			expect(readBalance(name, json).kind).toBe('fault');
		}
	});
});

describe('budget_http_json', () => {
	test.each([
		[{monthly_budget_usd: 50, monthly_spent_usd: 12.5}, false],
		[{data: {monthly_budget_usd: '50', monthly_spent_usd: '50.00'}}, true],
		[{monthly_budget_usd: 0, monthly_spent_usd: 3}, false],
	])('%j is exhausted when spent has reached a budget above 0', (json, isExhausted) => {
		expect(readingOf('budget_http_json', json).isExhausted).toBe(isExhausted);
	});

	test('does not call it exhausted where only one amount is known', () => {
		expect(readingOf('budget_http_json', {monthly_spent_usd: 12}).isExhausted).toBeUndefined();
	});
});

describe('yescode_profile', () => {
	test('adds its two purses', () => {
		expect(readingOf('yescode_profile', {subscription_balance: 3, pay_as_you_go_balance: '1.5'})).toMatchObject({
			totalBalanceUsd: 4.5,
			subscriptionBalanceUsd: 3,
			paygoBalanceUsd: 1.5,
			isExhausted: false,
		});
	});

	test('is exhausted when both are empty', () => {
		expect(readingOf('yescode_profile', {subscription_balance: 0, paygo_balance: 0}).isExhausted).toBe(true);
	});
});

describe('openai_balance_http_json', () => {
	const spellings = [
		'balance',
		'remaining',
		'remain',
		'available',
		'available_balance',
		'availableBalance',
		'credit',
		'credits',
		'total_balance',
		'totalBalance',
	];

	test.each([...spellings, ...spellings.map(name => `data.${name}`)])('reads %s', path => {
		const [first = '', second] = path.split('.');
		const json = second === undefined ? {[first]: '12.5'} : {[first]: {[second]: 12.5}};
		expect(readingOf('openai_balance_http_json', json)).toMatchObject({totalBalanceUsd: 12.5, isExhausted: false});
	});

	test('reads a list of balances by index', () => {
		expect(
			readingOf('openai_balance_http_json', {balance_infos: [{currency: 'USD', total_balance: '110.00'}]})
				.totalBalanceUsd,
		).toBe(110);
	});

	test('a stated flag outranks the amount', () => {
		expect(readingOf('openai_balance_http_json', {balance: 0, exhausted: false}).isExhausted).toBe(false);
		expect(readingOf('openai_balance_http_json', {balance: 9, quota_exhausted: 'yes'}).isExhausted).toBe(true);
	});

	test('nothing left is exhausted, below zero too', () => {
		expect(readingOf('openai_balance_http_json', {balance: 0}).isExhausted).toBe(true);
		expect(readingOf('openai_balance_http_json', {balance: -0.25}).isExhausted).toBe(true);
	});

	test('the user’s paths, divisors and derivations go before the table', () => {
		const json = {balance: 1, wallet: [{cents: 700}], plan: {total: 2000, gone: 500}};
		expect(
			readingOf('openai_balance_http_json', json, {rules: {remainingPaths: ['wallet.0.cents'], remainingDivisor: 100}})
				.totalBalanceUsd,
		).toBe(7);
		const derived = readingOf(
			'openai_balance_http_json',
			{plan: json.plan},
			{
				rules: {
					budgetPaths: ['plan.total'],
					spentPaths: ['plan.gone'],
					budgetDivisor: 100,
					spentDivisor: 100,
					derivesRemaining: true,
				},
			},
		);
		expect(derived).toMatchObject({totalBalanceUsd: 15, monthlyBudgetUsd: 20, monthlySpentUsd: 5});
		expect(
			readingOf('openai_balance_http_json', {balance: 3, spent: 2}, {rules: {derivesBudget: true}}).monthlyBudgetUsd,
		).toBe(5);
	});
});

describe('sub2api_auth_me', () => {
	test('reads the wallet in its envelope', () => {
		expect(readingOf('sub2api_auth_me', {code: 0, data: {balance: 8.25}}).totalBalanceUsd).toBe(8.25);
	});

	test('a business error code is an error with its message', () => {
		expect(readBalance('sub2api_auth_me', {code: 401, message: 'token expired', data: {balance: 0}})).toEqual({
			kind: 'fault',
			text: 'token expired',
		});
	});
});

describe('new-api', () => {
	test('counts a key’s quota in points of which 500,000 are one dollar', () => {
		const data = {name: 'my key', total_granted: 5_000_000, total_used: 4_000_000, total_available: 1_000_000};
		expect(readingOf('new_api_token_usage', {code: true, data})).toMatchObject({
			planName: 'my key',
			quota: {period: 'token', limitUsd: 10, usedUsd: 8, remainingUsd: 2},
			isExhausted: false,
		});
	});

	test('an unlimited key is never exhausted', () => {
		const data = {total_available: 0, total_used: 4_000_000, unlimited_quota: true};
		const found = readingOf('new_api_token_usage', {code: true, data});
		expect(found).toMatchObject({isUnlimited: true, isExhausted: false});
		expect(found.quota).toBeUndefined();
	});

	test('an empty key is exhausted', () => {
		expect(readingOf('new_api_token_usage', {data: {total_available: 0, total_used: 5}}).isExhausted).toBe(true);
	});

	test.each([
		{success: false, message: '无效的令牌'},
		{code: false, message: '无效的令牌'},
	])('%j is an error', json => {
		expect(readBalance('new_api_token_usage', json)).toEqual({kind: 'fault', text: '无效的令牌'});
	});

	test('reads the user’s wallet', () => {
		expect(
			readingOf('new_api_user_self', {success: true, data: {quota: 2_500_000, used_quota: 500_000, group: 'vip'}}),
		).toMatchObject({totalBalanceUsd: 5, monthlySpentUsd: 1, planName: 'vip', isExhausted: false});
	});
});

describe('rightcode_account_summary', () => {
	const json = {
		balance: 2,
		subscriptions: [
			{name: 'Codex day', total_quota: 60, remaining_quota: 6, reset_today: true, available_prefixes: ['/codex']},
			{name: 'Claude', total_quota: 90, remaining_quota: 90, reset_today: true, available_prefixes: ['/claude']},
		],
	};

	test('takes the subscriptions whose prefix is a whole part of the endpoint’s path', () => {
		expect(readingOf('rightcode', json, {baseUrl: 'https://right.codes/codex/v1'})).toMatchObject({
			planName: 'Codex day',
			totalBalanceUsd: 2,
			quota: {period: 'daily', limitUsd: 60, remainingUsd: 6, usedUsd: 54},
		});
		expect(readingOf('rightcode', json, {baseUrl: 'https://right.codes/codex-max/v1'}).quota).toBeUndefined();
	});

	test('a day that was not reset yet has its quota on top', () => {
		const [first] = json.subscriptions;
		const late = {balance: 0, subscriptions: [{...first, remaining_quota: 0, reset_today: false}]};
		expect(readingOf('rightcode', late, {baseUrl: 'https://right.codes/codex'})).toMatchObject({
			quota: {remainingUsd: 60},
			isExhausted: false,
		});
	});

	test('is not trusted for routing', () => {
		expect(balanceKind('rightcode')?.isTrusted).toBe(false);
	});
});

describe('openai_organization_costs', () => {
	test('sums dollars and never exhausts', () => {
		const data = [
			{results: [{amount: {value: 1.5, currency: 'usd'}}, {amount: {value: '0.25', currency: 'usd'}}]},
			{results: [{amount: {value: 100, currency: 'eur'}}]},
			{results: []},
		];
		expect(readingOf('openai_organization_costs', {data})).toEqual({monthlySpentUsd: 1.75, isExhausted: false});
	});
});
