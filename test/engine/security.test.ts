import {randomBytes} from 'node:crypto';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {gzipSync, zstdCompressSync} from 'node:zlib';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {call, startEngine, turn, until, type RunningEngine} from '../support/running-engine.ts';
import {createRandom} from '../../source/demo/random.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {playStream, rawRequest, sendRaw, startFarEnd, type RawFarEnd} from '../support/raw-http.ts';

/* What gets through the doors and back: reliability-security.md SEC-06 to SEC-34, one table per id, over raw sockets. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const key = `sk-upstream-${randomBytes(12).toString('hex')}`;
const body = JSON.stringify(turn);

let far: RawFarEnd;
let passing: RawFarEnd;
let engine: RunningEngine;

beforeAll(async () => {
	far = await startFarEnd(playStream(stream));
	passing = await startFarEnd(playStream(stream));
	engine = await startEngine({
		providers: [
			{name: 'a', url: far.url, key},
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

const start = (): string =>
	`POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1:${engine.port}\r\ncontent-type: application/json\r\nx-codex-tui-token: ${engine.token}\r\n`;

const expecting = (extra: Headers) =>
	rawRequest('POST /v1/responses', [...headersWith(extra), ['expect', '100-continue'], ['content-length', '9']]);

describe('SEC-11 bytes that two parsers may read differently', () => {
	const smuggled = 'GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n';
	const rows: ReadonlyArray<readonly [string, () => string]> = [
		['CL and TE', () => `${start()}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
		['TE and CL', () => `${start()}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n${smuggled}`],
		['two different lengths', () => `${start()}content-length: 2\r\ncontent-length: 40\r\n\r\n{}${smuggled}`],
		['two equal lengths', () => `${start()}content-length: 2\r\ncontent-length: 2\r\n\r\n{}`],
		['a list of lengths', () => `${start()}content-length: 2, 2\r\n\r\n{}`],
		['a signed length', () => `${start()}content-length: +2\r\n\r\n{}`],
		['a negative length', () => `${start()}content-length: -1\r\n\r\n{}`],
		['a length in hexadecimal', () => `${start()}content-length: 0x2\r\n\r\n{}`],
		['a length beyond all numbers', () => `${start()}content-length: 99999999999999999999999\r\n\r\n{}`],
		['an encoding that only looks chunked', () => `${start()}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`],
		['chunked twice', () => `${start()}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
		['chunked that is not last', () => `${start()}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
		['a space before the colon', () => `${start()}transfer-encoding : chunked\r\n\r\n0\r\n\r\n`],
		['a folded header', () => `${start()}x-a: 1\r\n transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n{}`],
		['a chunk size that is none', () => `${start()}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
		['a chunk longer than it says', () => `${start()}transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`],
		['a chunk size beyond all numbers', () => `${start()}transfer-encoding: chunked\r\n\r\nfffffffffffffffffff\r\n{}`],
		['bare line feeds', () => `${start().replaceAll('\r\n', '\n')}content-length: 2\n\n{}`],
		['a null byte in a header name', () => `${start()}x-\u0000: 1\r\ncontent-length: 2\r\n\r\n{}`],
		['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
		[
			'a version that does not exist',
			() => start().replace('HTTP/1.1', 'HTTP/7.7').concat('content-length: 2\r\n\r\n{}'),
		],
		['TLS', () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
		['a reply', () => 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
	];
	test.each(rows)('SEC-11 %s reaches no upstream and ends the connection', async (_, write) => {
		const before = far.arrivals.length;
		const answer = await sendRaw(engine.port, write(), {until: () => false});
		expect(answer.closed).not.toBe('open');
		expect([0, 400]).toContain(answer.status);
		expect(answer.text.match(/HTTP\/1\.1 /g)?.length ?? 0).toBeLessThanOrEqual(1);
		expect(far.arrivals.length).toBe(before);
	});

	test('SEC-11 headers beyond 16 KiB are 431 in one sentence', async () => {
		const answer = await post([['x-large', 'x'.repeat(20_000)]]);
		expect(answer.status).toBe(431);
		expect(answer.body).toMatch(/^codex-tui: .*\.\n$/);
	});

	test('SEC-11 a body is asked for only behind an open door', async () => {
		const refused = await sendRaw(engine.port, expecting([['origin', 'https://evil.example']]));
		expect(refused.status).toBe(403);
		const asked = await sendRaw(engine.port, expecting([]), {until: text => text.includes('\r\n\r\n')});
		expect(asked.status).toBe(100);
	});

	test('SEC-11 mangled requests on both listeners harm nobody', async () => {
		const random = createRandom(7);
		const whole = rawRequest('POST /v1/responses', headersWith(), body);
		const mangled = Array.from({length: 300}, () => {
			const bytes = Buffer.from(whole, 'latin1');
			for (let times = 0; times < 1 + random() * 6; times++) {
				bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
			}

			return bytes.subarray(0, Math.floor(random() * bytes.length * 1.5));
		});
		for (const port of [engine.port, engine.controlPort]) {
			await Promise.all(mangled.map(bytes => sendRaw(port, [bytes], {timeoutMs: 150})));
		}

		expect((await call(engine)).status).toBe(200);
	});

	test('SEC-11 what follows a refused request on its connection is not served', async () => {
		const before = far.arrivals.length;
		const refused = rawRequest('POST /v1/nothing', headersWith(), body);
		const answer = await sendRaw(engine.port, `${refused}${rawRequest('POST /v1/responses', headersWith(), body)}`, {
			until: () => false,
		});
		expect(answer.status).toBe(404);
		expect(answer.closed).not.toBe('open');
		expect(far.arrivals.length).toBe(before);
	});
});

describe('SEC-22 SEC-23 REL-22 bodies that are bombs, lies or no JSON', () => {
	const megabyte = 1024 * 1024;
	const bomb = Buffer.alloc(200 * megabyte, 0x20);

	test.each([
		['zstd', () => zstdCompressSync(bomb)],
		['gzip', () => gzipSync(bomb)],
	] as const)('SEC-22 a %s bomb of 200 MiB is 413 and costs little memory', async (encoding, compress) => {
		const sent = compress();
		const before = process.memoryUsage.rss();
		const answer = await call(engine, {body: sent, headers: {'content-encoding': encoding}});
		expect(answer.status).toBe(413);
		expect(answer.text).toContain('codex-tui:');
		expect(process.memoryUsage.rss() - before).toBeLessThan(150 * megabyte);
	});

	const lies = [
		['gzip', 'plain text', 400],
		['zstd', gzipSync(body), 400],
		['br', randomBytes(100), 400],
		['gzip', gzipSync(body).subarray(0, 40), 400],
		['gzip, gzip', gzipSync(gzipSync(body)), 415],
		['compress', body, 415],
		['constructor', body, 415],
		['__proto__', body, 415],
		['identity', body, 200],
		['zstd', zstdCompressSync(body), 200],
	] as const;
	test.each(lies)('SEC-22 content-encoding %s (row %#)', async (encoding, sent, status) => {
		const answer = await call(engine, {client: 'sdk', body: sent, headers: {'content-encoding': encoding}});
		expect(answer.status).toBe(status);
	});

	const bodies: ReadonlyArray<readonly [string, string, number]> = [
		['nothing', '', 400],
		['no JSON', 'hello', 400],
		['half a JSON', body.slice(0, -3), 400],
		['two JSONs', `${body}${body}`, 400],
		['an array', '[]', 400],
		['null', 'null', 400],
		['a comma too much', '{"model":"m",}', 400],
		['a hundred thousand brackets', `{"input":${'['.repeat(100_000)}`, 400],
		['a hundred thousand closed brackets', `{"input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
		['a duplicate model', '{"model":"a","model":"b"}', 400],
		['a duplicate model in other letters', '{"model":"a","\\u006dodel":"b"}', 400],
		['a key of 10 MB', `{"${'k'.repeat(10_000_000)}":1}`, 200],
		['a number of 1 MB', `{"model":"m","stream":true,"n":${'9'.repeat(1_000_000)}}`, 200],
		['__proto__ as a key', '{"__proto__":{"x":1},"model":"m","stream":true}', 200],
		['a lone surrogate', '{"model":"\\ud800","stream":true}', 200],
		['bytes that are no UTF-8', '{"model":"m","stream":true,"x":"\u00ff"}', 200],
	];
	test.each(bodies)('SEC-23 %s', async (_, sent, status) => {
		const answer = await call(engine, {client: 'sdk', body: Buffer.from(sent, 'latin1')});
		// A request without `stream` wants one JSON; the far end streams, which this client may take as it is.
		expect(answer.status).toBe(status);
		if (status === 400) {
			expect(JSON.parse(answer.text)).toMatchObject({error: {message: expect.stringMatching(/^codex-tui: .*\.$/)}});
		}
	});

	test('REL-22 65 MiB are 413, announced or not', async () => {
		const before = far.arrivals.length;
		const announced = await sendRaw(
			engine.port,
			rawRequest('POST /v1/responses', headersWith([['content-length', String(65 * megabyte)]])),
		);
		expect(announced.status).toBe(413);
		const piece = `100000\r\n${'x'.repeat(megabyte)}\r\n`;
		const chunked = await sendRaw(
			engine.port,
			[
				rawRequest('POST /v1/responses', headersWith([['transfer-encoding', 'chunked']])),
				...Array.from({length: 66}, () => piece),
			],
			{timeoutMs: 8000},
		);
		expect(chunked.status).toBe(413);
		expect(far.arrivals.length).toBe(before);
	});

	test('REL-23 slow headers and slow bodies are 408, and others are served meanwhile', async () => {
		const limits = {requestHeaderMs: 400, requestBodyMs: 600, connectionsCheckMs: 100};
		await using own = await startEngine({providers: [{name: 'a', url: far.url, key}], limits});
		const request = rawRequest('POST /v1/responses', [
			['host', `127.0.0.1:${own.port}`],
			['content-type', 'application/json'],
			['x-codex-tui-token', own.token],
			['content-length', '100'],
		]);
		const slow = Array.from({length: 100}, (_, index) =>
			sendRaw(own.port, index % 2 === 0 ? request.slice(0, 40) : `${request}{`),
		);
		const startedMs = performance.now();
		expect((await call(own)).status).toBe(200);
		expect(performance.now() - startedMs).toBeLessThan(300);
		for (const {status} of await Promise.all(slow)) {
			expect(status).toBe(408);
		}
	});
});

describe('SEC-34 SEC-14 what a running engine leaves behind', () => {
	test('SEC-34 a model with line breaks and controls stays in one log line', async () => {
		const model = 'gpt\n{"request_id":"forged"}\r\u001b[2J\u2028\u0000end';
		await call(engine, {body: {...turn, model}, headers: {'session-id': 's-34'}});
		await until('the record', () => engine.ledger().some(({session_id}) => session_id === 's-34'));
		const record = engine.ledger().find(({session_id}) => session_id === 's-34');
		expect(record?.model).toBe('gpt {"request_id":"forged"}end');
		expect(engine.ledger().some(({request_id}) => request_id === 'forged')).toBe(false);
		for (const line of readFileSync(engine.home.traceLog, 'utf8').trimEnd().split('\n')) {
			expect(() => JSON.parse(line)).not.toThrow();
		}

		await until('the events', () => engine.events.some(event => event.type === 'attempt-start'));
		expect(JSON.stringify(engine.events)).not.toContain('\\u001b');
	});

	test('SEC-14 every file is 0600 and every folder 0700', async () => {
		const old = process.umask(0);
		try {
			await using own = await startEngine({providers: [{name: 'a', url: far.url, key}]});
			await call(own);
			await own.engine.act({type: 'pin', service: 'codex', endpointKey: 'codex/a/default', mode: 'prefer'});
			const entries = readdirSync(own.home.root, {recursive: true, withFileTypes: true});
			expect(entries.length).toBeGreaterThan(6);
			for (const entry of entries) {
				const {mode} = statSync(path.join(entry.parentPath, entry.name));
				expect([entry.name, (mode & 0o777).toString(8)]).toEqual([entry.name, entry.isDirectory() ? '700' : '600']);
			}
		} finally {
			process.umask(old);
		}
	});

	test('SEC-01 a listener is on loopback only', async () => {
		const doors = engine.engine.doors;
		for (const url of [doors?.url, doors?.claudeUrl, doors?.controlUrl]) {
			expect(new URL(url ?? '').hostname).toBe('127.0.0.1');
		}
	});

	test('SEC-05 the token stands in no log, event or snapshot', async () => {
		await call(engine, {body: {...turn, model: engine.token}, headers: {'user-agent': engine.token}});
		const snapshot = JSON.stringify(engine.engine.ask({type: 'snapshot'}));
		const logs = readdirSync(engine.home.logs).map(name => readFileSync(path.join(engine.home.logs, name), 'utf8'));
		for (const text of [snapshot, JSON.stringify(engine.events), ...logs]) {
			expect(text).not.toContain(engine.token);
		}
	});
});
