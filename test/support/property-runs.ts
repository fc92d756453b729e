/** How a property is run. */
export interface PropertyRuns {
	readonly numRuns: number;
	/** Undefined: fast-check takes a new one. */
	readonly seed?: number;
}

/**
 * The parameters of a property test: as many cases as are asked for, the same ones on every machine, so that a change is judged by
 * itself and not by the luck of its run. `PROPERTY_SEED` looks elsewhere: a number for that seed, `random` for a new one each time.
 */
export const propertyRuns = (numRuns: number): PropertyRuns => {
	const wanted = process.env['PROPERTY_SEED'] ?? '20260101';
	return wanted === 'random' ? {numRuns} : {numRuns, seed: Number(wanted)};
};
