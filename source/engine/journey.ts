import {createRequestId} from '../base/ids.ts';
import type {Clock} from '../base/clock.ts';
import type {Config} from '../config/config.ts';
import type {AttemptResult} from '../attempt/attempt.ts';
import type {Announce, AttemptPhase} from '../event/catalogue.ts';
import type {LedgerAttempt, LedgerRecord} from '../event/view.ts';
import type {Call} from '../identify/call.ts';
import type {Candidate, Plan} from '../route/plan.ts';
import type {Exchange} from './accept.ts';
import type {ReplyVerdict} from './reply.ts';
import type {Judged} from './verdict.ts';

/** What a try came to, as the journey needs it. */
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

interface Try {
	readonly candidate: Candidate;
	readonly startedMs: number;
	readonly model: string | undefined;
	repairs: readonly string[];
	report: TryReport | undefined;
	endedMs: number | undefined;
}

/** Follows one request: keeps its config snapshot, announces its stations, and makes its ledger record at the end. */
export class Journey {
	readonly requestId: string;
	readonly exchange: Exchange;
	readonly config: Config;
	readonly startedAtMs: number;
	readonly #startedMs: number;
	readonly #clock: Clock;
	readonly #announce: Announce;
	#call: Call | undefined;
	#decidedAtMs = 0;
	#ttfbMs: number | undefined;
	readonly #tries: Try[] = [];

	constructor(
		exchange: Exchange,
		around: {readonly config: Config; readonly clock: Clock; readonly announce: Announce},
	) {
		this.exchange = exchange;
		this.#clock = around.clock;
		this.#announce = around.announce;
		this.config = around.config;
		this.startedAtMs = around.clock.now();
		this.#startedMs = around.clock.monotonic();
		this.requestId = createRequestId(this.startedAtMs);
	}

	get attempts(): number {
		return this.#tries.length;
	}

	/** Milliseconds since the request came. */
	elapsedMs(): number {
		return Math.round(this.#clock.monotonic() - this.#startedMs);
	}

	accepted(bodyBytes: number): void {
		const {path, request} = this.exchange;
		this.#announce({
			type: 'request-start',
			requestId: this.requestId,
			atMs: this.startedAtMs,
			method: request.method ?? 'GET',
			path,
			bodyBytes,
		});
	}

	identified(call: Call): void {
		this.#call = call;
		const {client, service, dialect, kind, sessionId, threadId, parentThreadId, turnId, model, effort, tier, cwd} =
			call;
		this.#announce({
			type: 'call-identified',
			requestId: this.requestId,
			atMs: this.#clock.now(),
			stream: call.isStreaming,
			...{client, service, dialect, kind, sessionId, threadId, parentThreadId, turnId, model, effort, tier, cwd},
		});
	}

	planned(plan: Plan, call: Call): void {
		this.#decidedAtMs = this.#clock.now();
		const candidates = plan.candidates.map(({endpoint, ...candidate}) => ({endpointKey: endpoint.key, ...candidate}));
		this.#announce({
			type: 'route-planned',
			requestId: this.requestId,
			atMs: this.#decidedAtMs,
			plan: {service: call.service, model: call.model, pin: plan.pin, candidates},
		});
	}

	tryStarted(candidate: Candidate, model: string | undefined, reason: string): void {
		this.#tries.push({
			candidate,
			startedMs: this.#clock.monotonic(),
			model,
			repairs: [],
			report: undefined,
			endedMs: undefined,
		});
		this.#announce({
			type: 'attempt-start',
			requestId: this.requestId,
			atMs: this.#clock.now(),
			attempt: this.#tries.length,
			endpointKey: candidate.endpoint.key,
			model,
			reason,
		});
	}

	/** The body of the running try differs from the client's. */
	translated(losses: ReadonlyArray<{readonly code: string; readonly count: number; readonly text: string}>): void {
		const current = this.#tries.at(-1);
		if (losses.length === 0 || !current) {
			return;
		}

		current.repairs = losses.map(({code, count}) => `${code}:${count}`);
		this.#announce({
			type: 'body-translated',
			requestId: this.requestId,
			atMs: this.#clock.now(),
			attempt: this.#tries.length,
			endpointKey: current.candidate.endpoint.key,
			losses,
		});
	}

	tryEnded(report: TryReport): void {
		const current = this.#tries.at(-1);
		if (!current) {
			return;
		}

		current.report = report;
		current.endedMs = this.#clock.monotonic();
		const {outcome, code, reason, status, retryAfterMs, willRetry, usage} = report;
		this.#announce({
			type: 'attempt-end',
			requestId: this.requestId,
			atMs: this.#clock.now(),
			attempt: this.#tries.length,
			endpointKey: current.candidate.endpoint.key,
			durationMs: Math.round(current.endedMs - current.startedMs),
			phase: phaseOf(report.result),
			headersMs: headersMsOf(report.result),
			...{outcome, code, reason, status, retryAfterMs, willRetry, usage},
		});
	}

	/** The client's head goes out. */
	replyStarted(): void {
		if (this.#ttfbMs !== undefined) {
			return;
		}

		this.#ttfbMs = this.elapsedMs();
		const endpointKey = this.#tries.at(-1)?.candidate.endpoint.key ?? '';
		this.#announce({
			type: 'reply-start',
			requestId: this.requestId,
			atMs: this.#clock.now(),
			endpointKey,
			ttfbMs: this.#ttfbMs,
		});
	}

	silent(silentMs: number): void {
		const endpointKey = this.#tries.at(-1)?.candidate.endpoint.key ?? '';
		this.#announce({type: 'reply-silent', requestId: this.requestId, atMs: this.#clock.now(), endpointKey, silentMs});
	}

	progressed(events: number, bytes: number): void {
		this.#announce({type: 'reply-delta', requestId: this.requestId, atMs: this.#clock.now(), events, bytes});
	}

	ended(end: JourneyEnd): LedgerRecord {
		const record = this.#record(end);
		this.#announce({type: 'reply-end', requestId: this.requestId, atMs: this.#clock.now(), record});
		return record;
	}

	#record(end: JourneyEnd): LedgerRecord {
		const call = this.#call;
		const last = this.#tries.at(-1);
		const usage = last?.report?.usage;
		return {
			timestamp_ms: this.startedAtMs,
			request_id: this.requestId,
			trace_id: `${this.exchange.target.service}-${this.requestId}`,
			service: this.exchange.target.service,
			method: this.exchange.request.method ?? 'GET',
			path: this.exchange.path,
			status_code: end.statusCode,
			duration_ms: this.elapsedMs(),
			ttfb_ms: this.#ttfbMs,
			outcome: end.outcome,
			ending: end.ending,
			...endpointFields(last),
			session_id: call?.sessionId,
			session_identity_source: call?.sessionIdSource,
			thread_id: call?.threadId,
			turn_id: call?.turnId,
			request_kind: call?.kind,
			client: call?.client,
			cwd: call?.cwd,
			model: call?.model,
			reasoning_effort: call?.effort,
			service_tier: {requested: call?.tier, effective: call?.tier, actual: last?.report?.tier},
			usage: usage && {
				input_tokens: usage.inputTokens,
				output_tokens: usage.outputTokens,
				total_tokens: usage.totalTokens,
				cached_input_tokens: usage.cachedInputTokens,
				cache_creation_input_tokens: usage.cacheCreationInputTokens,
				reasoning_tokens: usage.reasoningTokens,
			},
			...this.#decision(last, call),
		};
	}

	#decision(last: Try | undefined, call: Call | undefined): Pick<LedgerRecord, 'route_decision' | 'retry'> {
		if (!last) {
			return {};
		}

		const {endpoint, routePath} = last.candidate;
		const model = last.model ?? call?.model;
		return {
			route_decision: {
				decided_at_ms: this.#decidedAtMs,
				provider_id: endpoint.provider,
				endpoint_id: endpoint.endpoint,
				route_path: routePath,
				effective_model:
					model === undefined ? undefined : {value: model, source: model === call?.model ? 'request' : 'model_mapping'},
			},
			retry: {
				attempts: this.#tries.length,
				upstream_chain: this.#tries.map(({candidate}) => candidate.endpoint.key),
				route_attempts: this.#tries.map((entry, index) =>
					ledgerAttempt(entry, {index, isLast: entry === last, model: call?.model}),
				),
			},
		};
	}
}

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
	at: {readonly index: number; readonly isLast: boolean; readonly model: string | undefined},
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
		reason: report?.reason ?? 'the client left',
		status_code: report?.status,
		error_class: report?.outcome ?? 'cancelled',
		model: entry.model === undefined || entry.model === at.model ? at.model : `${at.model ?? ''}->${entry.model}`,
		upstream_headers_ms: report && headersMsOf(report.result),
		duration_ms: Math.round((entry.endedMs ?? entry.startedMs) - entry.startedMs),
		discarded: at.isLast ? undefined : true,
		repairs: entry.repairs.length === 0 ? undefined : entry.repairs,
	};
};

const decisionOf = (report: TryReport | undefined): LedgerAttempt['decision'] => {
	if (!report || report.outcome === 'cancelled') {
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

const phaseOf = (result: AttemptResult<ReplyVerdict>): AttemptPhase => {
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

const headersMsOf = (result: AttemptResult<ReplyVerdict>): number | undefined => result.head?.headersMs;
