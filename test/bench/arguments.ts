import {parseArgs} from 'node:util';
import {CommandError, exitCode, messageOf} from '../../source/base/errors.ts';
import {measuredRows, paceRows, type RowId} from './rows.ts';

/** What was asked for on the command line. */
export interface BenchOptions {
	readonly isHelp: boolean;
	readonly isQuick: boolean;
	readonly isCheck: boolean;
	readonly rows: readonly RowId[];
	/** The name of the target that is measured against the peers. */
	readonly subject: string;
}

/** What `--help` prints. */
export const helpText = `npm run bench -- [options]

Measures codex-tui against nginx and two bare pipes, taking turns on this machine, and prints the goals with the measured
ratios. Needs Linux (CPU time is read from /proc). JSON of the same run goes to test/output/bench.json.

  --only P1,P6       only these rows (${measuredRows.join(', ')}; UI: all of UI-)
  --quick            one instance and three rounds: under 90 s, rough figures
  --check            exit 5 when a row is above its must times its stated spread, or could not be measured
  --subject NAME     measure codex-tui (default), nginx, undici-pipe or http-pipe; a peer against itself shows the
                     spread of the method
  --help             this text

Without --check the exit code is 0 whatever the figures are.`;

/** Rows that one run measures together, and the word for all of them. */
const groups: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
	['UI', paceRows],
	['P15', ['P15', 'P15T']],
	['P16', ['P16', 'P16V']],
]);

const isRow = (text: string): text is RowId => (measuredRows as readonly string[]).includes(text);

const usage = (sentence: string): CommandError =>
	new CommandError(exitCode.usage, 'bench-usage', `${sentence} See npm run bench -- --help.`);

const readRows = (text: string | undefined): readonly RowId[] => {
	if (text === undefined) {
		return measuredRows;
	}

	const names = text
		.split(',')
		.map(name => name.trim().toUpperCase())
		.flatMap(name => groups.get(name) ?? [name]);
	const wrong = names.find(name => !isRow(name));
	if (wrong !== undefined) {
		throw usage(`--only knows ${measuredRows.join(', ')} and UI, not "${wrong}".`);
	}

	return names.filter(isRow);
};

const parse = (args: readonly string[]) => {
	try {
		return parseArgs({
			args: [...args],
			options: {
				help: {type: 'boolean', short: 'h', default: false},
				quick: {type: 'boolean', default: false},
				check: {type: 'boolean', default: false},
				only: {type: 'string'},
				subject: {type: 'string', default: 'codex-tui'},
			},
		}).values;
	} catch (error) {
		throw usage(`${messageOf(error).split('.')[0]}.`);
	}
};

/** Reads the arguments after the file name. Throws a CommandError with exit code 2 on anything it does not know. */
export const readArguments = (args: readonly string[]): BenchOptions => {
	const values = parse(args);
	return {
		isHelp: values.help,
		isQuick: values.quick,
		isCheck: values.check,
		rows: readRows(values.only),
		subject: values.subject,
	};
};
