import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, onTestFinished, test} from 'vitest';
import {apiError, execCommand, message, stream, type Script} from '../../source/demo/script.ts';
import {keyTable, type Binding} from '../../source/tui/input/keymap.ts';
import {keyOfPage, pageNames, type PageName} from '../../source/tui/store/screen-state.ts';
import {commandFile} from '../bench/subject.ts';
import {askOnce} from '../support/codex-client.ts';
import {localToken, makeHome, productEnv} from '../support/engine.ts';
import {poll} from '../support/poll.ts';
import {openPty, waitUntilGone, type PtyProgram} from '../support/pty.ts';
import {startUpstream, upstreamKey} from '../support/upstream.ts';

/* A2 and A11: every command of the key table through a terminal, in one run of the published program. */

const script: Script = [
	{match: {promptContains: 'refused'}, answer: apiError(429, 'rate_limit_exceeded', {headers: {'retry-after': '600'}})},
	{answer: stream([message('A long answer.\n\nWith **two** paragraphs.'), execCommand('ls')])},
];

const bytesOf: Readonly<Record<string, string>> = {
	enter: '\r',
	esc: '\u001B',
	tab: '\t',
	'shift+tab': '\u001B[Z',
	up: '\u001B[A',
	down: '\u001B[B',
	right: '\u001B[C',
	left: '\u001B[D',
	home: '\u001B[H',
	end: '\u001B[F',
	pageup: '\u001B[5~',
	pagedown: '\u001B[6~',
	backspace: '\u007F',
};

const typed = (key: string): string =>
	bytesOf[key] ?? (key.startsWith('ctrl+') ? String.fromCharCode(key.charCodeAt(5) - 96) : key);

/** So many may have nothing to do where they are first driven: a first row has none before it, a check in order needs no fix. */
const mostSilent = 5;

/** What ends or stops the program, or is the way back itself: driven at the end. */
const apart = new Set<string>(['quit', 'suspend', 'back']);

/** All but what moves by itself: the clock, and the row of the engine's pace. */
const still = (screen: PtyProgram): string =>
	screen
		.text()
		.replaceAll(/\d\d:\d\d:\d\d/g, '')
		.replaceAll(/loop p99 .*/g, '');

const isOn = ({pages}: Binding, page: PageName): boolean => pages === undefined || pages.includes(page);

/** Presses a key and waits for a frame that answers it; says whether the screen is another one. */
const press = async (screen: PtyProgram, key: string, patienceMs = 250): Promise<boolean> => {
	const before = still(screen);
	screen.type(typed(key));
	for (let waitedMs = 0; waitedMs < patienceMs && still(screen) === before; waitedMs += 10) {
		await sleep(10);
	}

	return still(screen) !== before;
};

/** Goes to a page, which may be there already, and waits until nothing moves any more. */
const show = async (screen: PtyProgram, page: PageName): Promise<void> => {
	screen.type(keyOfPage(page));
	let before = '';
	for (let wait = 0; wait < 20 && before !== still(screen); wait++) {
		before = still(screen);
		await sleep(25);
	}
};

/** Leaves whatever lies over the page: the footer shows the page's own keys again. */
const closeAll = async (screen: PtyProgram): Promise<void> => {
	for (let step = 0; step < 4; step++) {
		screen.type(typed('esc'));
		// What follows an Esc at once would be taken for a part of it.
		await sleep(60);
		const text = screen.text();
		if (/y yes/.test(text)) {
			// A form with changes asks before it drops them.
			screen.type('y');
			await sleep(30);
		} else if (/q quit\s*$/.test(text)) {
			return;
		}
	}
};

const drive = async (screen: PtyProgram): Promise<ReadonlyMap<string, boolean>> => {
	const driven = new Map<string, boolean>();
	for (const page of pageNames) {
		for (const binding of keyTable.filter(one => isOn(one, page) && !apart.has(one.command))) {
			const [key = ''] = binding.keys;
			if (driven.get(binding.command) === true || key === '') {
				continue;
			}

			await show(screen, page);
			const isAnswered = await press(screen, key);
			driven.set(binding.command, isAnswered || driven.get(binding.command) === true);
			if (isAnswered) {
				await closeAll(screen);
			}
		}
	}

	// Those without an answer once more, with the patience that a busy machine needs.
	for (const binding of keyTable.filter(({command}) => driven.get(command) === false)) {
		const page = pageNames.find(name => isOn(binding, name)) ?? 'dash';
		await show(screen, page);
		driven.set(binding.command, await press(screen, binding.keys[0] ?? '', 1500));
		await closeAll(screen);
	}

	return driven;
};

const everyFile = (folder: string): string =>
	readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile() && !['config.toml', 'token'].includes(entry.name))
		.map(entry => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
		.join('\n');

const copies = (bytes: string): string =>
	[...bytes.matchAll(/\]52;c;([A-Za-z0-9+/=]*)/g)]
		.map(([, text = '']) => Buffer.from(text, 'base64').toString())
		.join('\n');

test(
	'every command of the key table is driven once through a terminal, and no key stands in a frame, a copy, an export or a log',
	{timeout: 90_000},
	async () => {
		const alpha = await startUpstream(script, {name: 'alpha'});
		const beta = await startUpstream(script.slice(1), {name: 'beta'});
		onTestFinished(() => alpha[Symbol.asyncDispose]());
		onTestFinished(() => beta[Symbol.asyncDispose]());
		const home = makeHome({codex: [alpha, beta]});
		const screen = openPty({
			command: [process.execPath, commandFile, 'start', '--no-switch', '--port', '0'],
			// An editor that ends at once: nobody is there to leave another one.
			env: {...productEnv(home, path.join(home, 'codex')), VISUAL: 'true'},
			columns: 120,
			rows: 40,
		});
		onTestFinished(() => screen[Symbol.asyncDispose]());
		await screen.until(/codex-tui +● ok/);
		const url = await poll('the address', () => {
			const lock: {readonly url?: string} = JSON.parse(readFileSync(path.join(home, 'lock.json'), 'utf8'));
			return lock.url;
		});
		for (const prompt of ['first', 'second', 'refused']) {
			await askOnce(url, prompt);
		}

		await screen.until(/ 0 live/);
		const driven = await drive(screen);
		// Suspended like any program of a shell. Here is none, so that it comes back by itself.
		screen.type(typed('ctrl+z'));
		await poll('the plain screen', () => (screen.terminal.buffer.active.type === 'normal' ? true : undefined));
		await poll('the screen again', () => (screen.terminal.buffer.active.type === 'alternate' ? true : undefined));
		await press(screen, '0');
		screen.type('q');
		expect(await screen.ended).toEqual({exitCode: 0, signal: 0});
		await waitUntilGone(screen.pid);

		expect(keyTable.filter(({command}) => !apart.has(command) && !driven.has(command))).toEqual([]);
		const silent = keyTable
			.map(({command}) => command)
			.filter(command => !apart.has(command) && driven.get(command) !== true);
		expect(silent.length, silent.join(' ')).toBeLessThanOrEqual(mostSilent);
		const places = {frames: screen.bytes(), copies: copies(screen.bytes()), files: everyFile(home)};
		expect(places.copies.length).toBeGreaterThan(0);
		for (const [place, text] of Object.entries(places)) {
			expect(text.includes(upstreamKey), place).toBe(false);
			expect(text.includes(localToken), place).toBe(false);
		}
	},
);
