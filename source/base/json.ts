/* Reading other programs' JSON: lenient, typed by looking, never by assertion. */

/** Whether a value is an object with string keys (not an array, not null). */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses JSON that may be anything; undefined where it is not JSON (which is a fact about the sender, not an error of ours). */
export const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

/** The value under a path of keys, or undefined where a step is missing. */
export const at = (value: unknown, ...path: readonly string[]): unknown => {
	let current = value;
	for (const key of path) {
		if (!isRecord(current)) {
			return undefined;
		}

		current = current[key];
	}

	return current;
};

/** The non-empty string under a path of keys, or undefined. */
export const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
	const found = at(value, ...path);
	return typeof found === 'string' && found !== '' ? found : undefined;
};

/** The finite number under a path of keys, or undefined. */
export const numberAt = (value: unknown, ...path: readonly string[]): number | undefined => {
	const found = at(value, ...path);
	return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
};
