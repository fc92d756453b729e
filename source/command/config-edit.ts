import {CommandError, exitCode, RelayError} from '../base/errors.ts';
import type {ConfigEdit} from '../config/edit/config-edit.ts';
import {planEdit, writeEdit, type PlannedEdit} from '../config/edit/edit-file.ts';
import {openHome, type Home} from '../config/home.ts';

/* What the commands that edit config.toml share: the change is worked out, shown or written, and told. */

/** What such a command works with; tests give their own. */
export interface EditSurroundings {
	readonly env: NodeJS.ProcessEnv;
	readonly write: (text: string) => void;
	/** Wall clock, milliseconds. */
	readonly nowMs: number;
}

/** Flags that all of them take. */
export interface EditFlags {
	readonly json?: boolean | undefined;
	readonly 'dry-run'?: boolean | undefined;
}

/** Their definitions, for `parseArgs`. */
export const editFlags = {
	json: {type: 'boolean'},
	'dry-run': {type: 'boolean'},
	help: {type: 'boolean', short: 'h'},
} as const;

const refusals: ReadonlySet<string> = new Set(['edit-refused', 'field-invalid']);

const plan = async (
	home: Home,
	read: () => ConfigEdit | Promise<ConfigEdit>,
	env: NodeJS.ProcessEnv,
): Promise<PlannedEdit> => {
	try {
		return await planEdit(home, await read(), env);
	} catch (error) {
		// Names that are not there, and values that nobody can read: the command line is wrong.
		throw error instanceof RelayError && refusals.has(error.code)
			? new CommandError(exitCode.usage, error.code, error.message)
			: error;
	}
};

const textOf = (
	planned: PlannedEdit,
	path: string,
	{isWritten, isDry}: {readonly isWritten: boolean; readonly isDry: boolean},
) => {
	const end = isWritten
		? `${path} is written; "codex-tui config undo" takes it back.`
		: isDry
			? 'Nothing is written: --dry-run.'
			: 'Nothing to change.';
	return [
		...(planned.diff === '' ? [] : [planned.diff]),
		planned.what,
		...planned.warnings.map(warning => `Warning: ${warning}`),
		end,
	].join('\n');
};

/**
 * Makes the change that a command line asks for in the home's config.toml, or only shows it. Throws `CommandError` (exit code 2) for names and values that are none, the
 * `ConfigError` (3) of a file that cannot be edited or would be refused, and the `RelayError` of a file that somebody else writes.
 */
export const makeEdit = async (
	edit: () => ConfigEdit | Promise<ConfigEdit>,
	{json, 'dry-run': isDry = false}: EditFlags,
	{env, write, nowMs}: EditSurroundings,
): Promise<void> => {
	const home = await openHome(env);
	const planned = await plan(home, edit, env);
	const {what, diff, warnings, isChanged} = planned;
	const isWritten = isChanged && !isDry;
	if (isWritten) {
		await writeEdit(home, planned, nowMs);
	}

	write(
		json === true
			? JSON.stringify({path: home.config, changed: isChanged, written: isWritten, what, diff, warnings})
			: textOf(planned, home.config, {isWritten, isDry}),
	);
};
