import {sanitizeLine} from '../../base/sanitize.ts';

/** Terminals take some 74 kB at most (xterm); what is longer would be lost as a whole. */
const mostBytes = 48 * 1024;

/** The sequence (OSC 52) that puts a text on the terminal's clipboard, also over ssh: free of control characters, capped (SEC-18). */
export const clipboardSequence = (text: string): string => {
	const lines = text.split('\n').map(sanitizeLine).join('\n');
	const bytes = Buffer.from(lines);
	// A cut in the middle of a character would leave half of it.
	const kept =
		bytes.length <= mostBytes
			? bytes
			: Buffer.from(
					bytes
						.subarray(0, mostBytes)
						.toString()
						.replace(/\uFFFD$/, ''),
				);
	return `\u001B]52;c;${kept.toString('base64')}\u0007`;
};
