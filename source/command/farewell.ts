import {spawn} from 'node:child_process';
import {exitCode} from '../base/errors.ts';

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

/** Calls back with the exit code when a signal ends the program. `on`, not `once`: libraries with guards of their own end the process when they find themselves the last listener of a signal. */
export const stopOnSignals = (resolve: (code: number) => void): void => {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => resolve(exitCode.done));
	}
};
