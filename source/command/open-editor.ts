import path from 'node:path';
import {codeOf} from '../base/errors.ts';
import type {EditorEnd, EditorPlace} from '../event/editor.ts';

/** Editors that take `+LINE` before the file; others get the file alone. */
const takesLine = /^(?:g?vim?|nvim|nano|pico|emacs|emacsclient|mg|micro|joe|kak)$/;

const commandsOf = (env: NodeJS.ProcessEnv): ReadonlyArray<readonly string[]> =>
	[env['VISUAL'], env['EDITOR'], 'vi']
		.map(text => (text ?? '').trim().split(/\s+/))
		.filter(([program]) => program !== undefined && program !== '');

/** What is started: the program with its arguments. */
export const editorCommand = (words: readonly string[], {path: file, line}: EditorPlace): readonly string[] => {
	const program = path.basename(words[0] ?? '');
	return [...words, ...(line !== undefined && takesLine.test(program) ? [`+${line}`] : []), file];
};

const run = async (command: readonly string[]): Promise<EditorEnd | undefined> => {
	const {execa} = await import('execa');
	const [program = '', ...args] = command;
	const result = await execa(program, args, {stdio: 'inherit', reject: false});
	if (result.exitCode === undefined && result.signal === undefined && codeOf(result.cause) !== undefined) {
		return undefined;
	}

	return result.failed
		? {kind: 'failed', program, why: result.exitCode ?? result.signal ?? ''}
		: {kind: 'closed', program};
};

const ignore = (): void => {};

/** Ctrl+C in the editor is the editor's: it must not end the program that waits for it. */
const withoutInterrupt = async <Result>(work: () => Promise<Result>): Promise<Result> => {
	const listeners = process.listeners('SIGINT');
	process.removeAllListeners('SIGINT');
	process.on('SIGINT', ignore);
	try {
		return await work();
	} finally {
		process.off('SIGINT', ignore);
		for (const listener of listeners) {
			process.on('SIGINT', listener);
		}
	}
};

/** Runs $VISUAL, else $EDITOR, else vi on a file, with this terminal, until it is closed. Never rejects for a program that cannot be started. */
export const openEditor = (place: EditorPlace, env: NodeJS.ProcessEnv): Promise<EditorEnd> =>
	withoutInterrupt(async () => {
		const commands = commandsOf(env);
		for (const words of commands) {
			const end = await run(editorCommand(words, place));
			if (end !== undefined) {
				return end;
			}
		}

		return {kind: 'missing', tried: commands.map(([program]) => program ?? '')};
	});
