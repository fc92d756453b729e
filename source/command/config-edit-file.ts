import {existsSync} from 'node:fs';
import {CommandError, exitCode} from '../base/errors.ts';
import {openHome} from '../config/home.ts';
import {readFlags} from './arguments.ts';
import {openEditor} from './open-editor.ts';

const help = `Usage: codex-tui config edit [--json]

  Opens config.toml in $VISUAL, else $EDITOR, else vi, and says afterwards what "config check" says; --json is for that.

Example:
  EDITOR=nano codex-tui config edit
`;

/** `codex-tui config edit`: resolves with the exit code of the check. Throws CommandError where there is no file, terminal or editor. */
export const run = async (args: readonly string[]): Promise<number> => {
	const {help: wantsHelp, json} = readFlags('config edit', args, {
		json: {type: 'boolean'},
		help: {type: 'boolean', short: 'h'},
	});
	if (wantsHelp) {
		process.stdout.write(help);
		return exitCode.done;
	}

	const {config} = await openHome(process.env);
	if (!existsSync(config)) {
		throw new CommandError(exitCode.failed, 'no-config', `There is no ${config}; "codex-tui init" writes one.`);
	}

	// The JSON goes to a pipe, and the editor draws where its input is.
	if (!process.stdin.isTTY || (!process.stdout.isTTY && json !== true)) {
		throw new CommandError(exitCode.failed, 'no-terminal', `An editor needs a terminal; edit ${config} another way.`);
	}

	const end = await openEditor({path: config, line: undefined}, process.env);
	if (end.kind !== 'closed') {
		const sentence =
			end.kind === 'missing'
				? `No editor could be started (${end.tried.join(', ')}); set EDITOR to one.`
				: `${end.program} ended with ${end.why}; look whether ${config} is as you want it.`;
		throw new CommandError(exitCode.failed, 'editor-failed', sentence);
	}

	const check = await import('./config-check.ts');
	return check.run(json === true ? ['--json'] : []);
};
