import {expect, test} from 'vitest';
import {startDrive} from '../support/drive.ts';
import {runProgram} from '../support/program.ts';
import {root} from '../support/scratch.ts';
import {expectWholeFrame} from '../support/whole-frame.ts';

test('the page Usage counts requests as they end, and the command prints the same', {timeout: 60_000}, async () => {
	const {screen, home, load} = await startDrive({script: 'small', columns: 120, rows: 40});
	screen.type('7');
	await screen.until('No request in this time.');
	const first = await load(10, 2);
	await screen.until(new RegExp(`✔ ${first.length} ok`));
	const second = await load(10, 1);
	const all = first.length + second.length;
	await screen.until(new RegExp(`✔ ${all} ok`));
	await screen.until(new RegExp(`▸ upstream +${all} +100%`));
	await expectWholeFrame(screen);
	screen.type('v');
	await screen.until('By model');
	screen.resize(60, 15);
	await screen.until(new RegExp(`│ ${all} requests +100% ok`));
	await expectWholeFrame(screen);
	const {stdout, exitCode} = await runProgram([process.execPath, 'dist/cli.js', 'usage', '--csv'], {
		cwd: root,
		env: {CODEX_TUI_HOME: home, HOME: home},
	});
	expect(exitCode).toBe(0);
	expect(stdout).toContain(`\nupstream,codex,${all},${all},`);
});
