import {exitCode, type ExitCode} from '../base/errors.ts';
import {readIfThere} from '../base/atomic-file.ts';
import {openHome} from '../config/home.ts';
import {originText, type Setting} from '../config/settings-list.ts';
import {decodeToml} from '../config/toml.ts';
import {readFlags, readPort} from './arguments.ts';
import {readSettings, type Memory} from './config-show-read.ts';
import {openSettings} from './settings.ts';
import {themeNames} from './theme-files.ts';

const help = `Usage: codex-tui config show [--json] [--set]

  Every value of the configuration with its default and where it comes from: file and line, variable, preset, what the app
  remembers, or the default. Keys are never shown, only their source. Flags of a running engine are not known here.

  --set    only what differs from the default or is set somewhere
  --json   {"path":…,"settings":[{"key":…,"value":…,"default":…,"from":{"kind":"file","line":3}}]}

Example:
  codex-tui config show --set
`;

/** The app's memory of a home as the list takes it. */
export const memoryOf = async (home: Parameters<typeof openSettings>[0]): Promise<Memory> => {
	const settings = await openSettings(home);
	return {get: key => settings.get(key), themes: themeNames(home)};
};

/** Ink is loaded for the table alone: whoever asks for JSON does not wait for it. */
const tableOf = async (settings: readonly Setting[]): Promise<string> => {
	const {printedTable} = await import('../tui/table/ink-table.ts');
	const rows = settings.map(({key, value, usual, origin}) => ({
		KEY: key,
		VALUE: value,
		DEFAULT: usual === value ? '' : (usual ?? ''),
		FROM: originText(origin),
	}));
	return printedTable(rows, ['KEY', 'VALUE', 'DEFAULT', 'FROM']);
};

const jsonOf = ({key, value, usual, origin, stated}: Setting) => ({key, value, default: usual, from: origin, stated});

/**
 * `codex-tui config show [--json] [--set]`. Prints to stdout; resolves with 0, throws `CommandError` `usage` and the `ConfigError` of a
 * file that cannot be used (exit code 3).
 */
export const run = async (args: readonly string[]): Promise<ExitCode> => {
	const flags = readFlags('config show', args, {
		json: {type: 'boolean'},
		set: {type: 'boolean'},
		help: {type: 'boolean', short: 'h'},
	});
	if (flags.help === true) {
		console.log(help.trimEnd());
		return exitCode.done;
	}

	const {env} = process;
	const home = await openHome(env);
	const bytes = await readIfThere(home.config);
	const text = bytes === undefined ? 'version = 5\n' : decodeToml(home.config, bytes);
	const port = readPort(env['CODEX_TUI_PORT'] || undefined);
	const started = {env, ...(port === undefined ? {} : {listen: {port}})};
	const all = readSettings({path: home.config, text}, started, await memoryOf(home)).filter(
		// The line that makes an empty text a configuration stands in no file.
		({key}) => bytes !== undefined || key !== 'version',
	);
	const settings = flags.set === true ? all.filter(({origin}) => origin.kind !== 'default') : all;
	if (flags.json === true) {
		console.log(JSON.stringify({path: bytes === undefined ? undefined : home.config, settings: settings.map(jsonOf)}));
		return exitCode.done;
	}

	console.log(bytes === undefined ? `There is no ${home.config}; these are the defaults.` : home.config);
	console.log(settings.length === 0 ? 'Nothing is set.' : await tableOf(settings));
	return exitCode.done;
};
