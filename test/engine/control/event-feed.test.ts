import {spawnSync} from 'node:child_process';
import {createServer, request as httpRequest, type ServerResponse} from 'node:http';
import {connect, type Socket} from 'node:net';
import {statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {textAt} from '../../../source/base/json.ts';
import {EventFeed} from '../../../source/engine/control/event-feed.ts';
import type {EngineEvent} from '../../../source/event/catalogue.ts';
import {startEngine, until, type RunningEngine} from '../../support/running-engine.ts';

/* The stream of events with ids and replay, and the unix socket beside the control port (architecture.md, Control API). */

interface Heard {
	readonly id: string;
	readonly event: string;
	readonly data: Record<string, unknown>;
}

interface Listening extends Disposable {
	readonly status: number | undefined;
	readonly heard: () => readonly Heard[];
	readonly isEnded: () => boolean;
}

const decode = (text: string): readonly Heard[] =>
	text
		.split('\n\n')
		.filter(block => block.includes('data: '))
		.map(block => {
			const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
			return {id: field('id'), event: field('event'), data: JSON.parse(field('data'))};
		});

const listen = (engine: RunningEngine, lastId?: string): Promise<Listening> =>
	new Promise((resolve, reject) => {
		let text = '';
		let isEnded = false;
		const request = httpRequest(
			{
				port: engine.controlPort,
				host: '127.0.0.1',
				path: '/api/v1/events',
				headers: {
					authorization: `Bearer ${engine.token}`,
					...(lastId === undefined ? {} : {'last-event-id': lastId}),
				},
			},
			response => {
				response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
				response.on('close', () => (isEnded = true));
				resolve({
					status: response.statusCode,
					heard: () => decode(text),
					isEnded: () => isEnded,
					[Symbol.dispose]: () => request.destroy(),
				});
			},
		);
		request.on('error', reject);
		request.end();
	});

const pin = (engine: RunningEngine, mode: 'only' | 'prefer'): Promise<void> =>
	engine.engine.act({type: 'pin', service: 'codex', endpointKey: 'codex/a/default', mode});

const setup = {providers: [{name: 'a', url: 'http://127.0.0.1:9/v1'}]};

describe('the stream of events', () => {
	test('tells a reader what happens from now on', async () => {
		await using engine = await startEngine(setup);
		using reader = await listen(engine);
		expect(reader.status).toBe(200);
		await pin(engine, 'only');
		await until('the pin', () => reader.heard().some(({event}) => event === 'pin-changed'));
		expect(reader.heard().find(({event}) => event === 'pin-changed')?.data).toMatchObject({
			service: 'codex',
			pin: {endpointKey: 'codex/a/default', mode: 'only'},
		});
	});

	test('replays to a reader that comes back exactly what it missed, in order', async () => {
		await using engine = await startEngine(setup);
		const first = await listen(engine);
		await pin(engine, 'only');
		await until('the pin', () => first.heard().some(({event}) => event === 'pin-changed'));
		const last = first.heard().at(-1)?.id ?? '';
		first[Symbol.dispose]();
		await pin(engine, 'prefer');
		await engine.engine.act({type: 'unpin', service: 'codex'});
		await until('the events', () => engine.events.filter(({type}) => type === 'pin-changed').length >= 3);
		using second = await listen(engine, last);
		await until('the replay', () => second.heard().length >= 2);
		const pins = second.heard().filter(({event}) => event === 'pin-changed');
		expect(pins.map(({data}) => textAt(data, 'pin', 'mode'))).toEqual(['prefer', undefined]);
		expect(second.heard().every(({id}) => Number(id.split('.')[1]) > Number(last.split('.')[1]))).toBe(true);
	});

	test.each(['0.1', 'nonsense', 'zzz.999999', '.', 'x.-1'])(
		'tells a reader with the unknown id %s to take a snapshot',
		async id => {
			await using engine = await startEngine(setup);
			using reader = await listen(engine, id);
			await until('the reset', () => reader.heard().length > 0);
			expect(reader.heard()[0]).toMatchObject({event: 'reset'});
		},
	);

	test('ends with the engine', async () => {
		await using engine = await startEngine(setup);
		using reader = await listen(engine);
		const startedMs = performance.now();
		await engine.engine.stop(5000);
		expect(performance.now() - startedMs).toBeLessThan(2000);
		await until('its end', () => reader.isEnded());
	});
});

const getOverSocket = (socketPath: string, token: string): Promise<number | undefined> =>
	new Promise((resolve, reject) => {
		const request = httpRequest(
			{socketPath, path: '/api/v1/routes', headers: {host: 'localhost', authorization: `Bearer ${token}`}},
			response => {
				response.resume();
				resolve(response.statusCode);
			},
		);
		request.on('error', reject);
		request.end();
	});

describe('the control socket', () => {
	test('serves the same paths behind the same token, readable by the user alone', async () => {
		await using engine = await startEngine(setup);
		const socketPath = path.join(engine.home.root, 'control.sock');
		expect(statSync(socketPath).mode & 0o777).toBe(0o600);
		expect(await getOverSocket(socketPath, engine.token)).toBe(200);
		expect(await getOverSocket(socketPath, 'wrong')).toBe(403);
	});

	test('takes the place of a socket that a killed process left', async () => {
		const first = await startEngine(setup);
		await first.stop();
		const socketPath = path.join(first.home.root, 'control.sock');
		const script =
			'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
		spawnSync(process.execPath, ['-e', script, socketPath]);
		expect(statSync(socketPath).isSocket()).toBe(true);
		await using second = await startEngine({...setup, home: first.home});
		expect(await getOverSocket(path.join(second.home.root, 'control.sock'), second.token)).toBe(200);
	});

	test('leaves a file of its name alone and serves on its port', async () => {
		const first = await startEngine(setup);
		await first.stop();
		writeFileSync(path.join(first.home.root, 'control.sock'), 'mine');
		await using second = await startEngine({...setup, home: first.home});
		expect(statSync(path.join(second.home.root, 'control.sock')).isFile()).toBe(true);
		using reader = await listen(second);
		expect(reader.status).toBe(200);
	});
});

interface RawReader {
	readonly socket: Socket;
	readonly text: () => string;
}

const openRaw = (port: number, isReading: boolean): Promise<RawReader> =>
	new Promise((resolve, reject) => {
		const pieces: Buffer[] = [];
		const socket = connect(port, '127.0.0.1', () => {
			socket.write('GET /api/v1/events HTTP/1.1\r\nhost: x\r\n\r\n');
			socket.on('data', piece => pieces.push(piece));
			if (!isReading) {
				socket.pause();
			}

			resolve({socket, text: () => Buffer.concat(pieces).toString('utf8')});
		});
		socket.on('error', reject);
	});

const lineOf = (index: number): EngineEvent => ({
	...{type: 'config-broken', atMs: index, path: 'x', line: 1, column: 1},
	message: 'm'.repeat(400),
});

describe('a feed that is closed', () => {
	test('takes what an engine still tells while it stops: nobody gets it, and nothing breaks', async () => {
		const feed = new EventFeed('boot');
		const responses: ServerResponse[] = [];
		const faults: unknown[] = [];
		const server = createServer((request, response) => {
			responses.push(response);
			response.on('error', fault => faults.push(fault));
			feed.open(request, response);
		});
		await new Promise<void>(resolve => {
			server.listen(0, '127.0.0.1', resolve);
		});
		const address = server.address();
		const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
		const early = fetch(`http://127.0.0.1:${port}/`);
		await until('a reader', () => responses.length === 1);
		feed.close();
		// Behind the end of a response, without a listener, this was an error that ended the whole engine.
		feed.push(lineOf(1));
		expect(await (await early).text()).toBe(': events from now on\n\n');
		expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('');
		expect(faults).toEqual([]);
		server.closeAllConnections();
		server.close();
	});
});

describe('REL-42 a reader that does not read', () => {
	test('slows nobody, holds a bounded queue, and is told what it missed once it reads', async () => {
		const feed = new EventFeed('boot', {slowClientBytes: 64 * 1024, slowClientMs: 60_000});
		const responses: ServerResponse[] = [];
		const server = createServer((request, response) => {
			responses.push(response);
			feed.open(request, response);
		});
		await new Promise<void>(resolve => {
			server.listen(0, '127.0.0.1', resolve);
		});
		const address = server.address();
		const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
		const slow = await openRaw(port, false);
		const quick = await openRaw(port, true);
		await until('both readers', () => responses.length === 2);
		const count = 20_000;
		let longestQueue = 0;
		for (let index = 0; index < count; index++) {
			feed.push(lineOf(index));
			if (index % 50 === 0) {
				longestQueue = Math.max(longestQueue, ...responses.map(response => response.writableLength));
				await new Promise(setImmediate);
			}
		}

		await until('the quick reader', () => quick.text().includes(`boot.${count}\n`));
		expect(quick.text()).not.toContain('event: reset');
		expect(longestQueue).toBeLessThan(256 * 1024);
		slow.socket.resume();
		await until('the notice', () => slow.text().includes('event: reset'));
		expect(slow.text()).toMatch(/\d+ events were left out for a slow reader: fetch \/api\/v1\/snapshot/);
		feed.push(lineOf(count));
		await until('what comes next', () => slow.text().includes(`boot.${count + 1}\n`));
		feed.close();
		slow.socket.destroy();
		quick.socket.destroy();
		await new Promise(resolve => {
			server.close(resolve);
		});
	});
});
