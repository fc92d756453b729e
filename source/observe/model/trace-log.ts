import type {EngineEvent} from '../../event/catalogue.ts';
import type {TraceEntry} from '../../event/view.ts';
import {TextRing} from '../../base/text-ring.ts';
import {eventToTrace, isDecision} from '../trace.ts';

/** Decisions that the model keeps. */
export const maxTraceEntries = 5000;

const maxTraceBytes = 8 * 1024 * 1024;

/** FNV-1a, 32 bits: says which texts are worth reading. */
const labelOf = (requestId: string | undefined): number => {
	let hash = 0x811c9dc5;
	for (let index = 0; index < (requestId?.length ?? 0); index++) {
		hash = Math.imul(hash ^ (requestId?.charCodeAt(index) ?? 0), 0x01000193);
	}

	return hash;
};

/** The newest decisions. They are kept as text, and their lines for people are made when somebody reads them: most are pushed out unread. */
export class TraceLog {
	readonly #ring = new TextRing({texts: maxTraceEntries, bytes: maxTraceBytes});
	#nextSequence: number;

	constructor(entries: readonly TraceEntry[] = []) {
		for (const entry of entries) {
			this.#ring.push(JSON.stringify(entry), labelOf(entry.requestId));
		}

		this.#nextSequence = (entries.at(-1)?.sequence ?? 0) + 1;
	}

	/** Takes in one event; what is no decision is not kept. */
	apply(event: EngineEvent): void {
		if (isDecision(event)) {
			this.#ring.push(JSON.stringify(event), labelOf('requestId' in event ? event.requestId : undefined));
			this.#nextSequence++;
		}
	}

	/** All of them, oldest first. */
	toArray(): TraceEntry[] {
		return this.#read(() => true);
	}

	/** Those of one request, oldest first. */
	of(requestId: string): TraceEntry[] {
		const wanted = labelOf(requestId);
		return this.#read(label => label === wanted).filter(entry => entry.requestId === requestId);
	}

	#read(isWanted: (label: number) => boolean): TraceEntry[] {
		const oldest = this.#nextSequence - this.#ring.size;
		return this.#ring.toArray(isWanted).flatMap(({text, index}) => entryOf(text, oldest + index) ?? []);
	}
}

const entryOf = (text: string, sequence: number): TraceEntry | undefined => {
	// The text is this log's own: an event as it was announced, or an entry of a snapshot.
	const value: EngineEvent | TraceEntry = JSON.parse(text);
	return 'type' in value ? eventToTrace(value, sequence) : value;
};
