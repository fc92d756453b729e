import {constants, type Stats} from 'node:fs';
import {lstat, open, readdir, readFile, realpath} from 'node:fs/promises';
import path from 'node:path';
import {codeOf, messageOf, RelayError} from '../base/errors.ts';
import type {CheckFinding} from '../event/doctor.ts';
import {fail, ok, skipped, warn, type Check} from './check.ts';
import type {DoctorSurroundings} from './surroundings.ts';

/* Who may read what we keep and what the clients keep: folders 0700, files 0600 (SEC-14). No link inside of them is followed. */

const folderMode = 0o700;
const fileMode = 0o600;
const othersBits = 0o077;

/** A home holds some dozen files; whoever put more there gets the first ones looked at. */
const mostEntries = 2000;
const deepest = 4;

interface Entry {
	readonly file: string;
	readonly isFolder: boolean;
	readonly mode: number;
	readonly isForeign: boolean;
}

const isForeign = ({uid}: Stats): boolean => process.getuid !== undefined && uid !== process.getuid();

/** The entry, where it is a file or folder; undefined for links, sockets and what is not there. */
const readEntry = async (file: string): Promise<Entry | undefined> => {
	try {
		const found = await lstat(file);
		return found.isFile() || found.isDirectory()
			? {file, isFolder: found.isDirectory(), mode: found.mode & 0o777, isForeign: isForeign(found)}
			: undefined;
	} catch (error) {
		if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
			return undefined;
		}

		throw error;
	}
};

const readTree = async (root: string): Promise<readonly Entry[]> => {
	const entries: Entry[] = [];
	const waiting: Array<{readonly file: string; readonly depth: number}> = [{file: root, depth: 0}];
	for (let next = waiting.shift(); next !== undefined && entries.length < mostEntries; next = waiting.shift()) {
		const {file, depth} = next;
		const entry = await readEntry(file);
		if (entry === undefined) {
			continue;
		}

		entries.push(entry);
		if (entry.isFolder && depth < deepest) {
			// A folder that its owner cannot read is reported by its mode below.
			const names = await readdir(file).catch((): string[] => []);
			waiting.push(...names.toSorted().map(name => ({file: path.join(file, name), depth: depth + 1})));
		}
	}

	return entries;
};

const isLoose = ({mode}: Entry): boolean => (mode & othersBits) !== 0;

const modeText = (mode: number): string => mode.toString(8).padStart(4, '0');

const named = 3;

const listText = (entries: readonly Entry[]): string => {
	const names = entries.slice(0, named).map(({file, mode}) => `${file} (${modeText(mode)})`);
	return entries.length > named ? `${names.join(', ')} and ${entries.length - named} more` : names.join(', ');
};

const counted = (count: number, word: string): readonly string[] =>
	count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`];

const countOf = (entries: readonly Entry[]): string => {
	const folders = entries.filter(({isFolder}) => isFolder).length;
	return [...counted(folders, 'folder'), ...counted(entries.length - folders, 'file')].join(' and ');
};

const tighten = async ({file, isFolder}: Entry): Promise<void> => {
	const kind = isFolder ? constants.O_DIRECTORY : 0;
	try {
		const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | kind);
		try {
			await handle.chmod(isFolder ? folderMode : fileMode);
		} finally {
			await handle.close();
		}
	} catch (error) {
		throw new RelayError('mode-unchanged', `The mode of ${file} cannot be changed: ${messageOf(error)}.`, {
			cause: error,
		});
	}
};

const tightenAll = async (entries: readonly Entry[]): Promise<string> => {
	const loose = entries.filter(isLoose);
	for (const entry of loose) {
		await tighten(entry);
	}

	return loose.length === 0
		? 'Nothing was open to others any more.'
		: `${countOf(loose)} ${loose.length === 1 ? 'is' : 'are'} yours alone now.`;
};

const looseText = (loose: readonly Entry[]): string =>
	`${countOf(loose)} can be read by other users of this machine`.replace(/^./, first => first.toUpperCase());

const fixFor = (loose: readonly Entry[]): string => {
	const [first] = loose;
	const mode = first?.isFolder === true ? '700' : '600';
	return loose.length === 1
		? `Run chmod ${mode} ${first?.file ?? ''}.`
		: 'Run "codex-tui doctor --fix": folders get 0700, files 0600.';
};

const judgeHome = (root: string, entries: readonly Entry[]): CheckFinding => {
	if (entries.length === 0) {
		return skipped('There is no home folder yet; the first start makes it.', {where: root});
	}

	const foreign = entries.filter(entry => entry.isForeign);
	if (foreign.length > 0) {
		return fail(`${countOf(foreign)} in the home belong to another user.`, {
			where: listText(foreign),
			fix: 'Give them back to yourself with chown, or set CODEX_TUI_HOME to a folder of yours.',
		});
	}

	const loose = entries.filter(isLoose);
	if (loose.length === 0) {
		return ok(`The home is yours alone: ${countOf(entries)}.`, {where: root});
	}

	const more = {where: listText(loose), fix: fixFor(loose), repair: `Make ${countOf(loose)} yours alone?`};
	const isOpen = loose.some(({file}) => file === entries[0]?.file);
	return isOpen
		? fail(`${looseText(loose)}, the home itself among them.`, more)
		: warn(`${looseText(loose)}, once somebody gets into the home.`, more);
};

/** Files that are nothing but credentials. */
const credentialFiles = ({codexHome, claudeHome}: DoctorSurroundings): readonly string[] => [
	path.join(codexHome, 'auth.json'),
	path.join(claudeHome, '.credentials.json'),
];

/** Files that hold a credential where somebody, we for example, put one in. */
const settingsFiles = ({codexHome, claudeHome}: DoctorSurroundings): readonly string[] => [
	path.join(codexHome, 'config.toml'),
	path.join(claudeHome, 'settings.json'),
];

const credentialWord = /token|api[_-]?key|authorization/i;

const holdsCredential = async (file: string): Promise<boolean> =>
	credentialWord.test(await readFile(file, 'utf8').catch(() => ''));

const readClientFiles = async (surroundings: DoctorSurroundings): Promise<readonly Entry[]> => {
	const settings = settingsFiles(surroundings);
	const holding = await Promise.all(settings.map(holdsCredential));
	const files = [...credentialFiles(surroundings), ...settings.filter((_, index) => holding[index])];
	return (await Promise.all(files.map(readEntry))).filter(entry => entry !== undefined);
};

const judgeClientFiles = (entries: readonly Entry[]): CheckFinding => {
	if (entries.length === 0) {
		return skipped('Codex and Claude Code keep no credentials in files here.');
	}

	const loose = entries.filter(isLoose);
	return loose.length === 0
		? ok(`What the clients keep of keys is yours alone: ${countOf(entries)}.`)
		: warn(`${looseText(loose)}, with the keys and tokens in ${loose.length === 1 ? 'it' : 'them'}.`, {
				where: listText(loose),
				fix: fixFor(loose),
				repair: `Make ${countOf(loose)} yours alone?`,
			});
};

/** The home may be a link that its owner made; nothing below it may. */
const readHome = async (root: string): Promise<readonly Entry[]> =>
	await readTree(await realpath(root).catch(() => root));

/** The modes of our home, and of the clients' files that hold keys. */
export const fileChecks = (surroundings: DoctorSurroundings): readonly Check[] => {
	const {root} = surroundings.home;
	return [
		{
			id: 'files.home',
			group: 'files',
			look: async () => judgeHome(root, await readHome(root)),
			mend: async () => await tightenAll(await readHome(root)),
		},
		{
			id: 'files.clients',
			group: 'files',
			look: async () => judgeClientFiles(await readClientFiles(surroundings)),
			mend: async () => await tightenAll(await readClientFiles(surroundings)),
		},
	];
};
