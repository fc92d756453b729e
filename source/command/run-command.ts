import {CommandError, exitCode, messageOf} from '../base/errors.ts';
import {sanitize, sanitizeLine} from '../base/sanitize.ts';
import {ConfigError} from '../config/config-error.ts';

/** What the command line came to. */
export interface CommandCall {
	readonly name: string;
	readonly command: (() => Promise<{readonly run: (args: readonly string[]) => Promise<number>}>) | undefined;
	readonly names: readonly string[];
	readonly args: readonly string[];
}

const exitOf = (error: unknown): number => {
	if (error instanceof CommandError) {
		return error.exitCode;
	}

	return error instanceof ConfigError ? exitCode.configInvalid : exitCode.failed;
};

/** Runs a command; every error becomes one sentence on stderr and the exit code of product.md 5. */
export const runCommand = async ({name, command, names, args}: CommandCall): Promise<number> => {
	if (!command) {
		process.stderr.write(
			`codex-tui: there is no command "${sanitizeLine(name).slice(0, 40)}". Commands: ${names.join(', ')}.\n`,
		);
		return exitCode.usage;
	}

	try {
		const {run} = await command();
		return await run(args);
	} catch (error) {
		process.stderr.write(`codex-tui: ${sanitize(messageOf(error))}\n`);
		return exitOf(error);
	}
};
