/* What is counted of requests (codex-helper.md 3.6, UsageBucket). Tallies add up: any two of them make a third. */

/** How requests ended for their clients, by what a person wants to tell apart. */
export const endings = ['ok', 'limited', 'refused', 'failed', 'cut', 'cancelled'] as const;

/** `limited`: 429; `refused`: any other 4xx; `failed`: 5xx and what never got that far; `cut`: a stream that broke off. */
export type Ending = (typeof endings)[number];

/** Sums over some requests. Tokens: `input` has neither `cacheRead` nor `cacheWrite` in it, `output` contains `reasoning`. */
export interface Tally {
	requests: number;
	readonly endings: Record<Ending, number>;
	/** Requests that took more than one attempt. */
	retried: number;
	durationMs: number;
	/** Times to the first byte, and how many there are. */
	ttfbMs: number;
	ttfbs: number;
	/** Milliseconds in which `generatedTokens` were written. */
	generationMs: number;
	generatedTokens: number;
	input: number;
	cacheRead: number;
	cacheWrite: number;
	output: number;
	reasoning: number;
	/** Tokens of attempts that gave no answer, where their upstreams stated them; in no other sum, and without a cost. */
	discarded: number;
	/** Calls of a model that were answered, and how many of them told their tokens. */
	answers: number;
	withUsage: number;
	/** Nanodollars of the `priced` ones. */
	nanoUsd: number;
	priced: number;
	/** Priced ones of which something could not be priced. */
	partlyPriced: number;
	/** Ones with tokens whose model has no price: their cost is unknown. */
	unpriced: number;
}

/** Nothing counted. */
export const emptyTally = (): Tally => ({
	requests: 0,
	endings: {ok: 0, limited: 0, refused: 0, failed: 0, cut: 0, cancelled: 0},
	retried: 0,
	durationMs: 0,
	ttfbMs: 0,
	ttfbs: 0,
	generationMs: 0,
	generatedTokens: 0,
	input: 0,
	cacheRead: 0,
	cacheWrite: 0,
	output: 0,
	reasoning: 0,
	discarded: 0,
	answers: 0,
	withUsage: 0,
	nanoUsd: 0,
	priced: 0,
	partlyPriced: 0,
	unpriced: 0,
});

/** Adds `more` to `tally`. */
export const addTally = (tally: Tally, more: Tally): void => {
	for (const ending of endings) {
		tally.endings[ending] += more.endings[ending];
	}

	tally.requests += more.requests;
	tally.retried += more.retried;
	tally.durationMs += more.durationMs;
	tally.ttfbMs += more.ttfbMs;
	tally.ttfbs += more.ttfbs;
	tally.generationMs += more.generationMs;
	tally.generatedTokens += more.generatedTokens;
	tally.input += more.input;
	tally.cacheRead += more.cacheRead;
	tally.cacheWrite += more.cacheWrite;
	tally.output += more.output;
	tally.reasoning += more.reasoning;
	tally.discarded += more.discarded;
	tally.answers += more.answers;
	tally.withUsage += more.withUsage;
	tally.nanoUsd += more.nanoUsd;
	tally.priced += more.priced;
	tally.partlyPriced += more.partlyPriced;
	tally.unpriced += more.unpriced;
};

/** Everything that was read: fresh, from the cache and into the cache. */
export const promptTokens = ({input, cacheRead, cacheWrite}: Tally): number => input + cacheRead + cacheWrite;

/** All tokens. */
export const allTokens = (tally: Tally): number => promptTokens(tally) + tally.output;

/** Requests that ended otherwise than well; a client that left is not the upstream's fault. */
export const errorsOf = ({endings: {limited, refused, failed, cut}}: Tally): number => limited + refused + failed + cut;
