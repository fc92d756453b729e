import {CommandError, exitCode} from '../base/errors.ts';

/** `codex-tui config check`, `edit`, `show`, `undo`, `import` and `migrate`. Throws CommandError `usage` for anything else. */
export const run = async (args: readonly string[]): Promise<number> => {
	const [verb, ...rest] = args;
	if (verb === 'import' || verb === 'migrate') {
		const migrate = await import('./config-migrate.ts');
		return migrate.run(verb, rest);
	}

	if (verb === 'show') {
		const show = await import('./config-show.ts');
		return show.run(rest);
	}

	if (verb === 'undo') {
		const undo = await import('./config-undo.ts');
		return undo.run(rest);
	}

	if (verb === 'edit') {
		const edit = await import('./config-edit-file.ts');
		return edit.run(rest);
	}

	if (verb !== 'check') {
		throw new CommandError(
			exitCode.usage,
			'usage',
			'config knows six verbs: `codex-tui config check [FILE]`, `config edit`, `config show`, `config undo`, `config import [FILE]` and `config migrate`.',
		);
	}

	const check = await import('./config-check.ts');
	return check.run(rest);
};
