import type {Blocks, RowPlace} from './blocks.ts';
import {isAfter, type Anchor} from './walk.ts';

/* Finding a text in all rows of a conversation, folded ones too. */

/** A place where the text was found, in UTF-16 units of its row. */
export interface Hit extends RowPlace {
	readonly from: number;
	readonly to: number;
}

/** More are not counted: nobody goes through them one by one. */
export const mostHits = 10_000;

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Case counts as soon as there is a capital letter in the text. */
const patternOf = (text: string, flags = ''): RegExp =>
	new RegExp(escaped(text), `${flags}${/\p{Lu}/u.test(text) ? 'u' : 'iu'}`);

/**
 * The places of a text piece by piece, in their order, at most {@link mostHits}: who asks may stop and go on later. Rows are made only of
 * pieces whose source holds each word of the text: a word with marks of Markdown inside it is not found.
 */
const findText = function* (blocks: Blocks, text: string): Generator<readonly Hit[], undefined> {
	if (text === '') {
		return;
	}

	const words = text.split(/[^\p{L}\p{N}]+/u).filter(word => word !== '');
	const wordPatterns = words.map(word => patternOf(word));
	const pattern = patternOf(text, 'g');
	let count = 0;
	for (let block = 0; block < blocks.count; block++) {
		const title = blocks.itemOf(block)?.title ?? '';
		for (const [piece, each] of blocks.piecesOf(block).entries()) {
			const source = piece === 0 ? `${title}\n${each.source}` : each.source;
			if (wordPatterns.every(word => word.test(source))) {
				const hits = each.rows.flatMap(({text: line}, row): readonly Hit[] =>
					Array.from(line.matchAll(pattern), ({index, 0: found}) => ({
						block,
						piece,
						row,
						from: index,
						to: index + found.length,
					})),
				);
				count += hits.length;
				yield hits.slice(0, Math.max(0, hits.length - (count - mostHits)));
				if (count >= mostHits) {
					return;
				}
			} else {
				yield [];
			}
		}
	}
};

const rowKey = ({block, piece, row}: RowPlace): string => `${block} ${piece} ${row}`;

/** A search holds the keys up no longer at a time. */
const searchMs = 25;

/** A text that is looked for. What takes longer than a frame may is found a little later. */
export class TranscriptSearch {
	readonly #onChange: () => void;
	#text = '';
	#hits: Hit[] = [];
	#hitsOfRow = new Map<string, number[]>();
	#isFinding = false;
	#later: NodeJS.Timeout | undefined;

	/** Calls back when more was found. */
	constructor(onChange: () => void) {
		this.#onChange = onChange;
	}

	/** Starts anew; the empty text is found nowhere. */
	find(blocks: Blocks, text: string): void {
		this.#text = text;
		this.#hits = [];
		this.#hitsOfRow = new Map();
		clearTimeout(this.#later);
		this.#go(findText(blocks, text));
	}

	get text(): string {
		return this.#text;
	}

	/** Places that were found. */
	get count(): number {
		return this.#hits.length;
	}

	/** Not everything was looked at. */
	get isFinding(): boolean {
		return this.#isFinding;
	}

	hitAt(index: number): Hit | undefined {
		return this.#hits[index];
	}

	/** The hits in a row, in their order. */
	hitsIn(place: RowPlace): ReadonlyArray<{readonly hit: Hit; readonly index: number}> {
		return (this.#hitsOfRow.get(rowKey(place)) ?? []).flatMap(index => {
			const hit = this.#hits[index];
			return hit === undefined ? [] : [{hit, index}];
		});
	}

	/** The first hit that ends after a place, else the first of all; -1 where there is none. */
	hitFrom(anchor: Anchor): number {
		const found = this.#hits.findIndex(hit => isAfter({...hit, offset: hit.to}, anchor));
		return found === -1 && this.#hits.length > 0 ? 0 : found;
	}

	#go(finding: Generator<readonly Hit[], undefined>): void {
		const start = performance.now();
		this.#isFinding = true;
		for (let next = finding.next(); next.done !== true; next = finding.next()) {
			this.#add(next.value);
			if (performance.now() - start > searchMs) {
				this.#later = setTimeout(() => {
					this.#go(finding);
					this.#onChange();
				}, 0);
				this.#later.unref();
				return;
			}
		}

		this.#isFinding = false;
	}

	#add(hits: readonly Hit[]): void {
		for (const hit of hits) {
			const found = this.#hitsOfRow.get(rowKey(hit));
			if (found === undefined) {
				this.#hitsOfRow.set(rowKey(hit), [this.#hits.length]);
			} else {
				found.push(this.#hits.length);
			}

			this.#hits.push(hit);
		}
	}
}
