import type {AttemptResult} from '../attempt/sink.ts';
import type {AttemptSignal} from '../attempt/signal.ts';
import type {AttemptPhase} from '../event/catalogue.ts';
import type {ProviderSignal} from '../event/provider-signal.ts';
import type {LedgerAttempt, LedgerRecord} from '../event/view.ts';
import type {Call} from '../identify/call.ts';
import type {RouteCandidate} from '../route/route-plan.ts';
import type {Exchange} from './door/accept.ts';
import type {ReplyVerdict} from './reply/reply.ts';
import type {SentAsk, SentField} from './sent-ask.ts';
import type {Judged} from './search/verdict.ts';

/** What a try came to, as the ledger needs it. */
export interface TryReport extends Judged {
	readonly result: AttemptResult<ReplyVerdict>;
	readonly willRetry: boolean;
}

/** How a request ended for its client. */
export interface JourneyEnd {
	readonly outcome: LedgerRecord['outcome'];
	readonly statusCode: number;
	/** The ending's code where it was ours. */
	readonly ending: string | undefined;
}

/** One try of a request; its end is filled in when it has come. */
export interface Try {
	readonly candidate: RouteCandidate;
	/** Monotonic. */
	readonly startedMs: number;
	/** The model's name at this upstream. */
	readonly model: string | undefined;
	repairs: readonly string[];
	/** What the upstream is asked for; undefined where the request has no body. */
	sent?: SentAsk | undefined;
	report: TryReport | undefined;
	/** What its failure tells of the upstream. */
	signal?: AttemptSignal | undefined;
	endedMs: number | undefined;
}

/** All that a request's record is made of. */
export interface JourneyFacts {
	readonly exchange: Exchange;
	readonly call: Call | undefined;
	readonly tries: readonly Try[];
	/** The one whose answer the client got; the last where it is not given. */
	readonly serving?: Try | undefined;
	readonly end: JourneyEnd;
	readonly requestId: string;
	readonly replayOf?: string | undefined;
	readonly startedAtMs: number;
	readonly decidedAtMs: number;
	readonly durationMs: number;
	readonly ttfbMs: number | undefined;
	readonly clean: (text: string) => string;
}

/** The line of `requests.jsonl` for one client request (codex-helper.md 3.2). */
export const ledgerRecord = (facts: JourneyFacts): LedgerRecord => {
	const {exchange, end, tries} = facts;
	const last = facts.serving ?? tries.at(-1);
	return {
		timestamp_ms: facts.startedAtMs,
		request_id: facts.requestId,
		trace_id: `${exchange.target.service}-${facts.requestId}`,
		replay_of: facts.replayOf,
		service: exchange.target.service,
		method: exchange.request.method ?? 'GET',
		path: exchange.path,
		status_code: end.statusCode,
		duration_ms: facts.durationMs,
		ttfb_ms: facts.ttfbMs,
		outcome: end.outcome,
		ending: end.ending,
		...endpointFields(last),
		...callFields(facts, last),
		usage: usageOfAnswer(last),
		...decisionFields(facts, last),
	};
};

const callFields = ({call, clean}: JourneyFacts, last: Try | undefined): Partial<LedgerRecord> => {
	const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : clean(value));
	const tier = text(call?.tier);
	return {
		session_id: call?.sessionId,
		session_identity_source: call?.sessionIdSource,
		thread_id: call?.threadId,
		turn_id: call?.turnId,
		request_kind: call?.kind,
		client: call?.client,
		cwd: text(call?.cwd),
		model: text(call?.model),
		reasoning_effort: text(call?.effort),
		service_tier: {
			requested: tier,
			effective: last?.sent ? text(last.sent.tier.value) : tier,
			actual: text(last?.report?.tier),
		},
		actual_model: text(last?.report?.model),
	};
};

/** The tokens of the answer that the client got, and of nothing else. */
const usageOfAnswer = (last: Try | undefined): LedgerRecord['usage'] =>
	last?.report?.outcome === 'success' ? usageFields(last) : undefined;

/** What was used beside that: together with it each token that an upstream stated is there once. */
const usageBeside = (entry: Try, isLast: boolean): LedgerRecord['usage'] =>
	isLast && entry.report?.outcome === 'success' ? undefined : usageFields(entry);

const usageFields = ({report}: Try): LedgerRecord['usage'] => {
	const usage = report?.usage;
	return (
		usage && {
			input_tokens: usage.inputTokens,
			output_tokens: usage.outputTokens,
			total_tokens: usage.totalTokens,
			cached_input_tokens: usage.cachedInputTokens,
			cache_creation_input_tokens: usage.cacheCreationInputTokens,
			reasoning_tokens: usage.reasoningTokens,
		}
	);
};

const decisionFields = (facts: JourneyFacts, last: Try | undefined): Pick<LedgerRecord, 'route_decision' | 'retry'> => {
	if (!last) {
		return {};
	}

	const {call, tries, clean} = facts;
	const {endpoint, routePath} = last.candidate;
	const model = last.model ?? call?.model;
	const {sent} = last;
	const field = (value: SentField | undefined): {readonly value: string; readonly source: string} | undefined =>
		value?.value === undefined ? undefined : {value: clean(value.value), source: value.source};
	return {
		route_decision: {
			decided_at_ms: facts.decidedAtMs,
			provider_id: endpoint.provider,
			endpoint_id: endpoint.endpoint,
			route_path: routePath,
			effective_model:
				field(sent?.model) ??
				(model === undefined
					? undefined
					: {value: clean(model), source: model === call?.model ? 'request' : 'model_mapping'}),
			effective_reasoning_effort: field(sent?.effort),
			effective_service_tier: field(sent?.tier),
			binding_profile_name: sent?.profile?.name,
			binding_continuity_mode: sent?.profile && `${sent.profile.mode}_profile`,
		},
		retry: {
			attempts: tries.length,
			upstream_chain: tries.map(({candidate}) => candidate.endpoint.key),
			route_attempts: tries.map((entry, index) => ledgerAttempt(entry, {index, isLast: entry === last, facts})),
		},
	};
};

const endpointFields = (last: Try | undefined): Partial<LedgerRecord> => {
	const endpoint = last?.candidate.endpoint;
	return endpoint
		? {
				config_name: endpoint.provider,
				station_name: endpoint.provider,
				provider_id: endpoint.provider,
				endpoint_id: endpoint.endpoint,
				provider_endpoint_key: endpoint.key,
				upstream_base_url: endpoint.baseUrl,
			}
		: {};
};

const ledgerAttempt = (
	entry: Try,
	at: {readonly index: number; readonly isLast: boolean; readonly facts: JourneyFacts},
): LedgerAttempt => {
	const {candidate, report} = entry;
	const {endpoint} = candidate;
	return {
		attempt_index: at.index,
		provider_id: endpoint.provider,
		endpoint_id: endpoint.endpoint,
		provider_endpoint_key: endpoint.key,
		preference_group: candidate.preferenceGroup,
		route_path: candidate.routePath,
		upstream_base_url: endpoint.baseUrl,
		decision: decisionOf(report),
		code: report?.code ?? 'cancelled',
		reason: report ? at.facts.clean(report.reason) : 'the client left',
		status_code: report?.status,
		error_class: report?.outcome ?? 'cancelled',
		model: modelText(entry.model, at.facts),
		upstream_headers_ms: report && headersMsOf(report.result),
		duration_ms: Math.round((entry.endedMs ?? entry.startedMs) - entry.startedMs),
		discarded: at.isLast ? undefined : true,
		usage: usageBeside(entry, at.isLast),
		repairs: entry.repairs.length === 0 ? undefined : entry.repairs,
		provider_signals: entry.signal && [providerSignal(entry.signal, modelText(entry.model, at.facts))],
	};
};

const secondsOf = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.ceil(ms / 1000));

const providerSignal = (signal: AttemptSignal, model: string | undefined): ProviderSignal => ({
	...{kind: signal.kind, code: signal.code, source: signal.source, confidence: signal.confidence},
	target: signal.scope === 'account' ? 'provider' : 'endpoint',
	model: signal.scope === 'model' ? model : undefined,
	route_facing: signal.isRouteFacing,
	observed_at_ms: signal.observedAtMs,
	retry_after_secs: secondsOf(signal.retryAfterMs),
	reset_after_secs: secondsOf(signal.resetAfterMs),
});

const modelText = (model: string | undefined, {call, clean}: JourneyFacts): string | undefined => {
	const text = model === undefined || model === call?.model ? call?.model : `${call?.model ?? ''}->${model}`;
	return text === undefined ? undefined : clean(text);
};

const decisionOf = (report: TryReport | undefined): LedgerAttempt['decision'] => {
	// Whoever was moved on from, or lost to a rival, did not fail.
	if (!report || report.outcome === 'cancelled' || report.result.kind === 'aborted') {
		return 'cancelled';
	}

	if (report.outcome === 'success') {
		return 'completed';
	}

	if (report.code.startsWith('status-') || report.code === 'quota-exhausted' || report.code === 'bot-challenge') {
		return 'failed_status';
	}

	return report.result.kind === 'verdict' || report.result.head !== undefined ? 'failed_stream' : 'failed_transport';
};

/** How far an attempt had come. */
export const phaseOf = (result: AttemptResult<ReplyVerdict>): AttemptPhase => {
	switch (result.kind) {
		case 'verdict': {
			return 'done';
		}

		case 'status': {
			return 'headers';
		}

		case 'transport':
		case 'aborted': {
			return result.phase;
		}
	}
};

/** Milliseconds to the upstream's head, where it came. */
export const headersMsOf = (result: AttemptResult<ReplyVerdict>): number | undefined => result.head?.headersMs;
