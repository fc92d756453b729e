import {RelayError} from '../base/errors.ts';
import {LineEnds} from './line-ends.ts';

/* Where whole server-sent events end (WHATWG HTML, 9.2). Nothing here turns a stream into text. */

const lf = 10;
const cr = 13;
const smallRestBytes = 4096;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Takes one whole event: `bytes[start, end)`, its blank line included. The bytes stay valid after the call. */
export type TakeEvent = (bytes: Buffer, start: number, end: number) => void;

/** Asked where an event starts: takes whole events from there on by itself and returns where it stopped; `start` for none. */
export type TakeRun = (bytes: Buffer, start: number) => number;

/**
 * Cuts a stream into whole events: everything up to and with a blank line (LF, CRLF or CR, also mixed; a CRLF may be split
 * over chunks). A BOM at the very start is removed, nothing else is changed: all handed-out events in a row are the stream.
 * One framer reads one stream.
 */
export class SseFramer {
	readonly #eventBytes: number;
	readonly #takeEvent: TakeEvent;
	readonly #takeRun: TakeRun | undefined;
	#pending: Buffer[] = [];
	#pendingBytes = 0;
	#isStarted = false;
	/** The line that is being read has no byte yet: a line end now makes it the blank line. */
	#isLineEmpty = true;
	/** The last byte was a CR; a LF right behind it belongs to the same line end. */
	#isAfterCr = false;
	/** A blank line ended in CR and its LF is still to come: the stream uses CRLF. */
	#isBoundaryOpen = false;
	#usesCrlf = false;

	/** `eventBytes` is the cap of one event (limits.eventBytes); both callbacks are called synchronously inside `push` and `end`. */
	constructor(eventBytes: number, takeEvent: TakeEvent, takeRun?: TakeRun) {
		this.#eventBytes = eventBytes;
		this.#takeEvent = takeEvent;
		this.#takeRun = takeRun;
	}

	/** Feeds bytes. Throws RelayError `event-too-large` when an event grows over the cap; the events before it were handed out. */
	push(bytes: Buffer): void {
		const chunk = this.#isStarted ? bytes : this.#withoutByteOrderMark(bytes);
		if (chunk.length === 0) {
			return;
		}

		// One native search per chunk decides whether this chunk can be walked by LF alone.
		const rest = this.#isAfterCr || chunk.indexOf(cr) !== -1 ? this.#walkMixed(chunk) : this.#walkLines(chunk);
		if (rest < chunk.length) {
			this.#keep(rest === 0 ? chunk : chunk.subarray(rest));
		}
	}

	/**
	 * The bytes of the unfinished event, to be fed again in front of the next ones: whoever joins those anyway saves the framer a
	 * copy of all of them. Undefined where there are none, or too many to be walked twice.
	 */
	takeRest(): Buffer | undefined {
		const isPlain = this.#isStarted && !this.#isAfterCr && !this.#isBoundaryOpen;
		if (!isPlain || this.#pendingBytes === 0 || this.#pendingBytes > smallRestBytes) {
			return undefined;
		}

		const rest = Buffer.concat(this.#pending);
		this.#pending = [];
		this.#pendingBytes = 0;
		this.#isLineEmpty = true;
		return rest;
	}

	/** The stream ended. Hands out a last event whose blank line ended in CR; an unfinished event is dropped. */
	end(): void {
		if (this.#isBoundaryOpen) {
			this.#isBoundaryOpen = false;
			this.#emit(Buffer.alloc(0), 0, 0);
		}

		this.#pending = [];
		this.#pendingBytes = 0;
	}

	#withoutByteOrderMark(bytes: Buffer): Buffer {
		const head = this.#pendingBytes === 0 ? bytes : Buffer.concat([...this.#pending, bytes]);
		this.#pending = [];
		this.#pendingBytes = 0;
		if (head.length < byteOrderMark.length && head.equals(byteOrderMark.subarray(0, head.length))) {
			this.#keep(head);
			return Buffer.alloc(0);
		}

		this.#isStarted = true;
		return head.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? head.subarray(byteOrderMark.length) : head;
	}

	/** Walks a chunk without any CR; returns where the unfinished event starts. */
	#walkLines(chunk: Buffer): number {
		let start = 0;
		let at = 0;
		while (this.#isLineEmpty && chunk[at] === lf) {
			at += 1;
			this.#emit(chunk, start, at);
			start = at;
		}

		for (;;) {
			if (at === start && this.#takeRun !== undefined && this.#pendingBytes === 0) {
				start = this.#takeRun(chunk, start);
				at = start;
			}

			const lineEnd = chunk.indexOf(lf, at);
			if (lineEnd === -1) {
				this.#isLineEmpty = at === chunk.length;
				return start;
			}

			at = lineEnd + 1;
			while (chunk[at] === lf) {
				at += 1;
				this.#emit(chunk, start, at);
				start = at;
			}
		}
	}

	/** The same for a chunk that holds a CR: jumps from line end to line end and looks at each of them. */
	#walkMixed(chunk: Buffer): number {
		const ends = new LineEnds(chunk);
		let start = 0;
		let at = 0;
		while (at < chunk.length) {
			const byte = chunk[at];
			const isSecondHalf = this.#isAfterCr && byte === lf;
			this.#usesCrlf ||= isSecondHalf;
			this.#isAfterCr = byte === cr;
			if (this.#isBoundaryOpen) {
				this.#isBoundaryOpen = false;
				const end = isSecondHalf ? at + 1 : at;
				this.#emit(chunk, start, end);
				start = end;
			}

			if (byte === lf && this.#isLineEmpty && !isSecondHalf) {
				this.#emit(chunk, start, at + 1);
				start = at + 1;
			} else if (byte === lf || byte === cr) {
				this.#isBoundaryOpen = byte === cr && this.#isLineEmpty;
				this.#isLineEmpty = true;
			} else {
				this.#isLineEmpty = false;
				at = ends.next(at) - 1;
			}

			at += 1;
		}

		// Only a stream that is known to send CRLF is sure to send the LF; any other must not wait for its next event.
		if (this.#isBoundaryOpen && !this.#usesCrlf) {
			this.#isBoundaryOpen = false;
			this.#emit(chunk, start, chunk.length);
			return chunk.length;
		}

		return start;
	}

	#emit(chunk: Buffer, start: number, end: number): void {
		if (this.#pendingBytes + end - start > this.#eventBytes) {
			throw this.#tooLarge();
		}

		if (this.#pendingBytes === 0) {
			this.#takeEvent(chunk, start, end);
		} else {
			const whole = Buffer.concat([...this.#pending, chunk.subarray(start, end)]);
			this.#pending = [];
			this.#pendingBytes = 0;
			this.#takeEvent(whole, 0, whole.length);
		}

		this.#isLineEmpty = true;
	}

	#keep(rest: Buffer): void {
		this.#pendingBytes += rest.length;
		if (this.#pendingBytes > this.#eventBytes) {
			throw this.#tooLarge();
		}

		// Pieces are joined with a neighbour that is not larger: a huge event in tiny chunks stays a few pieces, and each of
		// its bytes is copied a few times only.
		let piece = rest;
		for (
			let last = this.#pending.at(-1);
			last !== undefined && last.length <= piece.length;
			last = this.#pending.at(-1)
		) {
			this.#pending.pop();
			piece = Buffer.concat([last, piece]);
		}

		this.#pending.push(piece);
	}

	#tooLarge(): RelayError {
		this.#pending = [];
		this.#pendingBytes = 0;
		return new RelayError(
			'event-too-large',
			`The upstream sent one event of more than ${this.#eventBytes} bytes; the stream was given up. Report it to the provider.`,
		);
	}
}
