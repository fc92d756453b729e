import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {messageOf} from '../../source/base/errors.ts';
import {openPty, type PtyProgram} from '../support/pty.ts';
import {commandFile} from '../bench/subject.ts';
import {drawTerminal} from './picture.ts';
import {demoViews, ownConfig, ownViews, pause, type View} from './views.ts';

/*
 * Pictures of every page and dialog in two sizes, two themes and both languages, for a person to look at before a release (tui.md A12):
 * PNG and plain text in test/output/pictures/. Nothing compares them. `npm run pictures`, or `node test/pictures/make.ts` after a build;
 * with `readme` those of the README, which stand in test/pictures/readme/; with names of views or looks (`paper-zh`) only those.
 */

const isLookName = (word: string): boolean => /^[a-z]+-(?:en|zh)$/.test(word);
/** Only these views, and only these looks (`paper-zh`); all without a word. */
const chosen = process.argv.slice(2).filter(word => !isLookName(word));
const chosenLooks = process.argv.slice(2).filter(isLookName);
const output = path.resolve(import.meta.dirname, '../output/pictures');
const readmeOutput = path.join(import.meta.dirname, 'readme');

/** One run of the program: everything that is the same for all of its pictures. */
interface Look {
	readonly theme: string;
	readonly language: 'en' | 'zh';
}

interface Size {
	readonly columns: number;
	readonly rows: number;
}

const sizes: readonly Size[] = [
	{columns: 80, rows: 24},
	{columns: 160, rows: 48},
];
const looks: readonly Look[] = ['midnight', 'paper'].flatMap(theme =>
	(['en', 'zh'] as const).map(language => ({theme, language})),
);
const readmeSize: Size = {columns: 110, rows: 32};
/** The demo has to have lived for a while: requests that moved on, a conversation with tools. */
const readmeAfterMs = 25_000;
const readmeViews: readonly View[] = [
	{name: 'dash', keys: '0', wanted: /─ Incidents ─/},
	{name: 'trace', keys: '3/attempts>1\rg4', wanted: /Trace · request[\s\S]*reply-end/},
	{name: 'explain', keys: 'i', wanted: /Why did/},
	{name: 'transcript', keys: '2/shop\rgtzg', wanted: /Transcript[\s\S]*(user|tool|model) /},
];

/** Ink waits for the rest of an escape sequence; a key that comes earlier would be taken for it. Also the time in which a small edit is written. */
const pauseMs = 400;
/** The texts that say that a view is there are English; in the other language it is given this long. */
const otherLanguageMs = 1500;
const viewPatienceMs = 6000;

interface Start {
	readonly look: Look;
	readonly size: Size;
	/** The configuration; undefined: the demo's. */
	readonly config?: string;
}

const withScreen = async (
	{look: {theme, language}, size, config}: Start,
	work: (screen: PtyProgram) => Promise<void>,
): Promise<void> => {
	const home = mkdtempSync(path.join(tmpdir(), 'codex-tui-pictures-'));
	const own = path.join(home, 'codex-tui');
	if (config !== undefined) {
		mkdirSync(own, {mode: 0o700});
		writeFileSync(path.join(own, 'config.toml'), config, {mode: 0o600});
	}

	const how = config === undefined ? ['--demo'] : ['--no-switch', '--port', '0'];
	await using screen = openPty({
		command: [process.execPath, commandFile, ...how, '--theme', theme, '--lang', language],
		env: {HOME: home, CODEX_TUI_HOME: own},
		...size,
	});
	// The demo fails something after a while; a picture of a screen on which all is well shows half of it.
	await screen.until(config === undefined ? /! [2-9] / : 'relay-a', 60_000);
	await work(screen);
	rmSync(home, {recursive: true, force: true});
};

const typeKeys = async (screen: PtyProgram, keys: string): Promise<void> => {
	for (const [index, part] of keys.split(pause).entries()) {
		await sleep(index === 0 ? 0 : pauseMs);
		screen.type(part);
	}
};

const show = async (screen: PtyProgram, {keys, wanted}: View, language: Look['language']): Promise<void> => {
	await typeKeys(screen, keys);
	if (language === 'en') {
		await screen.until(wanted, viewPatienceMs);
	} else {
		await sleep(otherLanguageMs);
	}
};

const goBack = async (screen: PtyProgram, {after = ''}: View): Promise<void> => {
	await typeKeys(screen, after);
	await sleep(pauseMs);
};

const makeAll = async (look: Look, views: readonly View[], config?: string): Promise<void> => {
	const name = `${look.theme}-${look.language}`;
	const folder = path.join(output, name);
	const wanted = views.filter(view => chosen.length === 0 || chosen.includes(view.name));
	if (wanted.length === 0 || (chosenLooks.length > 0 && !chosenLooks.includes(name))) {
		return;
	}

	mkdirSync(folder, {recursive: true});
	const start = {look, size: {columns: 160, rows: 48}, ...(config === undefined ? {} : {config})};
	await withScreen(start, async screen => {
		for (const size of sizes) {
			screen.resize(size.columns, size.rows);
			// The clock stands at the right edge, one cell before the end.
			await sleep(otherLanguageMs);
			for (const view of wanted) {
				await show(screen, view, look.language).catch((error: unknown) => {
					// What stands there instead is worth a look, and the others are to be drawn.
					process.exitCode = 1;
					process.stderr.write(`${view.name}: ${messageOf(error)}\n`);
				});
				const file = path.join(folder, `${view.name}-${size.columns}x${size.rows}`);
				writeFileSync(`${file}.txt`, `${screen.text()}\n`);
				writeFileSync(`${file}.png`, drawTerminal(screen.terminal));
				process.stdout.write(`${file}.png\n`);
				await goBack(screen, view);
			}
		}
	});
};

if (process.argv[2] === 'readme') {
	mkdirSync(readmeOutput, {recursive: true});
	await withScreen({look: {theme: 'midnight', language: 'en'}, size: readmeSize}, async screen => {
		await sleep(readmeAfterMs);
		for (const view of readmeViews) {
			await show(screen, view, 'en');
			await sleep(500);
			writeFileSync(path.join(readmeOutput, `${view.name}.png`), drawTerminal(screen.terminal));
			await goBack(screen, view);
		}
	});
} else {
	for (const look of looks) {
		await makeAll(look, demoViews);
		await makeAll(look, ownViews, ownConfig);
	}
}
