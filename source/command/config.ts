import {CommandError, exitCode} from '../base/errors.ts';

/** `codex-tui config check`; the only one of its family so far. Throws CommandError `usage` for anything else. */
export const run = async (args: readonly string[]): Promise<number> => {
	const [verb, ...rest] = args;
	if (verb !== 'check') {
		throw new CommandError(exitCode.usage, 'usage', 'config knows one verb: `codex-tui config check [FILE] [--json]`.');
	}

	const check = await import('./config-check.ts');
	return check.run(rest);
};
