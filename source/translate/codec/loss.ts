/** Something of a request or answer that the other side's protocol has no place for. A value: the transcript shows it. */
export interface Loss {
	/** A stable kebab-case noun, for example `unknown-item`. */
	readonly code: string;
	/** How often it happened in this request or answer. */
	readonly count: number;
	/** One sentence about the first occurrence; never content of the conversation. */
	readonly text: string;
}

/** Collects losses of one translation, one row per code, in order of first appearance. */
export class LossLog {
	readonly #losses = new Map<string, Loss>();

	/** Notes one occurrence; `text` is kept from the first one of its code. */
	add(code: string, text: string): void {
		const earlier = this.#losses.get(code);
		this.#losses.set(code, {code, count: (earlier?.count ?? 0) + 1, text: earlier?.text ?? text});
	}

	/** Notes a loss of several occurrences (from another log). */
	merge(losses: readonly Loss[]): void {
		for (const loss of losses) {
			const earlier = this.#losses.get(loss.code);
			this.#losses.set(loss.code, {
				...loss,
				count: loss.count + (earlier?.count ?? 0),
				text: earlier?.text ?? loss.text,
			});
		}
	}

	/** What was lost so far. */
	list(): readonly Loss[] {
		return [...this.#losses.values()];
	}
}
