import {once} from 'node:events';
import {mouseMode, type Tap} from './input/tap.ts';

/* What the screen does to its terminal as a stream and as the place of a shell. */

/** A terminal's output as the screen uses it. */
export type TerminalOutput = NodeJS.WritableStream & {
	readonly columns: number;
	readonly rows: number;
	readonly writableNeedDrain: boolean;
	readonly writableLength: number;
};

/**
 * Whether a write to the terminal waits until it was read. libuv opens a terminal anew for itself, so this changes nothing for the shell.
 * Where writes wait, a terminal that stops reading blocks the whole thread inside write(2), and not even a signal gets through (tui.md 2.2).
 */
export const setBlocking = (output: NodeJS.WritableStream, isBlocking: boolean): void => {
	const handle: unknown = Reflect.get(output, '_handle');
	if (
		typeof handle === 'object' &&
		handle !== null &&
		'setBlocking' in handle &&
		typeof handle.setBlocking === 'function'
	) {
		handle.setBlocking(isBlocking);
	}
};

/** Whether the terminal has read nearly all that was written. */
export const isDrained = ({writableNeedDrain, writableLength}: TerminalOutput): boolean =>
	!writableNeedDrain && writableLength < 1024;

/** Ink shows the cursor again when the process exits, through stderr: on a terminal that does not read it would wait there. */
export const letStderrGo = (stdout: TerminalOutput): void => {
	if (stdout.writableLength > 0) {
		setBlocking(process.stderr, false);
	}
};

const unstoppedMs = 200;

/** Stops the process as Ctrl+Z does, until it is woken; the mouse is the shell's meanwhile. */
export const suspendProcess = (stdout: TerminalOutput, hasMouse: () => boolean) => async (): Promise<void> => {
	stdout.write(mouseMode(false));
	const waiting = new AbortController();
	const resumed = once(process, 'SIGCONT', {signal: waiting.signal}).catch(() => undefined);
	process.kill(process.pid, 'SIGTSTP');
	// Without a shell above it the system does not stop a program, and nobody would wake it. A stopped one does not see the time pass.
	await Promise.race([resumed, new Promise(resolve => setTimeout(resolve, unstoppedMs))]);
	waiting.abort();
	stdout.write(mouseMode(hasMouse()));
};

/** Runs another program's work on the terminal: its keys and its mouse are not ours meanwhile. */
export const lendTerminal =
	(stdout: TerminalOutput, tap: Tap, hasMouse: () => boolean) =>
	async (work: () => Promise<void>): Promise<void> => {
		stdout.write(mouseMode(false));
		tap.hold();
		try {
			await work();
		} finally {
			tap.release();
			stdout.write(mouseMode(hasMouse()));
		}
	};
