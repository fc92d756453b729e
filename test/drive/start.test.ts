import {mkdtempSync, readFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, test} from 'vitest';
import {firstFrame, versionMs} from '../bench/start.ts';
import {commandFile} from '../bench/subject.ts';
import {runProgram} from '../support/program.ts';

/* A8 with bounds that a busy machine keeps; `npm run bench -- --only P16,P16V` measures. What runs here is the bundle, which is what is published. */

const slack = 4;

const run = (...args: readonly string[]) =>
	runProgram([process.execPath, commandFile, ...args], {
		cwd: tmpdir(),
		env: {HOME: tmpdir(), CODEX_TUI_HOME: mkdtempSync(path.join(tmpdir(), 'codex-tui-start-'))},
	});

test('A8: the first frame stands after less than 400 ms of the thread that draws, the version after 120 ms', async () => {
	await firstFrame();
	const {cpuMs, readyMs} = await firstFrame();
	expect(cpuMs).toBeLessThan(400 * 1.5);
	expect(readyMs).toBeGreaterThan(cpuMs);
	await versionMs();
	expect(await versionMs()).toBeLessThan(120 * slack);
});

test('the bundle runs outside of its folder, says the version of package.json, and prints tables with ink-table', async () => {
	const {version}: {readonly version: string} = JSON.parse(
		readFileSync(path.join(path.dirname(commandFile), '../../package.json'), 'utf8'),
	);
	expect((await run('--version')).stdout).toContain(`codex-tui ${version} (Node `);
	const presets = await run('provider', 'presets');
	expect(presets.stderr).toBe('');
	expect(presets.stdout).toMatch(/┌─+┬[\s\S]*│ openai +│/);
});
