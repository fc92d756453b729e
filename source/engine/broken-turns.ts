import type {Call} from '../identify/call.ts';
import type {EndpointKey} from '../wire/names.ts';

const keptTurns = 500;
const keptMs = 300_000;

/**
 * Which endpoints broke off an answer of a turn after the client had kept a part of it. The client asks again at once (ending c),
 * and what has just died is the worst place for that: each further break adds another copy of the finished part to its history.
 */
export class BrokenTurns {
	readonly #now: () => number;
	readonly #turns = new Map<string, {readonly endpoints: Set<EndpointKey>; readonly sinceMs: number}>();

	/** `now` is monotonic, in milliseconds. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** An endpoint broke off an answer of this call's turn (of its session, where the client names no turn). */
	add(call: Call, endpointKey: EndpointKey): void {
		const key = call.turnId ?? call.sessionId;
		if (key === undefined) {
			return;
		}

		const endpoints = new Set([...this.of(call), endpointKey]);
		this.#turns.delete(key);
		this.#turns.set(key, {endpoints, sinceMs: this.#now()});
		const [oldest] = this.#turns.keys();
		if (this.#turns.size > keptTurns && oldest !== undefined) {
			this.#turns.delete(oldest);
		}
	}

	/** The endpoints that broke off in this call's turn, for five minutes. */
	of(call: Call): ReadonlySet<EndpointKey> {
		const known = this.#turns.get(call.turnId ?? call.sessionId ?? '');
		return known && this.#now() - known.sinceMs <= keptMs ? known.endpoints : none;
	}
}

const none: ReadonlySet<EndpointKey> = new Set();
