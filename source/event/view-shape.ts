import type {BalanceReading, BalanceSnapshot, UsageModelStat, UsageWindow} from '../wire/balance.ts';
import {clients, dialects, requestKinds, services} from '../wire/names.ts';
import type {AccountInfo} from './account-view.ts';
import type {AttemptOutcome} from './catalogue.ts';
import type {CandidateView, PlanReason, PlanView} from './plan-view.ts';
import {isProviderSignal} from './provider-signal.ts';
import {isFlag, isList, isNumber, isOneOf, isShaped, isTable, isText, maybe, type Members} from './shape.ts';
import type {EndpointInfo, IncidentView, LedgerAttempt, LedgerRecord, LedgerUsage, Pin, Usage} from './view.ts';

/* The shapes that events are made of, as guards. The compiler holds each of them to its type, so that neither can be changed alone. */

const maybeText = maybe(isText);
const maybeNumber = maybe(isNumber);
const maybeFlag = maybe(isFlag);
const isTexts = isList(isText);
/** A service. */
export const isService = isOneOf(...services);
/** A kind of client. */
export const isClient = isOneOf(...clients);
/** A protocol. */
export const isDialect = isOneOf(...dialects);
/** What a request is for. */
export const isKind = isOneOf(...requestKinds);
/** What an attempt came to. */
export const isOutcome = isOneOf<AttemptOutcome>('success', 'hard', 'soft', 'auth', 'neutral', 'cancelled');
/** The phase of a breaker. */
export const isPhase = isOneOf('closed', 'open', 'half-open');

/** Tokens of an answer. */
export const isUsage = isShaped<Usage>({
	inputTokens: maybeNumber,
	outputTokens: maybeNumber,
	totalTokens: maybeNumber,
	cachedInputTokens: maybeNumber,
	cacheCreationInputTokens: maybeNumber,
	reasoningTokens: maybeNumber,
});

/** A pin. */
export const isPin = isShaped<Pin>({
	endpointKey: isText,
	mode: isOneOf('only', 'prefer'),
	setAtMs: isNumber,
	account: maybeText,
	untilMs: maybeNumber,
});

const isValue = (value: unknown): value is string | number => isText(value) || isNumber(value);
const isReason = isShaped<PlanReason>({
	code: isText,
	text: isText,
	values: maybe(isTable(isValue)),
	untilMs: maybeNumber,
	location: maybeText,
});

const isCandidate = isShaped<CandidateView>({
	endpointKey: isText,
	account: maybeText,
	preferenceGroup: isNumber,
	routePath: isTexts,
	eligible: isFlag,
	reasons: isList(isReason),
});

/** A plan. */
export const isPlan = isShaped<PlanView>({
	service: isService,
	model: maybeText,
	pin: maybe(isPin),
	candidates: isList(isCandidate),
	continuity: maybe(
		isShaped<NonNullable<PlanView['continuity']>>({
			continuity_class: isText,
			provider_failover_allowed: isFlag,
			provider_failover_blocked_reason: maybeText,
			balance_signal_authoritative: isFlag,
			binding: isTexts,
		}),
	),
	affinity: maybe(
		isShaped<NonNullable<PlanView['affinity']>>({
			policy: isText,
			source: isText,
			provider_endpoint_key: maybeText,
			selected_matches_affinity: maybeFlag,
			reason: isText,
		}),
	),
});

const isAccount = isShaped<AccountInfo>({label: isText, enabled: isFlag, authSource: isText, hasAuth: isFlag});

/** An endpoint of the configuration. */
export const isEndpoint = isShaped<EndpointInfo>({
	endpointKey: isText,
	service: isService,
	provider: isText,
	endpoint: isText,
	alias: maybeText,
	baseUrl: isText,
	dialect: isDialect,
	enabled: isFlag,
	order: isNumber,
	routePath: isTexts,
	authSource: isText,
	hasAuth: isFlag,
	tags: isTable(isText),
	location: maybeText,
	accounts: maybe(isList(isAccount)),
});

/** An incident. */
export const isIncident = isShaped<IncidentView>({
	id: isText,
	rule: isText,
	scope: isText,
	title: isText,
	state: isOneOf('open', 'closed'),
	openedAtMs: isNumber,
	updatedAtMs: isNumber,
	closedAtMs: maybeNumber,
	count: isNumber,
	evidence: isList(isShaped<IncidentView['evidence'][number]>({atMs: isNumber, requestId: maybeText, text: isText})),
	effect: isText,
	advice: isText,
	closesWhen: isText,
});

const isLedgerUsage = isShaped<LedgerUsage>({
	input_tokens: maybeNumber,
	output_tokens: maybeNumber,
	total_tokens: maybeNumber,
	cached_input_tokens: maybeNumber,
	cache_creation_input_tokens: maybeNumber,
	reasoning_tokens: maybeNumber,
});

const isLedgerAttempt = isShaped<LedgerAttempt>({
	attempt_index: isNumber,
	provider_id: isText,
	endpoint_id: isText,
	provider_endpoint_key: isText,
	preference_group: isNumber,
	route_path: isTexts,
	upstream_base_url: isText,
	decision: isOneOf('completed', 'failed_status', 'failed_transport', 'failed_stream', 'cancelled'),
	code: isText,
	reason: isText,
	status_code: maybeNumber,
	error_class: isOutcome,
	model: maybeText,
	upstream_headers_ms: maybeNumber,
	duration_ms: isNumber,
	discarded: maybeFlag,
	usage: maybe(isLedgerUsage),
	repairs: maybe(isTexts),
	provider_signals: maybe(isList(isProviderSignal)),
});

const isEffective = maybe(isShaped<{readonly value: string; readonly source: string}>({value: isText, source: isText}));

/** A line of the ledger. */
export const isLedgerRecord = isShaped<LedgerRecord>({
	timestamp_ms: isNumber,
	request_id: isText,
	trace_id: isText,
	replay_of: maybeText,
	service: isService,
	method: isText,
	path: isText,
	status_code: isNumber,
	duration_ms: isNumber,
	ttfb_ms: maybeNumber,
	outcome: isOneOf('success', 'failed', 'cancelled', 'cut'),
	ending: maybeText,
	config_name: maybeText,
	station_name: maybeText,
	provider_id: maybeText,
	endpoint_id: maybeText,
	provider_endpoint_key: maybeText,
	upstream_base_url: maybeText,
	session_id: maybeText,
	session_identity_source: maybeText,
	thread_id: maybeText,
	turn_id: maybeText,
	request_kind: maybe(isKind),
	client: maybe(isClient),
	cwd: maybeText,
	model: maybeText,
	actual_model: maybeText,
	reasoning_effort: maybeText,
	service_tier: maybe(
		isShaped<NonNullable<LedgerRecord['service_tier']>>({
			requested: maybeText,
			effective: maybeText,
			actual: maybeText,
		}),
	),
	usage: maybe(isLedgerUsage),
	route_decision: maybe(
		isShaped<NonNullable<LedgerRecord['route_decision']>>({
			decided_at_ms: isNumber,
			provider_id: isText,
			endpoint_id: isText,
			route_path: isTexts,
			effective_model: isEffective,
			effective_reasoning_effort: isEffective,
			effective_service_tier: isEffective,
			binding_profile_name: maybeText,
			binding_continuity_mode: maybeText,
		}),
	),
	retry: maybe(
		isShaped<NonNullable<LedgerRecord['retry']>>({
			attempts: isNumber,
			upstream_chain: isTexts,
			route_attempts: isList(isLedgerAttempt),
		}),
	),
});

const isWindow = isShaped<UsageWindow>({
	period: isText,
	usedUsd: maybeNumber,
	limitUsd: maybeNumber,
	remainingUsd: maybeNumber,
	resetsAtMs: maybeNumber,
	isUnlimited: isFlag,
});

const reading: Members<BalanceReading> = {
	planName: maybeText,
	totalBalanceUsd: maybeNumber,
	subscriptionBalanceUsd: maybeNumber,
	paygoBalanceUsd: maybeNumber,
	monthlyBudgetUsd: maybeNumber,
	monthlySpentUsd: maybeNumber,
	isUnlimited: maybeFlag,
	isExhausted: maybeFlag,
	quota: maybe(isWindow),
	windows: maybe(isList(isWindow)),
	totalUsedUsd: maybeNumber,
	todayUsedUsd: maybeNumber,
	totalRequests: maybeNumber,
	todayRequests: maybeNumber,
	totalTokens: maybeNumber,
	todayTokens: maybeNumber,
	subscriptionExpiresAtMs: maybeNumber,
	rate: maybe(
		isShaped<NonNullable<BalanceReading['rate']>>({rpm: maybeNumber, tpm: maybeNumber, averageMs: maybeNumber}),
	),
	modelStats: maybe(
		isList(
			isShaped<UsageModelStat>({
				model: isText,
				requests: maybeNumber,
				inputTokens: maybeNumber,
				outputTokens: maybeNumber,
				totalTokens: maybeNumber,
				costUsd: maybeNumber,
			}),
		),
	),
};

/** What is known of an account's balance. */
export const isBalance = isShaped<BalanceSnapshot>({
	...reading,
	endpointKey: isText,
	account: isText,
	providerId: isText,
	source: maybeText,
	fetchedAtMs: isNumber,
	staleAfterMs: isNumber,
	status: isOneOf('unknown', 'ok', 'exhausted', 'stale', 'error'),
	exhaustionAffectsRouting: isFlag,
	alerts: isList(
		isShaped<BalanceSnapshot['alerts'][number]>({
			kind: isOneOf(
				'daily_usage_80',
				'daily_usage_95',
				'low_balance',
				'subscription_expiring_soon',
				'subscription_expired',
				'error',
			),
			text: isText,
		}),
	),
	error: maybeText,
	suppressedUntilMs: maybeNumber,
});
