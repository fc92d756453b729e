import {Table} from '../base/table.ts';
import type {EngineEvent} from '../event/catalogue.ts';
import type {LedgerRecord} from '../event/view.ts';
import {limits} from '../wire/limits.ts';
import type {Service} from '../wire/names.ts';
import type {LedgerOptions} from './ledger.ts';
import {LogFile} from './log-file.ts';
import {eventToTrace} from './trace.ts';

/** One line of `control_trace.jsonl` (codex-helper.md 3.3). */
export interface ControlTraceLine {
	readonly ts_ms: number;
	/** Our event's type, for example `attempt-end`. */
	readonly kind: EngineEvent['type'];
	readonly service?: Service | undefined;
	readonly request_id?: string | undefined;
	readonly trace_id?: string | undefined;
	/** What codex-helper called it, for scripts that were written for it; only where it had a name. */
	readonly event?: string | undefined;
	/** One line for people. */
	readonly detail: string;
	/** The event's own fields. */
	readonly payload: Readonly<Record<string, unknown>>;
}

/** Names of codex-helper's control trace (codex-helper.md 3.3). */
const helperNames: Readonly<Partial<Record<EngineEvent['type'], string>>> = {
	'attempt-start': 'attempt_select',
	'candidate-saturated': 'route_candidate_concurrency_saturated',
	'reply-end': 'request_completed',
};

/** A plan by what it came to: somebody may serve, hidden state forbids it to all (codex-helper.md 2.9), or nobody is there. */
const helperNameOf = (event: EngineEvent): string | undefined => {
	if (event.type !== 'route-planned') {
		return helperNames[event.type];
	}

	const {candidates, continuity} = event.plan;
	if (candidates.some(({eligible}) => eligible)) {
		return 'route_graph_selection_explain';
	}

	return continuity?.provider_failover_blocked_reason === undefined
		? 'route_graph_unavailable'
		: 'route_continuity_blocked';
};

const rotatedFiles = 4;
/** With the engine's own batches a decision is on disk within a quarter of a second. */
const batchMs = 200;
const batchChars = 64 * 1024;

/** The request that an event names is remembered with its service from its plan to its end, and at most this many are. */
const maxOpenRequests = 10_000;

/** What of a request's end the trace repeats: its whole record stands in `requests.jsonl` under the same `request_id`. */
const endOf = ({outcome, ending, status_code, duration_ms, ttfb_ms}: LedgerRecord): ControlTraceLine['payload'] => ({
	...{outcome, ending, status_code, duration_ms, ttfb_ms},
});

/** Writes `control_trace.jsonl`: the decisions of every request, in batches of at most 250 ms, 16 MiB × 5 files. */
export class ControlTrace {
	readonly #file: LogFile;
	readonly #services = new Table<Service>(maxOpenRequests);
	#sequence = 1;
	#pending: string[] = [];
	#pendingChars = 0;
	#timer: NodeJS.Timeout | undefined;

	constructor({path, onHealth, now, maxBytes = limits.traceLogBytes}: LedgerOptions) {
		const keepForEver = Number.POSITIVE_INFINITY;
		this.#file = new LogFile({
			path,
			maxBytes,
			onHealth,
			rotation: {compress: false, keepFiles: rotatedFiles, keepBytes: keepForEver, keepMs: keepForEver, now},
		});
	}

	/** Takes any event; those that are no decisions are ignored. Never throws. */
	append(event: EngineEvent): void {
		const line = this.#lineOf(event);
		if (line === undefined) {
			return;
		}

		const text = `${JSON.stringify(line)}\n`;
		this.#pending.push(text);
		this.#pendingChars += text.length;
		if (this.#pendingChars >= batchChars) {
			this.flush();
		} else {
			this.#timer ??= setTimeout(() => this.flush(), batchMs).unref();
		}
	}

	/** Writes what waits. */
	flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#pending.length > 0) {
			this.#file.write(this.#pending.join(''), this.#pending.length);
			this.#pending = [];
			this.#pendingChars = 0;
		}
	}

	async close(): Promise<void> {
		this.flush();
		await this.#file.close();
	}

	#lineOf(event: EngineEvent): ControlTraceLine | undefined {
		const entry = eventToTrace(event, this.#sequence);
		if (entry === undefined) {
			return undefined;
		}

		this.#sequence++;
		const {requestId} = entry;
		return {
			ts_ms: entry.atMs,
			kind: event.type,
			service: this.#serviceOf(event, requestId),
			request_id: requestId,
			trace_id: event.type === 'reply-end' ? event.record.trace_id : requestId,
			event: helperNameOf(event),
			detail: entry.what,
			payload: event.type === 'reply-end' ? endOf(event.record) : entry.detail,
		};
	}

	#serviceOf(event: EngineEvent, requestId: string | undefined): Service | undefined {
		if ('service' in event) {
			if (requestId !== undefined) {
				this.#services.set(requestId, event.service);
			}

			return event.service;
		}

		const service = requestId === undefined ? undefined : this.#services.get(requestId);
		if (event.type === 'reply-end') {
			this.#services.delete(event.requestId);
		}

		return service;
	}
}
