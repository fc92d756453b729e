import {isRecord} from '../../base/json.ts';

/* Dot paths into other programs' JSON (codex-helper.md 1.11): `data.balance_infos.0.total`, own members only (SEC-20). */

/** The value under a dot path; a number is an index where the value is a list. Undefined where a step is missing. */
export const valueAtPath = (json: unknown, path: string): unknown => {
	let current = json;
	for (const step of path.split('.')) {
		if (Array.isArray(current)) {
			current = /^\d{1,6}$/.test(step) ? current[Number(step)] : undefined;
		} else if (isRecord(current) && Object.hasOwn(current, step)) {
			current = current[step];
		} else {
			return undefined;
		}
	}

	return current;
};

const numberText = /^[+-]?\d{1,24}(?:\.\d{1,24})?(?:e[+-]?\d{1,2})?$/i;

/** A number, also where it is written as a string (`"12.50"`, `" 7 "`); undefined for anything else. */
export const amountOf = (value: unknown): number | undefined => {
	if (typeof value === 'number') {
		return Number.isFinite(value) ? value : undefined;
	}

	return typeof value === 'string' && numberText.test(value.trim()) ? Number(value) : undefined;
};

const flagWords: ReadonlyMap<string, boolean> = new Map([
	['true', true],
	['yes', true],
	['1', true],
	['exhausted', true],
	['false', false],
	['no', false],
	['0', false],
	['ok', false],
]);

/** A flag in any of its spellings (`true`, `1`, `"yes"`, `"exhausted"`, …); undefined for anything else. */
export const flagOf = (value: unknown): boolean | undefined => {
	if (typeof value === 'boolean') {
		return value;
	}

	return typeof value === 'number' ? value !== 0 : flagWords.get(textOf(value)?.toLowerCase() ?? '');
};

/** A string that is more than spaces, without those around it and not longer than a line; undefined for anything else. */
export const textOf = (value: unknown): string | undefined =>
	typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined;

/** The end of the year 9999: nothing later is a date that somebody meant. */
const latestMs = 253_402_300_799_000;

/**
 * A moment as wall-clock milliseconds: seconds or milliseconds since the epoch (more than 10^11 are milliseconds) or an ISO text.
 * A text without a zone is UTC, so that it means the same on every machine.
 */
export const momentOf = (value: unknown): number | undefined => {
	const amount = amountOf(value);
	if (amount !== undefined) {
		return amount > 0 && amount < latestMs ? Math.round(amount > 1e11 ? amount : amount * 1000) : undefined;
	}

	const text = textOf(value);
	if (text === undefined || !/^\d{4}-\d{2}-\d{2}/.test(text)) {
		return undefined;
	}

	const isZoned = /(?:z|[+-]\d{2}:?\d{2})$/i.test(text) || text.length === 10;
	const atMs = Date.parse(isZoned ? text : `${text.replace(' ', 'T')}Z`);
	return Number.isNaN(atMs) ? undefined : atMs;
};

/** How a value is read: {@link amountOf}, {@link flagOf}, {@link textOf} or {@link momentOf}. */
export type ReadValue<Value> = (value: unknown) => Value | undefined;

/** The first of some paths that leads to a readable value. */
export const firstAt = <Value>(json: unknown, paths: readonly string[], read: ReadValue<Value>): Value | undefined => {
	for (const path of paths) {
		const value = read(valueAtPath(json, path));
		if (value !== undefined) {
			return value;
		}
	}

	return undefined;
};

/** Each path as it is, then all of them below `data`, the envelope that relays put around their answers. */
export const alsoInData = (paths: readonly string[]): readonly string[] => [
	...paths,
	...paths.map(path => `data.${path}`),
];

/** Without the dust that sums and divisions of decimals leave. */
export const roundUsd = (usd: number): number => Math.round(usd * 1e9) / 1e9;
