import {sanitizeWhole} from '../../base/sanitize.ts';

/** Terminals take some 74 kB at most (xterm); what is longer would be lost as a whole. */
export const mostClipboardBytes = 48 * 1024;

/** The sequence (OSC 52) that puts a text on the terminal's clipboard, also over ssh: free of control characters, capped (SEC-18). */
export const clipboardSequence = (text: string): string => {
	// Nothing but its end is cut off: a command with a hole in it would be another command.
	const lines = sanitizeWhole(text).replaceAll(/\t+/g, ' ');
	const bytes = Buffer.from(lines);
	// A cut in the middle of a character would leave half of it.
	const kept =
		bytes.length <= mostClipboardBytes
			? bytes
			: Buffer.from(
					bytes
						.subarray(0, mostClipboardBytes)
						.toString()
						.replace(/\uFFFD$/, ''),
				);
	return `\u001B]52;c;${kept.toString('base64')}\u0007`;
};
