import {RelayError} from '../base/errors.ts';
import {keyAt, mayHold, type ByteRange, type Member} from './json-scan.ts';
import {openBrace, openBracket, quote, Scanner} from './json-scanner.ts';
import {broken, skipSpaces} from './json-token.ts';
import type {Lookout} from './lookout.ts';

/*
 * A client sends its whole conversation with every request. What stood at the same place in the body before this one, with the same bytes, is
 * compared instead of scanned: that is twenty times cheaper, and all that it was found to be holds again. The scan accepts exactly what JSON.parse
 * accepts (RFC 8259), except for the caps and for a key that comes twice at the top.
 */

/**
 * A member's value, or an element of it where it is an array. What stands in the next body at the same place with the same bytes is the same
 * object there: what was found in it need not be found again.
 */
export interface Piece extends ByteRange {
	/** The bits of the words that were seen in it. */
	readonly words: number;
}

/** What a member of the body's top level holds: its elements where it is an array, else the one value. */
export interface Held {
	readonly isArray: boolean;
	/** In the order of their bytes. */
	readonly pieces: readonly Piece[];
}

/** A body as it was scanned. */
export interface ScannedBody {
	readonly bytes: Buffer;
	readonly held: ReadonlyMap<string, Held>;
}

/** What a scan finds. */
export interface BodyScan {
	readonly fields: ReadonlyMap<string, Member>;
	/** The bits of the words that were seen: those that begin a string at any depth, keys included. */
	readonly words: number;
	/** By key; not for what stands behind the first 20,000 values and elements of the body, nor for the array that they end in. */
	readonly held: ReadonlyMap<string, Held>;
}

/** The members of a whole body by key; throws as {@link scanBodyFor}. */
export const scanBody = (bytes: Buffer): ReadonlyMap<string, Member> => scanBodyFor(bytes, undefined).fields;

/**
 * The members of a whole body by key, and what they hold. `earlier` is the body before this one of the same conversation; it makes no difference
 * but of time. Throws RelayError `body-not-json` (with the byte position), `body-too-deep`, `body-too-many-keys`, or `duplicate-key`: two readers
 * would take different ones of two equal keys. All are a 400.
 */
export const scanBodyFor = (bytes: Buffer, lookout: Lookout | undefined, earlier?: ScannedBody): BodyScan =>
	new BodyWalk(bytes, lookout, earlier).run();

/** Below this a look at each byte costs no more than to compare. */
const worthwhileBytes = 48;

/**
 * Of a whole body, where each key counts as one too. No conversation has so many items; millions of numbers would take thirty times their bytes,
 * in one array or in many.
 */
const mostPieces = 20_000;

/** Of the value at a range of a scanned body the pieces whose words are wanted: for what a scan kept no pieces of. */
export const piecesWith = (
	bytes: Buffer,
	{start}: ByteRange,
	{lookout, isWanted}: {readonly lookout: Lookout; readonly isWanted: (words: number) => boolean},
): Held => {
	const scanner = new Scanner(bytes, lookout);
	const pieces: Piece[] = [];
	const take = (at: number): number => {
		scanner.seen = 0;
		const end = scanner.skipValue(at, 1);
		if (scanner.seen !== 0 && isWanted(scanner.seen)) {
			pieces.push({start: at, end, words: scanner.seen});
		}

		return end;
	};
	const isArray = bytes[start] === openBracket;
	if (isArray) {
		scanner.skipContainer(start, 0, take);
	} else {
		take(start);
	}

	return {isArray, pieces};
};

class BodyWalk {
	readonly #fields = new Map<string, Member>();
	readonly #held = new Map<string, Held>();
	#words = 0;
	readonly #bytes: Buffer;
	readonly #earlier: ScannedBody | undefined;
	readonly #scanner: Scanner;
	#piecesLeft = mostPieces;
	#duplicate: Pick<Member, 'key' | 'start'> | undefined;

	constructor(bytes: Buffer, lookout: Lookout | undefined, earlier: ScannedBody | undefined) {
		this.#bytes = bytes;
		this.#earlier = earlier;
		this.#scanner = new Scanner(bytes, lookout);
	}

	/** What is no JSON is refused for that, whatever else is wrong with it. */
	run(): BodyScan {
		const at = skipSpaces(this.#bytes, 0);
		if (this.#bytes[at] !== openBrace) {
			throw broken(at, 'an object');
		}

		const end = this.#scanner.skipContainer(at, 0, (start, valueStart) => this.#member(start, valueStart));
		const rest = skipSpaces(this.#bytes, end);
		if (rest !== this.#bytes.length) {
			throw broken(rest, 'the end');
		}

		if (this.#duplicate) {
			const {key, start} = this.#duplicate;
			throw new RelayError(
				'duplicate-key',
				`The body has the key ${JSON.stringify(key.slice(0, 80))} twice (again at byte ${start}). Send it once.`,
			);
		}

		return {fields: this.#fields, held: this.#held, words: this.#words};
	}

	#member(start: number, valueStart: number): number {
		const key = keyAt(this.#bytes, start);
		// The key's own words.
		this.#words |= this.#scanner.seen;
		if (this.#fields.has(key)) {
			this.#duplicate ??= {key, start};
		}

		mayHold(this.#fields.size);
		const end = this.#piecesLeft > 0 ? this.#hold(key, valueStart) : this.#skip(valueStart, 1);
		this.#fields.set(key, {key, start, end, value: {start: valueStart, end}});
		return end;
	}

	/** Skips a value and keeps its pieces, unless they are too many. */
	#hold(key: string, valueStart: number): number {
		const isArray = this.#bytes[valueStart] === openBracket;
		const before = this.#earlier?.held.get(key);
		const repeats = new Repeats(this.#bytes, this.#earlier?.bytes, before?.isArray === isArray ? before.pieces : []);
		const pieces: Piece[] = [];
		// An empty array is one too: there may be a hundred thousand keys.
		this.#piecesLeft -= 1;
		const take = (at: number, depth: number): number => {
			if (this.#piecesLeft < 0) {
				return this.#skip(at, depth);
			}

			const repeated = repeats.at(at, pieces.length);
			const taken = repeated.length > 0 ? repeated : [this.#scanned(at, depth)];
			for (const piece of taken) {
				this.#words |= piece.words;
				pieces.push(piece);
			}

			this.#piecesLeft -= taken.length;
			return taken.at(-1)?.end ?? at;
		};
		const end = isArray ? this.#scanner.skipContainer(valueStart, 1, at => take(at, 2)) : take(valueStart, 1);
		if (this.#piecesLeft >= 0) {
			this.#held.set(key, {isArray, pieces});
		}

		return end;
	}

	#skip(at: number, depth: number): number {
		const end = this.#scanner.skipValue(at, depth);
		this.#words |= this.#scanner.seen;
		return end;
	}

	#scanned(at: number, depth: number): Piece {
		this.#scanner.seen = 0;
		const end = this.#scanner.skipValue(at, depth);
		return {start: at, end, words: this.#scanner.seen};
	}
}

/** The pieces that stood under one key, for as long as they stand there again. */
class Repeats {
	readonly #bytes: Buffer;
	readonly #earlier: Buffer | undefined;
	readonly #known: readonly Piece[];
	/** So many are compared at once next: all, since a conversation goes on at its end. */
	#stride: number;
	/** One of the pieces from here to the one of this index differs. */
	#differsBefore = 0;

	constructor(bytes: Buffer, earlier: Buffer | undefined, known: readonly Piece[]) {
		this.#bytes = bytes;
		this.#earlier = earlier;
		this.#known = known;
		this.#stride = known.length;
	}

	/** Those that stand at `at` again, beginning with the one of that index; none where the bytes differ. */
	at(at: number, index: number): readonly Piece[] {
		for (let count = this.#mostFrom(index); count > 0; count >>= 1) {
			const pieces = this.#repeated(at, this.#known.slice(index, index + count));
			if (pieces) {
				this.#stride = count * 2;
				return pieces;
			}

			this.#differsBefore = index + count;
		}

		this.#stride = 1;
		return [];
	}

	/** How many to compare; half of those among which one is known to differ. */
	#mostFrom(index: number): number {
		const left = this.#known.length - index;
		const most = this.#differsBefore > index ? (this.#differsBefore - index) >> 1 : left;
		return Math.min(this.#stride, left, most);
	}

	/** A string, an object and an array end where their bytes say: the same bytes are the same values, whatever follows. */
	#repeated(at: number, pieces: readonly Piece[]): readonly Piece[] | undefined {
		const [first] = pieces;
		const last = pieces.at(-1);
		const bytes = this.#bytes;
		const earlier = this.#earlier;
		if (first === undefined || last === undefined || earlier === undefined) {
			return undefined;
		}

		const shift = at - first.start;
		const end = last.end + shift;
		const isSame =
			end - at >= worthwhileBytes &&
			end <= bytes.length &&
			containers.has(earlier[last.start]) &&
			bytes[end - 1] === earlier[last.end - 1] &&
			bytes.compare(earlier, first.start, last.end, at, end) === 0;
		if (!isSame) {
			return undefined;
		}

		return shift === 0 ? pieces : pieces.map(piece => moved(piece, shift));
	}
}

const containers: ReadonlySet<number | undefined> = new Set([openBrace, openBracket, quote]);

const moved = ({start, end, words}: Piece, shift: number): Piece => ({start: start + shift, end: end + shift, words});
