import type {DeltaRange} from '../gate/gate.ts';

/** The client's events of one tick: text for most, bytes for the deltas that came together. */
export class BridgeOutput {
	readonly #pieces: Buffer[] = [];
	readonly #deltas: DeltaRange[] = [];
	#text = '';
	#bytes = 0;

	addText(text: string): void {
		this.#text += text;
	}

	/** `bytes` are `count` whole events, each a content delta. */
	addDeltas(bytes: Buffer, count: number): void {
		this.#closeText();
		this.#deltas.push({start: this.#bytes, end: this.#bytes + bytes.length, count});
		this.#add(bytes);
	}

	/** All of it since the last call, in one piece, and which of it is deltas. */
	take(): {readonly bytes: Buffer; readonly deltas: readonly DeltaRange[]} {
		this.#closeText();
		const pieces = this.#pieces.splice(0);
		const [only] = pieces;
		const bytes = pieces.length === 1 && only ? only : Buffer.concat(pieces, this.#bytes);
		this.#bytes = 0;
		return {bytes, deltas: this.#deltas.splice(0)};
	}

	#closeText(): void {
		if (this.#text !== '') {
			const bytes = Buffer.from(this.#text);
			this.#text = '';
			this.#add(bytes);
		}
	}

	#add(bytes: Buffer): void {
		this.#pieces.push(bytes);
		this.#bytes += bytes.length;
	}
}
