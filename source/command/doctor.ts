import {createInterface} from 'node:readline/promises';
import {CommandError, type ExitCode, exitCode, messageOf} from '../base/errors.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {findHome} from '../config/home.ts';
import {createDoctor} from '../doctor/doctor.ts';
import {deepTokens} from '../doctor/deep-answer.ts';
import {checkGroups, isDeep, type CheckResult, type CheckState, type DoctorLink} from '../event/doctor.ts';
import {surroundingsOf} from './doctor-surroundings.ts';
import {readWords} from './arguments.ts';

const help = `Usage: codex-tui doctor [CHECK...] [options]

  Looks at everything that must be right before a request can go through: ports, token, configuration, where Codex and Claude
  Code point, keys, every provider (DNS, TCP, TLS, key), file modes, terminal, versions. Says of each fault how to mend it.
  Exit code 0: nothing failed, warnings included · 5: something failed.

  CHECK   only these: a group (${checkGroups.join(', ')}), an id, or the name of a provider

Options:
  --fix    mend what can be mended safely: file modes, and where Codex points
  --deep   also send one small request per account to each provider (tools, reasoning, usage); this costs money, at most ${deepTokens}
           answered tokens each
  --yes    do not ask before --deep
  --json   one JSON object instead of lines
  --help   this text

Example:
  codex-tui doctor && codex
`;

const parse = (args: readonly string[]) => {
	const flag = {type: 'boolean'} as const;
	return readWords('doctor', args, {fix: flag, deep: flag, yes: flag, json: flag, help: {...flag, short: 'h'}});
};

/** Where the command writes and what it asks; tests give their own. */
export interface DoctorCommand {
	readonly env: NodeJS.ProcessEnv;
	readonly terminal: {readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number};
	readonly write: (text: string) => void;
	/** What is no answer but must be said. */
	readonly say: (text: string) => void;
	/** Asks a person; undefined where nobody could answer. */
	readonly ask: ((question: string) => Promise<boolean>) | undefined;
}

const words: Readonly<Record<CheckState, string>> = {
	ok: 'ok     ',
	warn: 'WARN   ',
	fail: 'FAIL   ',
	skipped: 'skipped',
};

/** Groups in their order, ids by the alphabet within. */
const inOrder = (results: readonly CheckResult[]): readonly CheckResult[] =>
	results.toSorted(
		(left, right) =>
			checkGroups.indexOf(left.group) - checkGroups.indexOf(right.group) || (left.id < right.id ? -1 : 1),
	);

const linesOf = ({id, state, what, where, fix, steps}: CheckResult): readonly string[] => {
	const isTold = where === undefined || what.includes(where);
	const isTrouble = state === 'fail' || state === 'warn';
	return [
		`  ${words[state]} ${what}`,
		...(isTrouble && !isTold ? [`          at   ${where}`] : []),
		...(isTrouble && fix !== undefined ? [`          fix  ${fix}`] : []),
		...(isDeep(id) ? (steps ?? []).map(step => `          ${step.name}: ${step.text}`) : []),
	];
};

const textOf = (results: readonly CheckResult[]): string => {
	const groups = checkGroups
		.map(group => ({group, found: results.filter(result => result.group === group)}))
		.filter(({found}) => found.length > 0)
		.flatMap(({group, found}) => [group, ...found.flatMap(linesOf), '']);
	const {ok, warn, fail, skipped} = countsOf(results);
	return [...groups, `${ok} ok, ${warn} warned, ${fail} failed, ${skipped} skipped`].join('\n');
};

const countsOf = (results: readonly CheckResult[]): Readonly<Record<CheckState, number>> => {
	const count = (wanted: CheckState): number => results.filter(({state}) => state === wanted).length;
	return {ok: count('ok'), warn: count('warn'), fail: count('fail'), skipped: count('skipped')};
};

const collect = async (doctor: DoctorLink, choice: 'all' | readonly string[]): Promise<readonly CheckResult[]> => {
	const results: CheckResult[] = [];
	await doctor.run(choice, result => results.push(result));
	return results;
};

/** Mends what can be; the results after it. A repair that fails is said, and its result stays as it was. */
const mend = async (
	doctor: DoctorLink,
	results: readonly CheckResult[],
	{say}: DoctorCommand,
): Promise<readonly CheckResult[]> => {
	const ids = results.filter(({repair}) => repair !== undefined).map(({id}) => id);
	for (const id of ids) {
		try {
			say(`${id}: ${await doctor.repair(id)}`);
		} catch (error) {
			say(sanitizeLine(`${id}: ${messageOf(error)}`));
		}
	}

	const again = ids.length === 0 ? [] : await collect(doctor, ids);
	return [...results.filter(({id}) => !ids.includes(id)), ...again];
};

/** The ids of the deep checks to run; none where the person said no. */
const agreed = async (
	results: readonly CheckResult[],
	isAgreed: boolean,
	{say, ask}: DoctorCommand,
): Promise<readonly string[]> => {
	const ids = results
		.filter(({group, state}) => group === 'keys' && state !== 'skipped')
		.map(({id}) => id.replace(/^key:/, 'deep:'));
	const count = `${ids.length} endpoint${ids.length === 1 ? '' : 's'}`;
	const cost = `--deep sends one small request per account to ${count}, which costs money.`;
	if (ids.length === 0) {
		return [];
	}

	if (isAgreed || ask === undefined) {
		say(cost);
		return ids;
	}

	return (await ask(`${cost} Go on? [y/N] `)) ? ids : [];
};

/**
 * `codex-tui doctor`. Writes its answer and resolves with 0 or 5; throws `CommandError` (wrong usage). Makes no home and no token: what is
 * missing is told.
 */
export const runDoctor = async (args: readonly string[], command: DoctorCommand): Promise<ExitCode> => {
	const {values, positionals: names} = parse(args);
	const {env, terminal, write} = command;
	if (values.help === true) {
		write(help.trimEnd());
		return exitCode.done;
	}

	const doctor = createDoctor(surroundingsOf(findHome(env), {env, terminal}));
	const found = await collect(doctor, names.length === 0 ? 'all' : names);
	if (found.length === 0) {
		const sentence = `No check is called ${names.join(' or ')}; groups are ${checkGroups.join(', ')}.`;
		throw new CommandError(exitCode.usage, 'unknown-check', sentence);
	}

	const mended = values.fix === true ? await mend(doctor, found, command) : found;
	const deep = values.deep === true ? await agreed(mended, values.yes === true, command) : [];
	const results = inOrder([...mended, ...(deep.length === 0 ? [] : await collect(doctor, deep))]);
	write(values.json === true ? JSON.stringify({...countsOf(results), checks: results}) : textOf(results));
	return countsOf(results).fail === 0 ? exitCode.done : exitCode.checkFailed;
};

const askOnTerminal = async (question: string): Promise<boolean> => {
	const terminal = createInterface({input: process.stdin, output: process.stderr});
	try {
		return /^y/i.test((await terminal.question(question)).trim());
	} finally {
		terminal.close();
	}
};

/** {@link runDoctor} on the real terminal. */
export const run = async (args: readonly string[]): Promise<ExitCode> =>
	await runDoctor(args, {
		env: process.env,
		terminal: process.stdout,
		write: text => console.log(text),
		say: text => console.error(text),
		ask: process.stdin.isTTY && process.stderr.isTTY ? askOnTerminal : undefined,
	});
