import {wrapText} from '../../base/text-width.ts';
import type {Transcript, TranscriptItem} from '../../event/view.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';
import {span, type Line} from './line.ts';

/*
 * A conversation as display lines without ever wrapping all of it: the text is split at its own line breaks (cheap), and a
 * paragraph is wrapped when it is looked at and remembered per width. Places are (paragraph, line in it), so new text at
 * the end, another width and a conversation of 200,000 lines all cost what is on the screen.
 */

/** A place in the conversation: the display line at the top of the pane. */
export interface Anchor {
	readonly paragraph: number;
	readonly line: number;
}

/** The first line. */
export const startAnchor: Anchor = {paragraph: 0, line: 0};

interface Paragraph {
	readonly kind: TranscriptItem['kind'];
	/** Undefined on the following paragraphs of an item. */
	readonly label: string | undefined;
	readonly text: string;
	wrapped: readonly string[] | undefined;
}

const labels: Readonly<Record<TranscriptItem['kind'], string>> = {
	developer: 'rules',
	user: 'user',
	assistant: 'model',
	reasoning: 'think',
	'tool-call': 'tool',
	'tool-output': '',
	compaction: 'note',
	note: 'note',
};

const tonesOf: Readonly<Record<TranscriptItem['kind'], Tone>> = {
	developer: 'muted',
	user: 'user',
	assistant: 'assistant',
	reasoning: 'reasoning',
	'tool-call': 'tool',
	'tool-output': 'muted',
	compaction: 'info',
	note: 'info',
};

const labelCells = 6;

const headOf = ({kind, title}: TranscriptItem): string =>
	kind === 'tool-call' && title !== undefined ? `${title}  ` : '';

const paragraphsOf = (item: TranscriptItem): readonly Paragraph[] =>
	`${headOf(item)}${item.text}${item.isLive ? ' ▌' : ''}`
		.replace(/\n+$/, '')
		.split('\n')
		.map((text, index) => ({
			kind: item.kind,
			label: index === 0 ? labels[item.kind] : undefined,
			text,
			wrapped: undefined,
		}));

/** Lays one conversation out; feed it every new version with {@link TranscriptLayout.update}. */
export class TranscriptLayout {
	#paragraphs: Paragraph[] = [];
	#width = 80;

	/** Takes a new version; what did not change keeps its wrapped lines. */
	update(transcript: Transcript | undefined): void {
		const before = this.#paragraphs;
		this.#paragraphs = (transcript?.items ?? []).flatMap((item, index) => [
			...(index > 0 && item.kind === 'user' ? [{kind: item.kind, label: undefined, text: '', wrapped: undefined}] : []),
			...paragraphsOf(item),
		]);
		for (const [index, paragraph] of this.#paragraphs.entries()) {
			const old = before[index];
			if (old !== undefined && old.kind === paragraph.kind && old.text === paragraph.text) {
				paragraph.wrapped = old.wrapped;
			}
		}
	}

	/** Sets the cells of a line; another width forgets what was wrapped. */
	resize(width: number): void {
		if (width !== this.#width) {
			this.#width = width;
			for (const paragraph of this.#paragraphs) {
				paragraph.wrapped = undefined;
			}
		}
	}

	get isEmpty(): boolean {
		return this.#paragraphs.length === 0;
	}

	/** The top of the last page of `height` lines. */
	lastPage(height: number): Anchor {
		const last = this.#paragraphs.length - 1;
		return last < 0
			? startAnchor
			: this.#walk({paragraph: last, line: this.#lines(last).length - 1}, -(Math.max(1, height) - 1));
	}

	/** The place `delta` lines further, never past the last page of `height` lines. */
	move(anchor: Anchor, delta: number, height: number): Anchor {
		const target = this.#walk(this.#clamp(anchor), delta);
		const last = this.lastPage(height);
		return isAfter(target, last) ? last : target;
	}

	/** Whether the page at this place shows the last line. */
	isAtEnd(anchor: Anchor, height: number): boolean {
		return !isAfter(this.lastPage(height), this.#clamp(anchor));
	}

	/** How far the page is in the text, 0 to 100, counted in paragraphs. */
	percentOf(anchor: Anchor, height: number): number {
		return this.isAtEnd(anchor, height)
			? 100
			: Math.min(99, Math.round((anchor.paragraph / Math.max(1, this.#paragraphs.length)) * 100));
	}

	/** The lines of a page. */
	page(anchor: Anchor, height: number, glyphs: Glyphs): readonly Line[] {
		const lines: Line[] = [];
		let {paragraph, line} = this.#clamp(anchor);
		while (lines.length < height && paragraph < this.#paragraphs.length) {
			const wrapped = this.#lines(paragraph);
			for (; line < wrapped.length && lines.length < height; line++) {
				lines.push(this.#draw(paragraph, line, glyphs));
			}

			paragraph++;
			line = 0;
		}

		return lines;
	}

	#draw(index: number, line: number, glyphs: Glyphs): Line {
		const paragraph = this.#paragraphs[index];
		if (paragraph === undefined) {
			return [];
		}

		const label = line === 0 ? (paragraph.label ?? '') : '';
		const tone = tonesOf[paragraph.kind];
		const isOutput = paragraph.kind === 'tool-output';
		return [
			span(label.padEnd(labelCells), tone, true),
			...(isOutput ? [span(`${glyphs.rail} `, 'border')] : []),
			span(this.#lines(index)[line] ?? '', paragraph.kind === 'assistant' ? 'text' : tone),
		];
	}

	#lines(index: number): readonly string[] {
		const paragraph = this.#paragraphs[index];
		if (paragraph === undefined) {
			return [];
		}

		const cells = this.#width - labelCells - (paragraph.kind === 'tool-output' ? 2 : 0);
		paragraph.wrapped ??= wrapText(paragraph.text, Math.max(4, cells));
		return paragraph.wrapped;
	}

	#clamp(anchor: Anchor): Anchor {
		const paragraph = Math.max(0, Math.min(anchor.paragraph, this.#paragraphs.length - 1));
		return {paragraph, line: Math.max(0, Math.min(anchor.line, this.#lines(paragraph).length - 1))};
	}

	#walk(from: Anchor, delta: number): Anchor {
		let {paragraph} = from;
		let line = from.line + delta;
		while (line < 0 && paragraph > 0) {
			paragraph--;
			line += this.#lines(paragraph).length;
		}

		while (line >= this.#lines(paragraph).length && paragraph < this.#paragraphs.length - 1) {
			line -= this.#lines(paragraph).length;
			paragraph++;
		}

		return {paragraph, line: Math.max(0, Math.min(line, this.#lines(paragraph).length - 1))};
	}
}

const isAfter = (left: Anchor, right: Anchor): boolean =>
	left.paragraph > right.paragraph || (left.paragraph === right.paragraph && left.line > right.line);
