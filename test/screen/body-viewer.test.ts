import {describe, expect, test} from 'vitest';
import type {QueryAnswers} from '../../source/event/protocol.ts';
import {bodyLines, BodyText} from '../../source/tui/text/body-text.ts';
import {FakeLink} from '../support/fake-link.ts';
import {sampleSnapshot} from '../support/sample-screen.ts';
import {openScreen} from '../support/screen.ts';

const page = (text: string, from: number): QueryAnswers['body'] => ({
	text: text.slice(from, from + 1000),
	...{from, total: text.length, version: 1, isLive: false, isTruncated: false},
	target: {method: 'POST', path: '/v1/responses'},
});

/** A link whose bodies are long, differ in one line, and hold what a terminal must not get. */
const linkWithBodies = (): FakeLink => {
	const link = new FakeLink(sampleSnapshot(Date.now()));
	link.bodyFor = ({requestId, part, form, from = 0}) => {
		const lines = Array.from({length: 300}, (_, index) => `  "line${index}": "value ${index}",`);
		const text = [`{`, `  "part": "${part} ${form}",`, ...lines, `  "own": "${requestId}"`, '}'].join('\n');
		return page(text, from);
	};

	return link;
};

describe('the viewer of bodies', () => {
	test('reads all pages, scrolls, searches, changes part and form, and Esc closes it', async () => {
		await using screen = await openScreen({link: linkWithBodies(), columns: 100, rows: 30});
		await screen.type('3');
		await screen.type('d');
		await screen.until('Request body · indented');
		await screen.until('"part": "request pretty"');
		await screen.until(/1-\d+ of 304/);
		await screen.type('G');
		await screen.until(/"own": "req_/);
		await screen.type('g/line200\r');
		await screen.until('"line200": "value 200"');
		await screen.type('\t');
		await screen.until('Answer · indented');
		await screen.type('v');
		await screen.until('"part": "answer raw"');
		await screen.type('c');
		await screen.until('Tab request/answer');
		expect(screen.link.actions).toEqual([]);
		await screen.type('\u001B');
		await screen.until(/Requests .*of|Transcript|Conversation/);
		expect(screen.text()).not.toContain('Answer · ');
	});

	test('compares a request with the one before it in its session', async () => {
		const link = linkWithBodies();
		const rows = link.snapshot.requests.map(row => ({
			...row,
			sessionId: 's-1',
			threadId: undefined,
			kind: 'turn' as const,
		}));
		link.snapshot = {...link.snapshot, requests: rows};
		await using screen = await openScreen({link, columns: 100, rows: 30});
		await screen.type('3');
		await screen.type('dV');
		await screen.until(/\+ {2}"own": "req_/);
		const [newest, before] = rows.toReversed();
		expect(screen.text()).toContain(`+  "own": "${newest?.requestId}"`);
		expect(screen.text()).toContain(`-  "own": "${before?.requestId}"`);
	});

	test('says why there is nothing to see', async () => {
		const link = linkWithBodies();
		link.bodyFor = () => ({missing: 'The text of this request is no longer held.'});
		await using screen = await openScreen({link});
		await screen.type('3');
		await screen.type('d');
		await screen.until('The text of this request is no longer held.');
	});
});

describe('replaying a request', () => {
	test('asks which upstream and whether it may cost, and then asks the engine', async () => {
		await using screen = await openScreen({columns: 100, rows: 30});
		await screen.type('3');
		await screen.type('c');
		await screen.until('Send it once more to');
		await screen.type('\r');
		await screen.until(/Send it once more to \S+\? It costs/);
		expect(screen.link.actions).toEqual([]);
		await screen.type('y');
		await screen.until('once more and is selected');
		expect(screen.link.actions).toMatchObject([{type: 'replay-request', to: expect.stringMatching(/^codex\//)}]);
	});

	test('a read-only screen may not', async () => {
		await using screen = await openScreen({readOnly: true});
		await screen.type('3');
		await screen.type('c');
		await screen.until('read-only: it may not send requests');
	});
});

describe('the text of a body', () => {
	test('is cut to the width, whatever stands in it, and escapes are gone', () => {
		const text = new BodyText(bodyLines(`${'a'.repeat(205)}\n中文${'字'.repeat(60)}\n\u001B[31mred\u0007 \u202Ebidi`));
		const rows = text.rows(100, {top: 0, height: 20, search: ''}).map(line => line.map(part => part.text).join(''));
		expect(rows.slice(0, 3).map(row => row.length)).toEqual([100, 100, 5]);
		expect(rows.at(-1)).toBe('red bidi');
		expect(text.find(100, 'BIDI', {from: -1, step: 1})).toBe(rows.length - 1);
		expect(text.find(100, 'nowhere', {from: 0, step: 1})).toBeUndefined();
	});

	test('a megabyte in one line is laid out at once', () => {
		const text = new BodyText(bodyLines(`{"input":"${'word '.repeat(250_000)}"}`));
		const startedAtMs = performance.now();
		expect(text.count(80)).toBeGreaterThan(15_000);
		expect(performance.now() - startedAtMs).toBeLessThan(1000);
	});
});
