import {spawn} from 'node:child_process';

// Breaks off a half-written sequence, then what the screen had switched on: frame, mouse, paste, alternate buffer, cursor.
const farewell = '\u0018\u001B[0m\u001B[?2026l\u001B[?1000l\u001B[?1006l\u001B[?2004l\u001B[?1049l\u001B[?25h';

/** A terminal that does not read (Ctrl+S) would keep us for ever; a tiny shell waits in our place and restores it when it reads again. */
export const leaveFarewell = (): void => {
	spawn('/bin/sh', ['-c', 'printf %s "$1"', 'sh', farewell], {
		stdio: ['ignore', 'inherit', 'ignore'],
		detached: true,
	})
		.on('error', () => undefined)
		.unref();
};
