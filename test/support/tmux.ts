import {execFile} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {promisify} from 'node:util';
import {onTestFinished} from 'vitest';
import {poll} from './poll.ts';

const execute = promisify(execFile);

/** What a pane is made with. */
export interface PaneOptions {
	readonly columns: number;
	readonly rows: number;
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
}

/** A shell in a real terminal that a test can type into and look at. */
export interface Pane {
	/** Presses keys, each a tmux key name or one character. */
	readonly press: (...keys: readonly string[]) => Promise<void>;
	/** Types a line and Enter. */
	readonly enter: (line: string) => Promise<void>;
	/** What stands on the screen, without the blanks at the ends of its lines. */
	readonly text: () => Promise<string>;
	/** The same with its colours, as bytes for a terminal. */
	readonly colours: () => Promise<string>;
	/** Waits until the screen shows something. Throws with the screen where it does not come. */
	readonly until: (wanted: RegExp, patienceMs?: number) => Promise<string>;
	/** `ALTERNATE CURSOR MOUSE`, each 0 or 1. */
	readonly state: () => Promise<string>;
	readonly resize: (columns: number, rows: number) => Promise<void>;
}

/** Opens `sh` in a tmux server of its own, which is ended with the test. */
export const openPane = async ({columns, rows, cwd, env}: PaneOptions): Promise<Pane> => {
	const socket = `codex-tui-${randomBytes(4).toString('hex')}`;
	const environment = {
		PATH: process.env['PATH'],
		LANG: 'C.UTF-8',
		TERM: 'xterm-256color',
		TMUX_TMPDIR: '/tmp',
		...env,
	};
	const tmux = async (...args: readonly string[]): Promise<string> => {
		const result = await execute('tmux', ['-u', '-L', socket, '-f', '/dev/null', ...args], {env: environment, cwd});
		return result.stdout;
	};
	const size = ['-x', String(columns), '-y', String(rows)];
	await tmux('new-session', '-d', '-s', 'pane', ...size, 'env', 'PS1=ready> ', 'sh');
	onTestFinished(async () => {
		await tmux('kill-server');
	});
	const text = async (): Promise<string> => tmux('capture-pane', '-p', '-t', 'pane');
	const press: Pane['press'] = async (...keys) => {
		await tmux('send-keys', '-t', 'pane', ...keys);
	};
	return {
		press,
		async enter(line) {
			await tmux('send-keys', '-t', 'pane', '-l', line);
			await press('Enter');
		},
		text,
		colours: () => tmux('capture-pane', '-e', '-N', '-p', '-t', 'pane'),
		async until(wanted, patienceMs) {
			let last = '';
			try {
				return await poll(
					String(wanted),
					async () => {
						last = await text();
						return wanted.test(last) ? last : undefined;
					},
					patienceMs,
				);
			} catch (cause) {
				throw new Error(`The screen never showed ${wanted}:\n${last}`, {cause});
			}
		},
		async state() {
			const shown = await tmux(
				'display-message',
				'-p',
				'-t',
				'pane',
				'#{alternate_on} #{cursor_flag} #{mouse_any_flag}',
			);
			return shown.trim();
		},
		async resize(newColumns, newRows) {
			await tmux('resize-window', '-t', 'pane', '-x', String(newColumns), '-y', String(newRows));
		},
	};
};

/** A word of a shell's command line. */
export const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
