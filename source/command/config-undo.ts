import {exitCode, type ExitCode} from '../base/errors.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {pastEdits, planUndo, undoEdit} from '../config/edit/edit-file.ts';
import {openHome, type Home} from '../config/home.ts';
import {readFlags} from './arguments.ts';

const help = `Usage: codex-tui config undo [--list] [--dry-run] [--json]

  Takes back the last edit of config.toml that a command or the screen has made, to the byte; again for the one before it. An edit
  after which somebody else has changed the file is not taken back.

  --list      the edits that are remembered, the newest first
  --dry-run   show the change as a diff, keys masked, and write nothing
  --json      {"path":…,"undone":"…","written":true,"diff":…}, or {"path":…,"edits":[{"atMs":…,"what":…}]}

Example:
  codex-tui config undo --dry-run
`;

const listed = async (home: Home, isJson: boolean): Promise<string> => {
	const edits = (await pastEdits(home)).toReversed().map(({atMs, what}) => ({atMs, what: sanitizeLine(what)}));
	if (isJson) {
		return JSON.stringify({path: home.config, edits});
	}

	const lines = edits.map(({atMs, what}) => `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}Z  ${what}`);
	return lines.length === 0 ? 'No edit is remembered.' : lines.join('\n');
};

const undone = async (
	home: Home,
	{isDry, isJson}: {readonly isDry: boolean; readonly isJson: boolean},
): Promise<string> => {
	const {edit, diff} = await planUndo(home);
	if (!isDry) {
		await undoEdit(home);
	}

	return isJson
		? JSON.stringify({path: home.config, undone: edit.what, written: !isDry, diff})
		: isDry
			? [diff, `This would be taken back: ${edit.what}`, 'Nothing is written: --dry-run.'].join('\n')
			: `Taken back: ${edit.what} ${home.config} is as it was before.`;
};

/**
 * `codex-tui config undo`. Writes its answer and resolves with 0; throws `CommandError` `usage`, and `RelayError` `undo-refused` where there is nothing
 * to take back or the file was changed since.
 */
export const runConfigUndo = async (
	args: readonly string[],
	{env, write}: {readonly env: NodeJS.ProcessEnv; readonly write: (text: string) => void},
): Promise<ExitCode> => {
	const boolean = {type: 'boolean'} as const;
	const flags = readFlags('config undo', args, {
		...{list: boolean, 'dry-run': boolean, json: boolean},
		help: {type: 'boolean', short: 'h'},
	});
	if (flags.help === true) {
		write(help.trimEnd());
		return exitCode.done;
	}

	const home = await openHome(env);
	const isJson = flags.json === true;
	write(
		flags.list === true ? await listed(home, isJson) : await undone(home, {isDry: flags['dry-run'] === true, isJson}),
	);
	return exitCode.done;
};

/** {@link runConfigUndo} on the real standard streams. */
export const run = async (args: readonly string[]): Promise<ExitCode> =>
	await runConfigUndo(args, {env: process.env, write: text => console.log(text)});
