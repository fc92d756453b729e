import {promisify} from 'node:util';
import {constants, zstdCompress, zstdDecompressSync} from 'node:zlib';

/** A piece of written bytes; it stays readable until its slab is used again. */
export interface ArenaPiece {
	readonly slab: number;
	/** How often the slab had been used when it was written. */
	readonly turn: number;
	readonly start: number;
	end: number;
}

const slabBytes = 1024 * 1024;

/** Of what comes faster the rest stays as it is, so that packing never takes more than a few hundredths of a core. */
const packEveryMs = 150;
/** What packs worse is kept as it is. */
const worthwhileShare = 0.7;
const packing = {params: {[constants.ZSTD_c_compressionLevel]: 1}, chunkSize: 64 * 1024};
const pack = promisify(zstdCompress);

interface Slab {
	bytes: Buffer;
	isPacked: boolean;
	turn: number;
}

/** A slab as it was at one time. */
interface SlabTurn {
	readonly slab: Slab;
	readonly turn: number;
}

/**
 * A ring of memory for bytes that are kept for a while and read seldom. Copying into it costs less than keeping the buffers that
 * a socket brings: thousands of retained buffers make V8 collect its whole heap again and again. Full slabs are packed by and by: a client
 * sends its whole conversation with every request, so that most of what is held says the same again.
 */
export class ByteArena {
	readonly #slabBytes: number;
	readonly #capacity: number;
	/** Made when they are first needed: an idle engine holds none. */
	readonly #slabs: Slab[] = [];
	readonly #full: SlabTurn[] = [];
	#isPacking = false;
	/** Of the slab that was packed last, for the next one. */
	#spare: Buffer | undefined;
	#unpacked: (SlabTurn & {readonly bytes: Buffer}) | undefined;
	#current = 0;
	#used = 0;

	/** Holds at most `totalBytes` in slabs of 1 MiB; a slab is overwritten as a whole, so there are at least four. */
	constructor(totalBytes: number) {
		this.#slabBytes = Math.min(slabBytes, Math.ceil(totalBytes / 4));
		this.#capacity = Math.max(1, Math.floor(totalBytes / this.#slabBytes));
	}

	/** The memory that it takes, in bytes. */
	get heldBytes(): number {
		const slabs = this.#slabs.reduce((sum, {bytes}) => sum + bytes.length, 0);
		return slabs + (this.#spare?.length ?? 0) + (this.#unpacked?.bytes.length ?? 0);
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

			parts.push(this.#bytesOf(slab).subarray(start, end));
		}

		return Buffer.concat(parts);
	}

	/** Who reads reads neighbours: the slab that was unpacked last is kept. */
	#bytesOf(slab: Slab): Buffer {
		if (!slab.isPacked) {
			return slab.bytes;
		}

		if (this.#unpacked?.slab !== slab || this.#unpacked.turn !== slab.turn) {
			this.#unpacked = {slab, turn: slab.turn, bytes: zstdDecompressSync(slab.bytes)};
		}

		return this.#unpacked.bytes;
	}

	#packLater(slab: Slab): void {
		if (this.#full.length === this.#capacity) {
			this.#full.shift();
		}

		this.#full.push({slab, turn: slab.turn});
		this.#packSoon();
	}

	#packSoon(): void {
		const next = this.#isPacking ? undefined : this.#full.shift();
		if (next === undefined) {
			return;
		}

		this.#isPacking = true;
		setTimeout(() => void this.#pack(next), packEveryMs).unref();
	}

	async #pack({slab, turn}: SlabTurn): Promise<void> {
		// A slab that is used again meanwhile comes back when it is full again.
		// Packing fails where there is no memory for it: then the slab stays as it is.
		const packed = slab.turn === turn ? await pack(slab.bytes, packing).catch(() => undefined) : undefined;
		if (packed !== undefined && slab.turn === turn && packed.length < this.#slabBytes * worthwhileShare) {
			this.#spare = slab.bytes;
			slab.bytes = exact(packed);
			slab.isPacked = true;
		}

		this.#isPacking = false;
		this.#packSoon();
	}

	#slabWithRoom(): Slab {
		const current = this.#slabs[this.#current];
		if (current && this.#used < this.#slabBytes) {
			return current;
		}

		if (current) {
			this.#packLater(current);
			this.#current = (this.#current + 1) % this.#capacity;
		}

		this.#used = 0;
		const next = this.#slabs[this.#current];
		if (next) {
			next.turn++;
			if (next.isPacked) {
				next.bytes = this.#blank();
				next.isPacked = false;
			}

			return next;
		}

		const fresh = {bytes: this.#blank(), isPacked: false, turn: 0};
		this.#slabs.push(fresh);
		return fresh;
	}

	#blank(): Buffer {
		const spare = this.#spare;
		this.#spare = undefined;
		return spare ?? Buffer.allocUnsafeSlow(this.#slabBytes);
	}
}

/** A result of one chunk lies in the whole of it. */
const exact = (bytes: Buffer): Buffer => {
	const copy = Buffer.allocUnsafeSlow(bytes.length);
	bytes.copy(copy);
	return copy;
};
