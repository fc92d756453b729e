import {isRecord, parseJson, textAt} from '../../base/json.ts';

/*
 * An upstream's error body in every spelling: `{error: {…}}`, `{error: "…"}`, `{detail}`, `{message}`, `{msg}`, Google's `details` and
 * `metadata`, MiniMax's `base_resp`, JSON inside a string, an SSE frame, plain text, a web page. It only reads; what the words mean is
 * known-words.ts and phrases.ts.
 */

/** The parts of an upstream's error body that anything depends on; every one may be missing. */
export interface ErrorBody {
	readonly code: string | undefined;
	readonly type: string | undefined;
	readonly message: string | undefined;
	readonly isHtml: boolean;
	/** Machine words at any depth, see {@link wordOf}: codes, types, reasons; numbers as `business:1302` or `minimax:1008`, the refused parameter as
	 * `param:reasoning.effort`. */
	readonly words?: readonly string[] | undefined;
	/** Sentences at any depth, each cut. */
	readonly texts?: readonly string[] | undefined;
	/** An HTTP status that the body itself states. */
	readonly innerStatus?: number | undefined;
	/** The start of a web page, in lower case. */
	readonly page?: string | undefined;
}

/** One spelling for `RateLimitExceeded`, `rate_limit_exceeded` and `rate-limit-exceeded`; dots stay (`Throttling.RateQuota`). */
export const wordOf = (text: string): string => text.toLowerCase().replaceAll(/[_\-\s]/g, '');

const wordKeys = [
	'code',
	'type',
	'status',
	'reason',
	'error_code',
	'errorCode',
	'error_type',
	'errcode',
	'quotaId',
	'quota_id',
	'error',
];
const textKeys = [
	'message',
	'msg',
	'detail',
	'error',
	'error_message',
	'error_msg',
	'errorMessage',
	'error_description',
	'description',
	'status_msg',
	'title',
	'reason',
];
/** Where errors nest other errors. Nothing else is entered, since a body may quote the request. */
const nests = [
	'error',
	'errors',
	'detail',
	'details',
	'metadata',
	'response',
	'data',
	'base_resp',
	'baseResp',
	'cause',
	'raw',
	'message',
	'msg',
	'violations',
	'upstream_error',
];

const deepest = 6;
const mostParts = 64;
const longestText = 2000;
const pageStart = 8192;
const singleWord = /^[\w.:-]{1,80}$/;

interface Found {
	readonly words: string[];
	readonly texts: string[];
	innerStatus: number | undefined;
}

/** The JSON in a text that may have words around it: `upstream said: {…}`, `data: {…}`. */
const embeddedJson = (text: string): unknown => {
	const start = text.indexOf('{');
	return start === -1 ? undefined : parseJson(text.slice(start, text.lastIndexOf('}') + 1));
};

const addNumber = (value: number, found: Found, prefix: string): void => {
	if (Number.isInteger(value) && value >= 400 && value < 600) {
		found.innerStatus ??= value;
	} else if (value !== 0) {
		found.words.push(`${prefix}:${value}`);
	}
};

const addWord = (value: unknown, found: Found, prefix: string): void => {
	if (typeof value === 'number') {
		addNumber(value, found, prefix);
	} else if (typeof value === 'string' && /^\d{1,9}$/.test(value)) {
		addNumber(Number(value), found, prefix);
	} else if (typeof value === 'string' && singleWord.test(value)) {
		found.words.push(wordOf(value));
	}
};

const addText = (value: unknown, found: Found): void => {
	if (typeof value !== 'string' || value.trim() === '') {
		return;
	}

	found.texts.push(value.slice(0, longestText));
	// Relays put a code where the sentence should be.
	if (singleWord.test(value) && value.includes('_')) {
		found.words.push(wordOf(value));
	}
};

const walk = (value: unknown, found: Found, depth: number): void => {
	if (depth > deepest || found.words.length + found.texts.length > mostParts) {
		return;
	}

	if (typeof value === 'string') {
		walk(embeddedJson(value), found, depth + 1);
	} else if (Array.isArray(value)) {
		for (const item of value.slice(0, 20)) {
			walk(item, found, depth + 1);
		}
	} else if (isRecord(value)) {
		walkRecord(value, found, depth);
	}
};

const walkRecord = (record: Record<string, unknown>, found: Found, depth: number): void => {
	// Only MiniMax writes `status_code` and `status_msg` side by side, and its numbers mean something else than Zhipu's.
	if ('status_msg' in record) {
		addWord(record['status_code'], found, 'minimax');
	}

	for (const key of wordKeys) {
		addWord(record[key], found, 'business');
	}

	// OpenAI names the setting that it refuses here; the sentence has it in quotation marks.
	if (typeof record['param'] === 'string' && singleWord.test(record['param'])) {
		found.words.push(`param:${wordOf(record['param'])}`);
	}

	for (const key of textKeys) {
		addText(record[key], found);
	}

	for (const key of nests) {
		walk(record[key], found, depth + 1);
	}
};

const looksLikePage = (text: string): boolean => /^(?:<|\uFEFF<)/.test(text) && !text.startsWith('<?xml');

const readText = (text: string): ErrorBody => {
	const nothing = {code: undefined, type: undefined};
	if (looksLikePage(text)) {
		return {...nothing, message: undefined, isHtml: true, page: text.slice(0, pageStart).toLowerCase()};
	}

	// Relays answer plain text, an SSE frame or nothing.
	const body = {...nothing, message: text === '' ? undefined : text.slice(0, 300), isHtml: false};
	const json = embeddedJson(text);
	return text === '' ? body : {...body, ...partsOf(json === undefined ? {message: text} : json, text)};
};

const partsOf = (json: unknown, text: string): Pick<ErrorBody, 'words' | 'texts' | 'innerStatus'> => {
	const found: Found = {words: [], texts: [], innerStatus: undefined};
	walk(json, found, 0);
	return {
		words: [...new Set(found.words)],
		texts: found.texts.length === 0 ? [text.slice(0, longestText)] : [...new Set(found.texts)],
		innerStatus: found.innerStatus,
	};
};

/** Reads an error body leniently; a body that is not understood gives undefined fields, never an error. */
export const readErrorBody = (bytes: Buffer): ErrorBody => {
	const text = bytes.toString('utf8').trim();
	const json = parseJson(text);
	if (!isRecord(json)) {
		return readText(text);
	}

	const inner = isRecord(json['error']) ? json['error'] : json;
	const parts = partsOf(json, '');
	return {
		code: textAt(inner, 'code'),
		type: textAt(inner, 'type'),
		message:
			textAt(inner, 'message') ??
			textAt(json, 'error') ??
			textAt(json, 'detail') ??
			textAt(json, 'message') ??
			parts.texts?.find(found => found !== ''),
		isHtml: false,
		...parts,
	};
};
