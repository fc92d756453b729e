/** Makes ids that are unique within one answer. */
export interface IdSource {
	/** `<prefix>_…`: `resp`, `msg`, `rs`, `fc`, `ctc`, `tsc`, `ws`, `cmp`, `call`, … (translation.md 2.2). */
	next(prefix: string): string;
}

/**
 * Ids from a seed that is unique per request (hex or base62 digits, for example of the request id): the same seed gives the same
 * ids in the same order, so an answer can be replayed byte by byte.
 */
export const createIdSource = (seed: string): IdSource => {
	let count = 0;
	return {
		next(prefix) {
			count += 1;
			return `${prefix}_${seed}${count.toString(16).padStart(4, '0')}`;
		},
	};
};
