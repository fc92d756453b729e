/*
 * When a dead engine comes back (watchdog.md 3.2): delays of 0.2, 0.8, 3.2, 12.8, 30 s; more than 5 deaths in 600 s and it stays
 * down; 600 healthy seconds and the count starts again. Pure.
 */

/** Deaths so far, as monotonic milliseconds. */
export interface RestartHistory {
	readonly deathsMs: readonly number[];
}

/** What follows from a death. */
export type RestartDecision =
	| {readonly kind: 'restart'; readonly inMs: number; readonly history: RestartHistory}
	| {readonly kind: 'give-up'; readonly history: RestartHistory};

const windowMs = 600_000;
const maxDeaths = 5;
const maxDelayMs = 30_000;
const firstDelayMs = 200;

/** Adds a death and decides. */
export const decideRestart = (history: RestartHistory, nowMs: number): RestartDecision => {
	const deathsMs = [...history.deathsMs.filter(deathMs => nowMs - deathMs <= windowMs), nowMs];
	return deathsMs.length > maxDeaths
		? {kind: 'give-up', history: {deathsMs}}
		: {kind: 'restart', inMs: Math.min(firstDelayMs * 4 ** (deathsMs.length - 1), maxDelayMs), history: {deathsMs}};
};
