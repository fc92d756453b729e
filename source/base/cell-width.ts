/*
 * The cells of the characters that a screen is mostly made of, by a table: letters, marks, frames, bars, and the wide signs of Chinese,
 * Japanese and Korean. None of them joins with another of them to one character, so that a text of them is as wide as their sum. The
 * widths are those of string-width 8.3, which a test compares one by one.
 */

const narrow: ReadonlyArray<readonly [number, number]> = [
	[0x20, 0x7e],
	[0xa0, 0xac],
	[0xae, 0x17f],
	[0x400, 0x482],
	[0x2010, 0x2027],
	[0x2030, 0x203b],
	[0x2190, 0x22ff],
	[0x2500, 0x25fc],
	[0x2713, 0x2718],
	[0x2800, 0x28ff],
];

const wide: ReadonlyArray<readonly [number, number]> = [
	[0x3001, 0x3029],
	[0x3041, 0x3096],
	[0x30a1, 0x30fa],
	[0x4e00, 0x9fff],
	[0xac00, 0xd7a3],
	[0xff01, 0xff5e],
];

const cells = new Uint8Array(0x1_00_00);
for (const [from, to] of narrow) {
	cells.fill(1, from, to + 1);
}

for (const [from, to] of wide) {
	cells.fill(2, from, to + 1);
}

/** The cells that a text takes, or undefined where a character of it is not in the table (also: an escape, a tab, an emoji). */
export const knownWidth = (text: string): number | undefined => {
	let width = 0;
	for (let index = 0; index < text.length; index++) {
		const one = cells[text.charCodeAt(index)] ?? 0;
		if (one === 0) {
			return undefined;
		}

		width += one;
	}

	return width;
};
