const wordBytes = 4;

/** As this machine has its own numbers. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * What stands round the text of a stream's deltas: from the line's start up to the opening quote, and from the closing quote to the blank line.
 * Compared in place, and between two texts four bytes at a time: a call into the runtime for each event would cost more.
 */
export class RunShape {
	readonly headBytes: number;
	readonly tailBytes: number;
	/** From one text to the next. */
	readonly jointBytes: number;
	/** As latin1: a byte is a sign. */
	readonly #head: string;
	readonly #tail: string;
	readonly #joint: Buffer;
	readonly #words: Int32Array;

	constructor(head: string, tail: string) {
		const text = tail + head;
		const joint = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
		joint.write(text);
		this.headBytes = Buffer.byteLength(head);
		this.jointBytes = joint.length;
		this.tailBytes = joint.length - this.headBytes;
		this.#head = joint.toString('latin1', this.tailBytes);
		this.#tail = joint.toString('latin1', 0, this.tailBytes);
		this.#joint = joint;
		this.#words = new Int32Array(joint.buffer, 0, Math.floor(joint.length / wordBytes));
	}

	/** Whether the first event of a run starts at `from`. */
	startsAt(bytes: Buffer, from: number): boolean {
		return bytes.toString('latin1', from, from + this.headBytes) === this.#head;
	}

	/** Whether an event ends in the text whose closing quote is at `from`. */
	endsAt(bytes: Buffer, from: number): boolean {
		return bytes.toString('latin1', from, from + this.tailBytes) === this.#tail;
	}

	/** Whether the next event follows the text whose closing quote is at `from`, up to its own text. */
	goesOnAt(view: DataView, from: number): boolean {
		const words = this.#words;
		if (from + this.jointBytes > view.byteLength) {
			return false;
		}

		let at = from;
		for (let index = 0; index < words.length; index += 1) {
			if (view.getInt32(at, isLittleEndian) !== words[index]) {
				return false;
			}

			at += wordBytes;
		}

		for (let index = words.length * wordBytes; index < this.jointBytes; index += 1) {
			if (view.getUint8(from + index) !== this.#joint[index]) {
				return false;
			}
		}

		return true;
	}
}
