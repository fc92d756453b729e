const distance = (left: string, right: string): number => {
	let row = Array.from({length: right.length + 1}, (_, index) => index);
	for (let i = 1; i <= left.length; i++) {
		const next = [i];
		for (let j = 1; j <= right.length; j++) {
			const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
			next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}

		row = next;
	}

	return row[right.length] ?? 0;
};

const allowedEdits = (name: string): number => (name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3)));

/** The known name that was probably meant (two edits, or a third of a long name's letters), or undefined. */
export const findNearestName = (name: string, known: Iterable<string>): string | undefined => {
	let best: {name: string; edits: number} | undefined;
	for (const candidate of known) {
		const edits = distance(name.toLowerCase(), candidate.toLowerCase());
		if (edits <= allowedEdits(candidate) && (best === undefined || edits < best.edits)) {
			best = {name: candidate, edits};
		}
	}

	return best?.name;
};
