import {expect, test} from 'vitest';
import {attemptTo, listen, TextSink} from '../support/attempt.ts';

/* The clocks of one attempt. */

test('no head in time is a first-byte timeout', async () => {
	await using upstream = await listen(() => undefined);
	expect(await attemptTo(upstream.origin, new TextSink(), {firstByteMs: 100})).toMatchObject({
		kind: 'transport',
		code: 'first-byte-timeout',
		head: undefined,
		isReusedSocket: false,
	});
});

test('a head without a byte behind it is one too', async () => {
	await using upstream = await listen((_, response) => response.writeHead(200).flushHeaders());
	expect(await attemptTo(upstream.origin, new TextSink(), {firstByteMs: 300})).toMatchObject({
		kind: 'transport',
		code: 'first-byte-timeout',
		head: {status: 200},
	});
});

test('silence after the first byte is the sink’s to judge', async () => {
	await using upstream = await listen((_, response) => response.writeHead(200).write('x'));
	const sink = new TextSink();
	sink.maxSilentMs = 100;
	expect(await attemptTo(upstream.origin, sink)).toMatchObject({
		kind: 'transport',
		code: 'idle-timeout',
		phase: 'stream',
	});
});

test('a limit of the upstream’s own goes before the sink’s, and the sink is asked all the same', async () => {
	await using upstream = await listen((_, response) => response.writeHead(200).write('x'));
	const short = new TextSink();
	expect(await attemptTo(upstream.origin, short, {idleMs: 100})).toMatchObject({code: 'idle-timeout'});
	const long = new TextSink();
	long.maxSilentMs = 0;
	const startedMs = performance.now();
	expect(await attemptTo(upstream.origin, long, {idleMs: 700})).toMatchObject({code: 'idle-timeout'});
	expect(performance.now() - startedMs).toBeGreaterThan(700);
	expect(long.silences).toBeGreaterThan(1);
});

test('bytes before the sink’s beginning are no answer: the first-byte clock goes on', async () => {
	await using upstream = await listen((_, response) => {
		response.writeHead(200).write(':');
		const timer = setInterval(() => response.write(':'), 50);
		response.once('close', () => clearInterval(timer));
	});
	const sink = new TextSink();
	sink.hasSpoken = () => false;
	expect(await attemptTo(upstream.origin, sink, {firstByteMs: 300})).toMatchObject({
		code: 'first-byte-timeout',
		reason: 'no event within 0 s',
		head: {status: 200},
	});
});

test('time in which the client took nothing is no silence of the upstream', async () => {
	await using upstream = await listen((_, response) => {
		response.writeHead(200);
		response.write('x');
		setTimeout(() => response.end('y'), 1200);
	});
	const sink = new TextSink();
	sink.isStuck = true;
	sink.maxSilentMs = 700;
	setTimeout(() => {
		sink.isStuck = false;
		sink.resume?.();
	}, 900);
	expect(await attemptTo(upstream.origin, sink)).toMatchObject({kind: 'verdict', verdict: 'xy'});
});
