/*
 * What an upstream, a model, a tool or a file name says may hold terminal commands. This is the one place that takes
 * them out, before a text becomes part of an event (reliability-security.md SEC-17). It takes everything that is not a
 * visible character: a screen draws its own colours and links and needs nobody else's.
 */

/** A line longer than this many UTF-16 units is cut and ends in `…`. */
export const maxLineLength = 16_384;

/** A base character keeps at most this many combining marks; the longest real clusters have about five. */
export const maxCombiningMarks = 8;

// Every alternative matches as soon as its first character is there (what may be missing is optional), and the repeated
// classes neither overlap nor contain another start: so the scan never goes back and stays linear.
const escapeSequences = new RegExp(
	[
		// OSC, DCS, SOS, PM, APC: a string up to BEL or ST; one that never ends is dropped to the end of its line.
		'(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\x07\\x1b\\x80-\\x9f\\n]*(?:\\x07|\\x1b\\\\|\\x9c)?',
		// CSI: parameters, intermediates, a final byte.
		'(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]?',
		'\\x1b[ -/]*[0-~]?',
	].join('|'),
	'g',
);

/*
 * C0 but \n and \t, DEL, C1; soft hyphen; Arabic letter mark, LRM, RLM, embeddings, overrides and isolates (bidi);
 * zero-width space and joiners, word joiner, invisible operators, Mongolian vowel separator, BOM; line and paragraph
 * separators; interlinear anchors; tags.
 */
const forbidden =
	'[\\u{0}-\\u{8}\\u{b}-\\u{1f}\\u{7f}-\\u{9f}\\u{ad}\\u{61c}\\u{180e}\\u{200b}-\\u{200f}\\u{2028}-\\u{202e}\\u{2060}-\\u{206f}\\u{feff}\\u{fff9}-\\u{fffb}\\u{e0000}-\\u{e007f}]';
const forbiddenAnywhere = new RegExp(forbidden, 'gu');
const piledMarks = new RegExp(`(\\p{M}{${maxCombiningMarks}})\\p{M}+`, 'gu');
const isPlainAscii = /^[\t\n\x20-\x7e]*$/;

const cutLine = (line: string): string =>
	line.length <= maxLineLength ? line : `${line.slice(0, maxLineLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

const cutLines = (text: string): string =>
	text.length <= maxLineLength ? text : text.split('\n').map(cutLine).join('\n');

/**
 * A text that may be drawn in a terminal as it is: only visible characters, `\n` and `\t`; lines of at most
 * {@link maxLineLength}; lone surrogates become U+FFFD. Linear in the text's length, and applying it twice changes nothing.
 */
export const sanitize = (text: string): string => {
	if (isPlainAscii.test(text)) {
		return cutLines(text);
	}

	const visible = text.toWellFormed().replace(escapeSequences, '').replace(forbiddenAnywhere, '');
	return cutLines(visible.replace(piledMarks, '$1'));
};

/** Shorter than {@link maxLineLength}, so that nothing is cut. */
const pieceLength = 16_000;

/** {@link sanitize} for a text whose lines are of any length and are kept whole, such as a body in one line. */
export const sanitizeWhole = (text: string): string => {
	let clean = '';
	for (let from = 0; from < text.length;) {
		const to = wholeEnd(text, from + pieceLength);
		clean += sanitize(text.slice(from, to));
		from = to;
	}

	return clean;
};

/** A place to cut a text at, or the one before it where a pair of surrogates would be torn apart. */
export const wholeEnd = (text: string, end: number): number =>
	end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) ? end - 1 : end;

/** The same for one row of a screen: each run of line breaks and tabs becomes one space. */
export const sanitizeLine = (text: string): string => cutLine(sanitize(text).replace(/[\n\t]+/g, ' '));
