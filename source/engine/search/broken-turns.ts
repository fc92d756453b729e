import type {Call} from '../../identify/call.ts';
import type {EndpointKey} from '../../wire/names.ts';

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

	/** An endpoint broke off an answer of this call's turn. A call without a turn is not remembered: its session goes on for hours. */
	add(call: Call, endpointKey: EndpointKey): void {
		const {turnId} = call;
		if (turnId === undefined) {
			return;
		}

		const endpoints = new Set([...this.of(call), endpointKey]);
		this.#turns.delete(turnId);
		this.#turns.set(turnId, {endpoints, sinceMs: this.#now()});
		const [oldest] = this.#turns.keys();
		if (this.#turns.size > keptTurns && oldest !== undefined) {
			this.#turns.delete(oldest);
		}
	}

	/** The endpoints that broke off in this call's turn, for five minutes. */
	of(call: Call): ReadonlySet<EndpointKey> {
		const known = this.#turns.get(call.turnId ?? '');
		return known && this.#now() - known.sinceMs <= keptMs ? known.endpoints : none;
	}
}

const none: ReadonlySet<EndpointKey> = new Set();
