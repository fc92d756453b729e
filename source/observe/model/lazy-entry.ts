import type {EngineEvent} from '../../event/catalogue.ts';
import type {TraceEntry} from '../../event/view.ts';
import {eventToTrace} from '../trace.ts';

/** A decision whose line for people is made when somebody reads it: most are pushed out of the ring unread. */
export class LazyEntry {
	readonly requestId: string | undefined;
	#source: {readonly event: EngineEvent; readonly sequence: number} | undefined;
	#entry: TraceEntry | undefined;

	private constructor(requestId: string | undefined) {
		this.requestId = requestId;
	}

	static ofEvent(event: EngineEvent, sequence: number): LazyEntry {
		const lazy = new LazyEntry('requestId' in event ? event.requestId : undefined);
		lazy.#source = {event, sequence};
		return lazy;
	}

	static ofEntry(entry: TraceEntry): LazyEntry {
		const lazy = new LazyEntry(entry.requestId);
		lazy.#entry = entry;
		return lazy;
	}

	/** The entry; undefined where the event is no decision. */
	read(): TraceEntry | undefined {
		if (this.#source !== undefined) {
			this.#entry = eventToTrace(this.#source.event, this.#source.sequence);
			this.#source = undefined;
		}

		return this.#entry;
	}
}
