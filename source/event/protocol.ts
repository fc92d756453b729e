import type {EndpointKey, Service} from '../wire/names.ts';
import type {EngineEvent} from './catalogue.ts';
import type {ExplainQuestion, ExplainView} from './explain.ts';
import type {BrainView} from './route-view.ts';
import type {IncidentView, Pin, RequestView, RouteView, SessionView, TraceEntry, Transcript} from './view.ts';

/* What passes between the engine and whoever hosts or watches it: events out, actions in, pages of data on demand. */

/** Everything that changes how requests are routed from now on. */
export type BrainAction =
	| {
			readonly type: 'pin';
			readonly service: Service;
			/** Undefined: for every session of the service that has no pin of its own. */
			readonly sessionId?: string | undefined;
			readonly endpointKey: EndpointKey;
			readonly mode: Pin['mode'];
			/** Wall clock; undefined: until it is taken away. */
			readonly untilMs?: number | undefined;
	  }
	| {readonly type: 'unpin'; readonly service: Service; readonly sessionId?: string | undefined}
	/** Fields: a text overrides, null takes the override away, undefined leaves it. `profile`: a name applies it, null takes it away. */
	| {
			readonly type: 'override';
			readonly service: Service;
			readonly sessionId: string;
			readonly fields?: Readonly<Partial<Record<'model' | 'effort' | 'tier', string | null | undefined>>> | undefined;
			readonly profile?: string | null | undefined;
	  }
	| {
			readonly type: 'account';
			readonly service: Service;
			readonly provider: string;
			readonly account: string;
			readonly isPaused: boolean;
	  }
	/** Forgets the cooldowns of an endpoint, of one of its accounts or of all. */
	| {readonly type: 'dismiss'; readonly endpointKey: EndpointKey; readonly account?: string | undefined}
	| {
			readonly type: 'extend';
			readonly endpointKey: EndpointKey;
			readonly account?: string | undefined;
			readonly untilMs: number;
	  }
	/** Keeps requests away until a time, as a limit that an upstream stated would: what a dismissal ended is put back by it. */
	| {
			readonly type: 'cool-down';
			readonly endpointKey: EndpointKey;
			readonly account: string;
			readonly model?: string | undefined;
			readonly untilMs: number;
			readonly reason: string;
	  }
	| {
			readonly type: 'forget-capabilities';
			readonly endpointKey?: EndpointKey | undefined;
			readonly model?: string | undefined;
			readonly need?: string | undefined;
	  }
	| {readonly type: 'refresh-balances'; readonly provider?: string | undefined};

/** Everything a screen may ask the engine to do. */
export type EngineAction =
	| BrainAction
	/** Ends the running attempt of a request and goes on at `to`, or at the next candidate; its client notices nothing (routing.md 11). */
	| {readonly type: 'move-request'; readonly requestId: string; readonly to?: EndpointKey | undefined}
	/**
	 * Sends the captured body of a request once more, to one endpoint, as a new request that is marked as a replay of it. It costs what
	 * a request costs, and belongs to no session.
	 */
	| {readonly type: 'replay-request'; readonly requestId: string; readonly to: EndpointKey}
	| {readonly type: 'reload-config'};

/** Everything a screen may ask the engine to tell. */
export type EngineQuery =
	| {readonly type: 'snapshot'}
	| {readonly type: 'brain'}
	| {readonly type: 'explain'; readonly question: ExplainQuestion}
	| {
			readonly type: 'transcript';
			readonly of: {readonly requestId: string} | {readonly sessionId: string};
			readonly knownVersion?: number | undefined;
	  }
	| BodyQuestion;

/** A page of what a request carried. */
export interface BodyQuestion {
	readonly type: 'body';
	readonly requestId: string;
	readonly part: 'request' | 'answer';
	/** `pretty`: JSON indented by two, also in the events of a stream. */
	readonly form: 'raw' | 'pretty';
	/** The first character that is wanted; undefined: from the start. */
	readonly from?: number | undefined;
}

/** Sanitized and redacted text of a body; ask again from `from` + its length until `total` is reached. */
export interface BodyPage {
	readonly text: string;
	readonly from: number;
	/** Characters of the whole. */
	readonly total: number;
	/** Another version is another text: what was read before does not belong to it. */
	readonly version: number;
	readonly isLive: boolean;
	/** The capture met its size limit: something is missing. */
	readonly isTruncated: boolean;
	/** Where the request went, to be sent there again. */
	readonly target: {readonly method: string; readonly path: string} | undefined;
}

/** The whole read model at one moment; a mirror starts from it and goes on with events. */
export interface Snapshot {
	/** The number of the last batch that is contained in it. */
	readonly batch: number;
	readonly engine: EngineView;
	readonly routes: readonly RouteView[];
	/** Newest last. */
	readonly requests: readonly RequestView[];
	readonly sessions: readonly SessionView[];
	readonly incidents: readonly IncidentView[];
	readonly trace: readonly TraceEntry[];
}

/** The engine as the status line shows it. */
export interface EngineView {
	readonly state: 'starting' | 'ready' | 'restarting';
	readonly url: string | undefined;
	readonly claudeUrl: string | undefined;
	readonly controlUrl: string | undefined;
	readonly isDemo: boolean;
	readonly version: string | undefined;
	readonly startedAtMs: number | undefined;
	readonly loopP99Ms: number | undefined;
	readonly rssMb: number | undefined;
	readonly droppedEvents: number;
	readonly configPath: string | undefined;
	readonly configLoadedAtMs: number | undefined;
	readonly configProblem: string | undefined;
	readonly configWarnings: readonly string[];
	/** The pin of each service. */
	readonly pins: Readonly<Partial<Record<Service, Pin>>>;
	/** `client` → whether its config points at us. */
	readonly switched: Readonly<Partial<Record<'codex' | 'claude-code', 'on' | 'off' | 'elsewhere'>>>;
}

/** The answer to each query. */
export interface QueryAnswers {
	readonly snapshot: Snapshot;
	readonly brain: BrainView;
	readonly explain: ExplainView;
	readonly transcript: Transcript | {readonly unchanged: true} | {readonly missing: string};
	readonly body: BodyPage | {readonly missing: string};
}

/** Host → engine. */
export type ToEngine =
	| {readonly type: 'action'; readonly id: number; readonly action: EngineAction}
	| {readonly type: 'query'; readonly id: number; readonly query: EngineQuery}
	| {readonly type: 'stop'; readonly graceMs: number};

/** Engine → host. `batch` counts from 1; a hole or `dropped` > 0 means: ask for a snapshot. */
export type FromEngine =
	| {readonly type: 'batch'; readonly batch: number; readonly dropped: number; readonly events: readonly EngineEvent[]}
	| {readonly type: 'answer'; readonly id: number; readonly value: unknown}
	| {readonly type: 'refusal'; readonly id: number; readonly code: string; readonly message: string}
	| {readonly type: 'failed'; readonly code: string; readonly message: string; readonly exitCode: number}
	/** Once, when requests are taken. Origins have no path. */
	| {
			readonly type: 'listening';
			readonly url: string;
			readonly claudeUrl: string | undefined;
			readonly controlUrl: string;
	  }
	| {readonly type: 'stopped'};

/** What a screen holds: the same over a message port, a socket or HTTP. */
export interface EngineLink {
	/** Resolves when the engine has done it; rejects with a `RelayError` that says why not. */
	readonly act: (action: EngineAction) => Promise<void>;
	/** Rejects with a `RelayError` when the engine cannot answer. */
	readonly ask: <Query extends EngineQuery>(query: Query) => Promise<QueryAnswers[Query['type']]>;
	/** Calls back for every batch until the returned function is called. */
	readonly onBatch: (
		listener: (batch: {
			readonly batch: number;
			readonly dropped: number;
			readonly events: readonly EngineEvent[];
		}) => void,
	) => () => void;
}
