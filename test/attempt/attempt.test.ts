import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import {Cancellation} from '../../source/base/cancellation.ts';
import {attemptTo, listen, listenRaw, TextSink} from '../support/attempt.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';

test('a whole answer ends in the sink’s verdict, with its head', async () => {
	await using upstream = await listen((request, response) => {
		response.writeHead(200, {'content-type': 'text/event-stream', 'x-seen': String(request.headers['x-test'])});
		response.end('one two');
	});
	const sink = new TextSink();
	const result = await attemptTo(upstream.origin, sink);
	expect(result).toMatchObject({kind: 'verdict', verdict: 'one two', head: {status: 200, headers: {'x-seen': '1'}}});
	expect(sink.heads).toHaveLength(1);
});

test('a verdict in the middle ends it at once and frees the connection within 100 ms', async () => {
	const closed = Promise.withResolvers<number>();
	await using upstream = await listen((_, response) => {
		response.writeHead(200);
		response.write('terminal');
		response.once('close', () => closed.resolve(performance.now()));
	});
	const result = await attemptTo(upstream.origin, new TextSink(text => (text === 'terminal' ? 'done' : undefined)));
	const endedMs = performance.now();
	expect(result).toMatchObject({kind: 'verdict', verdict: 'done'});
	expect((await closed.promise) - endedMs).toBeLessThan(100);
});

test('a status other than 2xx is a result with its body, and the sink sees none of it', async () => {
	await using upstream = await listen((_, response) =>
		response.writeHead(429, {'retry-after': '7'}).end('{"error":{}}'),
	);
	const sink = new TextSink();
	const result = await attemptTo(upstream.origin, sink);
	expect(result).toMatchObject({kind: 'status', head: {status: 429, headers: {'retry-after': '7'}}});
	expect(result.kind === 'status' && result.body.toString()).toBe('{"error":{}}');
	expect([sink.heads.length, sink.hands.length]).toEqual([0, 0]);
});

describe('the body of a refusal', () => {
	test('is read up to its limit only', async () => {
		await using upstream = await listen((_, response) => {
			response.writeHead(500);
			response.write('x'.repeat(5000));
		});
		const result = await attemptTo(upstream.origin, new TextSink());
		expect(result.kind === 'status' && result.body.length).toBeGreaterThan(1000);
	});

	test('that never ends does not hold the request', async () => {
		let nowMs = 0;
		await using upstream = await listen((_, response) => {
			response.writeHead(503);
			response.write('half');
			setTimeout(() => (nowMs = 5001), 100);
		});
		const result = await attemptTo(upstream.origin, new TextSink(), {monotonic: () => nowMs, firstByteMs: 600_000});
		expect(result).toMatchObject({kind: 'status', head: {status: 503}});
		expect(result.kind === 'status' && result.body.toString()).toBe('half');
	});

	test('that breaks off counts as far as it came', async () => {
		await using upstream = await listen((_, response) => {
			response.writeHead(502, {'content-length': 100});
			response.write('half', () => response.destroy());
		});
		expect(await attemptTo(upstream.origin, new TextSink())).toMatchObject({kind: 'status', head: {status: 502}});
	});
});

describe('a fault of the transport', () => {
	test('nobody listens', async () => {
		const upstream = await listen(() => undefined);
		await upstream[Symbol.asyncDispose]();
		expect(await attemptTo(upstream.origin, new TextSink())).toMatchObject({
			kind: 'transport',
			phase: 'connect',
			code: 'connect-refused',
			isReusedSocket: false,
		});
	});

	test('the host has no address', async () => {
		expect(await attemptTo('http://relay.invalid', new TextSink())).toMatchObject({
			kind: 'transport',
			phase: 'connect',
			code: 'dns-failed',
		});
	});

	test('the connection closes before any answer', async () => {
		await using upstream = await listenRaw(socket => socket.destroy());
		const result = await attemptTo(upstream.origin, new TextSink());
		expect(result).toMatchObject({kind: 'transport', phase: 'headers', head: undefined, isReusedSocket: false});
		expect(result.kind === 'transport' && result.code).toMatch(/^connection-(closed|reset)$/);
	});

	test('the connection is reset before any answer', async () => {
		await using upstream = await listenRaw(socket => socket.resetAndDestroy());
		expect(await attemptTo(upstream.origin, new TextSink())).toMatchObject({
			kind: 'transport',
			code: 'connection-reset',
			head: undefined,
		});
	});

	test('the stream breaks off after some bytes, which the sink has got', async () => {
		await using upstream = await listen((_, response) => {
			response.writeHead(200);
			response.write('half', () => response.destroy());
		});
		const sink = new TextSink();
		expect(await attemptTo(upstream.origin, sink)).toMatchObject({
			kind: 'transport',
			phase: 'stream',
			head: {status: 200},
		});
		expect(sink.text).toBe('half');
	});

	test('a break right behind the terminal event is a success', async () => {
		await using upstream = await listenRaw(socket => {
			socket.write(`${head}content-length: 100\r\n\r\nterminal`, () => socket.resetAndDestroy());
		});
		expect(await attemptTo(upstream.origin, new TextSink(() => 'done'))).toMatchObject({
			kind: 'verdict',
			verdict: 'done',
		});
	});

	test('a body that is shorter than it said', async () => {
		await using upstream = await listenRaw(socket => socket.end(`${head}content-length: 100\r\n\r\nhalf`));
		expect(await attemptTo(upstream.origin, new TextSink())).toMatchObject({kind: 'transport', phase: 'stream'});
	});

	test('what answers is no HTTP', async () => {
		await using upstream = await listenRaw(socket => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
		expect(await attemptTo(upstream.origin, new TextSink())).toMatchObject({kind: 'transport', code: 'bad-http'});
	});

	test('its headers are too large', async () => {
		await using upstream = await listenRaw(socket => socket.end(`${head}x-big: ${'x'.repeat(20_000)}\r\n\r\n`));
		expect(await attemptTo(upstream.origin, new TextSink())).toMatchObject({
			kind: 'transport',
			code: 'headers-too-large',
		});
	});

	test('a header that HTTP does not allow is a result, not a crash', async () => {
		await using upstream = await listen((_, response) => response.end());
		const request = {
			origin: upstream.origin,
			path: '/',
			method: 'POST',
			headers: {'x-bad': 'a\r\nb: c'},
			body: undefined,
		};
		expect(await attemptTo(upstream.origin, new TextSink(), {request})).toMatchObject({
			kind: 'transport',
			code: 'bad-header',
		});
	});

	test('a sink that throws is a fault of what came', async () => {
		await using upstream = await listen((_, response) => response.end('x'));
		const sink = new TextSink(() => {
			throw new Error('cannot read that');
		});
		expect(await attemptTo(upstream.origin, sink)).toMatchObject({kind: 'transport', head: {status: 200}});
	});
});

test('an upstream is paused while the client takes nothing and goes on after it', async () => {
	let sentBytes = 0;
	await using upstream = await listen(async (_, response) => {
		response.writeHead(200);
		for (let piece = 0; piece < 400; piece++) {
			sentBytes += 65_536;
			if (!response.write(Buffer.alloc(65_536, 'x'))) {
				await once(response, 'drain');
			}
		}

		response.end();
	});
	const sink = new TextSink();
	sink.isStuck = true;
	const running = attemptTo(upstream.origin, sink);
	await sleep(400);
	expect(sentBytes).toBeLessThan(400 * 65_536);
	expect(sink.text.length).toBeLessThan(2_000_000);
	sink.isStuck = false;
	sink.resume?.();
	expect(await running).toMatchObject({kind: 'verdict'});
	expect(sink.text.length).toBe(400 * 65_536);
});

describe('a cancellation', () => {
	test('aborts the upstream within 100 ms', async () => {
		const closed = Promise.withResolvers<number>();
		await using upstream = await listen((_, response) => {
			response.writeHead(200);
			response.write('x');
			response.once('close', () => closed.resolve(performance.now()));
		});
		const cancellation = new Cancellation();
		const running = attemptTo(upstream.origin, new TextSink(), {cancellation});
		await sleep(100);
		cancellation.cancel();
		const cancelledMs = performance.now();
		expect(await running).toMatchObject({kind: 'aborted', phase: 'stream', head: {status: 200}});
		expect((await closed.promise) - cancelledMs).toBeLessThan(100);
	});

	test('before the start sends nothing', async () => {
		let requests = 0;
		await using upstream = await listen((_, response) => {
			requests++;
			response.end();
		});
		const cancellation = new Cancellation();
		cancellation.cancel();
		expect(await attemptTo(upstream.origin, new TextSink(), {cancellation})).toEqual({
			kind: 'aborted',
			phase: 'connect',
			head: undefined,
		});
		await sleep(50);
		expect(requests).toBe(0);
	});

	test('while it connects sends nothing', async () => {
		let requests = 0;
		await using upstream = await listen((_, response) => {
			requests++;
			response.end();
		});
		const cancellation = new Cancellation();
		const running = attemptTo(upstream.origin, new TextSink(), {cancellation});
		cancellation.cancel();
		expect(await running).toMatchObject({kind: 'aborted', phase: 'connect'});
		await sleep(100);
		expect(requests).toBe(0);
	});
});
