import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {appendFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {expect, onTestFinished, test} from 'vitest';
import {clientProgram, runProgram} from '../support/program.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {localToken, product, productEnv} from '../support/engine.ts';
import {startChatFront} from '../support/chat-front.ts';
import {startChatUpstream} from '../support/chat-upstream.ts';
import {scratchFolder} from '../support/scratch.ts';
import {upstreamKey} from '../support/upstream.ts';

/* The real Codex with what `serve --upstream … --print-config` gives it, on a provider that no configuration file names (product.md 6). */

/** A home with the token and no configuration. */
const makeEmptyHome = (): string => {
	const home = path.join(scratchFolder('home'), 'codex-tui');
	mkdirSync(home, {recursive: true, mode: 0o700});
	writeFileSync(path.join(home, 'token'), `${localToken}\n`, {mode: 0o600});
	return home;
};

const models = [{id: 'deep-1', context_length: 65_536}, {id: 'deep-2'}];

const flagsFor = (url: string): readonly string[] => [
	...['serve', '--upstream', `${url},chat`, '--api-key-env', 'DEEP_KEY', '--model-map', 'gpt-5.5=deep-1'],
];

/** The address of a running `serve`, and the lines that it writes behind the first. */
const startServe = async (home: string, args: readonly string[]) => {
	const [file = '', ...rest] = product(...args);
	const env = {PATH: process.env['PATH'], ...productEnv(home), DEEP_KEY: upstreamKey};
	const child = spawn(file, rest, {cwd: path.dirname(home), env, stdio: ['ignore', 'pipe', 'inherit']});
	const closed = once(child, 'close');
	onTestFinished(async () => {
		child.kill('SIGKILL');
		await closed;
	});
	const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
	return {next: async (): Promise<string> => String((await lines.next()).value)};
};

test('Codex takes the catalog and the snippet as they are printed, and its turn is served', async () => {
	const far = await startChatUpstream('deep', () => ({text: 'Hello from deep.'}));
	const url = (await startChatFront(far.url, {models})).url;
	const home = makeEmptyHome();
	const printed = await runProgram(product(...flagsFor(url), '--port', '3999', '--print-config'), {
		cwd: path.dirname(home),
		env: {...productEnv(home), DEEP_KEY: upstreamKey},
	});
	expect(printed).toMatchObject({exitCode: 0, stderr: ''});
	expect(printed.stdout).toContain('lists 2 models: deep-1, deep-2.');
	expect(printed.stdout).not.toContain(localToken);
	const engine = await startServe(home, [...flagsFor(url), '--json', '--port', '0']);
	const listening: {readonly url: string} = JSON.parse(await engine.next());
	expect(JSON.parse(await engine.next())).toMatchObject({event: 'models', models: ['deep-1', 'deep-2'], is_cut: false});

	const codex = makeCodex({url: undefined});
	const own = readFileSync(codex.configFile, 'utf8').replace(/^model = .*\n/, '');
	const snippet = printed.stdout.replace('http://127.0.0.1:3999', listening.url);
	writeFileSync(codex.configFile, `${snippet.slice(0, snippet.indexOf('[model_providers'))}${own}`);
	appendFileSync(codex.configFile, `\n${snippet.slice(snippet.indexOf('[model_providers'))}`);
	const env = {...codex.env, CODEX_TUI_TOKEN: localToken};
	const turn = await codex.execWith({env}, '--strict-config', 'say hello');
	expectUnnoticed(turn, 'Hello from deep.');
	expect(turn.stderr).not.toMatch(/metadata .* not found|unrecognized configuration/i);
	expect(far.refusals).toEqual([]);
	expect(far.requests[0]?.body['model']).toBe('deep-1');
	const names = JSON.stringify(far.requests[0]?.body['tools']);
	expect(names).toContain('"apply_patch"');
	expect(JSON.stringify(far.requests[0]?.messages)).toContain('You are a coding agent in Codex');

	const shown = await runProgram([clientProgram('codex'), 'debug', 'models'], {cwd: codex.folder, env});
	const catalog: {readonly models: ReadonlyArray<Record<string, unknown>>} = JSON.parse(shown.stdout);
	expect(catalog.models.map(({slug, context_window}) => [slug, context_window])).toEqual([
		['gpt-5.5', 65_536],
		['deep-1', 65_536],
		['deep-2', 128_000],
	]);
});

test('for people serve says its models and how to get the configuration', async () => {
	const far = await startChatUpstream('deep', () => ({text: 'Hello.'}));
	const engine = await startServe(makeEmptyHome(), [
		...flagsFor((await startChatFront(far.url, {models})).url),
		'--port',
		'0',
	]);
	expect(await engine.next()).toMatch(/^codex-tui listens on http:/);
	expect(await engine.next()).toMatch(/lists 2 models: deep-1, deep-2\.$/);
	expect(await engine.next()).toContain('--print-config');
});
