import {execFile} from 'node:child_process';
import {accessSync, constants} from 'node:fs';
import path from 'node:path';
import type {CheckFinding} from '../event/doctor.ts';
import {fail, ok, skipped, warn, type Check} from './check.ts';
import {doctorClocks, type DoctorSurroundings, type TerminalFacts} from './surroundings.ts';

/* The machine around us: what the terminal can do, which programs are there, what the environment spoils. */

const colourWords: Readonly<Record<number, string>> = {
	0: 'no colours',
	4: '16 colours',
	8: '256 colours',
	24: '24-bit colour',
};

const noTerminal = 'This is no terminal; the screen would not start here, `codex-tui serve` does.';

const lookAtColours = ({isTerminal, name, colourBits}: TerminalFacts): CheckFinding => {
	const what = `The terminal ${name === '' ? 'without a name' : name} shows ${colourWords[colourBits] ?? `${colourBits} bits of colour`}.`;
	if (!isTerminal) {
		return skipped(noTerminal);
	}

	return colourBits >= 8
		? ok(what, {where: 'TERM, COLORTERM'})
		: warn(what, {
				where: 'TERM, COLORTERM, NO_COLOR',
				fix: 'Set TERM=xterm-256color, or COLORTERM=truecolor, where your terminal can do it; NO_COLOR switches colours off.',
			});
};

const lookAtEncoding = ({isTerminal, isUtf8}: TerminalFacts): CheckFinding =>
	isTerminal
		? isUtf8
			? ok('The terminal takes UTF-8.', {where: 'LC_ALL, LC_CTYPE, LANG'})
			: warn('The locale is not UTF-8: marks and frames are drawn in ASCII.', {
					where: 'LC_ALL, LC_CTYPE, LANG',
					fix: 'Set LANG to a UTF-8 locale such as C.UTF-8 before you start codex-tui.',
				})
		: skipped(noTerminal);

/** Bad theme files stop nothing: what they spoil is taken from the shipped ones (tui.md 7). */
const lookAtThemes = ({home, themeProblems}: DoctorSurroundings): CheckFinding => {
	const [first, ...more] = themeProblems?.() ?? [];
	if (first === undefined) {
		return ok('The theme files are whole.', {where: home.themes});
	}

	const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
	return warn(`${first}${rest}`, {where: home.themes, fix: 'Mend the theme file; it is read again at once.'});
};

/** A key that cannot be as keys.json wants it stays as it was, so this stops nothing either. */
const lookAtKeyFile = async ({home, keyProblems}: DoctorSurroundings): Promise<CheckFinding> => {
	const [first, ...more] = (await keyProblems?.()) ?? [];
	if (first === undefined) {
		return ok('Nothing is wrong with the keys of the screen.', {where: home.keys});
	}

	const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
	return warn(`${first}${rest}`, {where: home.keys, fix: 'Mend keys.json; it is read again at once.'});
};

const smallest = {columns: 60, rows: 15} as const;

const lookAtSize = ({isTerminal, columns, rows}: TerminalFacts): CheckFinding => {
	const what = `The terminal has ${columns}x${rows} cells`;
	if (!isTerminal) {
		return skipped(noTerminal);
	}

	if (columns < smallest.columns || rows < smallest.rows) {
		return fail(`${what}; the screen needs ${smallest.columns}x${smallest.rows}.`, {fix: 'Enlarge the window.'});
	}

	return ok(`${what}${columns >= 120 ? '' : '; from 120 columns on details stand beside the lists'}.`);
};

/** The file that a name of a program stands for; undefined where PATH has none. */
const findProgram = (name: string, env: NodeJS.ProcessEnv): string | undefined =>
	(env['PATH'] ?? '')
		.split(path.delimiter)
		.filter(folder => path.isAbsolute(folder))
		.map(folder => path.join(folder, name))
		.find(file => {
			try {
				accessSync(file, constants.X_OK);
				return true;
			} catch {
				return false;
			}
		});

/** Versions that the wire was measured with (codex-wire.md, claude-wire.md); older ones may speak otherwise. */
const measured = {codex: '0.169.0', claude: '2.1.197'} as const;

const numbersOf = (version: string): readonly number[] => version.split('.').map(Number);

const isOlder = (version: string, than: string): boolean => {
	const [ours, theirs] = [numbersOf(version), numbersOf(than)];
	const at = [0, 1, 2].find(index => (ours[index] ?? 0) !== (theirs[index] ?? 0));
	return at !== undefined && (ours[at] ?? 0) < (theirs[at] ?? 0);
};

const printedBy = async (file: string, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<string | undefined> =>
	await new Promise(resolve => {
		const options = {env, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024} as const;
		execFile(file, ['--version'], options, (error, stdout) => resolve(error === null ? stdout : undefined));
	});

const lookAtClient = async (
	name: keyof typeof measured,
	title: string,
	{env, clocks}: DoctorSurroundings,
): Promise<CheckFinding> => {
	const where = findProgram(name, env);
	if (where === undefined) {
		return skipped(`${title} is not in PATH.`);
	}

	const printed = await printedBy(where, env, clocks?.versionMs ?? doctorClocks.versionMs);
	const version = /\d+\.\d+\.\d+/.exec(printed ?? '')?.[0];
	if (version === undefined) {
		return warn(`${title} is there but does not tell its version.`, {where, fix: `Run "${name} --version" and see.`});
	}

	return isOlder(version, measured[name])
		? warn(`${title} ${version} is older than ${measured[name]}, with which codex-tui was measured.`, {
				where,
				fix: `Update ${title}.`,
			})
		: ok(`${title} ${version}.`, {where});
};

const oldestNode = 24;

const lookAtNode = (): CheckFinding => {
	const {node} = process.versions;
	return Number(node.split('.')[0]) >= oldestNode
		? ok(`Node ${node}.`, {where: process.execPath})
		: fail(`Node ${node} is too old: codex-tui needs ${oldestNode}.`, {
				where: process.execPath,
				fix: `Install Node ${oldestNode} or newer.`,
			});
};

const isSet = (env: NodeJS.ProcessEnv, ...names: readonly string[]): string | undefined =>
	names.find(name => (env[name] ?? '') !== '');

/** Variables that spoil a client's way to us, or our way to an upstream (SEC-29, SEC-30). */
const lookAtEnvironment = ({env}: DoctorSurroundings): CheckFinding => {
	if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
		return fail('Certificates are not checked: anybody on the way can read your keys.', {
			where: 'NODE_TLS_REJECT_UNAUTHORIZED',
			fix: 'Unset NODE_TLS_REJECT_UNAUTHORIZED; for a certificate authority of your own use NODE_EXTRA_CA_CERTS.',
		});
	}

	const proxy = isSet(env, 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY');
	const except = `${env['no_proxy'] ?? ''},${env['NO_PROXY'] ?? ''}`;
	return proxy === undefined || /(?:^|,)\s*(?:\*|127\.0\.0\.1|127\.)/.test(except)
		? ok("No variable of the environment is in the clients' way.")
		: warn('A client started here may ask the outbound proxy for 127.0.0.1 instead of codex-tui.', {
				where: proxy,
				fix: 'Add 127.0.0.1 and localhost to NO_PROXY.',
			});
};

/** The terminal, the versions, and the environment. */
export const machineChecks = (surroundings: DoctorSurroundings): readonly Check[] => {
	const {terminal, version} = surroundings;
	return [
		{id: 'client.environment', group: 'client', isForStart: true, look: () => lookAtEnvironment(surroundings)},
		{id: 'terminal.colours', group: 'terminal', look: () => lookAtColours(terminal())},
		{id: 'terminal.encoding', group: 'terminal', look: () => lookAtEncoding(terminal())},
		{id: 'terminal.size', group: 'terminal', look: () => lookAtSize(terminal())},
		{id: 'terminal.themes', group: 'terminal', look: () => lookAtThemes(surroundings)},
		{id: 'terminal.keys', group: 'terminal', look: async () => lookAtKeyFile(surroundings)},
		{id: 'version.codex-tui', group: 'versions', look: () => ok(`codex-tui ${version}.`)},
		{id: 'version.node', group: 'versions', look: lookAtNode},
		{
			id: 'version.codex',
			group: 'versions',
			look: async () => await lookAtClient('codex', 'Codex', surroundings),
		},
		{
			id: 'version.claude',
			group: 'versions',
			look: async () => await lookAtClient('claude', 'Claude Code', surroundings),
		},
	];
};
