import {randomBytes} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {call, startEngine, turn, type RunningEngine} from '../support/running-engine.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {playStream, rawRequest, sendRaw, startFarEnd, wholeAnswer, type RawFarEnd} from '../support/raw-http.ts';

/* What crosses the engine in either direction and what must not: SEC-06, SEC-07, SEC-10, SEC-12. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const key = `sk-upstream-${randomBytes(12).toString('hex')}`;
const headerSecret = `tenant-${randomBytes(12).toString('hex')}`;
const body = JSON.stringify(turn);

let far: RawFarEnd;
let passing: RawFarEnd;
let engine: RunningEngine;

beforeAll(async () => {
	far = await startFarEnd(playStream(stream));
	passing = await startFarEnd(playStream(stream));
	engine = await startEngine({
		providers: [
			{name: 'a', url: far.url, key, extra: `headers = {"x-tenant" = "${headerSecret}"}`},
			{name: 'c', url: passing.url, service: 'claude', extra: 'dialect = "messages"\nrequires_openai_auth = true'},
		],
	});
});

afterAll(async () => {
	await engine[Symbol.asyncDispose]();
	await far[Symbol.asyncDispose]();
	await passing[Symbol.asyncDispose]();
});

type Headers = ReadonlyArray<readonly [string, string]>;

const headersWith = (extra: Headers = [], host = `127.0.0.1:${engine.port}`): Headers => [
	['host', host],
	['content-type', 'application/json'],
	['x-codex-tui-token', engine.token],
	...extra,
];

const post = (extra: Headers = [], target = '/v1/responses') =>
	sendRaw(engine.port, rawRequest(`POST ${target}`, headersWith(extra), body), {
		until: text => text.endsWith('\r\n0\r\n\r\n') || /content-length: \d+\r\n[^]*\r\n\r\n[^]+$/i.test(text),
	});

describe('SEC-06 SEC-10 what goes upstream', () => {
	test('SEC-06 is exactly this set of headers', async () => {
		await post([
			['authorization', 'Bearer sk-client-own'],
			['x-api-key', 'sk-client-own'],
			['cookie', 'session=1'],
			['x-codex-tui-anything', '1'],
			['proxy-authorization', 'Basic eDp5'],
			['proxy-connection', 'keep-alive'],
			['chatgpt-account-id', 'acc-1'],
			['openai-organization', 'org-1'],
			['openai-project', 'proj-1'],
			['connection', 'keep-alive, X-Hop-One'],
			['connection', 'x-hop-two'],
			['x-hop-one', '1'],
			['x-hop-two', '2'],
			['keep-alive', 'timeout=5'],
			['te', 'trailers'],
			['trailer', 'x-sum'],
			['accept-encoding', 'gzip, br'],
			['x-codex-turn-state', 'never-issued'],
			['openai-beta', 'responses=experimental'],
			['session-id', 'session-6'],
			['user-agent', 'codex_exec/0.169.0'],
		]);
		const arrival = far.arrivals.at(-1);
		const lines = (arrival?.head ?? '').split('\r\n').slice(1).toSorted();
		expect(lines).toEqual(
			[
				'accept-encoding: identity',
				`authorization: Bearer ${key}`,
				'connection: keep-alive',
				`content-length: ${body.length}`,
				'content-type: application/json',
				`host: 127.0.0.1:${far.port}`,
				'openai-beta: responses=experimental',
				'session-id: session-6',
				'session_id: session-6',
				'thread-id: session-6',
				'user-agent: codex_exec/0.169.0',
				'x-session-id: session-6',
				`x-tenant: ${headerSecret}`,
			].toSorted(),
		);
		expect(arrival?.body.toString()).toBe(body);
	});

	test('SEC-06 a provider marked for the client’s login gets it, but never the local token in any header', async () => {
		await post(
			[
				['authorization', `Bearer ${engine.token}`],
				['x-api-key', 'client-key'],
			],
			'/v1/messages',
		);
		const head = passing.arrivals.at(-1)?.head ?? '';
		expect(head).toContain('x-api-key: client-key');
		expect(head).not.toContain(engine.token);
		expect(head).not.toContain('authorization');
	});

	const values = ['emoji 🦊', 'tab\there', 'C1 \u0085 and é', '"quotes" \\ and %0d%0a', '__proto__'];
	test.each(values)('SEC-10 the value %j in session-id and in the model is no fault of ours', async value => {
		const headers: Headers = [['session-id', Buffer.from(value).toString('latin1')]];
		const sent = Buffer.from(JSON.stringify({...turn, model: `m ${value}\r\nx-evil: 1\u0000`})).toString('latin1');
		const request = rawRequest('POST /v1/responses', headersWith(headers), sent);
		const answer = await sendRaw(engine.port, request, {until: text => text.endsWith('0\r\n\r\n')});
		expect(answer.status).toBe(200);
		expect(far.arrivals.at(-1)?.head).not.toMatch(/x-evil/);
	});

	const broken = ['a\rb', 'a\nb', 'a\r\nx-evil: 1', 'a\u0000b'];
	test.each(broken)('SEC-10 the value %j in a header cannot add one', async value => {
		const before = far.arrivals.length;
		const answer = await post([['session-id', value]]);
		const isTwoHeaders = value.includes('\r\n');
		expect(answer.status).toBe(isTwoHeaders ? 200 : 400);
		expect(far.arrivals.length - before).toBe(isTwoHeaders ? 1 : 0);
	});
});

test('SEC-12 a configured header that is no secret hides no word and no header of an answer', async () => {
	const json = wholeAnswer(200, '{"ok":true}', {'x-note': 'anthropic-beta: tools-2026-01-01, application/json'});
	await using plain = await startFarEnd(({socket}) => socket.write(json));
	const extra =
		'headers = {accept = "application/json", "anthropic-beta" = "tools-2026-01-01", "x-title" = "codex-tui"}';
	await using own = await startEngine({providers: [{name: 'a', url: plain.url, key, extra}]});
	const answer = await call(own, {client: 'sdk', body: {model: 'm'}});
	expect(answer.headers['content-type']).toBe('application/json');
	expect(answer.headers['x-note']).toContain('tools-2026-01-01');
	expect((await call(own, {path: '/v1/nothing'})).text).toContain('codex-tui: /v1/nothing is not served here');
});

describe('SEC-07 SEC-12 an upstream that tells our key', () => {
	const leak = async (answer: Buffer) => {
		await using leaking = await startFarEnd(({socket}) => socket.write(answer));
		await using own = await startEngine({providers: [{name: 'a', url: leaking.url, key}]});
		const answers = await Promise.all(
			(['codex', 'claude-code', 'sdk'] as const).map(client => call(own, {client, path: '/v1/responses'})),
		);
		const control = await fetch(`http://127.0.0.1:${own.controlPort}/api/v1/snapshot`, {
			headers: {'x-codex-tui-token': own.token},
		});
		const snapshot = await control.text();
		await own.stop();
		const files = ['requests.jsonl', 'control_trace.jsonl', 'engine.log'].map(name =>
			readFileSync(path.join(own.home.logs, name), 'utf8'),
		);
		const state = readdirSync(own.home.root)
			.filter(name => name.startsWith('state.db'))
			.map(name => readFileSync(path.join(own.home.root, name), 'latin1'));
		return {answers, hidden: [snapshot, JSON.stringify(own.events), ...files, ...state]};
	};

	const error = (status: number, headers = {}) =>
		wholeAnswer(status, JSON.stringify({error: {message: `bad key ${key}\u001b[2J`, code: `code ${key}`}}), headers);
	const failed = `data: ${JSON.stringify({type: 'response.failed', response: {error: {code: `x ${key}`, message: `m ${key}`}}})}\n\n`;
	const rows: ReadonlyArray<readonly [string, Buffer]> = [
		...[400, 401, 403, 404, 422, 429, 500, 503].map(status => [`a ${status}`, error(status)] as const),
		['a header of a 401', error(401, {'www-authenticate': `Bearer ${key}`, 'x-debug': key})],
		['a content type', wholeAnswer(200, 'x', {'content-type': `text/html; key=${key}`})],
		['a content encoding', wholeAnswer(200, 'x', {'content-encoding': key})],
		['an HTML page', wholeAnswer(200, `<html>${key}</html>`, {'content-type': 'text/html'})],
		['an error in its stream', wholeAnswer(200, failed, {'content-type': 'text/event-stream'})],
	];
	test.each(rows)('SEC-07 in %s: neither client nor log nor screen sees it', async (_, answer) => {
		const {answers, hidden} = await leak(answer);
		for (const {text, headers} of answers) {
			expect(text).not.toContain(key);
			expect(JSON.stringify(headers)).not.toContain(key);
			expect(text).not.toBe('');
		}

		for (const text of hidden) {
			expect(text).not.toContain(key);
		}
	});

	test('SEC-07 the headers of a good answer lose key, cookies and CORS, and the rest stays', async () => {
		const {answers} = await leak(
			wholeAnswer(200, stream, {
				'content-type': 'text/event-stream',
				'x-echo': `Bearer ${key}`,
				'set-cookie': 'a=1',
				'access-control-allow-origin': '*',
				'access-control-allow-private-network': 'true',
				connection: 'x-hop',
				'x-hop': '1',
				'x-request-id': 'req_9',
				'openai-model': 'other',
			}),
		);
		for (const {headers, status} of answers) {
			expect(status).toBe(200);
			expect(headers['x-request-id']).toBe('req_9');
			const gone = [
				'x-echo',
				'set-cookie',
				'access-control-allow-origin',
				'access-control-allow-private-network',
				'x-hop',
				'openai-model',
			];
			expect(gone.filter(name => headers[name] !== undefined)).toEqual([]);
		}
	});
});
