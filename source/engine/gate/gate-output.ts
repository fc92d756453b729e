import type {KnownRange} from './gate.ts';

/**
 * The bytes that a gate hands out in one step, and those that it holds until something is worth a head. Neighbours in one
 * chunk stay one range, so that an ordinary chunk goes through without a copy.
 */
export class GateOutput {
	#parts: Buffer[] = [];
	/** The range that is being collected, as a place in memory: a cut-out event and its chunk are the same memory. */
	#memory: ArrayBufferLike | undefined;
	#last: Buffer | undefined;
	#lastEnd = 0;
	#runStart = 0;
	#runEnd = 0;
	#held: Buffer[] = [];
	#heldQuiet = 0;
	#heldBytes = 0;
	#eventCount = 0;
	#quietCount = 0;
	#hasWritten = false;

	/** True once a byte was handed out. */
	get hasWritten(): boolean {
		return this.#hasWritten;
	}

	/** Events handed out so far, over all attempts. */
	get eventCount(): number {
		return this.#eventCount;
	}

	/** Events handed out that reset the client's own idle clock. */
	get lifeCount(): number {
		return this.#eventCount - this.#quietCount;
	}

	get heldBytes(): number {
		return this.#heldBytes;
	}

	/** Hands out an event, and before it all that was held. */
	forward(bytes: Buffer, start: number, end: number): void {
		if (this.#held.length > 0) {
			this.#release();
		}

		this.#append(bytes, start, end);
	}

	/** Hands out many events in a row. */
	forwardMany(bytes: Buffer, {start, end, count}: KnownRange): void {
		this.forward(bytes, start, end);
		this.#eventCount += count - 1;
	}

	/** Keeps an event back while nothing was written yet; hands it out where the head is out anyway. */
	hold(bytes: Buffer, start: number, end: number): void {
		if (this.#hasWritten) {
			this.#append(bytes, start, end);
		} else {
			this.#held.push(bytes.subarray(start, end));
			this.#heldBytes += end - start;
		}
	}

	/** Passes on what this client's idle clock does not count: a comment, a ping. */
	holdQuiet(bytes: Buffer, start: number, end: number): void {
		this.#heldQuiet += this.#hasWritten ? 0 : 1;
		this.#quietCount += this.#hasWritten ? 1 : 0;
		this.hold(bytes, start, end);
	}

	/** Drops what is held: its attempt is over. */
	forget(): void {
		this.#heldQuiet = 0;
		this.#held = [];
		this.#heldBytes = 0;
	}

	/** What was handed out since the last call, in one buffer; undefined when nothing was. */
	flush(): Buffer | undefined {
		this.#closeRun();
		const parts = this.#parts;
		if (parts.length === 0) {
			return undefined;
		}

		this.#parts = [];
		return parts.length === 1 ? parts[0] : Buffer.concat(parts);
	}

	#release(): void {
		const held = this.#held;
		this.#quietCount += this.#heldQuiet;
		this.forget();
		for (const event of held) {
			this.#append(event, 0, event.length);
		}
	}

	#append(bytes: Buffer, start: number, end: number): void {
		this.#hasWritten = true;
		this.#eventCount += 1;
		if (this.#last === bytes && this.#lastEnd === start) {
			this.#lastEnd = end;
			this.#runEnd += end - start;
			return;
		}

		const memory = bytes.buffer;
		const at = bytes.byteOffset + start;
		if (this.#memory !== memory || this.#runEnd !== at) {
			this.#closeRun();
			this.#memory = memory;
			this.#runStart = at;
		}

		this.#runEnd = at + end - start;
		this.#last = bytes;
		this.#lastEnd = end;
	}

	#closeRun(): void {
		if (this.#memory !== undefined) {
			this.#parts.push(Buffer.from(this.#memory, this.#runStart, this.#runEnd - this.#runStart));
			this.#memory = undefined;
			this.#last = undefined;
		}
	}
}
