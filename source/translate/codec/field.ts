import {isJsonObject, type JsonObject} from '../../wire/json-value.ts';
import {effortLevels, type Effort} from './ir.ts';

/** An object without its undefined values, keys in the order of writing: what becomes JSON is what is meant. */
export const compact = (value: JsonObject): JsonObject => {
	const names = Object.keys(value);
	for (let index = 0; index < names.length; index += 1) {
		if (value[names[index] ?? ''] === undefined) {
			return withoutUndefined(value, names);
		}
	}

	return value;
};

const withoutUndefined = (value: JsonObject, names: readonly string[]): JsonObject => {
	const kept: Array<readonly [string, unknown]> = [];
	for (let index = 0; index < names.length; index += 1) {
		const name = names[index] ?? '';
		if (value[name] !== undefined) {
			kept.push([name, value[name]]);
		}
	}

	return Object.fromEntries(kept);
};

/** The field where it is true or false. */
export const booleanField = (value: JsonObject, name: string): boolean | undefined => {
	const field = value[name];
	return typeof field === 'boolean' ? field : undefined;
};

/** The field where it is an array of objects; other elements are left out. */
export const objectsField = (value: JsonObject, name: string): readonly JsonObject[] => {
	const field = value[name];
	return Array.isArray(field) ? field.filter(isJsonObject) : [];
};

/** The strings of an array, or one string as an array of itself (`stop`); undefined where there is none. */
export const textsField = (value: JsonObject, name: string): readonly string[] | undefined => {
	const field = value[name];
	if (typeof field === 'string') {
		return [field];
	}

	return Array.isArray(field) ? field.filter(element => typeof element === 'string') : undefined;
};

/** An effort level in a client's spelling; undefined for an unknown one. */
export const readEffort = (value: unknown): Effort | undefined =>
	typeof value === 'string' ? effortLevels.find(level => level === value.toLowerCase()) : undefined;

/** The smallest listed level that is not below the wanted one, else the highest listed (translation.md 1.8, ladder). */
export const fitEffort = (wanted: Effort, listed: readonly Effort[] | undefined): Effort => {
	if (listed === undefined || listed.length === 0 || listed.includes(wanted)) {
		return wanted;
	}

	const rank = effortLevels.indexOf(wanted);
	const sorted = effortLevels.filter(level => listed.includes(level));
	return sorted.find(level => effortLevels.indexOf(level) >= rank) ?? sorted.at(-1) ?? wanted;
};
