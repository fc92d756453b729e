import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {percentile, startDrive, type Drive, type LoadSample} from '../support/drive.ts';
import {expectWholeFrame} from '../support/whole-frame.ts';

const rate = 200;
const warmUpSeconds = 3;
const busySeconds = 5;
const stalledSeconds = 5;
const lastSeconds = 2;

/** One second of the drive. */
interface Window {
	readonly endedAtMs: number;
	readonly loopP99Ms: number;
}

const watch = async (drive: Drive, seconds: number): Promise<readonly Window[]> => {
	const windows: Window[] = [];
	for (let second = 0; second < seconds; second++) {
		await sleep(1000);
		windows.push({loopP99Ms: await drive.readLoopP99Ms(), endedAtMs: Date.now()});
	}

	return windows;
};

const round = (value: number): number => Math.round(value * 10) / 10;

/** What the seconds were like; `worstMs` is the slowest first byte of each. */
const figuresOf = (samples: readonly LoadSample[], windows: readonly Window[]) => {
	const ttfbs = windows.map(({endedAtMs}) =>
		samples
			.filter(({sentAtMs}) => sentAtMs > endedAtMs - 1000 && sentAtMs <= endedAtMs)
			.map(({ttfbMs}) => round(ttfbMs)),
	);
	return {
		loopP99Ms: windows.map(({loopP99Ms}) => loopP99Ms),
		ttfbP50Ms: percentile(ttfbs.flat(), 0.5),
		ttfbP99Ms: percentile(ttfbs.flat(), 0.99),
		worstMs: ttfbs.map(values => Math.max(...values)),
	};
};

test(
	'the engine keeps its pace under 200 requests a second, while 200x60 are drawn 30 times a second and while the terminal reads nothing',
	// A second try, for a machine on which somebody else compiles all the time; the limits themselves stay what they are.
	{timeout: 40_000, retry: 1},
	async () => {
		const drive = await startDrive({script: 'small', columns: 200, rows: 60, args: ['--fps', '30']});
		const {screen} = drive;
		const load = drive.load(rate, warmUpSeconds + busySeconds + stalledSeconds + lastSeconds);
		// The first seconds are the compiler's: a proxy that has just started is not what the figures are about.
		await sleep(warmUpSeconds * 1000);
		const bytesBefore = screen.bytes().length;
		const busyWindows = await watch(drive, busySeconds);
		const drawnKb = (screen.bytes().length - bytesBefore) / 1024;
		screen.stall();
		await sleep(50);
		const bytesAtStall = screen.bytes().length;
		const stalledWindows = await watch(drive, stalledSeconds);
		expect(screen.bytes().length, 'the terminal was read').toBe(bytesAtStall);
		screen.goOn();
		const samples = await load;
		await screen.until(/ 0 live/);
		await expectWholeFrame(screen);
		const busy = figuresOf(samples, busyWindows);
		const stalled = figuresOf(samples, stalledWindows);
		const figures = JSON.stringify({busy, stalled, drawnKbPerSecond: Math.round(drawnKb / busySeconds)});
		process.stderr.write(`${figures}\n`);
		expect(samples.filter(({status}) => status !== 200)).toEqual([]);
		expect(samples).toHaveLength(rate * (warmUpSeconds + busySeconds + stalledSeconds + lastSeconds));
		// A screen that draws nothing would make this easy.
		expect(drawnKb / busySeconds, figures).toBeGreaterThan(20);
		// Medians of the seconds' figures: a neighbour on the same two cores can still spoil a second or two for everybody.
		expect(percentile(busy.loopP99Ms, 0.5), figures).toBeLessThanOrEqual(10);
		expect(percentile(stalled.loopP99Ms, 0.5), figures).toBeLessThanOrEqual(10);
		expect(percentile(stalled.worstMs, 0.5), figures).toBeLessThanOrEqual(percentile(busy.worstMs, 0.5) + 50);
		expect(stalled.ttfbP50Ms, figures).toBeLessThanOrEqual(busy.ttfbP50Ms + 10);
	},
);
