import type {LengthPolicy} from '../../config/config.ts';
import type {Call} from '../../identify/call.ts';
import type {JsonObject} from '../../wire/json-value.ts';

/** In a row, for one thread (translation.md 2.8). */
const mostContinuations = 3;
const rememberedThreads = 10_000;

const threadOf = ({threadId, sessionId}: Pick<Call, 'threadId' | 'sessionId'>): string | undefined =>
	threadId ?? sessionId;

/**
 * Who may be asked to go on by itself: `end_turn:false` makes Codex send the next request, and a model that is cut every time would make
 * it do so for ever.
 */
export class AutoContinue {
	readonly #counts = new Map<string, number>();

	/** What a cut answer becomes for this call: what is configured, where it is safe. Only Codex reads `end_turn`. */
	policyFor(call: Pick<Call, 'client' | 'threadId' | 'sessionId'>, configured: LengthPolicy): LengthPolicy {
		const thread = threadOf(call);
		const isSafe =
			call.client === 'codex' && thread !== undefined && (this.#counts.get(thread) ?? 0) < mostContinuations;
		return configured === 'endturn' && !isSafe ? 'faithful' : configured;
	}

	/** An answer is complete; one that does not ask to go on ends the row. */
	answered(call: Pick<Call, 'threadId' | 'sessionId'>, response: JsonObject | undefined): void {
		const thread = threadOf(call);
		if (thread === undefined) {
			return;
		}

		const count = response?.['end_turn'] === false ? (this.#counts.get(thread) ?? 0) + 1 : 0;
		this.#counts.delete(thread);
		if (count > 0) {
			this.#counts.set(thread, count);
		}

		const [oldest] = this.#counts.keys();
		if (this.#counts.size > rememberedThreads && oldest !== undefined) {
			this.#counts.delete(oldest);
		}
	}
}
