import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {openPty, type PtyProgram} from '../support/pty.ts';
import {commandFile} from '../bench/subject.ts';
import {drawTerminal} from './picture.ts';

/*
 * Pictures of every page of the demo in two sizes, two themes and both languages, for a person to look at before a release (tui.md A12):
 * PNG and plain text in test/output/pictures/. Nothing compares them. `npm run pictures`, or `node test/pictures/make.ts` after a build;
 * with `readme` those of the README, which stand in test/pictures/readme/; with names of views only those.
 */

/** Only these views; all without a word. */
const chosen = process.argv.slice(2);
const output = path.resolve(import.meta.dirname, '../output/pictures');
const readmeOutput = path.join(import.meta.dirname, 'readme');

/** Keys that lead to a view, and the text that says that it is there and worth looking at. */
interface View {
	readonly name: string;
	readonly keys: string;
	readonly wanted: RegExp;
	/** Keys that lead back. */
	readonly after?: string;
}

const views: readonly View[] = [
	{name: 'dash', keys: '0', wanted: /Incidents[^\n]*[1-9] open/},
	{name: 'routes', keys: '1', wanted: /│ pin /},
	{name: 'routes-detail', keys: '1\tz', wanted: /^[^\n]*\n[^\n]*\n╭─ moody/, after: 'z\t'},
	{name: 'graph', keys: '1v', wanted: /Routes · graph/, after: 'v'},
	{name: 'sessions', keys: '2', wanted: /│ session /},
	{name: 'requests', keys: '3', wanted: /Transcript[\s\S]*(user|model) /},
	{name: 'transcript', keys: '3\tz', wanted: /^[^\n]*\n[^\n]*\n╭─ Transcript[\s\S]*(user|model) /, after: 'z\t'},
	{name: 'trace', keys: '4', wanted: /Trace · request[\s\S]*attempt-/},
	{name: 'explain', keys: '3Gi', wanted: /Why did/, after: '3g'},
	{name: 'explain-next', keys: '5n', wanted: /Where does the next[\s\S]*in order/},
	{name: 'what-if', keys: '5wgjjj\r\u0015moody\r', wanted: /result /, after: '\u001B'},
	{name: 'incidents', keys: '6', wanted: /│ advice /},
	{name: 'usage', keys: '7', wanted: /▸ \S+[\s\S]*(per hour|Cost over time)/},
	{name: 'usage-detail', keys: '7vv\tz', wanted: /^[^\n]*\n[^\n]*\n╭─ Cost /, after: 'zVV\u001B'},
	{name: 'doctor', keys: '8', wanted: /Doctor ─[^\n]* ok {2}ran /},
	{name: 'settings', keys: '9', wanted: /app\.theme/},
	{name: 'help', keys: '?', wanted: /Keys /, after: '?'},
	{name: 'filter', keys: '3/model:gpt', wanted: /filter \/model:gpt/, after: '\u001B'},
	{name: 'palette', keys: '1:', wanted: /─ Commands/, after: '\u001B'},
	{name: 'palette-typed', keys: '1:rou pa', wanted: /route pause/, after: '\u001B'},
	{name: 'copy-as', keys: '3Y', wanted: /curl/, after: '\u001B'},
	{name: 'replay', keys: '3Gc', wanted: /─ Send it/, after: '\u001B'},
	{name: 'body', keys: '3Gd', wanted: /─ Request body[^\n]* of \d/, after: '\u001B'},
	{name: 'session-model', keys: '2m', wanted: /find:/, after: '\u001B'},
	{name: 'session-effort', keys: '2e', wanted: /find:/, after: '\u001B'},
	{name: 'session-pin', keys: '2o', wanted: /find:/, after: '\u001B'},
	{name: 'session-transcript', keys: '2t', wanted: /Transcript[\s\S]*(user|tool|model) /, after: '\u001B'},
	{name: 'usage-errors', keys: '7V', wanted: /HIDDEN/, after: 'v'},
	{name: 'help-requests', keys: '3?', wanted: /Keys · Requests/, after: '?'},
];

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

/** Ink waits this long for the rest of an escape sequence; a key that comes earlier would be taken for it. */
const afterEscapeMs = 200;
/** The texts that say that a view is there are English; in the other language it is given this long. */
const otherLanguageMs = 1500;

const withDemo = async (
	{theme, language}: Look,
	size: Size,
	work: (screen: PtyProgram) => Promise<void>,
): Promise<void> => {
	const home = mkdtempSync(path.join(tmpdir(), 'codex-tui-pictures-'));
	await using screen = openPty({
		command: [process.execPath, commandFile, '--demo', '--theme', theme, '--lang', language],
		env: {HOME: home, CODEX_TUI_HOME: path.join(home, 'codex-tui')},
		...size,
	});
	// The demo fails something after a while; a picture of a screen on which all is well shows half of it.
	await screen.until(/! [2-9] /, 60_000);
	await work(screen);
	rmSync(home, {recursive: true, force: true});
};

const show = async (screen: PtyProgram, {keys, wanted}: View, language: Look['language']): Promise<void> => {
	screen.type(keys);
	if (language === 'en') {
		await screen.until(wanted);
	} else {
		await sleep(otherLanguageMs);
	}
};

const goBack = async (screen: PtyProgram, {after = ''}: View): Promise<void> => {
	screen.type(after);
	await sleep(afterEscapeMs);
};

const makeAll = async (look: Look): Promise<void> => {
	const folder = path.join(output, `${look.theme}-${look.language}`);
	mkdirSync(folder, {recursive: true});
	await withDemo(look, {columns: 160, rows: 48}, async screen => {
		for (const size of sizes) {
			screen.resize(size.columns, size.rows);
			// The clock stands at the right edge, one cell before the end.
			await sleep(otherLanguageMs);
			for (const view of views.filter(({name}) => chosen.length === 0 || chosen.includes(name))) {
				await show(screen, view, look.language);
				const file = path.join(folder, `${view.name}-${size.columns}x${size.rows}`);
				writeFileSync(`${file}.txt`, `${screen.text()}\n`);
				writeFileSync(`${file}.png`, drawTerminal(screen.terminal, look.theme === 'paper'));
				process.stdout.write(`${file}.png\n`);
				await goBack(screen, view);
			}
		}
	});
};

if (process.argv[2] === 'readme') {
	mkdirSync(readmeOutput, {recursive: true});
	await withDemo({theme: 'midnight', language: 'en'}, readmeSize, async screen => {
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
		await makeAll(look);
	}
}
