import type {Token, Tokens} from 'marked';
import {span, type Line, type Span} from '../text/line.ts';
import type {Tone} from '../theme/theme.ts';

/* Inline Markdown as spans; a `\n` in them is a line break of the writer's, which stays one. */

/** What surrounds a piece of text. */
interface Style {
	readonly tone: Tone;
	readonly bold?: boolean | undefined;
	readonly italic?: boolean | undefined;
}

const named: Readonly<Record<string, string>> = {
	'&lt;': '<',
	'&gt;': '>',
	'&amp;': '&',
	'&quot;': '"',
	'&apos;': "'",
	'&nbsp;': ' ',
};

const withoutEntities = (text: string): string =>
	text.replace(/&(?:lt|gt|amp|quot|apos|nbsp);/g, name => named[name] ?? name);

const plain = (text: string, {tone, bold, italic}: Style): Span => ({text, tone, bold, italic});

const isGeneric = (token: Token): token is Tokens.Generic => typeof token.type === 'string';

const childrenOf = (token: Token): readonly Token[] => (isGeneric(token) ? (token.tokens ?? []) : []);

/** The address stands behind the words of a link: a terminal shows no target, and the reader must see where it leads. */
const linkSpans = ({text, href, tokens}: Tokens.Link, style: Style): Line => {
	const words = inlineSpans(tokens, {...style, tone: 'info'});
	return href === text || href === `mailto:${text}` || href === `http://${text}`
		? words
		: [...words, span(` (${href})`, 'muted')];
};

const isLink = (token: Token): token is Tokens.Link => token.type === 'link';
const isImage = (token: Token): token is Tokens.Image => token.type === 'image';

const spansOf = (token: Token, style: Style): Line => {
	if (isLink(token)) {
		return linkSpans(token, style);
	}

	if (isImage(token)) {
		return [span(`(image ${[token.text, token.href].filter(part => part !== '').join(': ')})`, 'info')];
	}

	const text = isGeneric(token) && typeof token['text'] === 'string' ? token['text'] : token.raw;
	switch (token.type) {
		case 'strong':
			return inlineSpans(childrenOf(token), {...style, bold: true});
		case 'em':
			return inlineSpans(childrenOf(token), {...style, italic: true});
		case 'del':
			return inlineSpans(childrenOf(token), {...style, tone: 'muted'});
		case 'codespan':
			return [plain(text, {...style, tone: 'tool'})];
		case 'br':
			return [plain('\n', style)];
		case 'html':
			return [plain(token.raw, {...style, tone: 'muted'})];
		case 'checkbox':
			return [];
		default: {
			const children = childrenOf(token);
			return children.length > 0 ? inlineSpans(children, style) : [plain(withoutEntities(text), style)];
		}
	}
};

/** The spans of inline tokens. */
export const inlineSpans = (tokens: readonly Token[], style: Style): Line =>
	tokens.flatMap(token => spansOf(token, style));

/** The lines between the line breaks of some spans; at least one. */
export const splitLines = (spans: Line): readonly Line[] => {
	const lines: Span[][] = [[]];
	for (const part of spans) {
		for (const [index, text] of part.text.split('\n').entries()) {
			if (index > 0) {
				lines.push([]);
			}

			if (text !== '') {
				lines.at(-1)?.push({...part, text});
			}
		}
	}

	return lines;
};
