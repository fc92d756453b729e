import {stat} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import {readIfThere, replaceFile} from '../base/atomic-file.ts';
import {CommandError, type ExitCode, exitCode} from '../base/errors.ts';
import {createRedactor} from '../base/redact.ts';
import {carryFile} from '../config/legacy/carry.ts';
import {openHome} from '../config/home.ts';
import {decodeToml} from '../config/toml.ts';
import {readWords, usageErrorOf} from './arguments.ts';

const help = `Usage: codex-tui config import [FILE] [--write] [--json]
       codex-tui config migrate [--write] [--json]

  import   reads a configuration of codex-helper (FILE, else the one in ~/.codex-helper) and makes it our config.toml
  migrate  brings our own config.toml from an older format to version 5

  Without --write nothing is touched: the change is shown, keys masked. With it the old file is kept as config.toml.bak.
  Exit code 0: fine · 3: the file cannot be carried over.

Example:
  codex-tui config import ~/.codex-helper/config.json --write
`;

type Verb = 'import' | 'migrate';

const parse = (verb: Verb, args: readonly string[]) => {
	const flag = {type: 'boolean'} as const;
	const {values, positionals} = readWords(`config ${verb}`, args, {
		json: flag,
		write: flag,
		help: {...flag, short: 'h'},
	});
	if (positionals.length > (verb === 'import' ? 1 : 0)) {
		const sentence = verb === 'import' ? 'config import takes one file.' : 'config migrate takes no file.';
		throw usageErrorOf(`config ${verb}`)(sentence);
	}

	return {...values, file: positionals[0]};
};

/** Throws CommandError `config-unreadable` for what is no file: a device would never come to its end. */
const readFile = async (file: string): Promise<Buffer | undefined> => {
	// What is not there or may not be looked at is told by the read below.
	const found = await stat(file).catch(() => undefined);
	if (found !== undefined && !found.isFile()) {
		throw new CommandError(exitCode.configInvalid, 'config-unreadable', `${file} is no file; name the file itself.`);
	}

	return await readIfThere(file);
};

const readFirst = async (files: readonly string[]): Promise<{readonly file: string; readonly bytes: Buffer}> => {
	for (const file of files) {
		const bytes = await readFile(file);
		if (bytes !== undefined) {
			return {file, bytes};
		}
	}

	throw new CommandError(exitCode.configInvalid, 'config-missing', `There is no ${files.join(', nor ')}.`);
};

const sourcesOf = (verb: Verb, file: string | undefined, config: string): readonly string[] => {
	if (verb === 'migrate') {
		return [config];
	}

	const helper = path.join(process.env['HOME'] ?? homedir(), '.codex-helper');
	return file === undefined
		? [path.join(helper, 'config.toml'), path.join(helper, 'config.json')]
		: [path.resolve(file)];
};

/** Quoted values of keys that hold secrets, in TOML and in JSON; names of variables stay. */
const secretValue = /((?:token|api_key|key|secret|password)["']?\s*[:=]\s*)(?:""".*|'''.*|"(?:[^"\\]|\\.)*"|'[^']*')/gi;
const redact = createRedactor([]);
const maskLine = (line: string): string => redact(line.replaceAll(secretValue, '$1"[redacted]"'));

/** What changes between two texts: the lines that differ in the middle, after and before what is the same. */
const diffLines = (before: string, after: string): readonly string[] => {
	const [old, made] = [before.split('\n'), after.split('\n')];
	let start = 0;
	while (start < Math.min(old.length, made.length) && old[start] === made[start]) {
		start++;
	}

	let end = 0;
	while (end < Math.min(old.length, made.length) - start && old.at(-1 - end) === made.at(-1 - end)) {
		end++;
	}

	return [
		...old.slice(start, old.length - end).map(line => `- ${maskLine(line)}`),
		...made.slice(start, made.length - end).map(line => `+ ${maskLine(line)}`),
	];
};

const write = async (target: string, text: string): Promise<string | undefined> => {
	const bytes = await readIfThere(target);
	const backup = bytes === undefined ? undefined : `${target}.bak`;
	if (bytes !== undefined && backup !== undefined) {
		await replaceFile(backup, bytes, {mode: 0o600});
	}

	await replaceFile(target, text, {mode: 0o600, roots: 'owned', expected: {bytes}});
	return backup;
};

/**
 * `codex-tui config import [FILE]` and `codex-tui config migrate`, both with `--write` and `--json`. Throws `CommandError` (wrong usage,
 * no such file), the `ConfigError` of a file that cannot be carried over (exit code 3), and the `RelayError` of a failed write.
 */
export const run = async (verb: Verb, args: readonly string[]): Promise<ExitCode> => {
	const flags = parse(verb, args);
	if (flags.help === true) {
		console.log(help.trimEnd());
		return exitCode.done;
	}

	const {config: target} = await openHome(process.env);
	const {file, bytes} = await readFirst(sourcesOf(verb, flags.file, target));
	const source = decodeToml(file, bytes);
	const {text, notes, fromVersion} = carryFile(file, source, process.env);
	const current = (await readIfThere(target))?.toString('utf8') ?? '';
	const diff = diffLines(current, text);
	const isWritten = flags.write === true && diff.length > 0;
	const backup = isWritten ? await write(target, text) : undefined;
	if (flags.json === true) {
		console.log(JSON.stringify({source: file, target, fromVersion, isWritten, backup, diff, notes}));
		return exitCode.done;
	}

	const outcome = isWritten
		? `${target} is written${backup === undefined ? '' : `; the old one is ${backup}`}.`
		: 'Nothing is written; add --write to do it.';
	const end = diff.length === 0 ? `${target} is up to date.` : outcome;
	console.log([...diff, ...notes.map(note => `note: ${maskLine(note)}`), end].join('\n'));
	return exitCode.done;
};
