import {setTimeout as sleep} from 'node:timers/promises';
import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

/*
 * The program in a real pseudo-terminal, with an xterm that draws what it writes. Nothing here is a test framework's: the
 * pictures are made with it too.
 */

/** How a program in a terminal ended. */
interface PtyEnd {
	readonly exitCode: number;
	/** The number of the signal that killed it, or 0. */
	readonly signal: number;
}

/** What runs in a terminal. */
export interface PtyOptions {
	readonly command: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly columns: number;
	readonly rows: number;
}

/** A program in a terminal. */
export interface PtyProgram extends AsyncDisposable {
	readonly pid: number;
	readonly terminal: InstanceType<typeof xterm.Terminal>;
	/** Everything that the program wrote and we have read. */
	readonly bytes: () => string;
	/** The rows of the screen, without spaces at their ends. */
	readonly lines: () => readonly string[];
	readonly text: () => string;
	readonly type: (keys: string) => void;
	readonly resize: (columns: number, rows: number) => void;
	/** Stops reading, as a frozen terminal does: the kernel's buffer fills up. */
	readonly stall: () => void;
	readonly goOn: () => void;
	readonly kill: (signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL') => void;
	/** Closes the terminal's window: the program loses it and gets SIGHUP. `ended` may never settle then. */
	readonly hangUp: () => void;
	/** Waits until a whole frame is on the screen that holds the text or matches; says after how many milliseconds its last byte was here. */
	readonly until: (wanted: string | RegExp, patienceMs?: number) => Promise<number>;
	readonly ended: Promise<PtyEnd>;
}

const askEveryMs = 5;
const frameStart = '\u001B[?2026h';
const frameEnd = '\u001B[?2026l';

const holds = (text: string, wanted: string | RegExp): boolean =>
	typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);

/** Waits until there is no such process, or only its remains, also while nobody reads its terminal. */
export const waitUntilGone = async (pid: number, patienceMs = 10_000): Promise<void> => {
	const startedMs = performance.now();
	while (isRunning(pid)) {
		if (performance.now() - startedMs > patienceMs) {
			throw new Error(`Process ${pid} is still there after ${patienceMs} ms.`);
		}

		await sleep(askEveryMs);
	}
};

const isRunning = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
};

/** Draws what a program writes, and tells what stands on the screen. */
class DrawnScreen {
	readonly terminal: InstanceType<typeof xterm.Terminal>;
	bytes = '';
	#tail = '';
	#isWhole = true;
	#unreadWrites = 0;
	#drawnAtMs = performance.now();
	readonly #onDrawn = new Set<() => void>();

	constructor(columns: number, rows: number) {
		this.terminal = new xterm.Terminal({cols: columns, rows, scrollback: 0, allowProposedApi: true});
	}

	write(data: string): void {
		const arrivedAtMs = performance.now();
		this.bytes += data;
		// Ink brackets each frame by the synchronized-output mode: a look in between sees half of it. A bracket may come in two pieces.
		const seen = this.#tail + data;
		const [start, end] = [seen.lastIndexOf(frameStart), seen.lastIndexOf(frameEnd)];
		this.#isWhole = start === end ? this.#isWhole : end > start;
		this.#tail = seen.slice(1 - frameEnd.length);
		this.#unreadWrites++;
		this.terminal.write(data, () => {
			this.#unreadWrites--;
			this.#drawnAtMs = arrivedAtMs;
			for (const listener of this.#onDrawn) {
				listener();
			}
		});
	}

	readonly lines = (): readonly string[] => {
		const {active} = this.terminal.buffer;
		return Array.from(
			{length: this.terminal.rows},
			(_, row) =>
				active
					.getLine(active.viewportY + row)
					?.translateToString()
					.trimEnd() ?? '',
		);
	};

	readonly text = (): string => this.lines().join('\n');

	readonly until: PtyProgram['until'] = async (wanted, patienceMs = 15_000) => {
		const startedMs = performance.now();
		const isThere = (): boolean => this.#unreadWrites === 0 && this.#isWhole && holds(this.text(), wanted);
		while (!isThere()) {
			const leftMs = startedMs + patienceMs - performance.now();
			if (leftMs < 0) {
				throw new Error(`The terminal never showed ${String(wanted)}:\n${this.text()}`);
			}

			await this.#nextDrawing(leftMs);
		}

		return Math.max(0, this.#drawnAtMs - startedMs);
	};

	async #nextDrawing(withinMs: number): Promise<void> {
		const drawn = Promise.withResolvers<void>();
		const timer = setTimeout(drawn.resolve, withinMs + 1);
		this.#onDrawn.add(drawn.resolve);
		await drawn.promise;
		clearTimeout(timer);
		this.#onDrawn.delete(drawn.resolve);
	}
}

/** What every program in a terminal finds around it. */
const plainEnvironment = {TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8'};

/** Starts a program in a pseudo-terminal; it is killed when the program is disposed of. */
export const openPty = ({command, env, columns, rows}: PtyOptions): PtyProgram => {
	const [file = '', ...args] = command;
	const child = spawn(file, args, {
		cols: columns,
		rows,
		env: {PATH: process.env['PATH'] ?? '', ...plainEnvironment, ...env},
	});
	const drawn = new DrawnScreen(columns, rows);
	child.onData(data => drawn.write(data));
	// Questions to the terminal (its colours, its place of the cursor) are answered as a real one does.
	drawn.terminal.onData(answer => child.write(answer));
	let hasEnded = false;
	const ended = new Promise<PtyEnd>(resolve => {
		child.onExit(({exitCode, signal}) => {
			hasEnded = true;
			resolve({exitCode, signal: signal ?? 0});
		});
	});
	const kill: PtyProgram['kill'] = signal => {
		if (!hasEnded) {
			process.kill(child.pid, signal);
		}
	};
	return {
		...{pid: child.pid, terminal: drawn.terminal, lines: drawn.lines, text: drawn.text, until: drawn.until},
		bytes: () => drawn.bytes,
		type: keys => child.write(keys),
		resize(newColumns, newRows) {
			drawn.terminal.resize(newColumns, newRows);
			child.resize(newColumns, newRows);
		},
		stall: () => child.pause(),
		goOn: () => child.resume(),
		kill,
		hangUp: () => Reflect.apply(Reflect.get(child, 'destroy'), child, []),
		ended,
		async [Symbol.asyncDispose]() {
			child.resume();
			if (isRunning(child.pid)) {
				kill('SIGKILL');
				await ended;
			}
		},
	};
};
