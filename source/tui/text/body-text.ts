import {sanitizeLine} from '../../base/sanitize.ts';
import {wrapText} from '../../base/text-width.ts';
import type {Tone} from '../theme/theme.ts';
import {span, type Line} from './line.ts';

/* The text of a body as rows of a given width. It may have a hundred thousand: they are made once for a width, and drawn from there. */

/** One line of a body and how it is drawn. */
export interface BodyLine {
	readonly text: string;
	readonly tone: Tone;
}

/** Most of a body is ASCII, and cutting that needs no measuring. */
const isPlain = (text: string): boolean => /^[\u0020-\u007E]*$/.test(text);

const cutPlain = (text: string, width: number): readonly string[] => {
	if (text.length <= width) {
		return [text];
	}

	const pieces: string[] = [];
	for (let from = 0; from < text.length; from += width) {
		pieces.push(text.slice(from, from + width));
	}

	return pieces;
};

/** What a line begins with says what it is: a key of JSON, or the name of an event. */
const toneOf = (text: string): Tone => (/^(?:event|data|id|retry):/.test(text) ? 'info' : 'text');

/** The lines of a text; a tab becomes two spaces. */
export const bodyLines = (text: string): readonly BodyLine[] =>
	text.split('\n').map(line => ({text: line.replaceAll('\t', '  '), tone: toneOf(line)}));

/** The lines of a unified diff. */
export const diffLines = (lines: readonly string[]): readonly BodyLine[] =>
	lines.map(text => ({
		text: text.replaceAll('\t', '  '),
		tone: text.startsWith('+')
			? 'diffAdd'
			: text.startsWith('-')
				? 'diffDel'
				: text.startsWith('@@')
					? 'info'
					: 'muted',
	}));

/** A body's lines, wrapped to whatever width is asked for. */
export class BodyText {
	readonly #lines: readonly BodyLine[];
	#width = 0;
	#rows: readonly BodyLine[] = [];

	constructor(lines: readonly BodyLine[]) {
		this.#lines = lines;
	}

	/** How many rows it takes at this width. */
	count(width: number): number {
		return this.#wrapped(width).length;
	}

	/** The rows from `top` on; what a person looks for is marked in them. */
	rows(width: number, {top, height, search}: {top: number; height: number; search: string}): readonly Line[] {
		return this.#wrapped(width)
			.slice(top, top + height)
			.map(({text, tone}) => {
				const at = search === '' ? -1 : text.toLowerCase().indexOf(search.toLowerCase());
				const end = at + search.length;
				return at === -1
					? [span(text, tone)]
					: [span(text.slice(0, at), tone), span(text.slice(at, end), 'accent', true), span(text.slice(end), tone)];
			});
	}

	/** The nearest row after `from` (or before it) that holds the text, going round; undefined where none does. */
	find(width: number, search: string, {from, step}: {from: number; step: 1 | -1}): number | undefined {
		const rows = this.#wrapped(width);
		const wanted = search.toLowerCase();
		for (let tries = 1; tries <= rows.length; tries++) {
			const at = (from + step * tries + rows.length * 2) % rows.length;
			if (rows[at]?.text.toLowerCase().includes(wanted) === true) {
				return at;
			}
		}

		return undefined;
	}

	#wrapped(width: number): readonly BodyLine[] {
		if (this.#width !== width) {
			this.#width = width;
			this.#rows = this.#lines.flatMap(({text, tone}) =>
				(isPlain(text) ? cutPlain(text, width) : wrapLong(text, width)).map(piece => ({text: piece, tone})),
			);
		}

		return this.#rows;
	}
}

/** JSON that is indented decodes nothing, but a text of several megabytes in one line is cut before it is measured. */
const longest = 8000;

const wrapLong = (text: string, width: number): readonly string[] =>
	cutPlain(text, longest).flatMap(piece => wrapText(sanitizeLine(piece), width));
