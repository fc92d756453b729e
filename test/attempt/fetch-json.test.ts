import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import type {JsonAnswer, JsonRequest} from '../../source/attempt/fetch-json.ts';
import {listen, listenRaw} from '../support/attempt.ts';
import {balanceKey, json, startBalanceFarEnd, startFetch} from '../support/balance.ts';

const ask = async (origin: string, more: Partial<JsonRequest> = {}): Promise<JsonAnswer> => {
	await using source = startFetch();
	return await source.fetch({
		url: new URL(`${origin}/balance?x=1`),
		headers: {authorization: `Bearer ${balanceKey}`},
		timeoutMs: 2000,
		bodyBytes: 4096,
		errorBytes: 2048,
		secrets: [balanceKey],
		...more,
	});
};

test('a JSON answer is its value, and path, query and headers arrive', async () => {
	await using far = await startBalanceFarEnd({'/balance': json({balance: 3})});
	expect(await ask(far.origin)).toEqual({kind: 'json', value: {balance: 3}});
	expect(far.asked).toEqual(['/balance?x=1']);
	expect(far.requests[0]?.headers.authorization).toBe(`Bearer ${balanceKey}`);
});

test('an error keeps 2 KiB of its body, its wait, and never the key', async () => {
	await using far = await startBalanceFarEnd({
		'/balance': (_, response) => {
			response.writeHead(429, {'retry-after': '7'}).end(`bad key ${balanceKey} \u001B[31m${'x'.repeat(10_000)}`);
		},
	});
	const answer = await ask(far.origin);
	expect(answer).toMatchObject({kind: 'status', status: 429, retryAfterMs: 7000});
	const body = answer.kind === 'status' ? answer.body : '';
	expect(body.startsWith('bad key [redacted')).toBe(true);
	expect(body.length).toBeLessThanOrEqual(2048);
	expect(body).not.toContain('\u001B');
	expect(body).not.toContain(balanceKey);
});

test('a redirect is not followed: no other host sees the key', async () => {
	await using canary = await startBalanceFarEnd({'/steal': json({balance: 1})});
	await using far = await startBalanceFarEnd({
		'/balance': (_, response) => {
			response.writeHead(302, {location: `${canary.origin}/steal`}).end();
		},
	});
	expect(await ask(far.origin)).toMatchObject({kind: 'failed', code: 'redirect'});
	expect(canary.asked).toEqual([]);
});

test('an answer larger than its limit is dropped, not read on', async () => {
	await using far = await startBalanceFarEnd({
		'/balance': (_, response) => {
			response.writeHead(200).end(`[${'1,'.repeat(1_000_000)}1]`);
		},
	});
	expect(await ask(far.origin)).toEqual({
		kind: 'failed',
		code: 'body-too-large',
		reason: 'its answer is longer than 4 KiB',
	});
});

test.each([
	['silent from the start', () => undefined],
	['silent after its head', response => response.writeHead(200).write('{"a":')],
] satisfies ReadonlyArray<readonly [string, (response: import('node:http').ServerResponse) => unknown]>)(
	'a far end that is %s costs one clock',
	async (_, begin) => {
		await using far = await startBalanceFarEnd({'/balance': (__, response) => void begin(response)});
		expect(await ask(far.origin, {timeoutMs: 200})).toMatchObject({kind: 'failed', code: 'timeout'});
	},
);

test.each([
	['a page', '<html>', 'its answer is not JSON'],
	['nothing', '', 'its answer is empty'],
])('%s is no JSON', async (_, body, reason) => {
	await using far = await startBalanceFarEnd({'/balance': (__, response) => void response.end(body)});
	expect(await ask(far.origin)).toEqual({kind: 'failed', code: 'not-json', reason});
});

test('a compressed answer is refused: it was not asked for and may be a bomb', async () => {
	await using far = await startBalanceFarEnd({
		'/balance': (_, response) => {
			response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync('{}'));
		},
	});
	expect(await ask(far.origin)).toMatchObject({kind: 'failed', code: 'unexpected-encoding'});
});

test('nobody listens', async () => {
	const gone = await listen(() => undefined);
	await gone[Symbol.asyncDispose]();
	expect(await ask(gone.origin)).toMatchObject({kind: 'failed', code: 'connect-refused'});
});

test('bytes that are not HTTP are a fault with a code', async () => {
	await using far = await listenRaw(socket => void socket.end('garbage\r\n\r\n'));
	expect(await ask(far.origin)).toMatchObject({kind: 'failed', code: 'bad-http'});
});

test('an abort ends it', async () => {
	await using far = await startBalanceFarEnd({'/balance': () => undefined});
	const abort = new AbortController();
	setTimeout(() => abort.abort(), 50);
	expect(await ask(far.origin, {signal: abort.signal})).toMatchObject({kind: 'failed', code: 'aborted'});
});
