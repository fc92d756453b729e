import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {openPty, type PtyProgram} from '../support/pty.ts';
import {drawTerminal} from './picture.ts';

/*
 * Pictures of every page of the demo at three sizes, for a person to look at before a release (tui.md A12): PNG and plain text in
 * test/output/pictures/. Nothing compares them. `npm run pictures`, or `node test/pictures/make.ts` after a build.
 */

const root = path.resolve(import.meta.dirname, '../..');
const output = path.join(root, 'test/output/pictures');

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
	{name: 'transcript', keys: '3\tz', wanted: /Transcript[\s\S]*model /, after: 'z\t'},
	{name: 'trace', keys: '4', wanted: /Trace · request[\s\S]*attempt-/},
	{name: 'explain', keys: '3Gi', wanted: /Why did/, after: '3g'},
	{name: 'explain-next', keys: '5n', wanted: /the next request ─[\s\S]*│ +1 /},
	{name: 'what-if', keys: '5wgjjj\r\u0015moody\r', wanted: /result /, after: '\u001B'},
	{name: 'incidents', keys: '6', wanted: /│ advice /},
	{name: 'usage', keys: '7', wanted: /▸ \S+[\s\S]*(an hour|Cost and course)/},
	{name: 'usage-detail', keys: '7vv\tz', wanted: /^[^\n]*\n[^\n]*\n╭─ Cost /, after: 'zVV\u001B'},
	{name: 'doctor', keys: '8', wanted: /Doctor ─[^\n]* ok {2}ran /},
	{name: 'settings', keys: '9', wanted: /app\.theme/},
	{name: 'help', keys: '?', wanted: /Keys /, after: '?'},
	{name: 'filter', keys: '3/model:gpt', wanted: /filter \/model:gpt/, after: '\u001B'},
];

const sizes = [
	{columns: 60, rows: 15},
	{columns: 80, rows: 24},
	{columns: 160, rows: 48},
	{columns: 200, rows: 60},
] as const;

/** Ink waits this long for the rest of an escape sequence; a key that comes earlier would be taken for it. */
const afterEscapeMs = 200;

const visit = async (screen: PtyProgram, {name, keys, wanted, after = ''}: View): Promise<void> => {
	screen.type(keys);
	await screen.until(wanted);
	const file = path.join(output, `${name}-${screen.terminal.cols}x${screen.terminal.rows}`);
	writeFileSync(`${file}.txt`, `${screen.text()}\n`);
	writeFileSync(`${file}.png`, drawTerminal(screen.terminal));
	process.stdout.write(`${file}.png\n`);
	screen.type(after);
	await sleep(afterEscapeMs);
};

mkdirSync(output, {recursive: true});
const home = mkdtempSync(path.join(tmpdir(), 'codex-tui-pictures-'));
await using screen = openPty({
	command: [process.execPath, path.join(root, 'dist/cli.js'), '--demo'],
	env: {HOME: home, CODEX_TUI_HOME: path.join(home, 'codex-tui')},
	...sizes[2],
});
// The demo fails something after a while; a picture of a screen on which all is well shows half of it.
await screen.until(/Incidents[^\n]*[1-9] open/, 60_000);
for (const size of sizes) {
	screen.resize(size.columns, size.rows);
	// The clock stands at the right edge, one cell before the end.
	await screen.until(new RegExp(`^.{${size.columns - 9}}\\d\\d:\\d\\d:\\d\\d`));
	for (const view of views) {
		await visit(screen, view);
	}
}

rmSync(home, {recursive: true, force: true});
