import {readFileSync, writeFileSync} from 'node:fs';
import {expect, onTestFinished} from 'vitest';
import {runConfigUndo} from '../../source/command/config-undo.ts';
import {runProvider} from '../../source/command/provider.ts';
import {runRouting} from '../../source/command/routing.ts';
import {homePaths} from '../../source/config/home.ts';
import {temporaryFolder} from './folder.ts';

const commands = {provider: runProvider, routing: runRouting, undo: runConfigUndo};

/** A home for the commands that edit its config.toml. */
export const startEdits = (text?: string) => {
	const folder = temporaryFolder();
	onTestFinished(() => folder[Symbol.dispose]());
	const home = homePaths(folder.path);
	if (text !== undefined) {
		writeFileSync(home.config, text, {mode: 0o600});
	}

	/** Runs `provider …`, `routing …` or `undo …`; `input` is what standard input holds. */
	const run = async ([name, ...args]: readonly string[], input = ''): Promise<string> => {
		const written: string[] = [];
		const command = commands[name === 'routing' || name === 'undo' ? name : 'provider'];
		const env = {CODEX_TUI_HOME: folder.path, HOME: folder.path};
		const surroundings = {env, nowMs: 1000, write: (line: string) => void written.push(line)};
		expect(
			await command(args, {
				...surroundings,
				input: (async function* () {
					yield await Promise.resolve(Buffer.from(input));
				})(),
			}),
		).toBe(0);
		return written.join('\n');
	};
	return {
		home,
		run: async (line: string, input?: string) => await run(line.split(' '), input),
		file: () => readFileSync(home.config, 'utf8'),
	};
};
