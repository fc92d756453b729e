import type {TranscriptItem} from '../../event/view.ts';
import {span, type Line} from '../text/line.ts';
import type {Tone} from '../theme/theme.ts';
import type {CodeColours, Paint} from './code-colours.ts';
import {cutText, recutText, type Cut} from './cut.ts';
import {codeRows, languageOf, markdownRows} from './markdown-rows.ts';
import {editRows, holdsPatch, isUnifiedDiff, patchRows, toneOfDiffLine} from './patch.ts';
import type {ReaderTools} from './reader-tools.ts';
import {gapRow, layRow, rowOf, textRow, withoutLastBreaks, type LaidLine, type Row} from './row.ts';

/* One item of a conversation as pieces whose rows are made when they are looked at. */

/** What blocks are made with. */
export interface BlockMaker {
	/** Undefined: not loaded (yet); Markdown and edits are shown as they were written. */
	readonly tools: ReaderTools | undefined;
	readonly colours: CodeColours;
}

/** A piece of a block. */
export class Piece {
	/** The text that its rows are made of; two pieces of one key have the same rows. */
	readonly key: string;
	readonly source: string;
	readonly #make: (paint: Paint) => readonly Row[];
	readonly #colours: CodeColours;
	#rows: readonly Row[] | undefined;
	/** Code that was still plain when the rows were made. */
	#plain: ReadonlyArray<readonly [lang: string, code: string]> = [];
	#laid: {readonly width: number; readonly lines: Array<readonly LaidLine[] | undefined>} | undefined;

	constructor(
		{key, source, colours}: {readonly key: string; readonly source: string; readonly colours: CodeColours},
		make: (paint: Paint) => readonly Row[],
	) {
		this.key = key;
		this.source = source;
		this.#colours = colours;
		this.#make = make;
	}

	/** Its rows, at least one. Colours that have come in the meantime change their tones and nothing else. */
	get rows(): readonly Row[] {
		const hasNews = this.#plain.some(([lang, code]) => this.#colours.isSettled(lang, code));
		if (this.#rows === undefined || hasNews) {
			const plain: Array<readonly [string, string]> = [];
			this.#rows = this.#make((lang, code) => {
				if (!this.#colours.isSettled(lang, code)) {
					plain.push([lang, code]);
				}

				return this.#colours.peek(lang, code);
			});
			this.#plain = plain;
		}

		return this.#rows;
	}

	/** The lines of its text, without making its rows. */
	get lineCount(): number {
		return this.#rows?.length ?? countLines(this.source);
	}

	/** It is on the screen: its code should have colours. */
	wantColours(): void {
		for (const [lang, code] of this.#plain) {
			this.#colours.want(lang, code);
		}
	}

	/** The display lines of a row. */
	laid(row: number, width: number): readonly LaidLine[] {
		if (this.#laid?.width !== width) {
			this.#laid = {width, lines: []};
		}

		const found = this.rows[row];
		return (this.#laid.lines[row] ??= found === undefined ? [] : layRow(found, width));
	}
}

/** The lines of a text; a line break at its end begins none. */
export const countLines = (text: string): number => {
	let count = 1;
	for (let at = text.indexOf('\n'); at !== -1 && at < text.length - 1; at = text.indexOf('\n', at + 1)) {
		count++;
	}

	return count;
};

/** The tone of what each kind says. */
export const tonesOfKind: Readonly<Record<TranscriptItem['kind'], Tone>> = {
	developer: 'muted',
	user: 'user',
	assistant: 'text',
	reasoning: 'reasoning',
	'tool-call': 'tool',
	'tool-output': 'muted',
	compaction: 'info',
	note: 'info',
};

const isMarkdown = ({kind}: TranscriptItem): boolean =>
	kind === 'assistant' || kind === 'reasoning' || kind === 'compaction';

/** A line longer than this becomes several rows: each is wrapped by itself. */
const longestRow = 4096;

const rail = span('│ ', 'border');

const rowsOfLine = (line: string, row: (part: string) => Row): readonly Row[] => {
	if (line.length <= longestRow) {
		return [row(line)];
	}

	const parts: Row[] = [];
	for (let at = 0; at < line.length;) {
		const code = line.charCodeAt(at + longestRow - 1);
		// Half of a pair of surrogates would be no character.
		const end = at + longestRow - (code >= 0xd8_00 && code < 0xdc_00 ? 1 : 0);
		parts.push(row(line.slice(at, end)));
		at = end;
	}

	return parts;
};

const plainRows = (text: string, row: (part: string) => Row): readonly Row[] =>
	text
		.replace(/\n$/, '')
		.split('\n')
		.flatMap(line => rowsOfLine(line, row));

const titleLine = ({kind, title}: TranscriptItem): Line =>
	title !== undefined && (kind === 'tool-call' || kind === 'compaction')
		? [span(title, kind === 'tool-call' ? 'tool' : 'info', true)]
		: [];

const cursor = span(' ▌', 'focus');

/** The rows of a piece of an item's text. */
const rowsOfCut = (
	item: TranscriptItem,
	cut: Cut,
	{tools, source}: Pick<BlockMaker, 'tools'> & {readonly source: string},
) => {
	const tone = tonesOfKind[item.kind];
	return (paint: Paint): readonly Row[] => {
		if (cut.kind === 'code') {
			const lang = languageOf(cut.fence?.lang ?? '');
			return codeRows(source.replace(/\n$/, ''), {lang, first: [], rest: [], paint, hasHead: cut.hasHead});
		}

		if (cut.kind === 'markdown' && tools !== undefined) {
			return markdownRows(withoutLastBreaks(source), {lex: tools.lex, tone, paint});
		}

		const text = isMarkdown(item) ? withoutLastBreaks(source) : source;
		const first = item.kind === 'tool-output' ? [rail] : [];
		return plainRows(text, line => textRow(line, tone, {first}));
	};
};

const withTitle = (title: Line, rows: readonly Row[]): readonly Row[] => {
	const [first, ...rest] = rows;
	return first === undefined || title.length === 0
		? rows
		: first.first.length > 0
			? [rowOf(title), ...rows]
			: [{...rowOf([...title, span('  '), ...first.spans]), breaks: first.breaks}, ...rest];
};

/** How an item that is no running text is shown; undefined: it is one. */
const specialRows = (item: TranscriptItem, {tools}: BlockMaker): (() => readonly Row[]) | undefined => {
	const {kind, text, edits, isLive} = item;
	if (kind === 'tool-call' && edits !== undefined && edits.length > 0) {
		return () => [
			...(text === '' ? [] : plainRows(withoutLastBreaks(text), line => textRow(line, 'tool'))),
			...edits.flatMap(edit => editRows(edit, tools?.compare ?? (() => undefined))),
		];
	}

	if (kind === 'tool-call' && holdsPatch(text)) {
		return () => patchRows(text, 'tool');
	}

	return kind === 'tool-output' && !isLive && isUnifiedDiff(text)
		? () =>
				plainRows(withoutLastBreaks(text), line =>
					textRow(line, toneOfDiffLine(line), {first: [rail], breaks: 'cells'}),
				)
		: undefined;
};

/** The text of an item and its cuts, to go on from when it has grown. */
interface Before {
	readonly before: string;
	readonly cuts: readonly Cut[];
	readonly pieces: readonly Piece[];
}

/** The pieces of an item. */
export interface Pieces extends Before {
	readonly item: TranscriptItem;
}

const gapOf = ({kind}: TranscriptItem): readonly Row[] => (kind === 'user' || kind === 'assistant' ? [gapRow] : []);

/** The pieces of an item; those that it had and that are the same are kept with all that is known of them. */
export const piecesOf = (
	item: TranscriptItem,
	maker: BlockMaker,
	{isFirst, old}: {readonly isFirst: boolean; readonly old: Pieces | undefined},
): Pieces => {
	const special = specialRows(item, maker);
	if (special !== undefined) {
		return specialPieces(item, maker, {make: special, isFirst});
	}

	const text = withoutLastBreaks(item.text);
	const grows = old !== undefined && old.cuts.length > 0 && text.startsWith(old.before);
	const found = grows ? recutText(text, isMarkdown(item), old) : cutText(text, isMarkdown(item));
	const cuts =
		found.length > 0
			? found
			: [{kind: 'plain', from: 0, to: 0, fence: undefined, isNested: false, isApart: false, hasHead: false} as const];
	const pieces = cuts.map((cut, index) => {
		const source = text.slice(cut.from, cut.to);
		const isLast = index === cuts.length - 1;
		const key = [cut.kind, cut.from, cut.fence?.lang, isLast && item.isLive].join(' ');
		const known = old?.pieces[index];
		if (known?.key === key && known.source === source) {
			return known;
		}

		const make = rowsOfCut(item, cut, {tools: maker.tools, source});
		return new Piece({key, source, colours: maker.colours}, paint => {
			const rows = make(paint);
			const titled = index === 0 ? withTitle(titleLine(item), rows) : rows;
			const before = index === 0 ? (isFirst ? [] : gapOf(item)) : cut.isApart ? [rowOf([])] : [];
			return withCursor([...before, ...titled], isLast && item.isLive);
		});
	});
	return {item, before: text, cuts, pieces};
};

const specialPieces = (
	item: TranscriptItem,
	{colours}: BlockMaker,
	{make, isFirst}: {readonly make: () => readonly Row[]; readonly isFirst: boolean},
): Pieces => {
	const texts = (item.edits ?? []).flatMap(({path, before, after}) => [path, before ?? '', after]);
	const rows = (): readonly Row[] => [...(isFirst ? [] : gapOf(item)), ...withTitle(titleLine(item), make())];
	return {
		item,
		before: '',
		cuts: [],
		pieces: [new Piece({key: '', source: [item.text, ...texts].join('\n'), colours}, rows)],
	};
};

const withCursor = (rows: readonly Row[], isLive: boolean): readonly Row[] => {
	const last = rows.at(-1);
	return !isLive || last === undefined
		? rows
		: [
				...rows.slice(0, -1),
				{...last, spans: [...last.spans, cursor], text: last.text + cursor.text, cells: undefined},
			];
};
