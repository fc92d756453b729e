import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {startDrive} from '../support/drive.ts';
import {expectWholeFrame} from '../support/whole-frame.ts';

/** From the smallest to a large one and back, among them some that are too small for a page. */
const sizes: ReadonlyArray<readonly [columns: number, rows: number]> = [
	...Array.from({length: 10}, (_, step) => [60 + step * 15, 15 + step * 5] as const),
	[40, 10],
	[200, 60],
	[59, 15],
	[60, 14],
	[120, 40],
	[80, 24],
	[199, 15],
	[60, 60],
	[20, 5],
	[160, 48],
];

test('a storm of twenty sizes under traffic leaves one whole frame and disturbs no request', async () => {
	const {screen, load} = await startDrive({script: 'small', columns: 80, rows: 24});
	const samples = load(50, 3);
	await screen.until(/5m \d+%/);
	for (const [columns, rows] of sizes) {
		screen.resize(columns, rows);
		await sleep(40);
	}

	await screen.until(/codex-tui +● ok.*5m 100%/);
	await screen.until(/ 0 live/);
	await expectWholeFrame(screen);
	expect((await samples).filter(({status}) => status !== 200)).toEqual([]);
	screen.resize(59, 15);
	// Nothing of the page before stands around the notice.
	await screen.until(/^codex-tui\nneeds 60x15,\nhas 59x15\.\nThe proxy goes on\.\nEnlarge, or q quits\.\s*$/);
	screen.resize(60, 15);
	await screen.until(/q quit/);
	await expectWholeFrame(screen);
});
