/* What our renderer may write to a terminal, and nothing else: a list of what is allowed, so that a new kind of escape is a fault until somebody thinks about it. */

/** Code points that no text on a screen may hold; written apart from the source's own list, as first and last ones. */
const forbiddenRanges: ReadonlyArray<readonly [first: number, last: number]> = [
	[0, 0x1f],
	[0x7f, 0x9f],
	[0xad, 0xad],
	[0x61c, 0x61c],
	[0x180e, 0x180e],
	[0x200b, 0x200f],
	[0x2028, 0x202e],
	[0x2060, 0x206f],
	[0xd800, 0xdfff],
	[0xfeff, 0xfeff],
	[0xfff9, 0xfffb],
	[0xe0000, 0xe007f],
];

const isVisible = (character: string): boolean => {
	const codePoint = character.codePointAt(0) ?? 0;
	return !forbiddenRanges.some(([first, last]) => codePoint >= first && codePoint <= last);
};

/** Everything in a text that is not a visible character, or a line feed where one is allowed. */
export const hiddenIn = (text: string): readonly string[] =>
	Array.from(text).filter(character => !isVisible(character) && character !== '\n');

const escape = '\u001B';
// What the painter uses, and what Ink puts between: styles on and off, colours of three depths.
const style =
	'(?:[012347]|2[2-479]|3[0-79]|4[0-79]|9[0-7]|10[0-7]|[34]8;5;\\d{1,3}|[34]8;2;\\d{1,3};\\d{1,3};\\d{1,3})';
const ours = new RegExp(
	[
		// Colours and styles; the cursor; erasing to an end.
		`${escape}\\[${style}(?:;${style})*m`,
		`${escape}\\[\\d{0,3}[ABCDEGJK]`,
		`${escape}\\[\\d{1,3};\\d{1,3}H`,
		// The alternate screen, the cursor, the mouse, pasting, whole frames.
		`${escape}\\[\\?(?:25|1000|1006|1049|2004|2026)[hl]`,
		// The question for the terminal's background.
		`${escape}\\]11;\\?${escape}\\\\`,
		'\\r',
		'\\n',
	].join('|'),
	'y',
);
/** What a program wrote to a terminal and should not have, each with what stands around it. A copy (OSC 52) counts: who asks for one takes it out first. */
export const foreignOutput = (bytes: string): readonly string[] => {
	const found: string[] = [];
	let index = 0;
	while (index < bytes.length) {
		ours.lastIndex = index;
		const known = ours.exec(bytes)?.[0];
		const character = String.fromCodePoint(bytes.codePointAt(index) ?? 0);
		if (known === undefined && !isVisible(character)) {
			found.push(JSON.stringify(bytes.slice(Math.max(0, index - 40), index + 40)));
		}

		index += (known ?? character).length;
	}

	return found;
};
