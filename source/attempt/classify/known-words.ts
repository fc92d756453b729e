import {wordOf} from './error-body.ts';
import type {ErrorClass, FaultScope} from './error-class.ts';

/*
 * The machine words of error bodies and what they mean: codes of OpenAI, Anthropic, Google, DeepSeek, Kimi, DashScope, Zhipu, MiniMax, Volcano,
 * OpenRouter and of the relays, after their public documentation. A word is strong evidence: no sentence overrules it, but for a spent quota.
 */

/** What a word or a sentence says. */
export interface Meaning {
	readonly errorClass: ErrorClass;
	readonly scope: FaultScope;
}

/** If a body has words of several classes, the first of these wins: the narrower one. */
const precedence: readonly ErrorClass[] = [
	'foreign_encrypted_content',
	'stale_previous_response_id',
	'context_length_exceeded',
	'content_policy',
	'region_blocked',
	'quota_exhausted',
	'auth',
	'routing_mismatch_capability',
	'upstream_overloaded',
	'upstream_rate_limited',
];

const lists: ReadonlyArray<readonly [ErrorClass, FaultScope, string]> = [
	[
		'foreign_encrypted_content',
		'request',
		'invalid_encrypted_content encrypted_content_invalid invalid_thinking_signature',
	],
	['stale_previous_response_id', 'request', 'previous_response_not_found previous_response_id_not_found'],
	[
		'context_length_exceeded',
		'request',
		'context_length_exceeded context_limit context_limit_exceeded context_window_exceeded token_limit model_context_window_exceeded prompt_too_long input_too_long max_context_length_exceeded',
	],
	[
		'content_policy',
		'request',
		'invalid_prompt cyber_policy content_policy content_policy_violation content_filter content_filtered DataInspectionFailed data_inspection_failed sensitive_words_detected prompt_blocked moderation_blocked ResponsibleAIPolicyViolation SensitiveContentDetected business:1301 minimax:1026 minimax:1027',
	],
	['region_blocked', 'endpoint', 'unsupported_country_region_territory unsupported_region'],
	[
		'quota_exhausted',
		'account',
		'insufficient_quota usage_limit_reached usage_limit_exceeded usage_not_included billing_hard_limit_reached billing_not_active billing_error insufficient_user_quota pre_consume_token_quota_failed exceeded_current_quota_error insufficient_balance insufficient_funds insufficient_credits quota_exceeded quota_exhausted payment_required credit_balance_too_low Arrearage AccountOverdueError SubscriptionExpired SetLimitExceeded daily_limit_exceeded weekly_limit_exceeded monthly_limit_exceeded token_quota_exhausted business:1113 business:1304 business:1308 business:1309 business:1310 minimax:1008 minimax:1028 minimax:1030 minimax:2056',
	],
	[
		'auth',
		'account',
		'invalid_api_key authentication_error invalid_authentication_error incorrect_api_key_error API_KEY_INVALID InvalidApiKey UNAUTHENTICATED unauthorized token_expired token_invalidated token_revoked account_deactivated api_key_expired api_key_disabled api_key_revoked access_token_invalid invalid_token business:1000 business:1001 business:1002 business:1003 business:1004 business:1110 business:1111 business:1112 business:1121 minimax:1004 minimax:2049',
	],
	[
		'routing_mismatch_capability',
		'model',
		'model_not_found model_not_supported unsupported_model model_unsupported invalid_model unknown_model model_not_available model_access_denied AccessDenied.Unpurchased ModelNotFound ModelNotOpen InvalidEndpointOrModel.NotFound DeploymentNotFound model_price_error unsupported_service_tier business:1211 business:1212 business:1220 minimax:2061',
	],
	[
		'upstream_overloaded',
		'endpoint',
		'overloaded overloaded_error server_is_overloaded engine_overloaded_error server_overload ServerOverloaded UNAVAILABLE no_available_channel get_channel_failed channel:no_available_key no_available_accounts no_available_account queue_full capacity_exceeded',
	],
	[
		'upstream_overloaded',
		'model',
		'model_overloaded MODEL_CAPACITY_EXHAUSTED model_at_capacity business:1305 business:1312',
	],
	[
		'upstream_overloaded',
		'account',
		'concurrency_limit_exceeded concurrent_requests_limit websocket_connection_limit_reached minimax:1041 business:1302',
	],
	[
		'upstream_rate_limited',
		'account',
		'rate_limit rate_limited rate_limit_exceeded rate_limit_error rate_limit_reached_error slow_down too_many_requests RESOURCE_EXHAUSTED Throttling Throttling.RateQuota Throttling.AllocationQuota Throttling.BurstRate limit_requests limit_burst_rate RequestLimitExceeded RequestBurstTooFast RateLimitExceeded business:1303 minimax:1002 minimax:1039 minimax:2045',
	],
	['upstream_rate_limited', 'model', 'model_cooldown'],
];

const meanings: ReadonlyMap<string, Meaning> = new Map(
	lists.flatMap(([errorClass, scope, words]) =>
		words.split(' ').map(word => [wordOf(word), {errorClass, scope}] as const),
	),
);

/** Google names its window in a quota's id: `GenerateRequestsPerDayPerProjectPerModel-FreeTier`. Only the day's is a spent quota. */
const quotaId = (word: string): Meaning | undefined => {
	if (!/^(?:generate|[a-z]+requests|[a-z]+tokens).*per(?:day|minute)/.test(word)) {
		return undefined;
	}

	return {
		errorClass: word.includes('perday') ? 'quota_exhausted' : 'upstream_rate_limited',
		scope: word.includes('permodel') ? 'model' : 'account',
	};
};

/** A setting that depends on the model: another upstream may know more values of it. */
const refusedSetting = (words: readonly string[]): Meaning | undefined =>
	words.includes('unsupportedvalue') && words.some(word => /^param:(?:model|servicetier|reasoning)/.test(word))
		? {errorClass: 'routing_mismatch_capability', scope: 'model'}
		: undefined;

const rank = ({errorClass}: Meaning): number => precedence.indexOf(errorClass);

/** The narrowest meaning of a body's words; of two of the same class the one about the model. Undefined where no word is known. */
export const meaningOfWords = (words: readonly string[]): Meaning | undefined => {
	const setting = refusedSetting(words);
	const found = words.flatMap(word => meanings.get(word) ?? quotaId(word) ?? []);
	return [...found, ...(setting ? [setting] : [])].toSorted(
		(one, other) => rank(one) - rank(other) || Number(other.scope === 'model') - Number(one.scope === 'model'),
	)[0];
};

const clientWords: ReadonlySet<string> = new Set(
	'invalid_request_error invalid_request validation_error bad_request bad_request_error INVALID_ARGUMENT InvalidParameter invalid_parameter invalid_parameter_error bad_request_body request_too_large unprocessable_entity unsupported_parameter unknown_parameter missing_required_parameter invalid_value unsupported_value business:1210 business:1213 business:1214 business:1215 minimax:2013'
		.split(' ')
		.map(word => wordOf(word)),
);

/** Whether a body says itself that the request is wrong: then its sentences, which may quote the request, prove nothing else. */
export const hasClientWord = (words: readonly string[]): boolean => words.some(word => clientWords.has(word));
