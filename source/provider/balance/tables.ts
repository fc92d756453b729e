import {emptyTable, type AmountTable} from './amounts.ts';

/* The tables of the kinds that are a handful of amounts (codex-helper.md 1.11). Every path is also tried below `data`. */

/** `budget_http_json`: a monthly budget and what was spent of it. */
export const budgetTable: AmountTable = {
	...emptyTable,
	budget: ['monthly_budget_usd'],
	spent: ['monthly_spent_usd'],
	exhausted: [],
	exhaustedBy: 'budget-spent',
	period: 'monthly',
};

/** `yescode_profile`: two purses. */
export const yescodeTable: AmountTable = {
	...emptyTable,
	subscription: ['subscription_balance'],
	paygo: ['pay_as_you_go_balance', 'paygo_balance'],
	exhausted: [],
};

/** `openai_balance_http_json`: the spellings that relays use for one thing. */
export const relayBalanceTable: AmountTable = {
	...emptyTable,
	remaining: [
		'balance',
		'remaining',
		'remain',
		'available',
		'available_balance',
		'available_balance_usd',
		'availableBalance',
		'credit',
		'credits',
		'total_balance',
		'total_balance_usd',
		'totalBalance',
		'balance_infos.0.total_balance',
	],
	subscription: ['subscription_balance', 'subscription_balance_usd', 'subscriptionBalance'],
	paygo: ['pay_as_you_go_balance', 'paygo_balance', 'paygo', 'paygoBalance', 'chargeBalance', 'voucherBalance'],
	spent: ['monthly_spent_usd', 'spent', 'used', 'used_balance', 'usedBalance', 'total_usage'],
	budget: ['monthly_budget_usd', 'budget', 'limit', 'quota_total', 'creditLimit', 'total_credits'],
	planName: ['plan_name', 'planName'],
};

/** new-api counts in quota points: 500,000 are one dollar. */
const quotaPoints = 500_000;

/** `new_api_token_usage`: the quota of one API key. */
export const tokenQuotaTable: AmountTable = {
	...emptyTable,
	remaining: ['total_available', 'remain_quota'],
	spent: ['total_used', 'used_quota'],
	budget: ['total_granted'],
	unlimited: ['unlimited_quota'],
	planName: ['name'],
	divisor: quotaPoints,
	derivesBudget: true,
	period: 'token',
};

/** `new_api_user_self`: the wallet of one user. */
export const userQuotaTable: AmountTable = {
	...emptyTable,
	remaining: ['quota'],
	spent: ['used_quota'],
	planName: ['group'],
	divisor: quotaPoints,
	derivesBudget: true,
};
