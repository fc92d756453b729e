import type {Redact} from '../base/redact.ts';
import {sanitizeLine, sanitizeWhole, wholeEnd} from '../base/sanitize.ts';
import type {BodyPage, BodyQuestion} from '../event/protocol.ts';
import type {Capture, CapturedExchange} from './capture.ts';
import {blanksOf} from './json-blanks.ts';
import {parseObject} from './transcript/json-value.ts';

/*
 * Captured bytes → text that a person may read, page by page. It is made whole and cleaned whole, since a page's edge could cut a
 * secret in two, and kept while somebody turns its pages.
 */

/** Characters of one page: a screen asks for the next one while it shows this. */
const pageChars = 131_072;

/** Two texts are compared with each other, page by page. */
const keptTexts = 2;

/** Blanks that a body may be indented with, in characters. */
const mostBlanks = 8 * 1024 * 1024;

/** Indents a JSON object, or those in the `data:` lines of a stream; anything else stays as it is. */
const prettyOf = (text: string): string => {
	// Lists in lists in lists: two megabytes of brackets would become gigabytes of blanks, and the engine would die of them.
	let left = mostBlanks;
	const indented = (json: string): string => {
		const blanks = blanksOf(json);
		const parsed = blanks > left ? undefined : parseObject(json);
		left -= parsed === undefined ? 0 : blanks;
		return parsed === undefined ? json : JSON.stringify(parsed, undefined, 2);
	};
	return /^\s*\{/.test(text)
		? indented(text)
		: text.replaceAll(/^(data: ?)(\{.*\})\r?$/gm, (_, label: string, json: string) => `${label}${indented(json)}`);
};

const bytesOf = ({body, replies}: CapturedExchange, part: BodyQuestion['part']): Buffer | undefined =>
	part === 'request' ? body : (replies.at(-1) ?? Buffer.alloc(0));

interface Kept {
	readonly key: string;
	readonly text: string;
}

/** Reads bodies and answers out of the capture. */
export class BodyPages {
	readonly #capture: Pick<Capture, 'read'>;
	readonly #redact: Redact;
	/** Oldest first. */
	#kept: readonly Kept[] = [];

	constructor(capture: Pick<Capture, 'read'>, redact: Redact) {
		this.#capture = capture;
		this.#redact = redact;
	}

	/** One page; `missing` is a sentence for the screen. */
	read({requestId, part, form, from = 0}: BodyQuestion): BodyPage | {readonly missing: string} {
		const held = this.#capture.read(requestId);
		if (held === undefined) {
			return {missing: 'The text of this request is no longer held: only the newest 64 MiB are.'};
		}

		const bytes = bytesOf(held, part);
		if (bytes === undefined) {
			return {missing: 'The body of this request was larger than the 2 MiB that are kept.'};
		}

		const {version, isLive, isTruncated, sent} = held;
		const key = [requestId, part, form, part === 'request' ? bytes.length : version].join(' ');
		const text = this.#textOf(key, () =>
			this.#redact(sanitizeWhole(form === 'raw' ? bytes.toString() : prettyOf(bytes.toString()))),
		);
		return {
			text: text.slice(from, wholeEnd(text, from + pageChars)),
			...{from, total: text.length, version, isLive, isTruncated},
			// What a client asks for is a text of somebody else's as well: a key in its query, a control character of eight bits.
			target: sent && {method: sent.method, path: this.#redact(sanitizeLine(`${sent.path}${sent.query}`))},
		};
	}

	#textOf(key: string, make: () => string): string {
		const known = this.#kept.find(kept => kept.key === key);
		const text = known?.text ?? make();
		this.#kept = [...this.#kept.filter(kept => kept.key !== key), {key, text}].slice(-keptTexts);
		return text;
	}
}
