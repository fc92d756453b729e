import {RelayError} from '../../source/base/errors.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import type {
	BodyQuestion,
	EngineAction,
	EngineLink,
	EngineQuery,
	QueryAnswers,
	Snapshot,
} from '../../source/event/protocol.ts';
import type {RequestView, RouteView, TraceEntry, Transcript} from '../../source/event/view.ts';
import {sampleBrain} from './sample-brain.ts';
import {sampleExplain} from './sample-explain.ts';
import type {ModelSource} from '../../source/tui/store/model-source.ts';

type BatchListener = Parameters<EngineLink['onBatch']>[0];

/** An engine's far end that a test steers: it answers from a snapshot and pushes the batches that the test makes. */
export class FakeLink implements EngineLink {
	snapshot: Snapshot;
	transcript: Transcript | undefined;
	/** What `act` rejects with, when set. */
	refusal: string | undefined;
	/** Snapshots are not answered while this is set. */
	isSilent = false;
	readonly actions: EngineAction[] = [];
	readonly queries: EngineQuery[] = [];
	#listeners = new Set<BatchListener>();
	#batch: number;

	constructor(snapshot: Snapshot, transcript?: Transcript) {
		this.snapshot = snapshot;
		this.transcript = transcript;
		this.#batch = snapshot.batch;
	}

	readonly act = async (action: EngineAction): Promise<void> => {
		this.actions.push(action);
		if (this.refusal !== undefined) {
			throw new RelayError('refused', this.refusal);
		}

		if (action.type === 'pin') {
			const {service, endpointKey, mode} = action;
			this.push({type: 'pin-changed', atMs: Date.now(), service, pin: {endpointKey, mode, setAtMs: Date.now()}});
		} else if (action.type === 'unpin') {
			this.push({type: 'pin-changed', atMs: Date.now(), service: action.service, pin: undefined});
		}
	};

	readonly ask = async <Query extends EngineQuery>(query: Query): Promise<QueryAnswers[Query['type']]> => {
		this.queries.push(query);
		if (this.isSilent) {
			throw new RelayError('no-answer', 'the connection is closed.');
		}

		const answers: QueryAnswers = {
			snapshot: {...this.snapshot, batch: this.#batch},
			transcript: this.#transcriptFor(query),
			brain: sampleBrain(Date.now()),
			explain: sampleExplain,
			body: query.type === 'body' ? this.bodyFor(query) : {missing: 'This was no question about a body.'},
		};
		return answers[query.type as Query['type']];
	};

	/** What is answered for a body; a test may put another in its place. */
	bodyFor = ({requestId, part, form, from = 0}: BodyQuestion): QueryAnswers['body'] => {
		const text = JSON.stringify({requestId, part}, undefined, form === 'pretty' ? 2 : 0);
		const target = {method: 'POST', path: '/v1/responses'};
		return {text: text.slice(from), from, total: text.length, version: 1, isLive: false, isTruncated: false, target};
	};

	readonly onBatch = (listener: BatchListener): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	/** Sends one batch. */
	push(...events: readonly EngineEvent[]): void {
		this.pushBatch({dropped: 0, skip: 0}, events);
	}

	/** Sends one batch with a hole of `skip` numbers before it. */
	pushBatch({dropped, skip}: {readonly dropped: number; readonly skip: number}, events: readonly EngineEvent[]): void {
		this.#batch += 1 + skip;
		for (const listener of this.#listeners) {
			listener({batch: this.#batch, dropped, events});
		}
	}

	#transcriptFor(query: EngineQuery): QueryAnswers['transcript'] {
		if (this.transcript === undefined || query.type !== 'transcript') {
			return {missing: 'The conversation of this request was not kept.'};
		}

		return query.knownVersion === this.transcript.version ? {unchanged: true} : this.transcript;
	}
}

/** A read model that only knows what its snapshot holds, and pins, incidents, restarts and new requests. */
export class FakeModel implements ModelSource {
	#snapshot: Snapshot;

	constructor(snapshot: Snapshot) {
		this.#snapshot = snapshot;
	}

	readonly apply = (event: EngineEvent): void => {
		const before = this.#snapshot;
		switch (event.type) {
			case 'pin-changed': {
				this.#snapshot = {
					...before,
					engine: {...before.engine, pins: {...before.engine.pins, [event.service]: event.pin}},
				};
				break;
			}

			case 'incident-opened': {
				this.#snapshot = {...before, incidents: [...before.incidents, event.incident]};
				break;
			}

			case 'engine-restarting': {
				this.#snapshot = {...before, engine: {...before.engine, state: 'restarting'}};
				break;
			}

			case 'request-start': {
				const [like] = before.requests;
				this.#snapshot =
					like === undefined
						? before
						: {
								...before,
								requests: [...before.requests, {...like, requestId: event.requestId, startedAtMs: event.atMs}],
							};
				break;
			}

			default: {
				break;
			}
		}
	};

	readonly routes = (): readonly RouteView[] => this.#snapshot.routes;
	readonly requests = (): readonly RequestView[] => this.#snapshot.requests;
	readonly sessions = (): Snapshot['sessions'] => this.#snapshot.sessions;
	readonly incidents = (): Snapshot['incidents'] => this.#snapshot.incidents;
	readonly engine = (): Snapshot['engine'] => this.#snapshot.engine;
	readonly traceOf = (requestId: string): readonly TraceEntry[] =>
		this.#snapshot.trace.filter(entry => entry.requestId === requestId);
}
