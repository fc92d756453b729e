import {connect} from 'node:net';
import {describe, expect, test} from 'vitest';
import {recordedStreams} from '../support/recorded-streams.ts';
import {
	chunkOf,
	playStream,
	rawRequest,
	startFarEnd,
	streamHead,
	wholeAnswer,
	type RawFarEnd,
} from '../support/raw-http.ts';
import {call, startEngine, turn, until, type EngineSetup, type RunningEngine} from '../support/running-engine.ts';

/* REL-20: clients that leave, in every phase. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const firstEvents = stream.subarray(0, stream.indexOf('response.output_item.done'));
const megabyte = 1024 * 1024;

/** Sends a request and hands over a function that leaves. */
const startAndLeave = (engine: RunningEngine, body: object = turn) => {
	const controller = new AbortController();
	const ended = call(engine, {body, signal: controller.signal}).then(
		() => 'answered',
		() => 'left',
	);
	return {leave: () => controller.abort(), ended};
};

interface Phase {
	readonly name: string;
	readonly far: () => Promise<RawFarEnd>;
	/** The moment to leave. */
	readonly isReached: (far: RawFarEnd, engine: RunningEngine) => boolean;
	readonly body?: object;
	readonly setup?: Omit<EngineSetup, 'providers'>;
	/** Requests that the far end has got when the client leaves. */
	readonly arrivals: number;
}

const phases: readonly Phase[] = [
	{
		name: 'while its body is uploaded to an upstream that reads nothing',
		far: () =>
			startFarEnd(
				() => undefined,
				socket => socket.once('readable', () => undefined),
			),
		isReached: far => far.accepted() === 1,
		body: {...turn, instructions: 'x'.repeat(20 * megabyte)},
		arrivals: 0,
	},
	{
		name: 'while it waits for the head',
		far: () => startFarEnd(() => undefined),
		isReached: far => far.arrivals.length === 1,
		arrivals: 1,
	},
	{
		name: 'while it waits for the first event',
		far: () => startFarEnd(({socket}) => socket.write(streamHead)),
		isReached: (_, engine) => engine.events.some(({type}) => type === 'attempt-start'),
		arrivals: 1,
	},
	{
		name: 'while the answer streams',
		far: () =>
			startFarEnd(({socket}) => {
				socket.write(Buffer.concat([Buffer.from(streamHead), chunkOf(firstEvents)]));
				const timer = setInterval(() => socket.write(chunkOf(': more\n\n')), 5);
				socket.once('close', () => clearInterval(timer));
			}),
		isReached: (_, engine) => engine.events.some(({type}) => type === 'reply-start'),
		arrivals: 1,
	},
	{
		name: 'while an error body trickles in',
		far: () => startFarEnd(({socket}) => socket.write('HTTP/1.1 500 No\r\ncontent-length: 99\r\n\r\n{')),
		isReached: far => far.arrivals.length === 1,
		arrivals: 1,
	},
];

describe('REL-20 a client that leaves', () => {
	test.each(phases)('REL-20 $name: the upstream socket closes within 100 ms and nobody has failed', async phase => {
		await using far = await phase.far();
		await using engine = await startEngine({...phase.setup, providers: [{name: 'a', url: far.url}]});
		const {leave, ended} = startAndLeave(engine, phase.body);
		await until('the phase', () => phase.isReached(far, engine));
		const leftAtMs = performance.now();
		leave();
		expect(await ended).toBe('left');
		if (phase.name.includes('upload')) {
			// A far end that does not read sees no close: the engine's own word counts.
			await until('the record', () => engine.ledger().length === 1, 500);
		} else {
			await until('the close', () => far.openSockets() === 0, 500);
			expect(far.closedAtMs() - leftAtMs).toBeLessThan(100);
		}

		await until('the record', () => engine.ledger().length === 1, 500);
		expect(performance.now() - leftAtMs).toBeLessThan(300);
		expect(engine.ledger()).toMatchObject([
			{outcome: 'cancelled', status_code: 499, retry: {attempts: 1, route_attempts: [{error_class: 'cancelled'}]}},
		]);
		expect(engine.events.filter(({type}) => type === 'breaker-changed')).toEqual([]);
		expect(far.arrivals).toHaveLength(phase.arrivals);
	});

	test('REL-20 while its own body is still coming: no upstream hears of it', async () => {
		await using far = await startFarEnd(playStream(stream));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const socket = connect({host: '127.0.0.1', port: engine.port});
		const request = rawRequest('POST /v1/responses', [
			['host', `127.0.0.1:${engine.port}`],
			['content-type', 'application/json'],
			['x-codex-tui-token', engine.token],
			['content-length', '1000'],
		]);
		socket.write(`${request}{"model":`);
		await new Promise(resolve => {
			setTimeout(resolve, 50);
		});
		socket.destroy();
		await until('the record', () => engine.ledger().length === 1, 500);
		expect(engine.ledger()).toMatchObject([{outcome: 'cancelled', status_code: 499}]);
		expect(far.accepted()).toBe(0);
	});

	test('REL-20 while it waits for an endpoint to reopen: it is never sent', async () => {
		await using far = await startFarEnd(({socket}) => socket.write(wholeAnswer(429, '{}', {'retry-after': '2'})));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const {leave, ended} = startAndLeave(engine);
		await until('the 429', () => engine.events.some(({type}) => type === 'breaker-changed'));
		const second = startAndLeave(engine);
		await until('the plan', () => engine.events.filter(({type}) => type === 'route-planned').length === 2);
		leave();
		second.leave();
		await Promise.all([ended, second.ended]);
		await until('the records', () => engine.ledger().length === 2, 300);
		expect(engine.ledger()).toMatchObject([{outcome: 'cancelled'}, {outcome: 'cancelled'}]);
		expect(far.arrivals).toHaveLength(1);
	});

	test('REL-20 between two tries: the next one is not made', async () => {
		await using far = await startFarEnd(({socket}) => socket.resetAndDestroy());
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}], limits: {transportRepeatMs: 1000}});
		const {leave, ended} = startAndLeave(engine);
		await until('the failure', () => engine.events.some(({type}) => type === 'attempt-end'));
		leave();
		await ended;
		await until('the record', () => engine.ledger().length === 1, 300);
		expect(engine.ledger()).toMatchObject([{outcome: 'cancelled', retry: {attempts: 1}}]);
		expect(far.arrivals).toHaveLength(1);
	});

	test('REL-20 a probe that its client leaves makes room for the next', async () => {
		let isHealthy = false;
		await using far = await startFarEnd(arrival => {
			if (isHealthy && arrival.head.includes('x-hang')) {
				arrival.socket.write(streamHead);
			} else if (isHealthy) {
				playStream(stream)(arrival);
			} else {
				arrival.socket.write(wholeAnswer(429, '{}', {'retry-after': '1'}));
			}
		});
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}], limits: {silentWaitMs: 0}});
		await call(engine);
		isHealthy = true;
		await new Promise(resolve => {
			setTimeout(resolve, 1050);
		});
		const controller = new AbortController();
		const probe = call(engine, {headers: {'x-hang': '1'}, signal: controller.signal}).catch(() => 'left');
		await until('the probe', () => far.arrivals.length === 2);
		controller.abort();
		await probe;
		await until('the record', () => engine.ledger().length === 2);
		expect((await call(engine)).body.equals(stream)).toBe(true);
	});

	test('rule 7: a client that closes right behind its terminal event has succeeded', async () => {
		await using far = await startFarEnd(({socket}) =>
			socket.write(Buffer.concat([Buffer.from(streamHead), chunkOf(stream)])),
		);
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const controller = new AbortController();
		let seen = '';
		const answer = call(engine, {
			signal: controller.signal,
			onPiece: piece => {
				seen += piece.toString();
				if (seen.includes('response.completed')) {
					controller.abort();
				}
			},
		});
		await answer.catch(() => undefined);
		await until('the record', () => engine.ledger().length === 1, 500);
		expect(engine.ledger()).toMatchObject([{outcome: 'success', status_code: 200}]);
	});

	test('REL-20 hundreds of clients that leave at any moment leave nothing behind', async () => {
		await using far = await startFarEnd(({socket}) => {
			socket.write(streamHead);
			let at = 0;
			const timer = setInterval(() => {
				socket.write(chunkOf(stream.subarray(at, at + 400)));
				at += 400;
				if (at >= stream.length) {
					clearInterval(timer);
				}
			}, 2);
			socket.once('close', () => clearInterval(timer));
		});
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const leaveAfter = async (waitMs: number): Promise<void> => {
			const {leave, ended} = startAndLeave(engine);
			const timer = setTimeout(leave, waitMs);
			await ended;
			clearTimeout(timer);
		};
		for (let wave = 0; wave < 8; wave++) {
			await Promise.all(Array.from({length: 40}, (_, index) => leaveAfter(index * 5 + wave)));
		}

		// Some left before they had connected: those were no requests.
		await until('the end of all requests', () => {
			const ended = new Set(engine.ledger().map(record => record.request_id));
			return engine.events.every(event => event.type !== 'request-start' || ended.has(event.requestId));
		});
		expect(engine.ledger().length).toBeGreaterThan(100);
		expect(engine.ledger().filter(({outcome}) => outcome !== 'cancelled' && outcome !== 'success')).toEqual([]);
		expect(engine.events.filter(({type}) => type === 'breaker-changed')).toEqual([]);
		expect((await call(engine)).body.equals(stream)).toBe(true);
	});
});
