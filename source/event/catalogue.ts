import type {BalanceSnapshot} from '../wire/balance.ts';
import type {Client, Dialect, EndpointKey, RequestKind, Service} from '../wire/names.ts';
import type {CandidateSaturated, WaitEnd} from './place.ts';
import type {PlanView} from './plan-view.ts';
import type {EndpointInfo, IncidentView, LedgerRecord, Pin, Usage} from './view.ts';
import type {AccountChanged, PolicyActionChanged, StateLost} from './upkeep.ts';

/*
 * Everything that the engine announces. An event is a plain value (it crosses a thread by structured clone and a socket
 * as JSON), never holds a body or a secret, and has been sanitized: its strings may be drawn as they are.
 * Lifecycles are named noun-start | delta | end, one-off facts noun-participle.
 */

/** What an attempt came to (watchdog.md 4). `soft` is a limit, `neutral` a fault of the request or a client that left. */
export type AttemptOutcome = 'success' | 'hard' | 'soft' | 'auth' | 'neutral' | 'cancelled';

/** How far an attempt had come when it ended. */
export type AttemptPhase = 'connect' | 'headers' | 'stream' | 'done';

interface OfRequest {
	readonly requestId: string;
	/** Wall clock, milliseconds since the epoch. */
	readonly atMs: number;
}

export interface RequestStart extends OfRequest {
	readonly type: 'request-start';
	readonly method: string;
	/** The path without its query. */
	readonly path: string;
	readonly bodyBytes: number;
	/** The request that this one repeats because a person asked for it. */
	readonly replayOf?: string | undefined;
}

export interface CallIdentified extends OfRequest {
	readonly type: 'call-identified';
	readonly client: Client;
	readonly service: Service;
	readonly dialect: Dialect | undefined;
	readonly kind: RequestKind;
	readonly stream: boolean;
	readonly sessionId?: string | undefined;
	readonly threadId?: string | undefined;
	readonly parentThreadId?: string | undefined;
	readonly turnId?: string | undefined;
	readonly model?: string | undefined;
	readonly effort?: string | undefined;
	readonly tier?: string | undefined;
	readonly cwd?: string | undefined;
}

export interface RoutePlanned extends OfRequest {
	readonly type: 'route-planned';
	readonly plan: PlanView;
}

/** The body differs from what the client sent, or the answer from the upstream's; `losses` and `overrides` say in what. */
export interface BodyTranslated extends OfRequest {
	readonly type: 'body-translated';
	readonly attempt: number;
	readonly endpointKey: EndpointKey;
	readonly losses: ReadonlyArray<{readonly code: string; readonly count: number; readonly text: string}>;
	/** Fields that a session's override, a profile or the upstream's own settings decided. */
	readonly overrides?: ReadonlyArray<{
		readonly field: 'model' | 'effort' | 'tier';
		readonly from: string | undefined;
		readonly to: string;
		readonly source: string;
	}>;
	/** The session lost hidden state for the first time. */
	readonly isFirstRepair?: boolean;
	/** It is the upstream's answer that was changed. */
	readonly isAnswer?: boolean;
	readonly sessionId?: string | undefined;
}

export interface AttemptStart extends OfRequest {
	readonly type: 'attempt-start';
	/** Counts from 1 within the request. */
	readonly attempt: number;
	readonly endpointKey: EndpointKey;
	readonly model?: string | undefined;
	/** Why this candidate is tried now, in plain words. */
	readonly reason: string;
}

export interface AttemptEnd extends OfRequest {
	readonly type: 'attempt-end';
	readonly attempt: number;
	readonly endpointKey: EndpointKey;
	readonly outcome: AttemptOutcome;
	readonly phase: AttemptPhase;
	/** A stable code: `completed`, `status-503`, `stream-cut`, `in-band-failed`, `connect-refused`, `first-byte-timeout`, … */
	readonly code: string;
	readonly reason: string;
	readonly status?: number | undefined;
	readonly headersMs?: number | undefined;
	readonly durationMs: number;
	readonly retryAfterMs?: number | undefined;
	/** The road goes on to another candidate (or repeats this one) and the client does not notice. */
	readonly willRetry: boolean;
	readonly usage?: Usage | undefined;
}

export interface ReplyStart extends OfRequest {
	readonly type: 'reply-start';
	readonly endpointKey: EndpointKey;
	readonly ttfbMs: number;
}

/** Progress of a reply since the last delta of the same request; merged, never one per upstream event. */
export interface ReplyDelta extends OfRequest {
	readonly type: 'reply-delta';
	readonly events: number;
	readonly bytes: number;
}

/** The upstream is silent and a heartbeat kept the client waiting. */
export interface ReplySilent extends OfRequest {
	readonly type: 'reply-silent';
	readonly endpointKey: EndpointKey;
	readonly silentMs: number;
}

export interface ReplyEnd extends OfRequest {
	readonly type: 'reply-end';
	readonly record: LedgerRecord;
}

export interface BreakerChanged {
	readonly type: 'breaker-changed';
	readonly atMs: number;
	readonly endpointKey: EndpointKey;
	/** The account that it is about; the endpoint's other accounts go on. */
	readonly account?: string | undefined;
	readonly phase: 'closed' | 'open' | 'half-open';
	readonly untilMs?: number | undefined;
	/** Hard failures in a row. */
	readonly failures: number;
	readonly reason: string;
}

export interface PinChanged {
	readonly type: 'pin-changed';
	readonly atMs: number;
	readonly service: Service;
	/** The session that it is for; undefined: the whole service. */
	readonly sessionId?: string | undefined;
	readonly pin: Pin | undefined;
	/** It ended by itself. */
	readonly hasExpired?: boolean | undefined;
}

export interface ConfigLoaded {
	readonly type: 'config-loaded';
	readonly atMs: number;
	/** Undefined for the demo. */
	readonly path: string | undefined;
	readonly endpoints: readonly EndpointInfo[];
	readonly warnings: readonly string[];
}

export interface ConfigBroken {
	readonly type: 'config-broken';
	readonly atMs: number;
	readonly path: string;
	readonly message: string;
	readonly line?: number | undefined;
	readonly column?: number | undefined;
}

export interface IncidentOpened {
	readonly type: 'incident-opened';
	readonly atMs: number;
	readonly incident: IncidentView;
}

export interface IncidentUpdated {
	readonly type: 'incident-updated';
	readonly atMs: number;
	readonly incident: IncidentView;
}

export interface IncidentClosed {
	readonly type: 'incident-closed';
	readonly atMs: number;
	readonly incident: IncidentView;
}

export interface EngineReady {
	readonly type: 'engine-ready';
	readonly atMs: number;
	/** Origin without a path, for example `http://127.0.0.1:3211`. */
	readonly url: string;
	readonly claudeUrl: string | undefined;
	readonly controlUrl: string;
	readonly pid: number;
	readonly isDemo: boolean;
	readonly version: string;
}

/** Sent by the host in the main thread: the engine's thread died and comes back. */
export interface EngineRestarting {
	readonly type: 'engine-restarting';
	readonly atMs: number;
	readonly inMs: number;
	readonly restarts: number;
	readonly reason: string;
}

export interface EngineStats {
	readonly type: 'engine-stats';
	readonly atMs: number;
	/** Event-loop delay of the engine's thread over the last second. */
	readonly loopP99Ms: number;
	readonly rssMb: number;
	readonly liveRequests: number;
	/** UI events that were dropped since the start because a ring was full. */
	readonly droppedEvents: number;
}

/** Whether a client's own configuration points at us; announced by the composition root, which does the switching. */
export interface ClientSwitched {
	readonly type: 'client-switched';
	readonly atMs: number;
	readonly client: 'codex' | 'claude-code';
	readonly state: 'on' | 'off' | 'elsewhere';
}

/** A log can no longer be written, or can be again; traffic goes on either way (reliability-security.md REL-38). */
export interface LogChanged {
	readonly type: 'log-changed';
	readonly atMs: number;
	readonly path: string;
	readonly isWritable: boolean;
	/** Lines that were not written since the trouble began. */
	readonly lostLines: number;
	/** The system's reason, for example `ENOSPC`; empty once it can be written again. */
	readonly code: string;
}

/** What is known of an account's balance has changed, or can no longer be read (codex-helper.md 3.6). */
export interface BalanceChanged {
	readonly type: 'balance-changed';
	readonly atMs: number;
	readonly balance: BalanceSnapshot;
}

/** The catalogue. */
export type EngineEvent =
	| RequestStart
	| CallIdentified
	| RoutePlanned
	| CandidateSaturated
	| WaitEnd
	| BodyTranslated
	| AttemptStart
	| AttemptEnd
	| ReplyStart
	| ReplyDelta
	| ReplySilent
	| ReplyEnd
	| BreakerChanged
	| PolicyActionChanged
	| AccountChanged
	| PinChanged
	| ConfigLoaded
	| ConfigBroken
	| IncidentOpened
	| IncidentUpdated
	| IncidentClosed
	| EngineReady
	| EngineRestarting
	| EngineStats
	| ClientSwitched
	| LogChanged
	| StateLost
	| BalanceChanged;

/** Takes one event; never throws, never waits. */
export type Announce = (event: EngineEvent) => void;
