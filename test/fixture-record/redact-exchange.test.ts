import {expect, test} from 'vitest';
import {redactExchange, unfoldExchange, type ArrivedRequest} from './redact-exchange.ts';
import {versionFolder, versionIn} from './write-exchange.ts';

const places = {homes: '/srv/repo/test/output/e2e', root: '/srv/repo', clients: '/srv/clients'};
const session = '01a1fd64-3b56-7071-87fc-c1140f430da4';
const other = '5b1f4c7e-1111-4222-8333-444455556666';

const arrived = (parsed: unknown, headers: ArrivedRequest['headers'] = {}): ArrivedRequest => ({
	method: 'POST',
	path: '/v1/responses',
	headers,
	parsed,
});

const bodyOf = (parsed: unknown): unknown => redactExchange([arrived(parsed)], places)[0]?.body;

test('no header with a credential keeps its value, and those of the connection are gone', () => {
	const headers = {
		authorization: 'Bearer very-secret',
		'x-api-key': 'very-secret',
		'x-codex-tui-token': 'very-secret',
		cookie: 'very-secret',
		host: '127.0.0.1:4711',
		'content-length': '7',
		accept: 'text/event-stream',
		'anthropic-beta': 'context-1m-2025-08-07',
	};
	expect(redactExchange([arrived(undefined, headers)], places)[0]?.headers).toEqual({
		authorization: 'redacted',
		'x-api-key': 'redacted',
		'x-codex-tui-token': 'redacted',
		cookie: 'redacted',
		accept: 'text/event-stream',
		'anthropic-beta': 'context-1m-2025-08-07',
	});
});

test('an id is the same wherever it stands, and different ids stay different', () => {
	const requests = [arrived({a: session, b: `x ${other} ${session}`}), arrived({c: other})];
	const [first, second] = redactExchange(requests, places);
	expect(first?.body).toEqual({
		a: '00000000-0000-7000-8000-000000000001',
		b: 'x 00000000-0000-7000-8000-000000000002 00000000-0000-7000-8000-000000000001',
	});
	expect(second?.body).toEqual({c: '00000000-0000-7000-8000-000000000002'});
	const call = `call_${'0f'.repeat(16)}1`;
	expect(bodyOf([call, call, `rs_${'0f'.repeat(16)}2`])).toEqual(['call_1', 'call_1', 'rs_2']);
});

test.each([
	['the home of a run', '/srv/repo/test/output/e2e/codex-aB1_x9/work/a.png', '/home/ana/work/a.png'],
	['its name with dashes', 'projects/-srv-repo-test-output-e2e-claude-aB1x9-work/', 'projects/-home-ana-work/'],
	['the repository and the clients', '/srv/repo/x /srv/clients/y', '/opt/project/x /opt/project/y'],
	['a date and a moment', 'Today is 2026-11-21, 2026-11-21T17:05:59.123Z', 'Today is 2026-01-01, 2026-01-01T00:00:00Z'],
	['a commit', 'a0'.repeat(20), '0'.repeat(40)],
	['a port', 'http://127.0.0.1:45123/v1', 'http://127.0.0.1:1/v1'],
	[
		'how long a command took',
		'Chunk ID: 1f2e3d\nWall time: 0.0123 seconds',
		'Chunk ID: 000000\nWall time: 0.0 seconds',
	],
	[
		'the state of the repository around it',
		'This is the git status at the start of the conversation. Secret branch',
		'This is the git status at the start of the conversation.',
	],
])('%s is replaced', (_, text, expected) => {
	expect(bodyOf({text})).toEqual({text: expected});
});

test('of a long text its beginning and its length stay; what a client keeps as JSON in a text is never cut', () => {
	const long = JSON.stringify({session_id: session, note: 'x'.repeat(300)});
	expect(bodyOf({text: 'x'.repeat(300)})).toEqual({text: `${'x'.repeat(80)}…[300 chars]`});
	expect(bodyOf({client_metadata: {z: 'z', a: long}})).toEqual({
		client_metadata: {a: long.replace(session, '00000000-0000-7000-8000-000000000001'), z: 'z'},
	});
});

test('tools that a request repeats are kept once, and are there again when it is read', () => {
	const tools = [{name: 'f'}];
	const exchange = redactExchange([arrived({tools}), arrived({tools}), arrived({tools: []})], places);
	expect(exchange.map(({body}) => body)).toEqual([{tools}, {tools: 'as in the request before'}, {tools: []}]);
	expect(unfoldExchange(exchange).map(({body}) => body)).toEqual([{tools}, {tools}, {tools: []}]);
});

test('a version’s folder is named by its numbers without zeros at the end', () => {
	expect(versionFolder('codex', versionIn('codex-cli 0.169.0\n'))).toBe('codex-0.169');
	expect(versionFolder('claude', versionIn('2.1.197 (Claude Code)\n'))).toBe('claude-2.1.197');
	expect(() => versionIn('no idea')).toThrow('names no version');
});
