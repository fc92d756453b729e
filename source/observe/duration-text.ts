/** A duration for people: `15 ms`, `0.4 s`, `41 s`, `5 min`, `2 h`; `0 s` where none has passed. */
export const durationText = (durationMs: number): string => {
	// Below this a tenth of a second would round to nothing.
	if (durationMs >= 0.5 && durationMs < 50) {
		return `${Math.round(durationMs)} ms`;
	}

	const seconds = durationMs / 1000;
	if (seconds < 10) {
		return `${Math.max(0, Math.round(seconds * 10) / 10)} s`;
	}

	if (seconds < 120) {
		return `${Math.round(seconds)} s`;
	}

	return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
};
