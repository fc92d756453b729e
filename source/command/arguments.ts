import {parseArgs, type ParseArgsOptionsConfig} from 'node:util';
import {CommandError, exitCode, messageOf} from '../base/errors.ts';
import {languageOf, type Language} from '../tui/language/words.ts';

/** A wrong command line (exit code 2, product.md 5): what is wrong, and whose help says more. */
export const usageErrorOf =
	(command: string) =>
	(sentence: string): CommandError =>
		new CommandError(exitCode.usage, 'usage', `${sentence} See \`codex-tui ${command} --help\`.`);

/** The flags and the words of a command. Throws CommandError `usage` for a flag that it does not know. */
export const readWords = <Options extends ParseArgsOptionsConfig>(
	command: string,
	args: readonly string[],
	options: Options,
): ReturnType<typeof parseArgs<{options: Options; allowPositionals: true}>> => {
	try {
		return parseArgs({args: [...args], options, strict: true, allowPositionals: true});
	} catch (error) {
		throw usageErrorOf(command)(`${messageOf(error).split('. ')[0] ?? ''}.`);
	}
};

/** The verb of a command, which is `list` where none is named, and the one id that all other verbs take. Throws CommandError `usage`. */
export const readVerb = <Verb extends string>(
	command: string,
	positionals: readonly string[],
	{verbs, takes}: {readonly verbs: readonly Verb[]; readonly takes: string},
): {readonly verb: Verb; readonly id: string} => {
	const [name = 'list', id = '', ...more] = positionals;
	const verb = verbs.find(candidate => candidate === name);
	if (verb === undefined) {
		throw usageErrorOf(command)(`There is no verb "${name.slice(0, 40)}"; there are ${verbs.join(', ')}.`);
	}

	if ((name === 'list') === (id !== '') || more.length > 0) {
		throw usageErrorOf(command)(name === 'list' ? 'list takes no id.' : `${name} takes ${takes}.`);
	}

	return {verb, id};
};

const usualLimit = 40;

/** `--limit N`: how many rows a list prints. Throws CommandError `usage`. */
export const readLimit = (command: string, given: string | undefined): number => {
	const limit = given === undefined ? usualLimit : Number(given);
	if (!Number.isInteger(limit) || limit < 1 || limit > 100_000) {
		throw usageErrorOf(command)(`--limit takes a whole number from 1, not "${(given ?? '').slice(0, 20)}".`);
	}

	return limit;
};

/** The flags of a command that takes no words. Throws CommandError `usage`. */
export const readFlags = <Options extends ParseArgsOptionsConfig>(
	command: string,
	args: readonly string[],
	options: Options,
): ReturnType<typeof parseArgs<{options: Options}>>['values'] => {
	const {values, positionals} = readWords(command, args, options);
	const [word] = positionals;
	if (word !== undefined) {
		throw usageErrorOf(command)(`${command} takes no "${word.slice(0, 60)}".`);
	}

	return values;
};

/** A whole number in a range given on the command line; undefined where the flag was not given. Throws CommandError `usage`. */
const readNumber = (
	text: string | undefined,
	flag: string,
	[least, most]: readonly [number, number],
): number | undefined => {
	if (text === undefined) {
		return undefined;
	}

	const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
	if (Number.isNaN(number) || number < least || number > most) {
		throw new CommandError(
			exitCode.usage,
			'usage',
			`${flag} takes a whole number from ${least} to ${most}, not "${text}".`,
		);
	}

	return number;
};

/** `--port N`: the control port is N + 1000, so N ends at 64535. Throws CommandError `usage`. */
export const readPort = (text: string | undefined): number | undefined => readNumber(text, '--port', [0, 64_535]);

/** `--fps N`. Throws CommandError `usage`. */
export const readFps = (text: string | undefined): number | undefined => readNumber(text, '--fps', [1, 30]);

/** `--lang en|zh`; any tag or locale of a language that the screen speaks will do. Throws CommandError `usage`. */
export const readLanguage = (text: string | undefined): Language | undefined => {
	const language = languageOf(text);
	if (text !== undefined && language === undefined) {
		throw new CommandError(exitCode.usage, 'usage', `--lang takes en or zh, not "${text}".`);
	}

	return language;
};

/** `--log LEVEL`. Throws CommandError `usage`. */
export const readLogLevel = (text: string | undefined): 'info' | 'debug' => {
	if (text !== undefined && text !== '' && text !== 'info' && text !== 'debug') {
		throw new CommandError(exitCode.usage, 'usage', `--log and CODEX_TUI_LOG take info or debug, not "${text}".`);
	}

	return text === 'debug' ? 'debug' : 'info';
};
