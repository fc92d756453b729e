import {editDistance} from '../base/edit-distance.ts';

const allowedEdits = (name: string): number => (name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3)));

/** The known name that was probably meant (two edits, or a third of a long name's letters), or undefined. */
export const findNearestName = (name: string, known: Iterable<string>): string | undefined => {
	let best: {name: string; edits: number} | undefined;
	for (const candidate of known) {
		const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
		if (edits <= allowedEdits(candidate) && (best === undefined || edits < best.edits)) {
			best = {name: candidate, edits};
		}
	}

	return best?.name;
};

/** Of a name that does not exist: `; did you mean "x"?`, or a full stop. */
export const hintOf = (name: string, known: Iterable<string>): string => {
	const nearest = findNearestName(name, known);
	return nearest === undefined ? '.' : `; did you mean ${JSON.stringify(nearest)}?`;
};
