import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {execCommand, message, stream, type Script} from '../../source/demo/script.ts';
import {drawPicture} from '../pictures/picture.ts';
import {expectUnnoticed, makeCodex, type TestCodex} from '../support/codex.ts';
import {makeHome, product, productEnv} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {poll} from '../support/poll.ts';
import {root, scratchFolder} from '../support/scratch.ts';
import {openPane, quoted, type Pane} from '../support/tmux.ts';
import {expectNoRefusals} from '../support/upstream.ts';

/* The whole product in a real terminal: screen, engine and switch in one process, driven by keys. */

const small = {columns: 80, rows: 24};
const large = {columns: 160, rows: 48};

/** Two upstreams; the tool of the turn waits for a file, so that a test decides when the next request comes. */
const waiting = (name: string): Script => [
	{match: {toolOutputs: 0}, answer: stream([execCommand('while [ ! -e go ]; do sleep 0.05; done; echo gone')])},
	{match: {afterTool: true}, answer: stream([message(`The answer of ${name}.`)])},
];

const commandLine = (...args: readonly string[]): string =>
	product('start', ...args)
		.map(quoted)
		.join(' ');

const setUp = async () => {
	const alpha = await startFar('alpha', waiting('alpha'));
	const beta = await startFar('beta', waiting('beta'));
	const home = makeHome({codex: [alpha, beta]});
	const codex = makeCodex({url: undefined, top: '# a comment of the user\n'});
	const pane = await openPane({...small, cwd: codex.folder, env: productEnv(home, codex.home)});
	await pane.until(/ready>/);
	return {alpha, beta, home, codex, pane, before: readFileSync(codex.configFile)};
};

/** Starts the product in the shell, which prints a print of the terminal's settings before and after, and the exit code. */
const start = async ({pane, codex}: {readonly pane: Pane; readonly codex: TestCodex}): Promise<void> => {
	const settings = '$(stty -g | cksum)';
	const script = `clear\necho before ${settings}\n${commandLine('--yes', '--port', '0')}\necho exit $?\necho after ${settings}\n`;
	writeFileSync(path.join(codex.home, '../start.sh'), script);
	const before = readFileSync(codex.configFile);
	await pane.enter('sh ../start.sh');
	await pane.until(/alpha[\s\S]*beta/);
	// The screen does not wait for Codex to be pointed at it.
	await poll('the switch', () => (readFileSync(codex.configFile).equals(before) ? undefined : true));
};

/** The screen is the shell's again: no alternate buffer, a cursor, no mouse, the same settings, its old text. */
const expectRestored = async (pane: Pane): Promise<void> => {
	const screen = await pane.until(/exit 0\s+after .+\s+ready>/);
	expect(await pane.state()).toBe('0 1 0');
	const settings = (word: string): string | undefined => new RegExp(`^${word} (.+)$`, 'm').exec(screen)?.[1];
	expect(settings('before')).toBeDefined();
	expect(settings('after')).toBe(settings('before'));
};

describe('in a terminal of 80×24', () => {
	test('a key switches the upstream during a running Codex session: its next request goes there; q gives all back', async () => {
		const {alpha, beta, codex, pane, before} = await setUp();
		await start({pane, codex});
		expect(readFileSync(codex.configFile).equals(before)).toBe(false);
		const turn = codex.exec('work');
		await poll('the first request', () => (alpha.requests.length === 1 ? true : undefined));
		await pane.press('1', 'j', 'o');
		await pane.until(/The next codex request goes to beta/);
		writeFileSync(path.join(codex.folder, 'go'), '');
		expectUnnoticed(await turn, 'The answer of beta.');
		expect([alpha.requests.length, beta.requests.length]).toEqual([1, 1]);
		expectNoRefusals(alpha);
		expectNoRefusals(beta);

		// A second press lets go: this session stays where it is, a new one goes in order.
		await pane.press('o');
		await pane.until(/no longer pinned/);
		expectUnnoticed(await codex.exec('resume', '--last', 'more'), 'The answer of beta.');
		expectUnnoticed(await codex.exec('anew'), 'The answer of alpha.');

		await pane.press('q');
		await expectRestored(pane);
		expect(readFileSync(codex.configFile).equals(before)).toBe(true);
	});

	test.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s gives terminal and Codex’s file back', async signal => {
		const {home, codex, pane, before} = await setUp();
		await start({pane, codex});
		const {pid}: {pid: number} = JSON.parse(readFileSync(path.join(home, 'lock.json'), 'utf8'));
		process.kill(pid, signal);
		await expectRestored(pane);
		expect(readFileSync(codex.configFile).equals(before)).toBe(true);
	});

	test('a kill -9 is mended by the next start, which says so', async () => {
		const {home, codex, pane, before} = await setUp();
		await start({pane, codex});
		const {pid}: {pid: number} = JSON.parse(readFileSync(path.join(home, 'lock.json'), 'utf8'));
		process.kill(pid, 'SIGKILL');
		await poll('the end of the process', () =>
			pane.text().then(text => (/Killed|exit 137/.test(text) ? true : undefined)),
		);
		expect(readFileSync(codex.configFile).equals(before)).toBe(false);
		// The terminal is still in raw mode, where Enter is no end of a line.
		await pane.press('reset', 'C-j');
		await pane.until(/^ready>\s*$/);
		await start({pane, codex});
		await pane.press('q');
		await pane.until(/exit 0/);
		expect(readFileSync(codex.configFile).equals(before)).toBe(true);
	});

	test('A3: pages, a filter, the next row, the palette and a small terminal, and the line before the start is back', async () => {
		const {alpha, pane, codex} = await setUp();
		await start({pane, codex});
		writeFileSync(path.join(codex.folder, 'go'), '');
		expectUnnoticed(await codex.exec('work'), 'The answer of alpha.');
		await pane.press('3');
		await pane.until(/─ Requests[\s\S]*alpha[\s\S]*─ Transcript/);
		await pane.press('/');
		await pane.enter('status>=400');
		await pane.until(/filter \/status>=400 +0 of \d shown/);
		await pane.press('Escape');
		await pane.until(/─ Requests[\s\S]*alpha[\s\S]*─ Transcript/);
		await pane.press('j', 'Enter', ':');
		await pane.enter('route pause beta');
		await pane.until(/No new request goes to beta's account default/);
		await pane.resize(50, 12);
		await pane.until(/needs 60x15/);
		await pane.resize(80, 24);
		await pane.until(/3 Requests[\s\S]*q quit/);
		expectNoRefusals(alpha);
		await pane.press('q');
		await expectRestored(pane);
		expect(await pane.text()).toMatch(/^before /m);
	});

	test('a storm of sizes leaves one clean frame', async () => {
		const {pane, codex} = await setUp();
		await start({pane, codex});
		for (let step = 0; step < 30; step++) {
			await pane.resize(60 + ((step * 37) % 130), 15 + ((step * 11) % 40));
		}

		await pane.resize(80, 24);
		const screen = await pane.until(/^ codex-tui [\s\S]*alpha[\s\S]*beta[\s\S]*q quit\s*$/);
		// Ours alone: nothing of another size is left, and every page tab stands there once.
		expect(screen.match(/Dash|^ codex-tui /gm)).toEqual([' codex-tui ', 'Dash']);
		await pane.press('q');
		await pane.until(/exit 0/);
	});
});

describe('a transcript of 5,000 lines', () => {
	test.for([small, large])('is scrolled to its last line at $columns×$rows', async size => {
		const lines = Array.from({length: 5000}, (_, index) => `line ${index + 1} of a long answer`).join('\n');
		const long = stream([message(`${lines}\nthe very last line`)], {deltaLength: 2000});
		const alpha = await startFar('alpha', [{answer: long}]);
		const beta = await startFar('beta', [{answer: long}]);
		const home = makeHome({codex: [alpha, beta]});
		const codex = makeCodex({url: undefined});
		const pane = await openPane({...size, cwd: codex.folder, env: productEnv(home, codex.home)});
		await pane.until(/ready>/);
		await start({pane, codex});
		expect((await codex.exec('talk for long')).answer).toContain('the very last line');
		await pane.press('3', 'Tab', 'g');
		await pane.until(/You are Codex/);
		expect(await pane.text()).not.toContain('the very last line');
		await pane.press('G');
		await pane.until(/line 5000 of a long answer\W+the very last line/);
		await pane.press('q');
		await expectRestored(pane);
	});
});

describe('pictures of every page of the demo', () => {
	test.for([small, large])('at $columns×$rows', async size => {
		const folder = scratchFolder('pictures');
		const output = path.join(root, 'test/output/pictures');
		mkdirSync(output, {recursive: true});
		const pane = await openPane({...size, cwd: folder, env: {HOME: folder, COLORTERM: 'truecolor'}});
		await pane.until(/ready>/);
		await pane.enter(commandLine('--demo', '--port', '0'));
		await pane.until(/success|200|✓/, 60_000);
		for (const [keys, name, shows] of [
			[['0'], 'dash', /─ Incidents ─/],
			[['1'], 'routes', /pin     /],
			// Away from the newest request, which changes faster than its conversation is read.
			[['3', 'j', 'j'], 'requests', /^(?![\s\S]*Reading the conv)[\s\S]*─ Transcript/],
			[['4'], 'trace', /attempt-start/],
			[['?'], 'help', /Move[\s\S]*Pages/],
		] as const) {
			await pane.press(...keys);
			await pane.until(shows);
			const bytes = await pane.colours();
			const picture = await drawPicture(bytes.replace(/\n$/, '').replaceAll('\n', '\r\n'), size);
			writeFileSync(path.join(output, `${name}-${size.columns}x${size.rows}.png`), picture);
			expect(picture.length).toBeGreaterThan(5000);
		}
	});
});
