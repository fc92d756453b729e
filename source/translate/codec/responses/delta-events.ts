import {literalEnd, type DeltaRun} from '../delta-run.ts';
import type {RunEvents} from '../ir-event.ts';
import type {DeltaFrame} from './item-output.ts';

/** Digits of the largest sequence number (2^53). */
const mostDigits = 16;

/** Longer texts are copied by the runtime; a call for each short one would cost more than its bytes. */
const shortBytes = 96;

const zero = 0x30;

const digitsOf = (sequence: number): number => {
	let digits = 1;
	for (let rest = sequence; rest >= 10; rest = Math.floor(rest / 10)) {
		digits += 1;
	}

	return digits;
};

/** What stands between two texts: the end of one event, and the next one up to its text. */
class Joint {
	/** With room for the number. */
	readonly mostBytes: number;
	readonly #before: Buffer;
	readonly #after: Buffer;
	#bytes = Buffer.alloc(0);
	#digits = 0;

	constructor(end: string, {type, head}: DeltaFrame) {
		this.#before = Buffer.from(`${end}event: ${type}\ndata: {"type":"${type}","sequence_number":`);
		this.#after = Buffer.from(`${head}"`);
		this.mostBytes = this.#before.length + mostDigits + this.#after.length;
	}

	/** Its bytes, valid until the next call. */
	numbered(sequence: number): Buffer {
		const digits = digitsOf(sequence);
		const before = this.#before.length;
		if (digits !== this.#digits) {
			this.#digits = digits;
			this.#bytes = Buffer.concat([this.#before, Buffer.alloc(digits), this.#after]);
		}

		let rest = sequence;
		for (let at = before + digits - 1; at >= before; at -= 1) {
			this.#bytes[at] = zero + (rest % 10);
			rest = Math.floor(rest / 10);
		}

		return this.#bytes;
	}
}

/** The frames in which each delta of a text is sent: one, two where a client sees thoughts in both channels, or none. */
export class DeltaFrames {
	readonly joints: readonly Joint[];
	readonly end: Buffer;
	/** Of all that stands round one text. */
	readonly mostBytes: number;

	constructor(frames: readonly DeltaFrame[]) {
		const ends = frames.map(({tail}) => `"${tail}\n\n`);
		this.joints = frames.map((frame, index) => new Joint(ends.at(index - 1) ?? '', frame));
		this.end = Buffer.from(ends.at(-1) ?? '');
		this.mostBytes = this.joints.reduce((sum, {mostBytes}) => sum + mostBytes, 0);
	}
}

/** The events of a run: each of its texts in each frame, numbered in a row. */
export class DeltaEvents implements RunEvents {
	readonly count: number;
	readonly mostBytes: number;
	readonly #run: DeltaRun;
	readonly #frames: DeltaFrames;
	readonly #sequence: number;

	constructor(run: DeltaRun, frames: DeltaFrames, sequence: number) {
		const texts = run.starts.length;
		const textBytes = run.lastEnd - (run.starts[0] ?? 0) - (texts - 1) * run.gap;
		this.#run = run;
		this.#frames = frames;
		this.#sequence = sequence;
		this.count = texts * frames.joints.length;
		this.mostBytes = texts * frames.mostBytes + textBytes * frames.joints.length + frames.end.length;
	}

	write(target: Buffer, from: number): number {
		const {joints, end} = this.#frames;
		if (this.count === 0) {
			return from;
		}

		let sequence = this.#sequence;
		let at = from;
		for (let index = 0; index < this.#run.starts.length; index += 1) {
			for (let number = 0; number < joints.length; number += 1) {
				const joint = joints[number]?.numbered(sequence) ?? end;
				// In front of the first event no other one ends.
				const bytes = at === from ? joint.subarray(end.length) : joint;
				target.set(bytes, at);
				at = this.#writeText(target, at + bytes.length, index);
				sequence += 1;
			}
		}

		target.set(end, at);
		return at + end.length;
	}

	#writeText(target: Buffer, from: number, index: number): number {
		const {bytes, starts} = this.#run;
		const start = starts[index] ?? 0;
		const stop = literalEnd(this.#run, index);
		if (stop - start > shortBytes) {
			return from + bytes.copy(target, from, start, stop);
		}

		let to = from;
		for (let at = start; at < stop; at += 1) {
			target[to] = bytes[at] ?? 0;
			to += 1;
		}

		return to;
	}
}
