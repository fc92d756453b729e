import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {request} from 'node:http';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {apiError, message, stream, type Script} from '../../source/demo/script.ts';
import {commandFile} from '../bench/subject.ts';
import {localToken, makeHome, productEnv} from '../support/engine.ts';
import {firstInLine} from '../support/first-in-line.ts';
import {poll} from '../support/poll.ts';
import {openPty, type PtyProgram} from '../support/pty.ts';
import {responsesBody, startUpstream} from '../support/upstream.ts';

/* Acceptance checks of tui.md 8 that need the published program in a terminal; the others stand beside this file and in test/screen. */

const open = (home: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = []): PtyProgram => {
	const screen = openPty({
		command: [...firstInLine, process.execPath, commandFile, 'start', '--no-switch', '--port', '0', ...args],
		env: {...productEnv(home, path.join(home, 'codex')), ...env},
		columns: 120,
		rows: 40,
	});
	onTestFinished(() => screen[Symbol.asyncDispose]());
	return screen;
};

const addressOf = (home: string): Promise<string> =>
	poll('the address', () => {
		const {url}: {readonly url?: string} = JSON.parse(readFileSync(path.join(home, 'lock.json'), 'utf8'));
		return url;
	});

/** Sends a turn; resolves when its first byte is there. */
const firstByte = (url: string, prompt: string): Promise<void> =>
	new Promise((resolve, reject) => {
		const headers = {'content-type': 'application/json', 'x-codex-tui-token': localToken, 'session-id': prompt};
		const sent = request(`${url}/v1/responses`, {method: 'POST', headers}, answer => {
			answer.once('data', () => resolve());
			answer.resume();
		});
		sent.once('error', reject);
		sent.end(JSON.stringify(responsesBody(prompt, {model: `model-${prompt}`})));
	});

const escape = '\u001B';
const colours = new RegExp(`${escape}\\[(?:[34]8;|3[0-7]m|4[0-7]m|9[0-7]m|10[0-7]m)`);

const answer = stream([message('All is well.')]);
const limiting: Script = [{match: {promptContains: 'limited'}, answer: apiError(429, 'rate_limit_exceeded')}, {answer}];

const setUp = async (): Promise<string> => {
	const alpha = await startUpstream(limiting, {name: 'alpha'});
	const beta = await startUpstream([{answer}], {name: 'beta'});
	onTestFinished(() => alpha[Symbol.asyncDispose]());
	onTestFinished(() => beta[Symbol.asyncDispose]());
	return makeHome({codex: [alpha, beta]});
};

test(
	'A4: a request is a row before 300 ms after its first byte, a chain is told, and the third 429 opens an incident',
	{timeout: 40_000},
	async () => {
		const home = await setUp();
		const screen = open(home);
		await screen.until(/codex-tui +● ok/);
		const url = await addressOf(home);
		screen.type('3');
		const waits: number[] = [];
		for (const prompt of ['one', 'two', 'three']) {
			await firstByte(url, prompt);
			waits.push(await screen.until(`model-${prompt}`));
		}

		expect(Math.min(...waits), waits.join(' ')).toBeLessThan(300);
		await firstByte(url, 'limited-1');
		await screen.until(/alpha 429 → beta 200/);
		for (const prompt of ['limited-2', 'limited-3']) {
			// A limited upstream cools down, and is asked again when somebody ends that.
			screen.type('1gD');
			await screen.until(/1gD|alpha +● ready/);
			screen.type('3g');
			await firstByte(url, prompt);
			await screen.until(`model-${prompt}`);
		}

		await screen.until(/! 1 incident/);
	},
);

test(
	'A6: an edited theme and an edited configuration are on the screen within 500 ms, and a broken file changes nothing but says its line',
	{timeout: 40_000},
	async () => {
		const home = await setUp();
		const theme = path.join(home, 'themes/mine.json');
		mkdirSync(path.dirname(theme));
		const paint = (accent: string): void =>
			writeFileSync(theme, JSON.stringify({name: 'mine', extends: 'midnight', colors: {accent, ok: accent}}));
		paint('#010203');
		const screen = open(home, {}, ['--theme', 'mine']);
		await screen.until(/codex-tui +● ok/);
		await poll('the colour', () => (screen.bytes().includes('38;2;1;2;3m') ? true : undefined));
		// The watch is in place a moment after the first frame.
		await poll('the watch', () => (paint('#040506'), screen.bytes().includes('38;2;4;5;6m') ? true : undefined));
		const startedMs = performance.now();
		paint('#070809');
		await poll('the other colour', () => (screen.bytes().includes('38;2;7;8;9m') ? true : undefined));
		expect(performance.now() - startedMs).toBeLessThan(500);
		writeFileSync(theme, '{"name": "mine",');
		await screen.until(/mine\.json/);

		const config = path.join(home, 'config.toml');
		const text = readFileSync(config, 'utf8');
		screen.type('1');
		await screen.until(/alpha +● ready[\s\S]*beta +● ready/);
		writeFileSync(
			config,
			text
				.replace(
					'[codex.routing]',
					'[codex.providers.gamma]\nbase_url = "http://127.0.0.1:9/v1"\nauth_token = "none"\n[codex.routing]',
				)
				.replace('"beta"]', '"beta", "gamma"]'),
		);
		expect(await screen.until(/gamma/)).toBeLessThan(500);
		writeFileSync(config, `${text}\n[codex.providers\n`);
		await screen.until(/config\.toml:\d+/);
		expect(screen.text()).toMatch(/alpha[\s\S]*beta[\s\S]*gamma/);
	},
);

test(
	'A7: NO_COLOR sends no colour and keeps the selection inverse; TERM=dumb writes plain lines and ends with 0',
	{timeout: 40_000},
	async () => {
		const home = await setUp();
		const screen = open(home, {NO_COLOR: '1'});
		await screen.until(/codex-tui +● ok/);
		screen.type('1');
		await screen.until(/▸ +0 alpha/);
		expect(screen.bytes()).not.toMatch(colours);
		expect(screen.bytes()).toContain('\u001B[7m');
		screen.type('q');
		expect(await screen.ended).toEqual({exitCode: 0, signal: 0});

		const dumb = open(home, {TERM: 'dumb'});
		await poll('a line', () => (/listens on http/.test(dumb.bytes()) ? true : undefined));
		dumb.kill('SIGTERM');
		expect(await dumb.ended).toEqual({exitCode: 0, signal: 0});
		expect(dumb.bytes()).not.toContain('\u001B');
	},
);
