import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import {FakeLink} from '../support/fake-link.ts';
import {sampleIncidents, sampleSessions, sampleSnapshot} from '../support/sample-screen.ts';
import {sampleTranscript} from '../support/sample-transcript.ts';
import {openScreen, type TestScreen} from '../support/screen.ts';

const escape = '\u001B';

/** Where the marker of the focused list stands: the text of its row. */
const markedRows = (screen: TestScreen): readonly string[] => screen.lines().filter(line => line.includes('▸'));

describe('a screen on a real terminal', () => {
	test('has all of its first row where keys were typed, and echoed, before it was there', async () => {
		await using screen = await openScreen({typedBefore: 'jjo'});
		await screen.until('relay-a');
		expect(screen.lines()[0]).toMatch(/^ codex-tui /);
		expect(screen.lines()[1]).toMatch(/^ {2}0 Dash/);
	});

	test('takes the alternate buffer, and gives buffer, cursor and mouse back when it ends', async () => {
		const screen = await openScreen();
		expect(screen.output.terminal.buffer.active.type).toBe('alternate');
		expect(screen.output.bytes).toContain(`${escape}[?1000h`);
		await screen.running.close();
		await screen.running.done;
		const after = screen.output.bytes;
		for (const [on, off] of [
			['?1049h', '?1049l'],
			['?1000h', '?1000l'],
			['?1006h', '?1006l'],
			['?2004h', '?2004l'],
			['?25l', '?25h'],
		] as const) {
			expect(after.lastIndexOf(`${escape}[${off}`), off).toBeGreaterThan(after.lastIndexOf(`${escape}[${on}`));
		}

		expect(screen.output.terminal.buffer.active.type).toBe('normal');
	});

	test('takes jjj in one chunk as three moves', async () => {
		await using screen = await openScreen();
		await screen.type('1');
		await screen.until('pin     ');
		await screen.type('jjj');
		await screen.until(/▸ +\S+ 中转站-东京/);
		await screen.type('k');
		await screen.until(/▸ +\S+ openai/);
	});

	test('pins the selected upstream with o, says what the next request does, and lets go with a second o', async () => {
		await using screen = await openScreen();
		await screen.type('1jjo');
		await screen.until('The next codex request goes to openai.');
		expect(screen.link.actions.at(-1)).toEqual({
			type: 'pin',
			service: 'codex',
			endpointKey: 'codex/openai/default',
			mode: 'only',
		});
		await screen.until(/codex-tui.*route openai ◆ only/);
		await screen.until(/ openai .*◆ only/);
		await screen.type('0');
		await screen.until(/ openai .*◆ only/);
		await screen.type('o');
		await screen.until('no longer pinned');
		expect(screen.link.actions.at(-1)).toEqual({type: 'unpin', service: 'codex'});
	});

	test('says why an upstream cannot be switched: refused, disabled, read-only', async () => {
		await using screen = await openScreen();
		screen.link.refusal = 'The engine is stopping; start it again first.';
		await screen.type('1O');
		await screen.until('The engine is stopping');
		await screen.type('jjjjo');
		await screen.until('local-vllm is disabled');
		await using readOnly = await openScreen({readOnly: true});
		await readOnly.type('o');
		await readOnly.until('read-only');
		expect(readOnly.link.actions).toEqual([]);
	});

	test('Esc goes one step up each time and never leaves', async () => {
		await using screen = await openScreen();
		await screen.type('1');
		await screen.type('3');
		await screen.type('\r');
		await screen.type('z');
		await screen.type('?');
		await screen.until('Esc close');
		const steps = ['Transcript', 'Requests', 'Requests', 'pin  ', 'Sessions'];
		for (const shown of steps) {
			await screen.type(escape);
			await sleep(80);
			await screen.until(shown);
		}

		await screen.type(escape);
		await sleep(150);
		expect(screen.quits()).toBe(0);
		expect(screen.text()).toContain('Incidents');
	});

	test('filters with words and fields, says n of m, and names an unknown field', async () => {
		await using screen = await openScreen();
		await screen.type('3');
		await screen.type('/status>=500');
		await screen.until('4 of 40');
		await screen.type('\r');
		await screen.until('4 of 40 shown');
		await screen.type('/\u0015colour:red');
		await screen.until('There is no field "colour"');
		await screen.type(escape);
		await sleep(100);
		await screen.until('4 of 40 shown');
		await screen.type(escape);
		await screen.until(/follow ▲ {2}40/);
	});

	test('asks before it leaves while requests are live, and q then y leaves', async () => {
		await using screen = await openScreen();
		await screen.type('q');
		await screen.until('1 request is live and would be cut. Quit?');
		await screen.type('n');
		await screen.until('engine');
		expect(screen.quits()).toBe(0);
		await screen.type('q');
		await screen.type('y');
		expect(screen.quits()).toBe(1);
	});

	test('leaves one frame after a storm of sizes', async () => {
		await using screen = await openScreen();
		for (let index = 0; index < 20; index++) {
			screen.resize(50 + index * 7, 12 + index * 2);
			await sleep(5);
		}

		screen.resize(90, 30);
		await screen.until('q quit');
		await sleep(150);
		const text = screen.text();
		expect(text.match(/codex-tui/g)?.length).toBe(1);
		expect(text.match(/╭/g)?.length).toBe(4);
		expect(screen.lines()[0]).toContain('codex-tui');
		expect(screen.lines()[29]).toContain('q quit');
	});

	test('keeps wide characters in two cells and the frame in line', async () => {
		await using screen = await openScreen();
		const row = screen.lines().findIndex(line => line.includes('中转站'));
		const column = Array.from({length: 80}, (_, x) => x).find(x => screen.cell(x, row)?.getChars() === '中') ?? -1;
		expect(screen.cell(column, row)?.getWidth()).toBe(2);
		expect(screen.cell(79, row)?.getChars()).toBe('│');
	});

	test('follows new requests until a move, and again after g', async () => {
		await using screen = await openScreen();
		await screen.type('3');
		const start = (requestId: string): void =>
			screen.link.push({
				type: 'request-start',
				requestId,
				atMs: Date.now() + 5000,
				method: 'POST',
				path: '/v1/x',
				bodyBytes: 1,
			});
		await screen.until('follow ▲');
		start('req_new_1');
		await screen.until(/ 41 ─+╮/);
		await screen.type('j');
		await screen.until(/Requests ─+ 41/);
		const marked = markedRows(screen);
		start('req_new_2');
		await screen.until(/ 42 ─+╮/);
		expect(markedRows(screen).map(line => line.slice(0, 30))).toEqual(marked.map(line => line.slice(0, 30)));
		expect(screen.text()).not.toContain('follow ▲');
		await screen.type('g');
		await screen.until('follow ▲');
	});

	test.each([
		[80, 24],
		[160, 48],
	])('scrolls a conversation of more than 5,000 lines to its last line at %ix%i', async (columns, rows) => {
		const link = new FakeLink(sampleSnapshot(Date.now()), sampleTranscript('req', 600));
		await using screen = await openScreen({columns, rows, link});
		await screen.type('3');
		await screen.until('the last line of the conversation');
		await screen.type('\r');
		await screen.type('g');
		await screen.until('(turn 1)');
		for (let pages = 0; pages < 60; pages++) {
			await screen.type(`${escape}[6~`.repeat(20));
			if (screen.text().includes('the last line of the conversation')) {
				break;
			}
		}

		await screen.until('the last line of the conversation');
		await screen.until('follow ▼');
		await screen.type('k');
		await screen.until('99%');
		expect(screen.text()).not.toContain('follow ▼');
	});

	test('scrolls with the wheel what is under the pointer, and a click selects a row and shows a tab', async () => {
		await using screen = await openScreen();
		await screen.type('3');
		await screen.type(`${escape}[<64;10;16M`);
		await screen.until(/Transcript/);
		await screen.type(`${escape}[<0;20;7`);
		await screen.type('M');
		expect(markedRows(screen)[0]).toContain('claude-opus');
		await screen.type(`${escape}[<0;10;2M`);
		await screen.until('pin     ');
	});

	test('Enter on a session shows its requests and the conversation of the whole session', async () => {
		const link = new FakeLink(sampleSnapshot(Date.now()), sampleTranscript('req', 3));
		await using screen = await openScreen({link});
		await screen.type('\tj\r');
		await screen.until('filter /session:5b20aaaa');
		await screen.type('\u001B');
		await sleep(120);
		await screen.until(/Transcript · session 01a9e/);
		expect(link.queries.findLast(({type}) => type === 'transcript')).toMatchObject({
			of: {sessionId: sampleSessions(0)[0]?.sessionId},
		});
	});

	test('an engine that restarts is named at once', async () => {
		await using screen = await openScreen();
		screen.link.push({type: 'engine-restarting', atMs: Date.now(), inMs: 500, restarts: 1, reason: 'it crashed'});
		await screen.until('starts again; requests wait');
		expect(screen.lines()[0]).toContain('restarting');
	});

	test('a function key shows its page', async () => {
		await using screen = await openScreen();
		await screen.type(`${escape}[15~`);
		await screen.until('DECISION');
	});

	test('asks for a new snapshot after a hole or a drop, and shows what it says', async () => {
		await using screen = await openScreen();
		const asked = (): number => screen.link.queries.filter(({type}) => type === 'snapshot').length;
		expect(asked()).toBe(1);
		const incidents = sampleIncidents(Date.now()).map(incident => ({
			...incident,
			title: 'a thing that events never told',
		}));
		screen.link.snapshot = {...screen.link.snapshot, incidents};
		screen.link.pushBatch({dropped: 0, skip: 3}, []);
		await screen.until('a thing that events never told');
		expect(asked()).toBe(2);
		screen.link.pushBatch({dropped: 7, skip: 0}, []);
		await sleep(100);
		expect(asked()).toBe(3);
	});

	test('says since when the engine is silent, and recovers', async () => {
		const link = new FakeLink(sampleSnapshot(Date.now()));
		await using screen = await openScreen({link});
		link.isSilent = true;
		link.pushBatch({dropped: 1, skip: 0}, []);
		await screen.until('the connection is closed');
		link.isSilent = false;
		await screen.until(/degraded/);
	});

	test('draws nothing while the terminal does not read, and the newest state when it reads again', async () => {
		await using screen = await openScreen();
		screen.output.isStalled = true;
		for (let index = 0; index < 20; index++) {
			await screen.type('j');
		}

		expect(screen.output.writableLength).toBeLessThan(64_000);
		screen.output.goOn();
		await screen.until(/▸ +\S+ (azure-eu|spare) /);
	});
});
