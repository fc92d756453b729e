import {createServer} from 'node:http';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startChild, type Child} from './child.ts';
import type {ClientJob, ClientResult, MockJob} from './messages.ts';
import {direct, httpPipe, undiciPipe} from './peers.ts';
import {compare, withEntrants, type Session} from './session.ts';
import {parseListening} from './subject.ts';
import {freePort} from './port.ts';
import type {Target} from './target.ts';

let mock: Child<MockJob, null>;
let client: Child<ClientJob, ClientResult>;
let session: Session;

beforeAll(async () => {
	mock = await startChild('./mock.ts');
	client = await startChild('./client.ts');
	session = {
		mock,
		client,
		subject: httpPipe,
		screen: undefined,
		translating: undefined,
		effort: {instances: 1, rounds: 2, coalescedRequests: 10, pacedDeltas: 10, firstByteRequests: 5, idleMs: 0},
	};
});

afterAll(async () => {
	await client[Symbol.asyncDispose]();
	await mock[Symbol.asyncDispose]();
});

/** A proxy that loses the end of every stream but frames it well. */
const lossy: Target = {
	name: 'lossy',
	missing: () => undefined,
	async start() {
		const server = createServer((request, response) => {
			request.resume().on('end', () => response.writeHead(200).end('data: {"type":"response.created"}\n\n'));
		});
		const port = await freePort();
		server.listen(port, '127.0.0.1');
		return {
			address: {port, path: '/', headers: {}},
			pid: undefined,
			async [Symbol.asyncDispose]() {
				server.closeAllConnections();
				server.close();
			},
		};
	},
};

describe('a target', () => {
	test('that breaks streams is refused before anything is measured', async () => {
		await expect(withEntrants(session, {targets: [lossy], bodyBytes: 5000}, async () => 'measured')).rejects.toThrow(
			'lossy',
		);
	});

	test('in front of the mock has CPU time and delays; the mock alone has no process to count', async () => {
		const targets = [direct, httpPipe, undiciPipe];
		const found = await withEntrants(session, {targets, bodyBytes: 5000}, async entrants =>
			compare(session, entrants, {
				mode: {kind: 'paced', deltas: 10, gapMs: 5},
				bodyBytes: 5000,
				requests: 8,
				concurrency: 8,
			}),
		);
		const [floor, ...proxies] = found;
		expect(floor?.cpuNsPerEvent).toBeNaN();
		for (const proxy of proxies) {
			expect(proxy.cpuNsPerEvent).toBeGreaterThan(1000);
			expect(proxy.delayP50Us).toBeGreaterThan(0);
			expect(proxy.delayP99Us).toBeGreaterThanOrEqual(proxy.delayP50Us);
		}
	});

	test('that steps through a stream event by event gives the same stream', async () => {
		await mock.call({kind: 'mode', mode: {kind: 'stepped', deltas: 20}});
		const address = {port: mock.port, path: '/v1/responses', headers: {}};
		const seen = await client.call({kind: 'verify', address, bodyBytes: 5000});
		expect(seen).toMatchObject({events: 28, isComplete: true});
	});
});

describe('the first line of serve', () => {
	test('gives the port, and anything else is refused with what it said', () => {
		expect(parseListening('{"event":"listening","url":"http://127.0.0.1:4711","pid":1}')).toBe(4711);
		expect(() => parseListening('Error: the home is held by process 12')).toThrow('held by process 12');
		expect(() => parseListening('{"event":"failed"}')).toThrow('not "listening"');
	});
});
