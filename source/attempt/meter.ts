/*
 * What one candidate has done lately, for the orders that measure: tokens for least-used, time to first byte for fastest (routing.md 2).
 */

/** Half of what was measured is forgotten after this time (routing.md 2). */
const halfLifeMs = 300_000;

const kept = (elapsedMs: number): number => 0.5 ** (Math.max(0, elapsedMs) / halfLifeMs);

/** Moving figures of one candidate; `nowMs` is of a clock that is never set. */
export class Meter {
	#liveTokens = 0;
	#pastTokens = 0;
	#tokensAtMs = 0;
	#ttfbSumMs = 0;
	#ttfbWeight = 0;
	#ttfbAtMs = 0;

	/** A request is sent; `tokens` is what it is thought to cost. */
	begin(tokens: number): void {
		this.#liveTokens += tokens;
	}

	/** It has ended; `guessed` is what {@link begin} was told, `used` what it came to. */
	end(guessed: number, used: number, nowMs: number): void {
		this.#liveTokens = Math.max(0, this.#liveTokens - guessed);
		this.#pastTokens = this.#pastTokens * kept(nowMs - this.#tokensAtMs) + used;
		this.#tokensAtMs = nowMs;
	}

	/** An answer began after this long. What was measured five minutes ago weighs half of it. */
	firstByte(ttfbMs: number, nowMs: number): void {
		const weight = kept(nowMs - this.#ttfbAtMs);
		this.#ttfbSumMs = this.#ttfbSumMs * weight + ttfbMs;
		this.#ttfbWeight = this.#ttfbWeight * weight + 1;
		this.#ttfbAtMs = nowMs;
	}

	/** Tokens of running and recent requests, whole. */
	recentTokens(nowMs: number): number {
		return Math.round(this.#liveTokens + this.#pastTokens * kept(nowMs - this.#tokensAtMs));
	}

	/** Milliseconds; undefined where nothing was measured. */
	get ttfbMs(): number | undefined {
		return this.#ttfbWeight === 0 ? undefined : Math.round(this.#ttfbSumMs / this.#ttfbWeight);
	}

	/** Nothing changes with time alone. */
	get isAtRest(): boolean {
		return this.#pastTokens < 1;
	}
}
