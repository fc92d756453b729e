import type {EngineEvent} from '../../event/catalogue.ts';
import type {EngineView, Snapshot} from '../../event/protocol.ts';
import type {IncidentView, RequestView, RouteView, SessionView, TraceEntry} from '../../event/view.ts';

/** What the screen needs of a read model: `observe/read-model.ts` has this shape. */
export interface ModelSource {
	readonly apply: (event: EngineEvent) => void;
	/** The last five minutes are those before `nowMs`. */
	readonly routes: (nowMs?: number) => readonly RouteView[];
	/** Newest last. */
	readonly requests: () => readonly RequestView[];
	readonly sessions: () => readonly SessionView[];
	readonly incidents: () => readonly IncidentView[];
	readonly traceOf: (requestId: string) => readonly TraceEntry[];
	readonly engine: () => EngineView;
}

/** Makes a mirror of the engine's read model; `ReadModel.fromSnapshot`. */
export type CreateModel = (snapshot: Snapshot) => ModelSource;
