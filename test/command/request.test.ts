import {execFile} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {acquireHomeLock} from '../../source/config/home-lock.ts';
import {curlText} from '../../source/observe/curl-text.ts';
import {readRequestFlags} from '../../source/command/request-flags.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {playStream, startFarEnd} from '../support/raw-http.ts';
import {call, startEngine, until, type RunningEngine} from '../support/running-engine.ts';

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);

const run = async ({home}: RunningEngine, ...args: readonly string[]) =>
	new Promise<{code: number; stdout: string; stderr: string}>(resolve => {
		execFile(
			'node_modules/.bin/node',
			['dist/cli.js', 'request', ...args],
			{env: {PATH: process.env['PATH'], HOME: home.root, CODEX_TUI_HOME: home.root, TERM: 'dumb'}},
			(error, stdout, stderr) => resolve({code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr}),
		);
	});

describe('codex-tui request', () => {
	test.each([
		[['frobnicate'], 'There is no verb "frobnicate"'],
		[['show'], 'show takes the id of one request'],
		[['list', 'req_1'], 'list takes no id'],
		[['replay', 'req_1'], 'replay needs --to NAME'],
		[['show', 'req_1', '--to', 'a'], '--to goes with replay'],
		[['list', '--limit', 'many'], '--limit takes a whole number'],
		[['list', '--nonsense'], 'Unknown option'],
	])('%j is wrong usage, and says what is right', (args, sentence) => {
		expect(() => readRequestFlags(args)).toThrow(sentence);
	});

	test('a curl command is one word where a shell would see many, and holds no key', () => {
		const text = curlText('http://127.0.0.1:3211', {method: 'POST', path: '/v1/responses'}, `{"input":"it's $HOME"}`);
		expect(text).toContain(`--data-binary '{"input":"it'\\''s $HOME"}'`);
		expect(text).toContain('"authorization: Bearer $KEY"');
	});

	test('lists, shows, and sends a request again once that is agreed to', async () => {
		await using far = await startFarEnd(playStream(stream));
		await using engine = await startEngine({providers: [{name: 'p0', url: far.url}]});
		const controlUrl = `http://127.0.0.1:${engine.controlPort}`;
		const lock = await acquireHomeLock(engine.home, {command: 'serve', controlUrl});
		using _lock = {[Symbol.dispose]: () => lock.release()};
		const prices = 'input_per_1m_usd = "100"\noutput_per_1m_usd = "100"\ncache_read_input_per_1m_usd = "10"\n';
		await writeFile(path.join(engine.home.root, 'pricing_overrides.toml'), `[models."gpt-5.5"]\n${prices}`);
		await call(engine, {path: '/v1/responses', body: {model: 'm', input: 'hi'}});
		const requests = () => engine.engine.ask({type: 'snapshot'}).requests;
		await until('the end', () => requests()[0]?.state === 'success');
		const id = requests()[0]?.requestId ?? '';
		expect((await run(engine, 'list')).stdout).toMatch(new RegExp(`│ ${id} +│ .*│ success 200 │ p0 .*│ \\$0\\.0334 `));
		// 200 fresh tokens at $100 a million, 1,000 cached ones at $10, 34 written ones at $100.
		const cost = {nanoUsd: 33_400_000, isPartial: false};
		expect(JSON.parse((await run(engine, 'list', '--json')).stdout)).toMatchObject([{requestId: id, cost}]);
		expect((await run(engine, 'show', id)).stdout).toMatch(/^tokens +1200 in, 34 out\ncost +\$0\.0334$/m);
		expect(JSON.parse((await run(engine, 'show', id, '--body', '--json')).stdout)).toMatchObject({part: 'request'});
		const asked = await run(engine, 'replay', id, '--to', 'p0');
		expect(asked.code).toBe(6);
		expect(asked.stderr).toContain('costs what a request costs; say --yes');
		expect(far.arrivals).toHaveLength(1);
		const sent = await run(engine, 'replay', id, '--to', 'p0', '--yes');
		expect(sent.stdout).toMatch(new RegExp(`^Request ${id} was sent again to codex/p0/default as req_`));
		await until('the second', () => far.arrivals.length === 2);
	}, 30_000);
});
