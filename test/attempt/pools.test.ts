import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import {attemptTo, createPools, listen, listenRaw, TextSink} from '../support/attempt.ts';

const countingUpstream = async (headers: Readonly<Record<string, string>> = {}) => {
	let connections = 0;
	const upstream = await listen((_, response) => response.writeHead(200, headers).end('ok'));
	upstream.server.on('connection', () => connections++);
	return {...upstream, connections: () => connections};
};

test('requests one after the other share a connection', async () => {
	await using upstream = await countingUpstream();
	const pools = createPools();
	for (let request = 0; request < 3; request++) {
		await attemptTo(upstream.origin, new TextSink(), {pools});
	}

	expect(upstream.connections()).toBe(1);
	await pools.close();
});

test('requests at the same time are not queued behind each other', async () => {
	let live = 0;
	let most = 0;
	await using upstream = await listen((_, response) => {
		most = Math.max(most, ++live);
		setTimeout(() => {
			live--;
			response.end('ok');
		}, 200);
	});
	const pools = createPools();
	await Promise.all(Array.from({length: 40}, () => attemptTo(upstream.origin, new TextSink(), {pools})));
	expect(most).toBe(40);
	await pools.close();
});

test('a fresh connection is its own and closes after its request, whatever the upstream offers', async () => {
	await using upstream = await countingUpstream({'keep-alive': 'timeout=60'});
	const pools = createPools();
	await attemptTo(upstream.origin, new TextSink(), {pools});
	await attemptTo(upstream.origin, new TextSink(), {pools, isFresh: true});
	expect(upstream.connections()).toBe(2);
	await sleep(1500);
	const open = await new Promise<number>((resolve, reject) => {
		upstream.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
	});
	expect(open).toBe(1);
	await pools.close();
});

test('closing ends what is still running', async () => {
	await using upstream = await listen((_, response) => response.writeHead(200).write('x'));
	const pools = createPools();
	const running = attemptTo(upstream.origin, new TextSink(), {pools});
	await sleep(100);
	await pools.close();
	expect(await running).toMatchObject({kind: 'transport', head: {status: 200}});
});

describe('a kept connection', () => {
	test('is used again, and its death before an answer is told apart', async () => {
		await using upstream = await listenRaw((socket, requests) => {
			if (requests === 1) {
				socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
			} else {
				socket.resetAndDestroy();
			}
		});
		const pools = createPools();
		expect(await attemptTo(upstream.origin, new TextSink(), {pools})).toMatchObject({kind: 'verdict', verdict: 'ok'});
		expect(await attemptTo(upstream.origin, new TextSink(), {pools})).toMatchObject({
			kind: 'transport',
			head: undefined,
			isReusedSocket: true,
		});
		expect(upstream.sockets).toHaveLength(1);
		expect(await attemptTo(upstream.origin, new TextSink(), {pools, isFresh: true})).toMatchObject({
			kind: 'verdict',
			verdict: 'ok',
		});
		await pools.close();
	});

	test('that was closed politely in the meantime costs nothing', async () => {
		await using upstream = await listenRaw(socket => {
			socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', () => setTimeout(() => socket.end(), 30));
		});
		const pools = createPools();
		expect(await attemptTo(upstream.origin, new TextSink(), {pools})).toMatchObject({verdict: 'ok'});
		await sleep(100);
		expect(await attemptTo(upstream.origin, new TextSink(), {pools})).toMatchObject({verdict: 'ok'});
		await pools.close();
	});
});
