/** A piece of written bytes; it stays readable until its slab is used again. */
export interface ArenaPiece {
	readonly slab: number;
	/** How often the slab had been used when it was written. */
	readonly turn: number;
	readonly start: number;
	end: number;
}

const slabBytes = 1024 * 1024;

interface Slab {
	readonly bytes: Buffer;
	turn: number;
}

/**
 * A ring of memory for bytes that are kept for a while and read seldom. Copying into it costs less than keeping the buffers that
 * a socket brings: thousands of retained buffers make V8 collect its whole heap again and again.
 */
export class ByteArena {
	readonly #slabBytes: number;
	readonly #capacity: number;
	/** Made when they are first needed: an idle engine holds none. */
	readonly #slabs: Slab[] = [];
	#current = 0;
	#used = 0;

	/** Holds at most `totalBytes` in slabs of 1 MiB; a slab is overwritten as a whole, so there are at least four. */
	constructor(totalBytes: number) {
		this.#slabBytes = Math.min(slabBytes, Math.ceil(totalBytes / 4));
		this.#capacity = Math.max(1, Math.floor(totalBytes / this.#slabBytes));
	}

	/** Copies bytes in behind `pieces`; the last piece grows where it can. */
	append(pieces: ArenaPiece[], bytes: Buffer): void {
		for (let from = 0; from < bytes.length;) {
			const slab = this.#slabWithRoom();
			const size = Math.min(bytes.length - from, this.#slabBytes - this.#used);
			bytes.copy(slab.bytes, this.#used, from, from + size);
			const last = pieces.at(-1);
			if (last?.slab === this.#current && last.turn === slab.turn && last.end === this.#used) {
				last.end += size;
			} else {
				pieces.push({slab: this.#current, turn: slab.turn, start: this.#used, end: this.#used + size});
			}

			this.#used += size;
			from += size;
		}
	}

	/** A copy of what was written, or undefined where a part of it has been overwritten since. */
	read(pieces: readonly ArenaPiece[]): Buffer | undefined {
		const parts: Buffer[] = [];
		for (const {slab: index, turn, start, end} of pieces) {
			const slab = this.#slabs[index];
			if (slab?.turn !== turn) {
				return undefined;
			}

			parts.push(slab.bytes.subarray(start, end));
		}

		return Buffer.concat(parts);
	}

	#slabWithRoom(): Slab {
		const current = this.#slabs[this.#current];
		if (current && this.#used < this.#slabBytes) {
			return current;
		}

		if (current) {
			this.#current = (this.#current + 1) % this.#capacity;
		}

		this.#used = 0;
		const next = this.#slabs[this.#current];
		if (next) {
			next.turn++;
			return next;
		}

		const fresh = {bytes: Buffer.allocUnsafeSlow(this.#slabBytes), turn: 0};
		this.#slabs.push(fresh);
		return fresh;
	}
}
