import path from 'node:path';
import {exitCode, type ExitCode} from '../base/errors.ts';
import {findHome} from '../config/home.ts';
import {readKeyFile} from '../tui/input/key-file.ts';
import {withOverrides} from '../tui/input/key-layer.ts';
import {keyTable} from '../tui/input/keymap.ts';
import {showKey} from '../tui/input/keys.ts';
import {wordsOf} from '../tui/language/words.ts';
import {readFlags} from './arguments.ts';
import {readKeys} from './key-files.ts';

const help = `Usage: codex-tui keys [--json]

  Every command of the screen with its keys, and whether keys.json changed them. That file stands in the home (see README):
    {"route.pin": ["ctrl+p"], "theme.next": []}
  Keys are one character, ctrl+LETTER, f1 to f12, enter, esc, tab, shift+tab, space, up, down, left, right, home, end, pgup, pgdn.
  A running screen takes a changed file at once. What is wrong with it is said with its line, and the default stays.
  Exit code 0: fine · 3: something in keys.json is not used.

Example:
  codex-tui keys
`;

/** `codex-tui keys [--json]`: prints the table to stdout; resolves with 0, or 3 where keys.json has a fault. */
export const run = async (args: readonly string[]): Promise<ExitCode> => {
	const flags = readFlags('keys', args, {json: {type: 'boolean'}, help: {type: 'boolean', short: 'h'}});
	if (flags.help === true) {
		console.log(help.trimEnd());
		return exitCode.done;
	}

	const home = findHome(process.env);
	const text = readKeys(home);
	const words = wordsOf({language: 'en'});
	const {overrides, faults} = readKeyFile(text, words);
	const commands = withOverrides(keyTable, overrides).map(({command, keys, pages, group}, index) => ({
		command,
		keys,
		default: keyTable[index]?.keys ?? [],
		pages: pages ?? 'all',
		group,
		what: words.commands[command],
		isChanged: overrides.has(command),
	}));
	if (flags.json === true) {
		console.log(JSON.stringify({path: home.keys, isThere: text !== undefined, commands, faults}));
	} else {
		const {printedTable} = await import('../tui/table/ink-table.ts');
		const rows = commands.map(({command, keys, pages, what, isChanged}) => ({
			KEYS: keys.map(showKey).join(' '),
			COMMAND: command,
			WHAT: what,
			PAGES: typeof pages === 'string' ? pages : pages.length > 3 ? `${pages.length} pages` : pages.join(' '),
			FROM: isChanged ? path.basename(home.keys) : 'default',
		}));
		console.log(printedTable(rows, ['KEYS', 'COMMAND', 'WHAT', 'PAGES', 'FROM']));
	}

	for (const fault of faults) {
		process.stderr.write(`${home.keys}:${fault.line}: ${fault.text}\n`);
	}

	return faults.length === 0 ? exitCode.done : exitCode.configInvalid;
};
