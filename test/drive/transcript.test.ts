import {describe, expect, test} from 'vitest';
import {startDrive} from '../support/drive.ts';
import {poll} from '../support/poll.ts';
import type {PtyProgram} from '../support/pty.ts';
import {expectWholeFrame} from '../support/whole-frame.ts';
import {sections} from './long-answer.ts';

const pageDown = '\u001B[6~';
const pageUp = '\u001B[5~';

const keyMs = 100;
/** The fastest answer of so many counts: a busy machine delays some of them by more than the whole limit. */
const rounds = 4;

/** A key, what it leads to, and how long each answer took. */
interface Answered {
	readonly key: string;
	readonly wanted: RegExp;
	readonly tookMs: number[];
}

/** The number of a step that is on the screen, or 0. */
const stepOn = ({text}: PtyProgram): number => Number(/(?:Step |worker |第|waitMs_)(\d+)/.exec(text())?.[1] ?? 0);

describe('a conversation of more than 5,000 lines', () => {
	for (const [columns, rows] of [
		[80, 24],
		[160, 48],
	] as const) {
		test(
			`is followed while it comes, and read from its last line to its first at ${columns}x${rows}`,
			{timeout: 30_000},
			async () => {
				const {screen, load} = await startDrive({script: 'long', columns, rows});
				const answered = load(1, 1);
				screen.type('3');
				await screen.until(/Transcript.*follow/);
				// It is followed: while it streams, later steps come by themselves.
				const early = await poll('a first step', () => stepOn(screen) || undefined);
				await poll('a later step', () => (stepOn(screen) > early ? true : undefined));
				expect(stepOn(screen)).toBeLessThan(sections);
				expect(await answered).toMatchObject([{status: 200}]);
				await screen.until('THE LAST LINE of a long answer: おわり.');
				await expectWholeFrame(screen);

				screen.type('\tz');
				await screen.until(/Transcript[\s\S]*THE LAST LINE/);
				const keys: Answered[] = [
					{key: 'g', wanted: /rules You are Codex/, tookMs: []},
					{key: 'G', wanted: /THE LAST LINE/, tookMs: []},
					{key: pageUp, wanted: /\d\d% ─/, tookMs: []},
					{key: pageDown, wanted: /THE LAST LINE/, tookMs: []},
				];
				for (let round = 0; round < rounds; round++) {
					for (const {key, wanted, tookMs} of keys) {
						screen.type(key);
						tookMs.push(await screen.until(wanted));
						expect(screen.text().includes('THE LAST LINE')).toBe(wanted.source === 'THE LAST LINE');
					}
				}

				for (const {key, tookMs} of keys) {
					expect(Math.min(...tookMs), `${key}: ${tookMs.join(' ')}`).toBeLessThan(keyMs);
				}

				screen.type('z');
				await screen.until(/Requests[\s\S]*Transcript/);
				await expectWholeFrame(screen);
			},
		);
	}
});
