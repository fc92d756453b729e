import type {ProviderSignal} from './provider-signal.ts';
import type {Client, Dialect, EndpointKey, RequestKind, Service} from '../wire/names.ts';
import type {PoolHealth, PoolInfo} from './account-view.ts';
import type {BilledAnswer} from './billed-answer.ts';
import type {AttemptOutcome} from './catalogue.ts';

/* The shapes that events, pages of data and the control API share. Times are wall-clock milliseconds. */

/** Tokens of one answer in one spelling, whatever the dialect called them; undefined where the upstream did not say. */
export interface Usage {
	readonly inputTokens?: number | undefined;
	readonly outputTokens?: number | undefined;
	readonly totalTokens?: number | undefined;
	readonly cachedInputTokens?: number | undefined;
	readonly cacheCreationInputTokens?: number | undefined;
	readonly reasoningTokens?: number | undefined;
}

/** The user's choice of the active upstream. `only` fails with a sentence when it cannot serve, `prefer` moves on; `account` narrows it. */
export interface Pin {
	readonly endpointKey: EndpointKey;
	readonly mode: 'only' | 'prefer';
	readonly setAtMs: number;
	readonly account?: string | undefined;
	/** When it ends by itself; undefined: when it is taken away. */
	readonly untilMs?: number | undefined;
}

/** What the screen may know of a configured endpoint: never its credential, only where that comes from. */
export interface EndpointInfo extends PoolInfo {
	readonly endpointKey: EndpointKey;
	readonly service: Service;
	readonly provider: string;
	readonly endpoint: string;
	readonly alias: string | undefined;
	readonly baseUrl: string;
	readonly dialect: Dialect;
	readonly enabled: boolean;
	/** Position in the plan for an ordinary call, from 0. */
	readonly order: number;
	readonly routePath: readonly string[];
	/** For example `env RELAY_A_KEY`, `inline`, `client`, `none`, `missing env RELAY_A_KEY`. */
	readonly authSource: string;
	readonly hasAuth: boolean;
	readonly tags: Readonly<Record<string, string>>;
	/** `config.toml:12`, where the provider is defined. */
	readonly location: string | undefined;
}

/** One upstream on the Routes page. */
export interface RouteView extends EndpointInfo, PoolHealth {
	readonly phase: 'closed' | 'open' | 'half-open';
	readonly cooldownUntilMs: number | undefined;
	readonly failures: number;
	readonly lastReason: string | undefined;
	readonly liveRequests: number;
	/** Ended attempts of the last five minutes, and how many of them succeeded. */
	readonly recentAttempts: number;
	readonly recentSuccesses: number;
	/** Median of the time to first byte over the last five minutes. */
	readonly ttfbMs: number | undefined;
	readonly isPinned: boolean;
}

/** One try on the Requests page. */
export interface AttemptView {
	readonly attempt: number;
	readonly endpointKey: EndpointKey;
	readonly startedAtMs: number;
	readonly outcome: AttemptOutcome | 'running';
	readonly code: string | undefined;
	readonly reason: string | undefined;
	readonly status: number | undefined;
	readonly durationMs: number | undefined;
}

/** One client request; a row of the Requests page. */
export interface RequestView extends BilledAnswer {
	readonly requestId: string;
	readonly startedAtMs: number;
	readonly method: string;
	readonly path: string;
	readonly bodyBytes: number;
	readonly client: Client | undefined;
	readonly service: Service | undefined;
	readonly kind: RequestKind | undefined;
	readonly stream: boolean;
	readonly sessionId: string | undefined;
	readonly threadId: string | undefined;
	readonly model: string | undefined;
	readonly effort: string | undefined;
	readonly state: 'running' | 'success' | 'failed' | 'cancelled' | 'cut';
	/** What the client got; undefined while it runs. */
	readonly statusCode: number | undefined;
	/** The endpoint that serves or served it. */
	readonly endpointKey: EndpointKey | undefined;
	readonly attempts: readonly AttemptView[];
	readonly ttfbMs: number | undefined;
	readonly durationMs: number | undefined;
	readonly replyEvents: number;
	readonly replyBytes: number;
	/** Silence at the last heartbeat, and since when (wall clock, a screen counts on from it); undefined once the upstream speaks again. */
	readonly silentMs: number | undefined;
	readonly silentSinceMs: number | undefined;
	/** Since when it waits for a place at a candidate (wall clock); absent where it does not. */
	readonly waitingSinceMs?: number | undefined;
	/** How long it has waited for places; absent where it never did. */
	readonly waitedMs?: number | undefined;
	/** The request that this one repeats because a person asked for it. */
	readonly replayOf?: string | undefined;
	/** One phrase such as `failed over from relay-b`, `repaired 2 reasoning items`, or the error's sentence. */
	readonly note: string | undefined;
}

/** One client session; a row of the Sessions pane. */
export interface SessionView {
	readonly sessionId: string;
	readonly client: Client;
	readonly model: string | undefined;
	readonly effort: string | undefined;
	readonly cwd: string | undefined;
	readonly endpointKey: EndpointKey | undefined;
	readonly firstSeenAtMs: number;
	readonly lastSeenAtMs: number;
	readonly requests: number;
	readonly liveRequests: number;
	readonly threads: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly lastRequestId: string;
}

/** A problem worth a person's attention. */
export interface IncidentView {
	/** `INC-12`. */
	readonly id: string;
	readonly rule: string;
	/** What it is about: an endpoint key, `config`, `engine`, `all routes of codex`, or the path of a log. */
	readonly scope: string;
	readonly title: string;
	readonly state: 'open' | 'closed';
	readonly openedAtMs: number;
	readonly updatedAtMs: number;
	readonly closedAtMs: number | undefined;
	readonly count: number;
	/** The newest 20 facts that keep it open. */
	readonly evidence: ReadonlyArray<{
		readonly atMs: number;
		readonly requestId: string | undefined;
		readonly text: string;
	}>;
	readonly effect: string;
	readonly advice: string;
	/** What must happen for it to close. */
	readonly closesWhen: string;
}

/** One decision of the control trace. */
export interface TraceEntry {
	/** Counts up for the life of the engine. */
	readonly sequence: number;
	readonly atMs: number;
	/** The event's type, for example `attempt-end`. */
	readonly kind: string;
	readonly requestId: string | undefined;
	readonly endpointKey: EndpointKey | undefined;
	/** One line for people. */
	readonly what: string;
	/** The event's own fields. */
	readonly detail: Readonly<Record<string, unknown>>;
}

/** Tokens as the ledger spells them. */
export interface LedgerUsage {
	readonly input_tokens?: number | undefined;
	readonly output_tokens?: number | undefined;
	readonly total_tokens?: number | undefined;
	readonly cached_input_tokens?: number | undefined;
	readonly cache_creation_input_tokens?: number | undefined;
	readonly reasoning_tokens?: number | undefined;
}

/** One line of `requests.jsonl`: codex-helper.md 3.2 plus `outcome`, `ending`, `config_name`; fields are only ever added. */
export interface LedgerRecord {
	readonly timestamp_ms: number;
	readonly request_id: string;
	readonly trace_id: string;
	/** The request that this one repeats because a person asked for it. */
	readonly replay_of?: string | undefined;
	readonly service: Service;
	readonly method: string;
	readonly path: string;
	/** What the client got. */
	readonly status_code: number;
	readonly duration_ms: number;
	readonly ttfb_ms?: number | undefined;
	readonly outcome: 'success' | 'failed' | 'cancelled' | 'cut';
	/** The ending that the client got where it was ours: a code of the error encoder. */
	readonly ending?: string | undefined;
	readonly config_name?: string | undefined;
	readonly station_name?: string | undefined;
	readonly provider_id?: string | undefined;
	readonly endpoint_id?: string | undefined;
	readonly provider_endpoint_key?: string | undefined;
	readonly upstream_base_url?: string | undefined;
	readonly session_id?: string | undefined;
	readonly session_identity_source?: string | undefined;
	readonly thread_id?: string | undefined;
	readonly turn_id?: string | undefined;
	readonly request_kind?: RequestKind | undefined;
	readonly client?: Client | undefined;
	readonly cwd?: string | undefined;
	readonly model?: string | undefined;
	/** The model that the upstream says it used. */
	readonly actual_model?: string | undefined;
	readonly reasoning_effort?: string | undefined;
	readonly service_tier?: {
		readonly requested?: string | undefined;
		readonly effective?: string | undefined;
		readonly actual?: string | undefined;
	};
	/** Of the answer that the client got; what other attempts used stands in {@link LedgerAttempt.usage} and is not in it. */
	readonly usage?: LedgerUsage | undefined;
	readonly route_decision?: {
		readonly decided_at_ms: number;
		readonly provider_id: string;
		readonly endpoint_id: string;
		readonly route_path: readonly string[];
		readonly effective_model?: {readonly value: string; readonly source: string} | undefined;
		readonly effective_reasoning_effort?: {readonly value: string; readonly source: string} | undefined;
		readonly effective_service_tier?: {readonly value: string; readonly source: string} | undefined;
		readonly binding_profile_name?: string | undefined;
		readonly binding_continuity_mode?: string | undefined;
	};
	readonly retry?: {
		readonly attempts: number;
		readonly upstream_chain: readonly string[];
		readonly route_attempts: readonly LedgerAttempt[];
	};
}

/** One element of `retry.route_attempts` (codex-helper.md 3.2). */
export interface LedgerAttempt {
	readonly attempt_index: number;
	readonly provider_id: string;
	readonly endpoint_id: string;
	readonly provider_endpoint_key: string;
	readonly preference_group: number;
	readonly route_path: readonly string[];
	readonly upstream_base_url: string;
	readonly decision: 'completed' | 'failed_status' | 'failed_transport' | 'failed_stream' | 'cancelled';
	readonly code: string;
	readonly reason: string;
	readonly status_code?: number | undefined;
	readonly error_class: AttemptOutcome;
	readonly model?: string | undefined;
	readonly upstream_headers_ms?: number | undefined;
	readonly duration_ms: number;
	/** The client kept nothing of it: another attempt took over. */
	readonly discarded?: boolean | undefined;
	/** Tokens that its upstream stated, where they are not in the record's own `usage`: it was cut, moved from, beaten by a rival, or failed. */
	readonly usage?: LedgerUsage | undefined;
	/** Items removed or changed on the way to this upstream. */
	readonly repairs?: readonly string[] | undefined;
	readonly provider_signals?: readonly ProviderSignal[] | undefined;
}

/** A change of a file as a tool call asks for it (Claude's Edit, MultiEdit, Write). */
export interface FileEdit {
	readonly path: string;
	/** Undefined: the whole file is written, and what stood there is not known. */
	readonly before: string | undefined;
	readonly after: string;
}

/** One block of a transcript, sanitized and redacted; the screen wraps and colours `text` itself. */
export interface TranscriptItem {
	/** `compaction`: what stands for a history that was left out, readable or not. */
	readonly kind: 'developer' | 'user' | 'assistant' | 'reasoning' | 'tool-call' | 'tool-output' | 'compaction' | 'note';
	/** Tool name, role or what a note is about. */
	readonly title: string | undefined;
	/** Of a tool call its patch or `key: value` a line; what {@link TranscriptItem.edits} say is not in it. */
	readonly text: string;
	/** Of a tool call that changes files by texts; a patch (`*** Begin Patch`) stands in `text`. */
	readonly edits?: readonly FileEdit[] | undefined;
	/** The upstream is still writing it. */
	readonly isLive: boolean;
}

/** A readable conversation: of one request (its new input and its answer), or of a session (all that its last request carried). */
export interface Transcript {
	readonly requestId: string;
	readonly sessionId: string | undefined;
	readonly items: readonly TranscriptItem[];
	/** Changes whenever `items` does; send it back as `knownVersion` to be told `unchanged`. */
	readonly version: number;
	readonly isLive: boolean;
	/** The capture met its size limit: something is missing. */
	readonly isTruncated: boolean;
}
