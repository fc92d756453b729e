import {homedir} from 'node:os';
import path from 'node:path';
import {once} from '../base/once.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {codexHomeOf} from '../client/codex/switch-status.ts';
import type {Home} from '../config/home.ts';
import type {DoctorSurroundings, TerminalFacts} from '../doctor/surroundings.ts';
import type {DoctorLink} from '../event/doctor.ts';
import {wordsOf} from '../tui/language/words.ts';
import {colorDepthOf, needsAscii} from '../tui/theme/painter.ts';
import {ThemeBook} from '../tui/theme/theme-book.ts';
import {readKeys} from './key-files.ts';
import {readThemes} from './theme-files.ts';
import {programVersion} from './version.ts';

/** The part of a terminal that tells its size. */
interface Terminal {
	readonly isTTY?: boolean;
	readonly columns?: number;
	readonly rows?: number;
}

const terminalFacts = (env: NodeJS.ProcessEnv, terminal: Terminal): TerminalFacts => ({
	isTerminal: terminal.isTTY === true,
	name: env['TERM'] ?? '',
	colourBits: colorDepthOf(env),
	isUtf8: !needsAscii(env),
	columns: terminal.columns ?? 0,
	rows: terminal.rows ?? 0,
});

/** The key table is loaded only where somebody looks. */
const keyProblemsOf = async (home: Home): Promise<readonly string[]> => {
	const {readKeyFile} = await import('../tui/input/key-file.ts');
	const {faults} = readKeyFile(readKeys(home), wordsOf({language: 'en'}));
	return faults.map(({line, text}) => sanitizeLine(`${path.basename(home.keys)}:${line}: ${text}`));
};

/** The doctor's surroundings as this process sees them. */
export const surroundingsOf = (
	home: Home,
	{env, terminal}: {readonly env: NodeJS.ProcessEnv; readonly terminal: Terminal},
): DoctorSurroundings => ({
	env,
	home,
	codexHome: codexHomeOf(env),
	claudeHome: env['CLAUDE_CONFIG_DIR'] ?? path.join(env['HOME'] ?? homedir(), '.claude'),
	folder: process.cwd(),
	isDemo: false,
	version: programVersion(),
	terminal: () => terminalFacts(env, terminal),
	keyProblems: () => keyProblemsOf(home),
	themeProblems: () =>
		new ThemeBook(readThemes(home), 'midnight', {depth: colorDepthOf(env), isAscii: needsAscii(env)}).warnings,
});

/** A doctor for a screen. It is loaded with the first check, since nothing of it is needed for the first frame. */
export const openDoctor = (surroundings: () => Promise<DoctorSurroundings>): DoctorLink => {
	const loaded = once(async (): Promise<DoctorLink> => {
		const {createDoctor} = await import('../doctor/doctor.ts');
		return createDoctor(await surroundings());
	});
	return {
		run: async (choice, tell) => await (await loaded()).run(choice, tell),
		repair: async id => await (await loaded()).repair(id),
	};
};
