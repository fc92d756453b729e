import {randomBytes} from 'node:crypto';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {call, startEngine, turn, type RunningEngine} from '../../support/running-engine.ts';
import {recordedStreams} from '../../support/recorded-streams.ts';
import {playStream, rawRequest, sendRaw, startFarEnd, type RawFarEnd} from '../../support/raw-http.ts';

/* Who gets in, and to what: reliability-security.md SEC-01 to SEC-08, one table per id, over raw sockets. */

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

describe('SEC-02 a Host that is not ours is refused before anything else', () => {
	const hosts: ReadonlyArray<readonly [string, (port: number) => string, number]> = [
		['our address', port => `127.0.0.1:${port}`, 200],
		['localhost', port => `localhost:${port}`, 200],
		['LOCALHOST', port => `LOCALHOST:${port}`, 200],
		['the loopback of IPv6', port => `[::1]:${port}`, 200],
		['a foreign name', port => `evil.example:${port}`, 403],
		['a foreign name without a port', () => 'evil.example', 403],
		['our name without a port', () => '127.0.0.1', 403],
		['our name with another port', port => `127.0.0.1:${port + 1}`, 403],
		['a name that begins like ours', port => `127.0.0.1.evil.example:${port}`, 403],
		['a name that ends like ours', port => `evil-localhost:${port}`, 403],
		['credentials in front', port => `evil@127.0.0.1:${port}`, 403],
		['another loopback address', port => `127.0.0.2:${port}`, 403],
		['an address in hexadecimal', port => `0x7f.1:${port}`, 403],
		['the unspecified address', port => `0.0.0.0:${port}`, 403],
		['nothing', () => '', 403],
		['two names in one header', port => `127.0.0.1:${port}, evil.example`, 403],
	];
	test.each(hosts)('SEC-02 %s', async (_, hostOf, status) => {
		const request = rawRequest('POST /v1/responses', headersWith([], hostOf(engine.port)), body);
		const answer = await sendRaw(engine.port, request, {until: text => text.includes('\r\n\r\n')});
		expect(answer.status).toBe(status);
		const control = rawRequest('GET /readyz', [
			['host', hostOf(engine.controlPort)],
			['x-codex-tui-token', engine.token],
		]);
		const other = await sendRaw(engine.controlPort, control, {until: text => text.includes('\r\n\r\n')});
		expect(other.status).toBe(status);
	});

	test('SEC-02 none and two Host headers are 400, whichever of the two is ours', async () => {
		const own = `127.0.0.1:${engine.port}`;
		const [none, ...twice] = [[], [own, own], [own, 'evil.example'], ['evil.example', own]].map(names =>
			rawRequest(
				'POST /v1/responses',
				[...names.map(host => ['host', host] as const), ...headersWith().slice(1)],
				body,
			),
		);
		for (const request of [none ?? '', ...twice]) {
			expect((await sendRaw(engine.port, request)).status).toBe(400);
		}
	});
});

describe('SEC-03 a page in a browser gets nothing', () => {
	const rows: ReadonlyArray<readonly [string, string, Headers, number]> = [
		['an Origin', 'POST', [['origin', 'https://evil.example']], 403],
		['the Origin null', 'POST', [['origin', 'null']], 403],
		['an Origin that is ours', 'POST', [['origin', 'http://127.0.0.1']], 403],
		['an empty Origin', 'POST', [['origin', '']], 403],
		['Sec-Fetch-Site cross-site', 'POST', [['sec-fetch-site', 'cross-site']], 403],
		['Sec-Fetch-Site same-site', 'POST', [['sec-fetch-site', 'same-site']], 403],
		[
			'Sec-Fetch-Site twice',
			'POST',
			[
				['sec-fetch-site', 'none'],
				['sec-fetch-site', 'cross-site'],
			],
			403,
		],
		['a preflight', 'OPTIONS', [['access-control-request-method', 'POST']], 403],
		['a preflight for a private network', 'OPTIONS', [['access-control-request-private-network', 'true']], 403],
		['Sec-Fetch-Site none', 'POST', [['sec-fetch-site', 'none']], 200],
		['the header that Claude Code sends', 'POST', [['anthropic-dangerous-direct-browser-access', 'true']], 200],
	];
	test.each(rows)('SEC-03 %s', async (...[, method, extra, status]) => {
		const request = rawRequest(`${method} /v1/responses`, headersWith(extra), body);
		const answer = await sendRaw(engine.port, request, {until: text => text.includes('\r\n\r\n')});
		expect(answer.status).toBe(status);
		expect(Object.keys(answer.headers).filter(name => name.startsWith('access-control-'))).toEqual([]);
		if (status === 403) {
			const pin = [...headersWith(extra, `127.0.0.1:${engine.controlPort}`)];
			expect((await sendRaw(engine.controlPort, rawRequest(`${method} /api/v1/reload`, pin, '{}'))).status).toBe(403);
		}
	});

	const types = [
		['text/plain', 415],
		['application/x-www-form-urlencoded', 415],
		['multipart/form-data; boundary=x', 415],
		['', 415],
		['text/plain; application/json', 415],
		['application/jsonp', 415],
		['application/json; charset=utf-8', 200],
		['Application/JSON', 200],
	] as const;
	test.each(types)('SEC-03 the content type "%s" gives %i', async (type, status) => {
		const headersFor = (port: number): Headers => [
			['host', `127.0.0.1:${port}`],
			['content-type', type],
			['x-codex-tui-token', engine.token],
		];
		const toHead = {until: (text: string) => text.includes('\r\n\r\n')};
		const answer = await sendRaw(engine.port, rawRequest('POST /v1/responses', headersFor(engine.port), body), toHead);
		expect(answer.status).toBe(status);
		const control = headersFor(engine.controlPort);
		const other = await sendRaw(engine.controlPort, rawRequest('POST /api/v1/reload', control, '{}'), toHead);
		expect(other.status).toBe(status);
	});
});

describe('SEC-04 SEC-13 the token opens every door and is never repeated', () => {
	const paths = ['/v1/responses', '/responses', '/backend-api/codex/responses', '/v1/chat/completions', '/v1/messages'];
	const wrong = 'wrong-token-that-must-not-come-back';
	const carriers = [
		['x-codex-tui-token', (value: string) => value],
		['authorization', (value: string) => `Bearer ${value}`],
		['authorization', (value: string) => `bearer ${value}`],
		['x-api-key', (value: string) => value],
	] as const;
	const untilHead = {until: isHead};

	test.each(paths)('SEC-04 %s without, with a wrong and with the right token in each header', async target => {
		const own = (headers: Headers): string =>
			rawRequest(`POST ${target}`, [...headersWith().slice(0, 2), ...headers], body);
		const without = await sendRaw(engine.port, own([]));
		expect(without.status).toBe(403);
		expect(without.headers['x-should-retry']).toBe('false');
		expect(without.text).toContain('switch on');
		for (const [name, write] of carriers) {
			for (const value of [wrong, `${engine.token}x`, engine.token.slice(0, -1), '']) {
				const refused = await sendRaw(engine.port, own([[name, write(value)]]));
				expect(refused.status).toBe(403);
				expect(refused.text).not.toContain(wrong);
				expect(refused.text).not.toContain(engine.token.slice(0, 12));
			}

			expect((await sendRaw(engine.port, own([[name, write(engine.token)]]), untilHead)).status).not.toBe(403);
		}
	});

	const pages = ['/readyz', '/health', '/api/v1/snapshot', '/api/v1/routes', '/api/v1/requests', '/api/v1/x', '/'];
	test.each(pages)('SEC-04 the control page %s', async page => {
		const host = ['host', `127.0.0.1:${engine.controlPort}`] as const;
		expect((await sendRaw(engine.controlPort, rawRequest(`GET ${page}`, [host]), untilHead)).status).toBe(403);
		for (const [name, write] of carriers) {
			const refused = rawRequest(`GET ${page}`, [host, [name, write(wrong)]]);
			const answer = await sendRaw(engine.controlPort, refused, untilHead);
			expect([answer.status, answer.text.includes(wrong)]).toEqual([403, false]);
			const right = rawRequest(`GET ${page}`, [host, [name, write(engine.token)]]);
			const opened = await sendRaw(engine.controlPort, right, {timeoutMs: 500, until: isHead});
			expect([200, 404]).toContain(opened.status);
		}
	});

	test('SEC-04 only `HEAD /` and `/livez` need none', async () => {
		const head = rawRequest('HEAD /', [['host', `127.0.0.1:${engine.port}`]]);
		expect((await sendRaw(engine.port, head, untilHead)).status).toBe(200);
		const get = rawRequest('GET /', [['host', `127.0.0.1:${engine.port}`]]);
		expect((await sendRaw(engine.port, get)).status).toBe(403);
		const live = rawRequest('GET /livez', [['host', `127.0.0.1:${engine.controlPort}`]]);
		expect((await sendRaw(engine.controlPort, live, untilHead)).status).toBe(200);
	});
});

const isHead = (text: string): boolean => text.includes('\r\n\r\n');

describe('SEC-08 a target can lead nowhere but to the configured origin', () => {
	const targets: ReadonlyArray<readonly [string, number]> = [
		['http://evil.example/v1/responses', 400],
		['https://127.0.0.1/v1/responses', 400],
		['//evil.example/v1/responses', 400],
		['/\\evil.example/v1/responses', 400],
		['/v1\\responses', 400],
		['*', 400],
		['evil.example:443', 400],
		['/v1/responses#fragment', 400],
		['/@evil.example/v1/responses', 404],
		['/v1/responses@evil.example', 404],
		['/v1/%2f%2fevil.example', 404],
		['/%2f%2fevil.example/v1/responses', 404],
		['/v1/../v1/responses', 404],
		['/v1/files/../../admin', 404],
		['/v1/files/%2e%2e/admin', 404],
		['/v1/files/a//b', 404],
		['/v1/files/', 404],
		['/v1/files/.', 404],
		['/v1/responses/', 404],
		['/v1/v1/responses', 404],
		['/V1/responses', 404],
		['/', 404],
		['/v1/responses;x=1', 404],
		['/v1/responses/compact/..', 404],
		['/__proto__', 404],
		['/v1/constructor', 404],
	];
	test.each(targets)('SEC-08 %s gives %i', async (target, status) => {
		const before = far.arrivals.length;
		expect((await post([], target)).status).toBe(status);
		expect(far.arrivals.length).toBe(before);
	});

	test('SEC-08 a path that is not served lists those that are', async () => {
		const {text} = await post([], '/v1/nothing');
		for (const served of ['/responses', '/responses/compact', '/chat/completions', '/messages', '/files/*']) {
			expect(text).toContain(served);
		}
	});

	test('SEC-08 CONNECT and raw control characters end the connection without an upstream', async () => {
		const before = far.accepted();
		const connecting = await sendRaw(engine.port, rawRequest('CONNECT evil.example:443', headersWith()));
		expect(connecting.status).toBe(405);
		for (const target of [
			'/v1/\u0000responses',
			'/v1/\u0007responses',
			'/v1/resp onses',
			'/v1/\tresponses',
			'/v1/\u007f',
		]) {
			const answer = await sendRaw(engine.port, rawRequest(`POST ${target}`, headersWith(), body));
			expect([400, 404]).toContain(answer.status);
		}

		expect(far.accepted()).toBe(before);
	});

	test('SEC-08 a query goes along as it is and changes no host', async () => {
		expect((await post([], '/v1/responses?url=//evil.example/@x&a=%2f')).status).toBe(200);
		expect(far.arrivals.at(-1)?.head.split('\r\n')[0]).toBe('POST /v1/responses?url=//evil.example/@x&a=%2f HTTP/1.1');
	});

	test('SEC-08 an upgrade is answered with 426, and one that is reset at once harms nobody', async () => {
		const upgrade = rawRequest(
			'GET /v1/responses',
			headersWith([
				['connection', 'upgrade'],
				['upgrade', 'websocket'],
			]),
		);
		expect((await sendRaw(engine.port, upgrade)).status).toBe(426);
		for (let round = 0; round < 20; round++) {
			await sendRaw(engine.port, upgrade, {timeoutMs: 1 + (round % 3)});
		}

		expect((await call(engine)).status).toBe(200);
	});

	test('SEC-08 an expectation that nobody knows opens no door, and closes none', async () => {
		const cake = ['expect', 'a-cake'] as const;
		expect((await post([cake, ['origin', 'https://evil.example']])).status).toBe(403);
		expect((await post([cake])).status).toBe(200);
	});
});
