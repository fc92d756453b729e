import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {parseJson} from '../../source/base/json.ts';
import {message, stream} from '../../source/demo/script.ts';
import {askOnce} from '../support/codex-client.ts';
import {expectUnnoticed, makeCodex, type TestCodex} from '../support/codex.ts';
import {product, productEnv, readLines, startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {runProgram, type Ended} from '../support/program.ts';
import {expectNoRefusals} from '../support/upstream.ts';
import {codexText} from '../upstreams/codex-text.ts';

/* Codex's own configuration is borrowed and given back byte for byte, whatever kills the engine. */

const run = (home: string, codex: TestCodex, ...args: readonly string[]): Promise<Ended> =>
	runProgram(product(...args), {cwd: codex.folder, env: productEnv(home, codex.home)});

const expectDone = (ended: Ended): void => {
	expect({exitCode: ended.exitCode, stderr: ended.stderr}).toEqual({exitCode: 0, stderr: ''});
};

const setUp = async () => {
	const upstream = await startFar('upstream', codexText);
	const engine = await startEngine({codex: [upstream]});
	const codex = makeCodex({url: undefined, top: '# a comment of the user\n'});
	return {upstream, engine, codex, before: readFileSync(codex.configFile)};
};

test('switch on makes the real Codex work through the engine, switch off gives its file back', async () => {
	const {upstream, engine, codex, before} = await setUp();
	expectDone(await run(engine.home, codex, 'switch', 'on'));
	expect(readFileSync(codex.configFile, 'utf8')).toContain('# a comment of the user');
	expectUnnoticed(await codex.exec('say hi'), 'Hello from upstream.');
	expect(upstream.requests).toHaveLength(1);
	expectNoRefusals(upstream);
	expectDone(await run(engine.home, codex, 'switch', 'off'));
	expect(readFileSync(codex.configFile).equals(before)).toBe(true);
});

test('after a kill -9 of the engine, switch heal gives the file back and a new engine serves again', async () => {
	const {upstream, engine, codex, before} = await setUp();
	expectDone(await run(engine.home, codex, 'switch', 'on'));
	expectUnnoticed(await codex.exec('say hi'), 'Hello from upstream.');
	await engine.kill();
	expect(readFileSync(codex.configFile).equals(before)).toBe(false);
	expectDone(await run(engine.home, codex, 'switch', 'heal'));
	expect(readFileSync(codex.configFile).equals(before)).toBe(true);

	const next = await startEngine({codex: [upstream], home: engine.home});
	expectDone(await run(next.home, codex, 'switch', 'on'));
	expectUnnoticed(await codex.exec('resume', '--last', 'again'), 'Hello from upstream.');
	expectDone(await run(next.home, codex, 'switch', 'off'));
	expect(readFileSync(codex.configFile).equals(before)).toBe(true);
	expect((await next.finish()).ledger).toHaveLength(2);
	expectNoRefusals(upstream);
});

/** How many lines of both logs are whole JSON, and how many a kill has torn: of each log at most the one that was being written. */
const countLines = (home: string): {readonly whole: number; readonly torn: number} => {
	const lines = ['requests.jsonl', 'control_trace.jsonl'].flatMap(name => {
		const file = path.join(home, 'logs', name);
		return existsSync(file) ? readLines(file).lines : [];
	});
	const whole = lines.filter(line => parseJson(line) !== undefined).length;
	return {whole, torn: lines.length - whole};
};

test('50 kills at random moments under traffic tear no line but the one that is being written, and leave Codex’s file as it was', async () => {
	const {upstream, engine, codex, before} = await setUp();
	upstream.setScript([
		{answer: stream([message('An answer that takes a while, so that kills come in its middle.')], {gapMs: 20})},
	]);
	await engine.kill();
	for (let round = 0; round < 50; round++) {
		const next = await startEngine({codex: [upstream], home: engine.home});
		const traffic = Array.from({length: 8}, (_, index) => askOnce(next.url, `round-${round}-${index}`));
		// Every other round also kills the switch in the middle of its work.
		const interrupt = new AbortController();
		const switching = runProgram(product('switch', 'on'), {
			cwd: codex.folder,
			env: productEnv(engine.home, codex.home),
			signal: interrupt.signal,
		});
		await sleep(Math.random() * 400);
		if (round % 2 === 0) {
			interrupt.abort();
		}

		await switching;
		await next.kill();
		await Promise.all(traffic);
		expectDone(await run(engine.home, codex, 'switch', 'heal'));
		expect(readFileSync(codex.configFile).equals(before), `round ${round}`).toBe(true);
	}

	const last = await startEngine({codex: [upstream], home: engine.home});
	expect(await askOnce(last.url, 'the-end')).toContain('response.completed');
	const {ledger} = await last.finish();
	expect(ledger.at(-1)).toMatchObject({outcome: 'success', session_id: 'the-end'});
	const {whole, torn} = countLines(engine.home);
	expect(whole).toBeGreaterThan(100);
	// 51 processes were killed, each with two logs.
	expect(torn).toBeLessThanOrEqual(102);
}, 180_000);
