import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {request} from 'node:http';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, onTestFinished, test} from 'vitest';
import {apiError, html, message, reasoning, stream, type Script} from '../../source/demo/script.ts';
import {commandFile} from '../bench/subject.ts';
import {localToken, makeHome, productEnv} from '../support/engine.ts';
import {hostileAttempts, hostileLine, hostileText} from '../support/hostile-text.ts';
import {poll} from '../support/poll.ts';
import {runProgram} from '../support/program.ts';
import {openPty, type PtyProgram} from '../support/pty.ts';
import {scratchFolder} from '../support/scratch.ts';
import {foreignOutput, hiddenIn} from '../support/terminal-output.ts';
import {responsesBody, startUpstream} from '../support/upstream.ts';

/* SEC-17 from end to end: whatever a text says, the terminal gets what our renderer writes, and nothing else. */

const longLine = `long-first ${'x'.repeat(5_000_000)} ${hostileLine('long')} ${'漢'.repeat(1_500_000)}`;

const script: Script = [
	{
		match: {promptContains: 'limited'},
		answer: apiError(429, hostileLine('code'), {message: hostileText('limit'), headers: {'retry-after': '600'}}),
	},
	{match: {promptContains: 'broken'}, answer: html(502, `<title>${hostileText('page')}</title>`)},
	{
		match: {promptContains: 'ending'},
		answer: stream([message('begun')], {
			end: {type: 'failed', code: hostileLine('failed'), message: hostileText('end')},
		}),
	},
	{match: {promptContains: 'long'}, answer: stream([message(longLine)], {deltaLength: 1_000_000})},
	{
		answer: stream(
			[
				reasoning(hostileText('thought')),
				message(hostileText('said')),
				{
					type: 'function-call',
					name: 'exec_command',
					arguments: {cmd: hostileText('called'), workdir: hostileLine('dir')},
				},
			],
			// Every sequence comes in pieces.
			{
				deltaLength: 2,
				bytesPerWrite: 500,
				model: hostileLine('answered-model'),
				headers: {'x-request-id': 'a\u009B2Jb'},
			},
		),
	},
];

const frameEnd = '\u001B[?2026l';

const ask = (url: string, prompt: string, session: string): Promise<number> =>
	new Promise(resolve => {
		const output = {type: 'function_call_output', call_id: 'call_1', output: hostileText('output')};
		const body = responsesBody('', {
			model: `gpt-5.5 ${hostileLine('model')}`,
			instructions: hostileText('instructions'),
			input: [
				{
					type: 'message',
					role: 'user',
					content: [
						{type: 'input_text', text: `<environment_context><cwd>${hostileLine('cwd')}</cwd></environment_context>`},
					],
				},
				{
					type: 'function_call',
					call_id: 'call_1',
					name: hostileLine('tool'),
					arguments: JSON.stringify({cmd: hostileText('argument')}),
				},
				output,
				{type: 'message', role: 'user', content: [{type: 'input_text', text: `${prompt} ${hostileText('prompt')}`}]},
			],
		});
		const sent = request(
			`${url}/v1/responses`,
			{
				method: 'POST',
				headers: {
					'content-type': 'application/json',
					'x-codex-tui-token': localToken,
					// C1 as a header may carry it: one byte each.
					'session-id': session === 'plain' ? session : `${session}\u009B2J\u009D0;t\u009C`,
					'thread-id': session === 'plain' ? session : `${session}\u009B2J`,
					'x-codex-window-id': `${session}:0`,
					'user-agent': `codex_exec/0.169.0 \u009B31m\u0090q\u009C`,
				},
			},
			answer => {
				answer.resume();
				answer.once('close', () => resolve(answer.statusCode ?? 0));
			},
		);
		// A stream that broke off is one of the answers.
		sent.once('error', () => resolve(0));
		sent.end(JSON.stringify(body));
	});

const rollout = (folder: string): string =>
	[
		{
			type: 'session_meta',
			payload: {
				id: '0199a213-81c0-7800-8aa1-bbab2a035a53',
				cwd: folder,
				originator: hostileLine('origin'),
				cli_version: hostileLine('version'),
			},
		},
		{type: 'event_msg', payload: {type: 'user_message', message: hostileText('title')}},
		{
			type: 'response_item',
			payload: {type: 'message', role: 'user', content: [{type: 'input_text', text: hostileText('title')}]},
		},
		{
			type: 'response_item',
			payload: {type: 'message', role: 'assistant', content: [{type: 'output_text', text: hostileText('recorded')}]},
		},
	]
		.map(line => `${JSON.stringify({timestamp: '2026-11-21T10:00:00.000Z', ...line})}\n`)
		.join('');

/** A home, a Codex home and an upstream that all try what they can. */
const setUp = async () => {
	const alpha = await startUpstream(script, {name: 'alpha'});
	const beta = await startUpstream(script.slice(-2), {name: 'beta'});
	onTestFinished(() => alpha[Symbol.asyncDispose]());
	onTestFinished(() => beta[Symbol.asyncDispose]());
	// A name may hold no control character, but what turns or hides text.
	const home = makeHome({
		codex: [
			{name: 'alpha', url: alpha.url},
			{name: '"be\u202Eta\u200B"', url: beta.url},
		],
	});
	const config = path.join(home, 'config.toml');
	writeFileSync(config, readFileSync(config, 'utf8').replace('"\\"be\u202Eta\u200B\\""', '"be\u202Eta\u200B"'));
	const themes = path.join(home, 'themes');
	mkdirSync(themes);
	writeFileSync(path.join(themes, `${hostileLine('theme').slice(0, 80)}.json`), '{');
	writeFileSync(
		path.join(themes, 'named.json'),
		JSON.stringify({name: hostileLine('named'), base: 'dark', colors: {[hostileLine('colour')]: hostileLine('value')}}),
	);
	writeFileSync(path.join(home, 'keys.json'), JSON.stringify({[hostileLine('command')]: [hostileLine('key')]}));
	const codexHome = path.join(scratchFolder('codex'), 'home');
	const sessions = path.join(codexHome, 'sessions/2026/11/21');
	mkdirSync(sessions, {recursive: true});
	writeFileSync(
		path.join(sessions, 'rollout-2026-11-21T10-00-00-0199a213-81c0-7800-8aa1-bbab2a035a53.jsonl'),
		rollout(hostileLine('folder')),
	);
	return {home, config, codexHome};
};

const addressOf = (home: string): Promise<string> =>
	poll('the address', () => {
		const {url}: {readonly url?: string} = JSON.parse(readFileSync(path.join(home, 'lock.json'), 'utf8'));
		return url;
	});

const named: Readonly<Record<string, string>> = {Tab: '\t', Enter: '\r', Esc: '\u001B'};

/** Presses keys one by one, and looks at every whole frame that comes of them. */
const presser = (screen: PtyProgram) => {
	let seen = 0;
	return async (keys: string): Promise<void> => {
		for (const key of keys.split(' ')) {
			screen.type(named[key] ?? key);
			// What follows an Esc at once would be taken for a part of it.
			await sleep(key === 'Esc' ? 150 : 50);
			const bytes = screen.bytes();
			const end = bytes.lastIndexOf(frameEnd) + frameEnd.length;
			expect(foreignOutput(bytes.slice(seen, end)), `after ${JSON.stringify(key)}`).toEqual([]);
			seen = end;
		}
	};
};

test('the list of what may be written knows none of the attempts of the corpus', () => {
	expect(hostileAttempts.filter(attempt => foreignOutput(attempt).length === 0)).toEqual([]);
});

/** Commands that print what stands in the home, or what they were given. */
const printing: ReadonlyArray<readonly string[]> = [
	['usage', '--by', 'model'],
	['usage', '--by', 'session', '--csv'],
	['usage', '--by', 'error', '--json'],
	['config', 'check'],
	['config', 'show'],
	['keys'],
	['doctor', 'config', 'files', 'theme'],
	['routing', 'show', hostileLine('service')],
	['routing', 'explain', '--model', hostileLine('model')],
	['provider', 'models', hostileLine('provider')],
	['account', 'pause', hostileLine('account')],
	['balance', hostileLine('provider')],
	['switch', hostileLine('word')],
	['serve', `--${hostileLine('flag')}`],
	['start', '--port', hostileLine('port')],
	['start', '--theme', hostileLine('theme'), '--fps', hostileLine('fps')],
	[hostileLine('command')],
];

test(
	'the escape corpus in every text that comes from outside leaves only what our renderer writes',
	{timeout: 60_000},
	async () => {
		const {home, config, codexHome} = await setUp();
		const screen = openPty({
			command: [process.execPath, commandFile, 'start', '--no-switch', '--port', '0'],
			env: productEnv(home, codexHome),
			columns: 160,
			rows: 48,
		});
		onTestFinished(() => screen[Symbol.asyncDispose]());
		const press = presser(screen);
		await screen.until(/codex-tui +● ok/);
		const url = await addressOf(home);
		for (const prompt of ['plain', 'ending', 'broken', 'limited']) {
			await ask(url, prompt, prompt);
		}

		await press('0 Tab Tab z z 1 Tab j v v 2 Enter Esc G Enter Esc 3 j j G');
		// The words around the attempts come through, or all this would prove nothing.
		await screen.until(/thought-last[\s\S]*said-first[\s\S]*called-first/);
		await press('Tab z g');
		await screen.until(/output-first[\s\S]*prompt-first/);
		await press('G z t j j i j Esc 4 j j j 5 n 6 j Enter Esc 7 v v v v 8 j j 9 j / a Enter Esc');
		for (let turn = 0, before = ''; turn < 8 && !before.includes('named-first'); turn++) {
			await press('T');
			const shown = before;
			// Each theme says its name; the next key comes when it has.
			before = await poll('the next theme', () => {
				const said = /Theme .*/.exec(screen.text())?.[0];
				return said === shown ? undefined : said;
			});
		}

		await screen.until('named-first');
		await press('? Esc 3 g');
		const answered = ask(url, 'long', 'five');
		await press('g Tab G g');
		expect(await answered).toBe(200);
		await press('G g z G z');
		// A broken file is told with its line, and holds what it likes.
		writeFileSync(config, `${readFileSync(config, 'utf8')}\n["${hostileLine('section')}"\n`);
		await screen.until(/config\.toml:\d+/);
		await press('9 0');
		screen.type('q');
		await screen.ended;
		expect(foreignOutput(screen.bytes())).toEqual([]);
		// The same home, printed.
		const found: Array<readonly [command: string, hidden: string]> = [];
		for (const args of printing) {
			const {stdout, stderr} = await runProgram([process.execPath, commandFile, ...args], {
				cwd: home,
				env: productEnv(home, codexHome),
			});
			expect(stdout.length + stderr.length, args[0]).toBeGreaterThan(0);
			for (const line of (stdout + stderr).split('\n').filter(text => hiddenIn(text).length > 0)) {
				found.push([args[0] ?? '', JSON.stringify(line)]);
			}
		}

		expect(found).toEqual([]);
	},
);
