import {messageOf} from '../../base/errors.ts';
import {isJsonObject, parseJsonObject} from '../../wire/json-value.ts';
import {eventData, eventType, leadingDataStart} from '../../wire/sse.ts';
import {SseFramer} from '../../wire/sse-framer.ts';
import {brokenAnswer} from './answer-error.ts';
import {eventsOf, findRun, type AnswerStep} from './delta-run.ts';
import type {AnswerDecoder, AnswerEvent} from './ir-event.ts';

/** Caps of {@link AnswerReader} in bytes: one event, and a whole JSON body (translation.md 2.1). */
export interface ReaderLimits {
	readonly eventBytes: number;
	readonly wholeBytes: number;
}

const braces = new Set([0x7b, 0x5b]);
const openAngle = 0x3c;
const lf = 0x0a;
const blanks = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
const htmlHeadBytes = 4096;

/** The data of an event that is one `data` line, as nearly all are; undefined for any other. */
const singleLine = (bytes: Buffer, start: number, end: number): string | undefined => {
	const from = leadingDataStart(bytes, start);
	const isPlain = from !== -1 && bytes[end - 1] === lf && bytes[end - 2] === lf && bytes.indexOf(lf, from) === end - 2;
	const data = isPlain ? bytes.toString('utf8', from, end - 2) : undefined;
	return data?.includes('\r') === true ? undefined : data;
};

const parse = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

/**
 * The bytes of an upstream's 200 answer as {@link AnswerEvent}s, whatever they are: server-sent events, one JSON body although a
 * stream was asked for, a JSON array (Gemini without `alt=sse`), one JSON per line (Ollama), or a web page. Where the bytes
 * are cut makes no difference.
 */
export class AnswerReader {
	readonly #decoder: AnswerDecoder;
	readonly #limits: ReaderLimits;
	readonly #framer: SseFramer;
	readonly #whole: Buffer[] = [];
	#wholeBytes = 0;
	#kind: 'unknown' | 'events' | 'json' | 'html' = 'unknown';
	#steps: AnswerStep[] = [];
	#isOver = false;

	constructor(decoder: AnswerDecoder, limits: ReaderLimits) {
		this.#decoder = decoder;
		this.#limits = limits;
		this.#framer = new SseFramer(
			limits.eventBytes,
			(bytes, start, end) => {
				const line = singleLine(bytes, start, end);
				const data = line ?? eventData(bytes.subarray(start, end));
				if (data !== undefined) {
					const name = line === undefined ? eventType(bytes.subarray(start, end)) : undefined;
					this.#steps.push(...decoder.push(data, name));
				}
			},
			(bytes, start) => this.#takeRun(bytes, start),
		);
	}

	push(bytes: Buffer): readonly AnswerEvent[] {
		return this.read(bytes).flatMap(eventsOf);
	}

	/** The same, with the deltas that came together in one piece. */
	read(bytes: Buffer): readonly AnswerStep[] {
		if (this.#kind === 'unknown') {
			this.#sniff(bytes);
		}

		if (this.#isOver) {
			return [];
		}

		if (this.#kind === 'events') {
			this.#frame(bytes);
		} else {
			this.#keep(bytes);
		}

		return this.#take();
	}

	/** The upstream closed its answer. */
	end(): readonly AnswerEvent[] {
		return this.close().flatMap(eventsOf);
	}

	/** The same, with the deltas that came together in one piece. */
	close(): readonly AnswerStep[] {
		if (this.#isOver) {
			return [];
		}

		if (this.#kind === 'events') {
			// Several gateways leave out the blank line behind the last event (translation.md 2.1).
			this.#frame(Buffer.from('\n\n'));
			this.#framer.end();
		} else if (this.#wholeBytes > 0) {
			this.#readWhole(Buffer.concat(this.#whole));
		}

		this.#isOver = true;
		this.#steps.push(...this.#decoder.end());
		return this.#take();
	}

	#take(): readonly AnswerStep[] {
		const steps = this.#steps;
		this.#steps = [];
		return steps;
	}

	#sniff(bytes: Buffer): void {
		const first = bytes.find(byte => !blanks.has(byte));
		if (first === undefined) {
			return;
		}

		this.#kind = braces.has(first) ? 'json' : first === openAngle ? 'html' : 'events';
		if (this.#kind === 'events') {
			for (const kept of this.#whole.splice(0)) {
				this.#frame(kept);
			}
		}
	}

	#frame(bytes: Buffer): void {
		try {
			this.#framer.push(bytes);
		} catch (error) {
			this.#fail(messageOf(error));
		}
	}

	#takeRun(bytes: Buffer, start: number): number {
		const shape = this.#decoder.runShape?.();
		// No event of a run is larger than what it came in.
		if (shape === undefined || bytes.length > this.#limits.eventBytes) {
			return start;
		}

		const run = findRun(bytes, start, shape);
		if (run === undefined || this.#decoder.takeRun === undefined) {
			return start;
		}

		this.#steps.push(this.#decoder.takeRun(run));
		return run.end;
	}

	#keep(bytes: Buffer): void {
		this.#wholeBytes += bytes.length;
		if (this.#wholeBytes > this.#limits.wholeBytes) {
			this.#fail('The upstream sent a body that is too large.');
		} else {
			this.#whole.push(bytes);
		}
	}

	#fail(message: string): void {
		this.#isOver = true;
		this.#steps.push(...this.#decoder.fail(brokenAnswer(message)));
	}

	#readWhole(bytes: Buffer): void {
		const text = bytes.toString().replace(/^\uFEFF/, '');
		if (this.#kind === 'html') {
			this.#failAsPage(text.slice(0, htmlHeadBytes));
			return;
		}

		const whole = parse(text);
		if (isJsonObject(whole)) {
			this.#steps.push(...this.#decoder.pushWhole(whole));
		} else if (Array.isArray(whole)) {
			this.#pushEach(whole.map(element => JSON.stringify(element)));
		} else {
			this.#readLines(text);
		}
	}

	#readLines(text: string): void {
		const lines = text.split('\n').filter(line => line.trim() !== '');
		if (lines.length > 1 && parseJsonObject(lines[0]) !== undefined) {
			this.#pushEach(lines);
		} else {
			this.#fail('The upstream sent a body that is no JSON.');
		}
	}

	#pushEach(payloads: readonly string[]): void {
		for (const payload of payloads) {
			this.#steps.push(...this.#decoder.push(payload));
		}
	}

	/** Login and block pages: the title says which; nothing else of a page goes on (case 49). */
	#failAsPage(page: string): void {
		const title = /<title[^>]*>([^<]*)/i.exec(page)?.[1]?.trim().slice(0, 200) ?? 'no title';
		const error = brokenAnswer(`The upstream answered with a web page (${title}).`);
		this.#isOver = true;
		this.#steps.push(...this.#decoder.fail({...error, upstreamCode: 'upstream_html'}));
	}
}
