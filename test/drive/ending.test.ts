import {existsSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {startDrive, type Drive} from '../support/drive.ts';
import {waitUntilGone, type PtyProgram} from '../support/pty.ts';

const escape = '\u001B';

/** What is switched on must have been switched off afterwards. */
const expectRestored = ({bytes, terminal}: PtyProgram): void => {
	const written = bytes();
	for (const mode of ['?1049', '?1000', '?1006', '?2004']) {
		expect(written.lastIndexOf(`${escape}[${mode}l`), mode).toBeGreaterThan(written.lastIndexOf(`${escape}[${mode}h`));
	}

	expect(written.lastIndexOf(`${escape}[?25h`), 'cursor').toBeGreaterThan(written.lastIndexOf(`${escape}[?25l`));
	expect(terminal.buffer.active.type).toBe('normal');
};

const expectNoTrace = (screen: PtyProgram): void => {
	expect(screen.text()).not.toMatch(/^ +at |Error:|node:internal|undefined/m);
};

const start = (): Promise<Drive> => startDrive({script: 'small', columns: 80, rows: 24});

describe('the terminal is as before', () => {
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
		test(`after ${signal}`, async () => {
			const {screen} = await start();
			screen.kill(signal);
			expect(await screen.ended).toEqual({exitCode: 0, signal: 0});
			expectRestored(screen);
			expectNoTrace(screen);
			expect(screen.text().trim()).toBe('');
		});
	}

	test('after q', async () => {
		const {screen} = await start();
		screen.type('q');
		expect(await screen.ended).toEqual({exitCode: 0, signal: 0});
		expectRestored(screen);
		expect(screen.text().trim()).toBe('');
	});
});

test('SIGTERM ends a program within three seconds whose terminal has stopped reading under traffic', async () => {
	const {screen, load} = await startDrive({script: 'small', columns: 200, rows: 60, args: ['--fps', '30']});
	const samples = load(50, 5);
	await screen.until(/5m \d+%/);
	screen.stall();
	// The kernel's buffer is full after a few frames.
	await new Promise(resolve => setTimeout(resolve, 1500));
	const startedMs = performance.now();
	screen.kill('SIGTERM');
	await waitUntilGone(screen.pid);
	expect(performance.now() - startedMs).toBeLessThan(3000);
	screen.goOn();
	expect(await screen.ended).toEqual({exitCode: 0, signal: 0});
	await samples;
	expectNoTrace(screen);
});

test('a window that is closed ends the program in order: its home is free for the next one', async () => {
	const {screen, home} = await start();
	screen.hangUp();
	await waitUntilGone(screen.pid);
	expect(existsSync(path.join(home, 'lock.json'))).toBe(false);
});
