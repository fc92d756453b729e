import {type AmountTable, readBalanceAmounts} from './amounts.ts';
import {type BalanceAnswer, type BalanceKind, type BalanceKindName, type BalanceResult, nothingFound} from './kind.ts';
import {readOrganizationCosts} from './organization-costs.ts';
import {amountOf, firstAt, flagOf, textOf, valueAtPath} from './paths.ts';
import {readRightcode} from './rightcode.ts';
import {readSub2apiUsage} from './sub2api.ts';
import {budgetTable, relayBalanceTable, tokenQuotaTable, userQuotaTable, yescodeTable} from './tables.ts';

/* The nine kinds of balance endpoints as data (codex-helper.md 1.11). */

const messagePaths = ['message', 'msg', 'detail', 'error.message', 'error', 'data.message'];

/** The reason that an answer states; a 200 may carry one too. */
const statedReason = (json: unknown): string | undefined => firstAt(json, messagePaths, textOf);

/** Whether an envelope says no. */
type SaysNo = (json: unknown) => boolean;

/** new-api: `success: false` or `code: false`. */
const hasFailed: SaysNo = json => flagOf(valueAtPath(json, 'success')) === false || valueAtPath(json, 'code') === false;

/** sub2api's dashboard: a business error code that is not 0. */
const hasErrorCode: SaysNo = json => (amountOf(valueAtPath(json, 'code')) ?? 0) !== 0;

const byTable =
	(kind: BalanceKindName, table: AmountTable) =>
	({json, rules}: BalanceAnswer): BalanceResult => {
		const reading = readBalanceAmounts(json, table, rules);
		if (reading !== undefined) {
			return {kind: 'reading', reading};
		}

		const reason = statedReason(json);
		return reason === undefined ? nothingFound(kind) : {kind: 'fault', text: reason};
	};

const inEnvelope =
	(saysNo: SaysNo, read: BalanceKind['read']) =>
	(answer: BalanceAnswer): BalanceResult => {
		const reason = statedReason(answer.json);
		return saysNo(answer.json) ? {kind: 'fault', text: reason ?? 'it refused without a reason'} : read(answer);
	};

const base = {
	aliases: [],
	tokenHeader: 'authorization',
	tokenEnv: undefined,
	headers: {},
	isTrusted: true,
} as const;

/** Every kind; the order has no meaning. */
export const balanceKinds: readonly BalanceKind[] = [
	{
		...base,
		name: 'budget_http_json',
		endpoint: undefined,
		read: byTable('budget_http_json', budgetTable),
	},
	{
		...base,
		name: 'yescode_profile',
		endpoint: undefined,
		tokenHeader: 'x-api-key',
		read: byTable('yescode_profile', yescodeTable),
	},
	{
		...base,
		name: 'openai_balance_http_json',
		aliases: ['relay_balance_http_json', 'open_ai_balance_http_json'],
		endpoint: '{{base_url}}/user/balance',
		read: byTable('openai_balance_http_json', relayBalanceTable),
	},
	{
		...base,
		name: 'sub2api_usage',
		aliases: ['sub2api_usage_http_json'],
		endpoint: '{{base_url}}/v1/usage',
		read: readSub2apiUsage,
	},
	{
		...base,
		name: 'sub2api_auth_me',
		aliases: ['sub2api_auth_me_http_json'],
		endpoint: '{{base_url}}/api/v1/auth/me',
		read: inEnvelope(hasErrorCode, byTable('sub2api_auth_me', relayBalanceTable)),
	},
	{
		...base,
		name: 'new_api_token_usage',
		aliases: ['new_api_token_usage_http_json'],
		endpoint: '{{base_url}}/api/usage/token/',
		read: inEnvelope(hasFailed, byTable('new_api_token_usage', tokenQuotaTable)),
	},
	{
		...base,
		name: 'new_api_user_self',
		endpoint: '{{base_url}}/api/user/self',
		headers: {'new-api-user': '{{user_id}}'},
		read: inEnvelope(hasFailed, byTable('new_api_user_self', userQuotaTable)),
	},
	{
		...base,
		name: 'rightcode_account_summary',
		aliases: ['right_code_account_summary', 'rightcode'],
		endpoint: 'https://www.right.codes/account/summary',
		isTrusted: false,
		read: readRightcode,
	},
	{
		...base,
		name: 'openai_organization_costs',
		aliases: ['openai_org_costs', 'openai_costs'],
		endpoint: '{{base_url}}/v1/organization/costs?start_time={{unix_days_ago:30}}&limit=30',
		tokenEnv: 'OPENAI_ADMIN_KEY',
		read: readOrganizationCosts,
	},
];

/** The order in which an endpoint without an entry is probed (codex-helper.md 1.11). */
export const autoProbeOrder: readonly BalanceKindName[] = [
	'rightcode_account_summary',
	'sub2api_usage',
	'new_api_token_usage',
	'new_api_user_self',
	'openai_balance_http_json',
];

/** The kind of a name or alias; undefined for an unknown one. */
export const balanceKind = (name: string): BalanceKind | undefined =>
	balanceKinds.find(kind => kind.name === name || kind.aliases.includes(name));

/** Vendors that are no relays: they have none of the probed endpoints, and a key is not shown where nothing can be learned. */
const vendorHosts: ReadonlySet<string> = new Set([
	'api.openai.com',
	'chatgpt.com',
	'api.anthropic.com',
	'generativelanguage.googleapis.com',
	'cloudcode-pa.googleapis.com',
	'api.mistral.ai',
	'api.groq.com',
	'api.x.ai',
]);

/** Whether a host is the relay RightCode's, whose summary stands on a host of its own: it is probed only for its own endpoints. */
export const isRightcodeHost = (host: string): boolean => host === 'right.codes' || host === 'www.right.codes';

/** The kinds to probe for an endpoint at this host, in order; none for api.openai.com and its like. */
export const probeKindsFor = (host: string): readonly BalanceKindName[] =>
	vendorHosts.has(host)
		? []
		: autoProbeOrder.filter(name => name !== 'rightcode_account_summary' || isRightcodeHost(host));
