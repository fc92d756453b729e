import type {Token, Tokens} from 'marked';
import {span, type Line} from '../text/line.ts';
import type {Tone} from '../theme/theme.ts';
import type {Paint} from './code-colours.ts';
import {inlineSpans, splitLines} from './markdown-inline.ts';
import {tableRows} from './markdown-table.ts';
import {rowOf, textRow, withoutLastBreaks, type Row} from './row.ts';

/* Markdown as rows. What is no Markdown, nested too deep or not understood is shown as it was written. */

/** The part of marked that is used: it makes tokens and is given no way to make HTML. */
export type Lexer = (text: string) => readonly Token[];

interface Context {
	readonly first: Line;
	readonly rest: Line;
	readonly tone: Tone;
	readonly paint: Paint;
}

const inner = (context: Context, first: Line, rest: Line): Context => ({
	...context,
	first: [...context.first, ...first],
	rest: [...context.rest, ...rest],
});

/** From the second block of a list item on, all stands under its text. */
const next = (context: Context): Context => ({...context, first: context.rest});

const inlineRows = (tokens: readonly Token[], context: Context, bold = false): readonly Row[] =>
	splitLines(inlineSpans(tokens, {tone: context.tone, bold})).map((line, index) =>
		rowOf(line, {first: index === 0 ? context.first : context.rest, rest: context.rest}),
	);

const rail = span('│ ', 'border');

/** The rows of code: its language, then its lines behind a rail, cut where the screen ends and coloured where that is known. */
export const codeRows = (
	code: string,
	{lang, first, rest, paint, hasHead}: Omit<Context, 'tone'> & {readonly lang: string; readonly hasHead: boolean},
): readonly Row[] => {
	const lines = code.split('\n');
	const coloured = paint(lang, code);
	const head = hasHead && lang !== '' ? [textRow(lang, 'muted', {first: [...first, rail], rest: [...rest, rail]})] : [];
	return [
		...head,
		...lines.map((line, index) =>
			rowOf(coloured?.[index] ?? [span(line, 'text')], {
				first: [...(index === 0 && head.length === 0 ? first : rest), rail],
				rest: [...rest, rail],
				breaks: 'cells',
			}),
		),
	];
};

const listRows = (list: Tokens.List, context: Context): readonly Row[] =>
	list.items.flatMap((item, index) => {
		const bullet = list.ordered ? `${Number(list.start) + index}. ` : '- ';
		const box = item.task ? (item.checked === true ? '[x] ' : '[ ] ') : '';
		const mark = [span(bullet, 'accent'), span(box, item.checked === true ? 'ok' : 'warn')];
		const hang = [span(' '.repeat(bullet.length))];
		return blockRows(item.tokens, inner(index === 0 ? context : next(context), mark, hang), !list.loose);
	});

const isTable = (token: Token): token is Tokens.Table => token.type === 'table' && 'header' in token;
const isList = (token: Token): token is Tokens.List => token.type === 'list' && 'items' in token;
const isCode = (token: Token): token is Tokens.Code => token.type === 'code' && 'text' in token;

const verbatim = (raw: string, context: Context, tone: Tone): readonly Row[] =>
	withoutLastBreaks(raw)
		.split('\n')
		.map((text, index) => textRow(text, tone, {first: index === 0 ? context.first : context.rest, rest: context.rest}));

const childrenOf = (token: Token): readonly Token[] => ('tokens' in token ? (token.tokens ?? []) : []);

const rowsOf = (token: Token, context: Context): readonly Row[] => {
	if (isTable(token)) {
		const rows = tableRows(token, context.rest, context.tone);
		return rows.map((row, index) => (index === 0 ? {...row, first: context.first} : row));
	}

	if (isList(token)) {
		return listRows(token, context);
	}

	if (isCode(token)) {
		return codeRows(token.text, {...context, lang: languageOf(token.lang ?? ''), hasHead: true});
	}

	switch (token.type) {
		case 'heading': {
			const depth = 'depth' in token ? Number(token['depth']) : 1;
			const marks = [span(`${'#'.repeat(depth)} `, 'muted')];
			return inlineRows(childrenOf(token), inner({...context, tone: 'accent'}, marks, []), true);
		}

		case 'blockquote': {
			const mark = [span('> ', 'muted')];
			return blockRows(childrenOf(token), inner({...context, tone: 'muted'}, mark, mark), true);
		}

		case 'hr':
			return [textRow('─'.repeat(24), 'border', context)];
		case 'paragraph':
		case 'text': {
			const children = childrenOf(token);
			return children.length > 0 ? inlineRows(children, context) : verbatim(token.raw, context, context.tone);
		}

		default:
			return verbatim(token.raw, context, 'muted');
	}
};

/** Rows of blocks; `isTight` leaves no empty line between them but where one was written. */
const blockRows = (tokens: readonly Token[], context: Context, isTight: boolean): readonly Row[] => {
	const rows: Row[] = [];
	for (const token of tokens) {
		if (token.type === 'space') {
			if (rows.length > 0) {
				rows.push(rowOf([], {first: context.rest}));
			}
		} else if (token.type !== 'checkbox') {
			const isBlock = token.type !== 'text' && token.type !== 'list';
			if (!isTight && isBlock && rows.length > 0 && rows.at(-1)?.text !== '') {
				rows.push(rowOf([], {first: context.rest}));
			}

			rows.push(...rowsOf(token, rows.length === 0 ? context : next(context)));
		}
	}

	return rows.length === 0 ? [rowOf([], context)] : rows;
};

/** The word after a fence that names the language, in small letters: `ts title="a.ts"` is `ts`. */
export const languageOf = (info: string): string => /^[^\s{,:]*/.exec(info.trim())?.[0].toLowerCase() ?? '';

const marksOfEmphasis = /[*_~]+/g;

/** Each mark is compared with those before it: with more of them in one piece than anybody writes, that would hold the keys up for seconds. */
const mostMarks = 400;

/** A piece of Markdown as rows. Never throws: what marked cannot read (a thousand nested quotes) stays text. */
export const markdownRows = (
	text: string,
	{lex, tone, paint}: {readonly lex: Lexer; readonly tone: Tone; readonly paint: Paint},
): readonly Row[] => {
	const context = {first: [], rest: [], tone, paint};
	if ((text.match(marksOfEmphasis)?.length ?? 0) > mostMarks) {
		return verbatim(text, context, tone);
	}

	try {
		const tokens = lex(text);
		const isBlank = tokens.every(({type}) => type === 'space');
		return isBlank ? [rowOf([])] : blockRows(tokens, context, true);
	} catch {
		return verbatim(text, context, tone);
	}
};
