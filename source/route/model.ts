import type {Endpoint} from '../config/config.ts';

/** How specific a pattern is: an exact name beats every wildcard, of wildcards the longest text wins. −1: no match. */
const matchLength = (pattern: string, model: string): number => {
	const star = pattern.indexOf('*');
	if (star < 0) {
		return pattern === model ? Number.MAX_SAFE_INTEGER : -1;
	}

	const prefix = pattern.slice(0, star);
	const suffix = pattern.slice(star + 1);
	const isMatch = model.length >= prefix.length + suffix.length && model.startsWith(prefix) && model.endsWith(suffix);
	return isMatch ? prefix.length + suffix.length : -1;
};

const bestMatch = <Value>(
	patterns: ReadonlyMap<string, Value>,
	model: string,
): readonly [string, Value] | undefined => {
	let best: readonly [string, Value] | undefined;
	let bestLength = -1;
	for (const entry of patterns) {
		const length = matchLength(entry[0], model);
		if (length > bestLength) {
			best = entry;
			bestLength = length;
		}
	}

	return best;
};

/** Whether an endpoint may be asked for a model: no list allows everything, a mapped name counts as supported (codex-helper.md 1.3). */
export const isModelSupported = (endpoint: Endpoint, model: string): boolean => {
	if (bestMatch(endpoint.modelMapping, model)) {
		return true;
	}

	return endpoint.supportedModels.size === 0 && endpoint.modelMapping.size === 0
		? true
		: (bestMatch(endpoint.supportedModels, model)?.[1] ?? false);
};

/** The model's name at an endpoint; a `*` in the target stands for what the pattern's `*` matched. */
export const modelAt = (endpoint: Endpoint, model: string): string => {
	const match = bestMatch(endpoint.modelMapping, model);
	if (!match) {
		return model;
	}

	const [pattern, target] = match;
	const star = pattern.indexOf('*');
	// As a function: a `$` in a model's name is no pattern.
	return star < 0 ? target : target.replace('*', () => model.slice(star, model.length - (pattern.length - star - 1)));
};
