import {describe, expect, test} from 'vitest';
import {widthOf} from '../../source/base/text-width.ts';
import {frameLines} from '../../source/tui/frame/frame.ts';
import {languages} from '../../source/tui/language/words.ts';
import {withPicker} from '../../source/tui/store/picker.ts';
import type {PaneName, ScreenState} from '../../source/tui/store/screen-state.ts';
import {plainOf} from '../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../source/tui/theme/glyphs.ts';
import {FakeLink} from '../support/fake-link.ts';
import {FakeSessions, firstThread} from '../support/sample-sessions.ts';
import {sampleSnapshot} from '../support/sample-screen.ts';
import {sampleState} from '../support/sample-state.ts';
import {openScreen, type ScreenSetup} from '../support/screen.ts';

const linesOf = (state: ScreenState): readonly string[] => frameLines(state, unicodeGlyphs).map(plainOf);

const focusing = (pane: PaneName, selectedKey: string): ScreenState => {
	const state = sampleState('full', 'sessions', [260, 60]);
	return {
		...state,
		focus: {...state.focus, sessions: pane},
		lists: {...state.lists, sessions: {selectedKey, filter: ''}},
	};
};

describe('the page Sessions as lines', () => {
	const sizes = [60, 80, 100, 120, 160, 200].flatMap(columns => [15, 24, 48].map(rows => [columns, rows] as const));

	test.each(sizes)('fills %ix%i exactly in both languages, with and without data, with a picker', (columns, rows) => {
		for (const language of languages) {
			for (const fill of ['full', 'empty'] as const) {
				const state = {...sampleState(fill, 'sessions', [columns, rows]), language};
				const picking = withPicker(state, {
					title: '选择 model',
					other: 'as typed',
					choices: Array.from({length: 30}, (_, at) => ({
						value: `${at}`,
						label: `模型-${at}`,
						about: 'x'.repeat(at * 9),
					})),
					choose: () => undefined,
				});
				for (const lines of [linesOf(state), linesOf(picking)]) {
					expect(lines).toHaveLength(rows);
					expect(lines.filter(line => widthOf(line) !== columns)).toEqual([]);
					expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object/);
				}
			}
		}
	});

	test('the detail tells why, what was changed, and where client and ledger differ', () => {
		const text = linesOf(focusing('detail', firstThread)).join('\n');
		expect(text).toMatch(/pin +only relay-a serves it, until \d\d:/);
		expect(text).toMatch(/next goes to openai/);
		expect(text).toMatch(/tied to +relay-a since .* failover after status 503/);
		expect(text).toMatch(/ledger +41 requests, 785K tokens/);
		expect(text).toMatch(/client says +1.20M tokens, 880K of them read from the cache/);
		expect(text).toMatch(/the proxy saw 63% of the client's tokens/);
		expect(text).toMatch(/cost +\$0.61 by the ledger/);
		expect(text).toContain('$0.92 at list prices');
		expect(text).toMatch(/errors +2 at the proxy, 0 shown by the client/);
		expect(text).toContain('rollout-2026-11-21');
	});

	test('an override is marked in the row and told with what the client asks', () => {
		const text = linesOf(focusing('detail', '5b20aaaa-0000-7000-8000-00000000009d')).join('\n');
		expect(text).toMatch(/gpt-5\.5\* +xhigh\*/);
		expect(text).toContain('model gpt-5.5 (client: 通义千问-3-coder)');
		expect(text).toContain('effort xhigh (client: high)');
		expect(text).toContain('deep, applied by hand');
	});

	test('faults of a file are told in sentences', () => {
		const cut = linesOf(focusing('detail', '01a80000-0000-7000-8000-0000000000d4')).join('\n');
		expect(cut).toContain('the file ends in the middle of a line');
		expect(cut).toContain('30 MiB between were not');
		const unknown = linesOf(focusing('detail', '01a80000-0000-7000-8000-0000000000c3')).join('\n');
		expect(unknown).toContain('of a version that is not known here');
	});

	test('without records of the clients the page says why', () => {
		expect(linesOf(sampleState('empty', 'sessions', [260, 24])).join('\n')).toContain(
			'this engine runs elsewhere, or in a demo',
		);
	});
});

const open = async (setup: Partial<ScreenSetup> = {}) => {
	const nowMs = Date.now();
	const link = new FakeLink(sampleSnapshot(nowMs));
	const sessions = new FakeSessions(nowMs);
	const screen = await openScreen({link, sessionsLink: sessions, columns: 120, rows: 30, ...setup});
	await screen.type('2');
	await screen.until('Mend the flaky');
	await screen.until('◆relay-a');
	return {screen, link, sessions};
};

describe('on a terminal', () => {
	test('Enter on a thread that the engine never saw shows its conversation out of the file, Esc leads back', async () => {
		const {screen, sessions} = await open();
		await using _ = screen;
		await screen.type('/title:会议\r');
		await screen.until('1 of 9');
		await screen.type('\r');
		await screen.until(/Transcript · session 77e0[\s\S]*77e0aa00-1111-4000-8000-000000000012\?/);
		expect(sessions.asked[0]).toBe('77e0aa00-1111-4000-8000-000000000012');
		await screen.type('\u001B');
		await screen.until(/began with +把会议记录整理成要点/);
	});

	test('m, typed letters and Enter override the model, u takes it back', async () => {
		const {screen, link} = await open();
		await using _ = screen;
		await screen.type('m');
		await screen.until('Model of 01a9e3f0-7..7c');
		await screen.type('5.5\r');
		await screen.until('From its next request on the session asks for model gpt-5.5.');
		await screen.type('u');
		await screen.until('Taken back: "From its next request on');
		await screen.type('u');
		await screen.until('There is nothing to undo.');
		expect(link.actions).toMatchObject([{fields: {model: 'gpt-5.5'}}, {fields: {model: null}}]);
	});

	test('what the engine refuses is said, and leaves nothing to undo', async () => {
		const {screen, link} = await open();
		await using _ = screen;
		link.refusal = 'The engine is busy with something else.';
		await screen.type('evx\u0015xh\r');
		await screen.until('The engine is busy with something else.');
		link.refusal = undefined;
		await screen.type('u');
		await screen.until('There is nothing to undo.');
	});

	test('a hides what only files know, and says so; read-only says why nothing is changed', async () => {
		const {screen} = await open({readOnly: true});
		await using _ = screen;
		await screen.type('a');
		await screen.until(/^(?![\s\S]*Copernicus)/);
		await screen.type('a');
		await screen.until('Copernicus');
		await screen.type('m');
		await screen.until('read-only: it may not change sessions');
	});
});
