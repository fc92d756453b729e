/** Several values of one figure, one per fresh instance: the middle one is the figure, the others show how steady it is. */
export interface Spread {
	readonly best: number;
	readonly median: number;
	readonly worst: number;
}

const ascending = (values: readonly number[]): number[] => values.toSorted((left, right) => left - right);

/** The value below which `fraction` (0 to 1) of the values lie, nearest rank; NaN where there is none. */
export const percentile = (values: readonly number[], fraction: number): number => {
	const sorted = ascending(values);
	const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(fraction * sorted.length) - 1));
	return sorted[rank] ?? Number.NaN;
};

/** The middle value, or the mean of the two middle ones; NaN where there is none. */
export const median = (values: readonly number[]): number => {
	const sorted = ascending(values);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
};

/** The smallest value: for CPU time everything but the code itself only ever adds (performance.md 6). NaN where there is none. */
export const best = (values: readonly number[]): number => ascending(values)[0] ?? Number.NaN;

/** Best (smallest), middle and worst of some values; for figures where less is better. */
export const spreadOf = (values: readonly number[]): Spread => ({
	best: best(values),
	median: median(values),
	worst: ascending(values).at(-1) ?? Number.NaN,
});

/** The list begun at another place, so that over the rounds every target stands in every place of the turn. */
export const rotated = <Item>(items: readonly Item[], by: number): Item[] => {
	const start = items.length === 0 ? 0 : by % items.length;
	return [...items.slice(start), ...items.slice(0, start)];
};

/** Each value divided by the one of the same instance on the other side. Throws where the sides were not measured equally often. */
export const ratios = (subject: readonly number[], peer: readonly number[]): number[] => {
	if (subject.length !== peer.length) {
		throw new RangeError(`A ratio needs pairs, but there are ${subject.length} and ${peer.length} values.`);
	}

	return subject.map((value, index) => value / (peer[index] ?? Number.NaN));
};
