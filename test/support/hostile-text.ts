/** Everything that a text may try on a terminal, one attempt each; none of it may be seen but the words between. */
export const hostileAttempts: readonly string[] = [
	// OSC: clipboard, link, title, notifications, inline images; ended by BEL, by ST, by C1's ST, never.
	'\u001B]52;c;ZXZpbA==\u0007',
	'\u001B]8;;https://evil.example\u001B\\link\u001B]8;;\u001B\\',
	'\u001B]0;title\u009C',
	'\u001B]9;note\u0007',
	'\u001B]777;notify;evil;text\u0007',
	'\u001B]1337;File=inline=1:AAAA\u0007',
	'\u001B]11;?\u0007',
	// DCS, APC, PM, SOS.
	'\u001BP+q544e\u001B\\',
	'\u001B_Gi=1;AAAA\u001B\\',
	'\u001B^x\u001B\\\u001BXx\u001B\\',
	// CSI: erase, home, leave the alternate screen, ask for the cursor, colours, mouse, keyboard.
	'\u001B[2J\u001B[H',
	'\u001B[?1049l\u001B[?25h\u001B[?1003h',
	'\u001B[6n\u001B[c\u001B[>q',
	'\u001B[31;5;8m',
	'\u001B[>1u\u001B[?2026h',
	'\u001B[1;5r\u001B[20T',
	// Short ones: reset, alignment, character sets, shifts.
	'\u001Bc\u001B#8\u001B(0\u001BN\u001B7\u001B8\u001B=',
	'\u000E\u000F\u0007\u0008\u000B\u000C\u007F\u0000\u0005',
	// C1.
	'\u009B2J\u009D0;title\u009C\u0090q\u009C\u0085\u0084\u008D\u009A',
	// Bidi, zero-width, tags, separators, half a pair.
	'\u202Eabc\u202C\u2066d\u2069\u061C\u200F',
	'\u200B\u200C\u200D\u2060\uFEFF\u00AD\u180E',
	'\u{E0041}\u{E007F}\u2028\u2029\uFFF9\uFFFB',
	// Broken off.
	'\u001B]0;never',
];

/** A text that tries all of it, with words around that must arrive. */
export const hostileText = (name: string): string => `${name}-first ${hostileAttempts.join(' ')}\n${name}-last`;

/** The same on one line, without what no JSON-free place (a header, a file name) can hold. */
export const hostileLine = (name: string): string => hostileText(name).replaceAll(/[\n\0/]/g, '');
