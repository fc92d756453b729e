/** A duration for people: `0.4 s`, `41 s`, `5 min`, `2 h`. */
export const durationText = (durationMs: number): string => {
	const seconds = durationMs / 1000;
	if (seconds < 10) {
		return `${Math.max(0, Math.round(seconds * 10) / 10)} s`;
	}

	if (seconds < 120) {
		return `${Math.round(seconds)} s`;
	}

	return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
};
