import {parseArgs} from 'node:util';
import {CommandError, type ExitCode, exitCode, messageOf} from '../base/errors.ts';

const help = `Usage: codex-tui provider presets|models [NAME] [--json]

  presets       every provider that \`preset = "…"\` in config.toml knows: address, dialect, key, profile, terms
  models NAME   the model ids that a configured provider lists (asked at once; at most 5000)

NAME is a provider's name in config.toml, or codex/NAME/ENDPOINT or claude/NAME/ENDPOINT for one of several.

Options:
  --json   JSON instead of a table or a list
  --help   this text

Example:
  codex-tui provider models deepseek
`;

const wrongUsage = (sentence: string): CommandError =>
	new CommandError(exitCode.usage, 'wrong-usage', `${sentence} See "codex-tui provider --help".`);

const parse = (args: readonly string[]) => {
	try {
		const options = {json: {type: 'boolean'}, help: {type: 'boolean', short: 'h'}} as const;
		return parseArgs({args: [...args], allowPositionals: true, options});
	} catch (error) {
		throw wrongUsage(`${messageOf(error).split('. ')[0] ?? ''}.`);
	}
};

/** What the command works with; tests give their own. */
export interface ProviderSurroundings {
	readonly env: NodeJS.ProcessEnv;
	readonly write: (text: string) => void;
}

/**
 * `codex-tui provider presets|models`. Writes its answer and resolves with the exit code; throws `CommandError` (wrong usage, unknown
 * provider, a list that could not be had) and `ConfigError` (exit code 3).
 */
export const runProvider = async (args: readonly string[], {env, write}: ProviderSurroundings): Promise<ExitCode> => {
	const {values, positionals} = parse(args);
	if (values.help === true) {
		write(help.trimEnd());
		return exitCode.done;
	}

	const [verb, name, ...rest] = positionals;
	const json = values.json === true;
	if (verb === 'presets' && name === undefined) {
		const {presetsText} = await import('./provider-presets.ts');
		write(await presetsText(json));
		return exitCode.done;
	}

	if (verb === 'models' && name !== undefined && rest.length === 0) {
		const {modelsText} = await import('./provider-models.ts');
		write(await modelsText(name, {json, env}));
		return exitCode.done;
	}

	throw wrongUsage(
		verb === 'models' && name === undefined
			? 'provider models takes the name of a provider.'
			: 'provider takes "presets" or "models NAME".',
	);
};

/** {@link runProvider} on the real standard output. */
export const run = async (args: readonly string[]): Promise<ExitCode> =>
	await runProvider(args, {env: process.env, write: text => console.log(text)});
