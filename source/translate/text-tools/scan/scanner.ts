import {BlockEnd, lastMarker, type BlockBounds} from './block-end.ts';
import type {BlockRefusal, EndOfText, ScannerEnd} from './end-of-text.ts';
import type {FittedCall, Refusal} from '../fit/fit-call.ts';
import type {TextFormat, ScanMode} from './formats.ts';
import {markerAt, type FoundMarker} from './find-marker.ts';
import {endToken} from './markers.ts';
import {Place} from './place.ts';
import type {TextCall} from '../read/text-call.ts';

/*
 * The streaming scanner of translation.md 5.3: TEXT → HOLD (the tail may become a marker) → BLOCK → TEXT. What is no part of a block
 * goes on at once. A block that holds calls is kept back until the text is over, because only its tail may hold calls: prose behind it
 * shows that it was quoted, and then all of it is text.
 */

/** What a scanner works with. */
export interface ScannerOptions {
	readonly formats: readonly TextFormat[];
	readonly mode: ScanMode;
	/** Passes a block's calls through the guards; the first refusal counts. */
	readonly judge: (
		block: string,
		calls: readonly TextCall[],
	) => readonly FittedCall[] | Refusal | 'quoted-from-request';
	readonly onRefused: (why: BlockRefusal) => void;
}

interface OpenBlock extends FoundMarker {
	readonly end: BlockEnd;
	/** As much of the body as its beginning is judged by. */
	head: string;
}

const longestBlock = 256 * 1024;
/** Enough of a body to see that it cannot become a call. */
const bodyHead = 256;
/** Prose behind the last block that is forgiven (translation.md 5.2, aggressive). */
const forgivenProse = 200;

const stop = /[<[\]\n]/g;

const isBlank = (text: string): boolean => text.trim() === '';

/** Looks for blocks in one text. */
export class TextScanner {
	readonly #options: ScannerOptions;
	readonly #place = new Place();
	/** What was neither shown nor kept: the tail that may become a marker, or the open block. */
	#buffer = '';
	#block: OpenBlock | undefined;
	/** Blocks that hold calls, with the blanks between them. */
	#kept = '';
	#calls: FittedCall[] = [];
	#areLeftovers = true;

	constructor(options: ScannerOptions) {
		this.#options = options;
	}

	/** Whether anything is held back. */
	get isHolding(): boolean {
		return this.#buffer !== '' || this.#kept !== '';
	}

	/** Adds to the text and returns what of it is shown now. */
	push(text: string): string {
		this.#buffer += text;
		let shown = '';
		// An open block is fed what is new: reading all of it each time would cost the square of its length.
		let piece = this.#block && text;
		for (;;) {
			const step = this.#block
				? this.#growBlock(this.#block, piece)
				: this.#kept === ''
					? this.#scan()
					: this.#scanTail();
			if (step === undefined) {
				return shown;
			}

			piece = undefined;
			shown += step;
		}
	}

	/** The text is over. */
	end(how: EndOfText): ScannerEnd {
		if (how === 'calls') {
			return this.#endWithCalls();
		}

		const isLeftover = how === 'leftovers' && this.#isAllLeftover();
		const isCut = how === 'cut' && this.#block !== undefined;
		const shown = isLeftover ? '' : this.#kept + (isCut ? '' : this.#buffer);
		const hasRemoved = isLeftover || isCut;
		if (isCut) {
			this.#options.onRefused('cut');
		}

		this.#reset();
		return {shown, calls: [], hasRemoved};
	}

	#isAllLeftover(): boolean {
		const isBlockLeftover = this.#block === undefined ? isBlank(this.#buffer) : this.#block.format.isLeftover === true;
		return this.isHolding && this.#areLeftovers && isBlockLeftover;
	}

	#endWithCalls(): ScannerEnd {
		let shown = this.#block ? this.#endBlock(this.#block) : '';
		const isProse = !isBlank(this.#buffer);
		if (isProse && this.#options.mode === 'strict') {
			shown += this.#release();
		}

		const calls = this.#calls;
		const hasRemoved = calls.length > 0;
		shown += hasRemoved ? (isProse ? this.#buffer : '') : this.#kept + this.#buffer;
		this.#reset();
		return {shown, calls, hasRemoved};
	}

	/** The text ends inside of a block: it is read as if it were closed. */
	#endBlock(block: OpenBlock): string {
		const closed = lastMarker(block.format.ending, this.#buffer, bodyStart(block));
		const bounds = {body: closed ?? this.#buffer.length, block: this.#buffer.length};
		return this.#close(block, bounds, closed !== undefined) ?? '';
	}

	/** One step through plain text; undefined where more of it is needed. */
	#scan(): string | undefined {
		const text = this.#buffer;
		let at = 0;
		while (at < text.length) {
			const isCandidate = /[<[\]]/.test(text[at] ?? '') || (this.#place.isLineStart && !isBlank(text[at] ?? ''));
			const found = isCandidate ? this.#markerAt(text, at) : undefined;
			if (found !== undefined) {
				const shown = text.slice(0, at);
				this.#buffer = text.slice(at);
				this.#block = found === 'hold' ? undefined : found;
				return found === 'hold' && shown === '' ? undefined : shown;
			}

			const next = this.#nextStop(text, at + 1);
			this.#place.feed(text.slice(at, next));
			at = next;
		}

		this.#buffer = '';
		return text === '' ? undefined : text;
	}

	/** The next place where a marker may stand. */
	#nextStop(text: string, from: number): number {
		const passed = text[from - 1] ?? '';
		if (passed === '\n' || (this.#place.isLineStart && isBlank(passed))) {
			return from;
		}

		stop.lastIndex = from;
		const match = stop.exec(text);
		return match === null ? text.length : match[0] === '\n' ? match.index + 1 : match.index;
	}

	#markerAt(text: string, at: number): OpenBlock | 'hold' | undefined {
		const spot = {place: this.#place, isTail: this.#kept !== ''};
		const found = markerAt(this.#options.formats, {text, at}, spot);
		return typeof found === 'object' ? {...found, end: new BlockEnd(found.format.ending), head: ''} : found;
	}

	/** Behind a block that holds calls: blanks, end tokens and further blocks leave it in the tail, anything else makes it text. */
	#scanTail(): string | undefined {
		const text = this.#buffer;
		const blanks = text.length - text.trimStart().length;
		if (blanks === text.length) {
			return undefined;
		}

		const token = endToken.matchAt(text, blanks);
		if (token > 0) {
			this.#keep(blanks + token);
			return '';
		}

		const found = this.#markerAt(text, blanks);
		if (found === 'hold' || endToken.mayBegin(text, blanks)) {
			return undefined;
		}

		if (found !== undefined) {
			this.#keep(blanks);
			this.#block = found;
			return '';
		}

		const isForgiven = this.#options.mode === 'aggressive' && text.length - blanks <= forgivenProse;
		return isForgiven ? undefined : this.#release();
	}

	#keep(length: number): void {
		this.#kept += this.#buffer.slice(0, length);
		this.#buffer = this.#buffer.slice(length);
	}

	/** What was kept is text after all. */
	#release(): string {
		const shown = this.#kept;
		if (this.#calls.length > 0) {
			this.#options.onRefused('not-at-the-end');
		}

		this.#place.feed(shown);
		this.#kept = '';
		this.#calls = [];
		this.#areLeftovers = true;
		return shown;
	}

	/** One step through an open block; `piece` is what is new of it, undefined where it was just opened. */
	#growBlock(block: OpenBlock, piece: string | undefined): string | undefined {
		const start = bodyStart(block);
		const fresh = piece ?? this.#buffer.slice(start);
		if (block.head.length < bodyHead) {
			block.head += fresh.slice(0, bodyHead - block.head.length);
			if (!block.format.mayBe(block.head, block.opening)) {
				return this.#giveUp(block.opening.length);
			}
		}

		const bounds = block.end.push(fresh);
		if (bounds !== undefined && start + bounds.block <= longestBlock) {
			return this.#close(block, {body: start + bounds.body, block: start + bounds.block});
		}

		if (bounds === undefined && this.#buffer.length <= longestBlock) {
			return undefined;
		}

		this.#options.onRefused('too-long');
		return this.#giveUp(longestBlock);
	}

	/** The block is none: so much of it is text, and behind it the search goes on. */
	#giveUp(length: number): string {
		const shown = this.#release() + this.#buffer.slice(0, length);
		this.#place.feed(this.#buffer.slice(0, length));
		this.#buffer = this.#buffer.slice(length);
		this.#block = undefined;
		return shown;
	}

	#close(block: OpenBlock, bounds: BlockBounds, isClosed = true): string | undefined {
		const whole = this.#buffer.slice(0, bounds.block);
		const frame = {opening: block.opening, isClosed};
		const calls = block.format.read(whole.slice(bodyStart(block), bounds.body), frame);
		const unread = isClosed ? 'unreadable' : 'unclosed';
		const judged = calls === undefined ? unread : this.#options.judge(whole, calls);
		if (typeof judged === 'string') {
			const isExpected = block.format.isWeak === true && judged === unread;
			if (!isExpected) {
				this.#options.onRefused(judged);
			}

			return this.#giveUp(bounds.block);
		}

		this.#keep(bounds.block);
		this.#block = undefined;
		this.#calls.push(...judged);
		this.#areLeftovers &&= block.format.isLeftover === true;
		return '';
	}

	#reset(): void {
		this.#buffer = '';
		this.#block = undefined;
		this.#kept = '';
		this.#calls = [];
		this.#areLeftovers = true;
	}
}

const bodyStart = ({format, opening}: FoundMarker): number => (format.keepsOpening === true ? 0 : opening.length);
