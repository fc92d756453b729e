import {isJsonObject, parseJsonObject, type JsonObject} from './json-value.ts';
import {momentInTextMs, spanMs, waitInTextMs} from './retry-after-text.ts';
import {believed, plainNumber, resetMs, type StatedWait} from './stated-wait.ts';

/* The wait in an answer's body: in a field with one of many names, or in a sentence (codex-helper.md 2.4). */

type Reading = 'milliseconds' | 'seconds' | 'reset';

/** Field names without `_`, `-` and capitals, in the order of their precision. */
const fields: ReadonlyArray<{readonly name: string; readonly reading: Reading; readonly isQuotaReset: boolean}> = [
	{name: 'retryafterms', reading: 'milliseconds', isQuotaReset: false},
	{name: 'resetsinseconds', reading: 'seconds', isQuotaReset: true},
	{name: 'resetseconds', reading: 'seconds', isQuotaReset: true},
	{name: 'resetinseconds', reading: 'seconds', isQuotaReset: true},
	{name: 'resetafterseconds', reading: 'seconds', isQuotaReset: true},
	{name: 'quotaresetdelay', reading: 'seconds', isQuotaReset: true},
	{name: 'retryafter', reading: 'seconds', isQuotaReset: false},
	{name: 'retryafterseconds', reading: 'seconds', isQuotaReset: false},
	{name: 'retryafterraw', reading: 'seconds', isQuotaReset: false},
	{name: 'retrydelay', reading: 'seconds', isQuotaReset: false},
	{name: 'cooldownseconds', reading: 'seconds', isQuotaReset: false},
	{name: 'resetsat', reading: 'reset', isQuotaReset: true},
	{name: 'resetat', reading: 'reset', isQuotaReset: true},
	{name: 'resettime', reading: 'reset', isQuotaReset: true},
	{name: 'quotaresettimestamp', reading: 'reset', isQuotaReset: true},
];

/** Where errors nest other errors; the walk enters nothing else, since a body may quote the request. */
const nests: ReadonlySet<string> = new Set([
	'error',
	'errors',
	'detail',
	'details',
	'metadata',
	'response',
	'data',
	'raw',
	'cause',
	'upstream_error',
	'headers',
]);

const deepest = 6;

/** A body's objects from the outside in, through arrays and through JSON in strings (`{"message": "{\"error\": …}"}`). */
const objectsIn = (value: unknown, depth = 0): readonly JsonObject[] => {
	if (depth > deepest) {
		return [];
	}

	if (typeof value === 'string') {
		const start = value.indexOf('{');
		const json = start === -1 ? undefined : parseJsonObject(value.slice(start, value.lastIndexOf('}') + 1));
		return json === undefined ? [] : objectsIn(json, depth + 1);
	}

	if (Array.isArray(value)) {
		return value.slice(0, 20).flatMap(item => objectsIn(item, depth + 1));
	}

	if (!isJsonObject(value)) {
		return [];
	}

	const inner = Object.entries(value).filter(([name]) => nests.has(name) || name === 'message');
	return [value, ...inner.flatMap(([, nested]) => objectsIn(nested, depth + 1))];
};

/** `{seconds: "12"}` is how protocol buffers print a span where it is no string. */
const amountOf = (value: unknown): unknown => (isJsonObject(value) && 'seconds' in value ? value['seconds'] : value);

const readField = (value: unknown, reading: Reading, nowMs: number): number | undefined => {
	const amount = amountOf(value);
	if (reading === 'reset') {
		return resetMs(amount, nowMs);
	}

	const number = typeof amount === 'string' && plainNumber.test(amount.trim()) ? Number(amount) : amount;
	if (typeof number === 'number') {
		return number < 0 ? undefined : believed(reading === 'milliseconds' ? number : number * 1000);
	}

	return typeof number === 'string' ? (believed(spanMs(number)) ?? resetMs(number, nowMs)) : undefined;
};

const plainName = (name: string): string => name.replaceAll(/[-_]/g, '').toLowerCase();

const fieldWait = (objects: readonly JsonObject[], nowMs: number): StatedWait | undefined => {
	const named = objects.flatMap(object =>
		Object.entries(object).map(([name, value]) => [plainName(name), value] as const),
	);
	for (const {name, reading, isQuotaReset} of fields) {
		for (const [, value] of named.filter(([candidate]) => candidate === name)) {
			const ms = readField(value, reading, nowMs);
			if (ms !== undefined) {
				return {ms, isQuotaReset, source: 'body'};
			}
		}
	}

	return undefined;
};

/** The wait in a sentence, milliseconds from now: {@link waitInTextMs}, where it can be believed. */
export const retryAfterTextMs = (text: string): number | undefined => believed(waitInTextMs(text));

const quotaWords = /quota|usage limit|credit|额度|配额|限额|套餐/i;

const textWait = (text: string, nowMs: number): StatedWait | undefined => {
	const spanWaitMs = retryAfterTextMs(text);
	const atMs = spanWaitMs === undefined ? momentInTextMs(text) : undefined;
	const ms = spanWaitMs ?? believed(atMs === undefined ? undefined : atMs - nowMs);
	return ms === undefined ? undefined : {ms, isQuotaReset: quotaWords.test(text), source: 'text'};
};

const sentenceFields: ReadonlySet<string> = new Set([
	'message',
	'msg',
	'detail',
	'error',
	'errormessage',
	'errormsg',
	'errordescription',
	'statusmsg',
	'description',
	'reason',
]);

/** The sentences of an error; a failed response also holds the user's instructions and the answer so far, and those say nothing of us. */
const sentencesIn = (objects: readonly JsonObject[]): readonly string[] =>
	objects.flatMap(object =>
		Object.entries(object).flatMap(([name, value]) =>
			typeof value === 'string' && sentenceFields.has(plainName(name)) ? [value] : [],
		),
	);

const sentenceWait = (sentences: readonly string[], nowMs: number): StatedWait | undefined => {
	for (const sentence of sentences) {
		const wait = textWait(sentence, nowMs);
		if (wait !== undefined) {
			return wait;
		}
	}

	return undefined;
};

/** The wait that a body states: in a field of it, of its `error` or of its `details`, in any spelling, else in its text. */
export const bodyWait = (body: string, nowMs: number): StatedWait | undefined => {
	const objects = objectsIn(body);
	return fieldWait(objects, nowMs) ?? sentenceWait(objects.length === 0 ? [body] : sentencesIn(objects), nowMs);
};

/** The milliseconds of {@link bodyWait}. */
export const retryAfterBodyMs = (body: string, nowMs: number): number | undefined => bodyWait(body, nowMs)?.ms;
