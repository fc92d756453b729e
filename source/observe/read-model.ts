import type {EngineEvent} from '../event/catalogue.ts';
import type {EngineView, Snapshot} from '../event/protocol.ts';
import type {IncidentView, RequestView, RouteView, SessionView, TraceEntry} from '../event/view.ts';
import {initialEngine, reduceEngine} from './model/engine-reducer.ts';
import {IncidentList} from './model/incident-list.ts';
import {kpisOf, recentByEndpoint} from './model/recent.ts';
import type {Kpis} from './model/recent.ts';
import {RequestList} from './model/request-list.ts';
import {RouteList} from './model/route-list.ts';
import {SessionList} from './model/session-list.ts';
import {TraceLog} from './model/trace-log.ts';

const emptySnapshot: Snapshot = {
	batch: 0,
	engine: initialEngine,
	routes: [],
	requests: [],
	sessions: [],
	incidents: [],
	trace: [],
};

/**
 * All that the screens and the control API show, made from events alone. The engine's thread keeps one, and every attached
 * screen keeps a mirror that starts from a snapshot of it and sees the same events: both answer alike, which a property test
 * holds. Everything in it has an upper bound; an event costs a few small copies; the selectors do the counting. It holds no
 * clock: a figure that depends on the time takes `nowMs`.
 */
export class ReadModel {
	#engine: EngineView;
	readonly #routes: RouteList;
	readonly #requests: RequestList;
	readonly #sessions: SessionList;
	readonly #incidents: IncidentList;
	readonly #trace: TraceLog;
	#lastEventAtMs = 0;

	constructor(snapshot: Snapshot = emptySnapshot) {
		this.#engine = snapshot.engine;
		this.#routes = new RouteList(snapshot.routes);
		this.#requests = new RequestList(snapshot.requests);
		this.#sessions = new SessionList(snapshot.sessions);
		this.#incidents = new IncidentList(snapshot.incidents);
		this.#trace = new TraceLog(snapshot.trace);
		this.#lastEventAtMs = snapshot.trace.at(-1)?.atMs ?? 0;
	}

	/** A mirror that goes on where `snapshot` was taken. */
	static fromSnapshot(snapshot: Snapshot): ReadModel {
		return new ReadModel(snapshot);
	}

	/** Takes in one event; events must come in the order in which they were announced. */
	apply(event: EngineEvent): void {
		this.#lastEventAtMs = Math.max(this.#lastEventAtMs, event.atMs);
		this.#engine = reduceEngine(this.#engine, event);
		this.#routes.apply(event);
		this.#requests.apply(event);
		this.#sessions.apply(event, 'requestId' in event ? this.#requests.get(event.requestId) : undefined);
		this.#incidents.apply(event);
		this.#trace.apply(event);
	}

	/**
	 * The whole model as plain values; `batch` is the number of the last batch of events that it contains. `nowMs` dates
	 * the five-minute figures of its routes (default: the last event).
	 */
	snapshot(batch: number, nowMs?: number): Snapshot {
		return {
			batch,
			engine: this.#engine,
			routes: this.routes(nowMs),
			requests: this.requests(),
			sessions: this.sessions(),
			incidents: this.incidents(),
			trace: this.trace(),
		};
	}

	engine(): EngineView {
		return this.#engine;
	}

	/** The endpoints in the order of the config, with their figures of the five minutes before `nowMs` (default: the last event). */
	routes(nowMs: number = this.#lastEventAtMs): RouteView[] {
		return this.#routes.toArray(recentByEndpoint(this.#requests.toArray(), nowMs), this.#engine.pins);
	}

	/** In the order of their start, newest last. */
	requests(): RequestView[] {
		return this.#requests.toArray();
	}

	/** How many requests there were in all; of a mirror, those of its snapshot and since. */
	startedRequests(): number {
		return this.#requests.started;
	}

	/** How many requests are running. */
	liveRequests(): number {
		return this.#requests.running;
	}

	request(requestId: string): RequestView | undefined {
		return this.#requests.get(requestId);
	}

	/** The one that was active last comes first. `threads` counts those of the requests that are still kept. */
	sessions(): SessionView[] {
		return this.#sessions.toArray(this.#requests.toArray());
	}

	/** Open ones first, then the newest first. */
	incidents(): IncidentView[] {
		return this.#incidents.toArray();
	}

	/** All decisions, newest last. */
	trace(): TraceEntry[] {
		return this.#trace.toArray();
	}

	/** The decisions of one request, oldest first. */
	traceOf(requestId: string): TraceEntry[] {
		return this.#trace.of(requestId);
	}

	/** The header's figures over the five minutes before `nowMs`. */
	kpis(nowMs: number): Kpis {
		return kpisOf(this.#requests.toArray(), nowMs);
	}
}
