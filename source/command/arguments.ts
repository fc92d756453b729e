import {parseArgs, type ParseArgsOptionsConfig} from 'node:util';
import {CommandError, exitCode, messageOf} from '../base/errors.ts';

/** The values of a command's flags. Throws CommandError `usage` (exit code 2) that names the flag and points at `--help`. */
export const readFlags = <Options extends ParseArgsOptionsConfig>(
	command: string,
	args: readonly string[],
	options: Options,
): ReturnType<typeof parseArgs<{options: Options}>>['values'] => {
	try {
		return parseArgs({args: [...args], options, strict: true, allowPositionals: false}).values;
	} catch (error) {
		const sentence = messageOf(error).split('. ')[0] ?? '';
		throw new CommandError(exitCode.usage, 'usage', `${sentence}. See \`codex-tui ${command} --help\`.`);
	}
};

/** A port given on the command line. Throws CommandError `usage`. */
export const readPort = (text: string | undefined): number | undefined => {
	if (text === undefined) {
		return undefined;
	}

	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port > 64_535) {
		throw new CommandError(exitCode.usage, 'usage', `--port takes a whole number from 0 to 64535, not "${text}".`);
	}

	return port;
};
