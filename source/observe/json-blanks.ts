/** Deeper than any request or answer; `JSON.stringify` calls itself for each level. */
const deepest = 200;

const opening = new Set(['{', '['].map(mark => mark.charCodeAt(0)));
const closing = new Set(['}', ']'].map(mark => mark.charCodeAt(0)));
const [comma, quote, backslash] = [0x2c, 0x22, 0x5c];

/** Where the text that begins with a quote goes on. */
const behindText = (json: string, start: number): number => {
	for (let at = start + 1; at < json.length; at++) {
		const code = json.charCodeAt(at);
		if (code === quote) {
			return at;
		}

		at += code === backslash ? 1 : 0;
	}

	return json.length;
};

/** The line breaks and blanks that a JSON text gets when it is indented by two; infinite where it is too deep to be read. Linear. */
export const blanksOf = (json: string): number => {
	let [blanks, depth] = [0, 0];
	for (let at = 0; at < json.length; at++) {
		const code = json.charCodeAt(at);
		if (code === quote) {
			at = behindText(json, at);
		} else if (opening.has(code)) {
			depth++;
			blanks += 1 + 2 * depth;
		} else if (closing.has(code)) {
			depth--;
			blanks += 1 + 2 * depth;
		} else if (code === comma) {
			blanks += 1 + 2 * depth;
		}

		if (depth > deepest) {
			return Number.POSITIVE_INFINITY;
		}
	}

	return blanks;
};
