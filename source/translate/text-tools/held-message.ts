import type {AnswerEvent} from '../codec/ir-event.ts';
import type {ContentPart, OutputItem} from '../codec/ir.ts';
import type {EndOfText, ScannerEnd} from './scan/end-of-text.ts';
import type {TextScanner} from './scan/scanner.ts';

/** One message of an answer whose text is searched: what of it is shown, what is held back, and whether the upstream has closed it. */
export class HeldMessage {
	readonly #opening: AnswerEvent & {type: 'item-open'};
	#scanner: TextScanner;
	#part = 0;
	#isOpen = false;
	#closing: (AnswerEvent & {type: 'item-close'}) | undefined;
	/** The shown text of each part. */
	readonly #texts = new Map<number, string>();
	/** Blanks that open a part: where the rest of it is a call, they go with it. */
	#blanks = '';
	#hasRemoved = false;

	constructor(opening: AnswerEvent & {type: 'item-open'}, scanner: TextScanner) {
		this.#opening = opening;
		this.#scanner = scanner;
	}

	/** The upstream's index. */
	get index(): number {
		return this.#opening.index;
	}

	/** The part that grows. */
	get part(): number {
		return this.#part;
	}

	get isHolding(): boolean {
		return this.#scanner.isHolding;
	}

	get isClosed(): boolean {
		return this.#closing !== undefined;
	}

	/** Its opening event, once. */
	open(): (AnswerEvent & {type: 'item-open'}) | undefined {
		const event = this.#isOpen ? undefined : this.#opening;
		this.#isOpen = true;
		return event;
	}

	isOtherPart(part: number): boolean {
		return this.#texts.size > 0 && part !== this.#part;
	}

	/** Goes on in a part; one that begins is a text of its own. */
	inPart(part: number, newScanner: () => TextScanner): this {
		if (!this.#texts.has(part)) {
			this.#scanner = this.#texts.size === 0 ? this.#scanner : newScanner();
			this.#texts.set(part, '');
		}

		this.#part = part;
		return this;
	}

	/** What of the text is shown now. */
	push(text: string): string {
		return this.#scanner.push(text);
	}

	/** Ends what is held back. */
	endPart(how: EndOfText): ScannerEnd {
		const ended = this.#scanner.end(how);
		this.#hasRemoved ||= ended.hasRemoved;
		return ended;
	}

	/** Notes a text as shown; blanks at its beginning wait for what follows. */
	visible(text: string): {readonly shown: string; readonly part: number} {
		const before = this.#texts.get(this.#part) ?? '';
		if (before === '' && text.trim() === '') {
			this.#blanks += text;
			return {shown: '', part: this.#part};
		}

		const held = this.#blanks + text;
		this.#blanks = '';
		this.#texts.set(this.#part, before + held);
		return {shown: held, part: this.#part};
	}

	close(event: AnswerEvent & {type: 'item-close'}): void {
		this.#closing = event;
	}

	/** The blanks that nothing followed, where they are no rest of a call. */
	takeBlanks(): string {
		const blanks = this.#hasRemoved ? '' : this.#blanks;
		this.#blanks = '';
		if (blanks !== '') {
			this.#texts.set(this.#part, (this.#texts.get(this.#part) ?? '') + blanks);
		}

		return blanks;
	}

	/** The whole item without what was taken out; undefined where nothing is left, or where it was not closed. */
	closedItem(phase: string | undefined): OutputItem | undefined {
		const item = this.#closing?.item;
		if (item?.type !== 'message' || !this.#hasRemoved) {
			return item;
		}

		const texts = [...this.#texts].toSorted(([left], [right]) => left - right).map(([, text]) => text);
		const parts = item.parts.flatMap((part): readonly ContentPart[] => {
			if (part.type !== 'text') {
				return [part];
			}

			const text = texts.shift() ?? '';
			return text === '' ? [] : [{...part, text}];
		});
		return parts.length === 0 ? undefined : {...item, parts, ...(phase !== undefined && {phase})};
	}
}
