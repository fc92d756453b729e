/*
 * Spans and moments as upstreams write them, in English and Chinese: `1.5s`, `1h2m3.5s`, `5 minutes`, `30 秒`, `2小时5分钟`,
 * `2026-11-21 18:00:00`. Wire facts only: what a span is good for is retry-after.ts.
 */

/** Milliseconds in one of each unit; the longer spellings come first so that `ms` is not read as `m`. */
const units: ReadonlyArray<{readonly name: RegExp; readonly ms: number}> = [
	{name: /^(?:ms|msecs?|milliseconds?|毫秒)$/, ms: 1},
	{name: /^(?:s|secs?|seconds?|秒钟?)$/, ms: 1000},
	{name: /^(?:m|mins?|minutes?|分钟?)$/, ms: 60_000},
	{name: /^(?:h|hrs?|hours?|个?小时)$/, ms: 3_600_000},
	{name: /^(?:d|days?|天)$/, ms: 86_400_000},
];

const spanSource = String.raw`(?:\d{1,9}(?:\.\d{1,9})?\s{0,2}(?:[a-z]{1,12}|毫秒|秒钟?|分钟?|个?小时|天)[\s,]{0,2}){1,5}`;
const spanPattern = /(\d{1,9}(?:\.\d{1,9})?)\s{0,2}([a-z]{1,12}|毫秒|秒钟?|分钟?|个?小时|天)/gi;

/** The sum of the spans at the start of a text; the first word that is no unit starts the rest of the sentence. */
const sumOfSpans = (text: string): number | undefined => {
	let totalMs: number | undefined;
	for (const [, amount, name = ''] of text.matchAll(spanPattern)) {
		const unit = units.find(candidate => candidate.name.test(name.toLowerCase()));
		if (unit === undefined) {
			break;
		}

		totalMs = (totalMs ?? 0) + Number(amount) * unit.ms;
	}

	return totalMs === undefined ? undefined : Math.ceil(totalMs);
};

const wholeSpan = new RegExp(`^\\s{0,4}${spanSource}$`, 'i');

/** A text that is nothing but a span, as milliseconds: `12.3s`, `6m0s`, `250ms`; undefined for anything else, also for a negative one. */
export const spanMs = (text: string): number | undefined => (wholeSpan.test(text) ? sumOfSpans(text) : undefined);

const leads = String.raw`(?:try again (?:in|after)|retry(?:ing)? (?:after|in)|wait(?: for)?|resets? (?:in|after)|available (?:again )?in|refreshes in)`;
const englishWait = new RegExp(String.raw`\b${leads}\s{1,3}(?:about |approximately |another )?(${spanSource})`, 'i');
/** `请在30秒后重试`, `5分钟后再试`, `请等待 2 分钟`, `将于1小时后重置`. */
const chineseAfter = new RegExp(`(${spanSource})(?:之?后|以后|后)`, 'i');
const chineseWait = new RegExp(String.raw`(?:等待|冷却时间?|剩余)[:：约\s]{0,4}(${spanSource})`, 'i');
/** No provider's sentence is longer; a longer text is a page. */
const longestText = 16 * 1024;

/**
 * The wait in a sentence such as `try again in 1.5s`, `… in 20ms`, `… in 1m3s`, `retry after 5 minutes`, `请在 30 秒后重试`, milliseconds;
 * undefined without one.
 */
export const waitInTextMs = (text: string): number | undefined => {
	const start = text.slice(0, longestText);
	for (const pattern of [englishWait, chineseAfter, chineseWait]) {
		const span = pattern.exec(start)?.[1];
		const ms = span === undefined ? undefined : sumOfSpans(span);
		if (ms !== undefined) {
			return ms;
		}
	}

	return undefined;
};

const moment = String.raw`(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?)\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?`;
const englishMoment = new RegExp(
	String.raw`(?:resets?|try again|available(?: again)?|until)\s(?:at |on |after )?${moment}`,
	'i',
);
const chineseMoment = new RegExp(String.raw`${moment}\s{0,2}(?:之?后|重置|恢复|刷新)`, 'i');

const zoneOf = (zone: string | undefined, assumed: string): string =>
	zone === undefined ? assumed : /^[+-]/.test(zone) ? zone : 'Z';

/** A moment in a sentence, wall-clock milliseconds: `resets at 2026-11-21 18:00:00`. Without a zone English is UTC, Chinese is UTC+8. */
export const momentInTextMs = (text: string): number | undefined => {
	const start = text.slice(0, longestText);
	const english = englishMoment.exec(start);
	const found = english ?? chineseMoment.exec(start);
	if (!found) {
		return undefined;
	}

	const atMs = Date.parse(`${found[1]}T${found[2]}${zoneOf(found[3], english ? 'Z' : '+08:00')}`);
	return Number.isNaN(atMs) ? undefined : atMs;
};
