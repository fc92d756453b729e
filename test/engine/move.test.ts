import type {Socket} from 'node:net';
import {describe, expect, test} from 'vitest';
import {recordedStreams, responsesParts} from '../support/recorded-streams.ts';
import {chunkOf, lastChunk, playStream, startFarEnd, streamHead, write, type RawFarEnd} from '../support/raw-http.ts';
import {
	call,
	startEngine,
	until,
	type ClientFamily,
	type EngineSetup,
	type RunningEngine,
} from '../support/running-engine.ts';

/* Move now (routing.md 11): the running attempt ends, another upstream goes on, and the client notices nothing. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const sdkStream = recordedStreams.find(({client, dialect}) => client === 'sdk' && dialect === 'responses')?.bytes;
const whole = Buffer.from(stream.toString().replaceAll('resp_1', 'resp_other'));
const {named} = responsesParts;

/** Everything up to the first finished item. */
const unfinished = stream.subarray(0, stream.indexOf('event: response.output_item.done'));

const silentAfter = (...bytes: readonly Buffer[]): Promise<RawFarEnd> =>
	startFarEnd(({socket}) => {
		socket.write(streamHead);
		for (const piece of bytes) {
			socket.write(chunkOf(piece));
		}
	});

const start = (fars: readonly RawFarEnd[], more: Partial<EngineSetup> = {}): Promise<RunningEngine> =>
	startEngine({providers: fars.map(({url}, index) => ({name: `p${index}`, url})), ...more});

interface Begun {
	readonly seen?: number;
	readonly client?: ClientFamily;
	/** One that was served elsewhere stays there. */
	readonly session?: string;
}

/** Sends a turn and waits until the first upstream has got it and, where `seen` is given, the client so many bytes. */
const begin = async (engine: RunningEngine, far: RawFarEnd, {seen = 0, client = 'codex', session}: Begun = {}) => {
	let bytes = 0;
	const before = far.arrivals.length;
	const answer = call(engine, {
		...(session !== undefined && {session}),
		client,
		path: '/v1/responses',
		onPiece: piece => (bytes += piece.length),
	});
	await until('the attempt', () => far.arrivals.length > before && bytes >= seen);
	const requestId = engine.engine.ask({type: 'snapshot'}).requests.at(-1)?.requestId ?? '';
	return {answer, requestId};
};

const keyOf = (index: number): string => `codex/p${index}/default`;

describe('move now', () => {
	test('ends a silent attempt at once and goes on with the next candidate; the ledger shows both', async () => {
		await using silent = await silentAfter(unfinished);
		await using healthy = await startFarEnd(playStream(whole));
		await using engine = await start([silent, healthy]);
		const {answer, requestId} = await begin(engine, silent, {seen: unfinished.length});
		const movedAtMs = performance.now();
		await engine.engine.act({type: 'move-request', requestId});
		const {body, status, isComplete} = await answer;
		expect({status, isComplete}).toEqual({status: 200, isComplete: true});
		// A splice: what stood unfinished, then the whole answer of the other one, and no word of an error.
		expect(body.equals(Buffer.concat([unfinished, whole]))).toBe(true);
		expect(silent.closedAtMs() - movedAtMs).toBeLessThan(100);
		await until('the record', () => engine.ledger().length === 1);
		expect(engine.ledger()).toMatchObject([
			{
				outcome: 'success',
				provider_id: 'p1',
				retry: {
					attempts: 2,
					route_attempts: [
						{
							provider_id: 'p0',
							code: 'moved-by-user',
							reason: 'you moved the request on',
							error_class: 'neutral',
							decision: 'cancelled',
							discarded: true,
						},
						{provider_id: 'p1', code: 'completed'},
					],
				},
			},
		]);
		expect(engine.ledger()[0]?.retry?.route_attempts[1]).not.toHaveProperty('discarded');
	});

	test('is neutral for the health of the upstream that was left', async () => {
		await using silent = await silentAfter();
		await using healthy = await startFarEnd(playStream(whole));
		await using engine = await start([silent, healthy]);
		for (let round = 0; round < 4; round++) {
			const {answer, requestId} = await begin(engine, silent, {session: `round-${round}`});
			await engine.engine.act({type: 'move-request', requestId});
			expect((await answer).body.equals(whole)).toBe(true);
		}

		expect(engine.events.filter(({type}) => type === 'breaker-changed')).toEqual([]);
	});

	test('goes to the candidate that was chosen, and from there on again', async () => {
		await using silent = await silentAfter();
		await using other = await silentAfter();
		await using healthy = await startFarEnd(playStream(whole));
		await using engine = await start([silent, other, healthy]);
		const {answer, requestId} = await begin(engine, silent);
		await engine.engine.act({type: 'move-request', requestId, to: keyOf(2)});
		expect((await answer).body.equals(whole)).toBe(true);
		expect([silent.arrivals.length, other.arrivals.length, healthy.arrivals.length]).toEqual([1, 0, 1]);

		const second = await begin(engine, silent, {session: 'second'});
		await engine.engine.act({type: 'move-request', requestId: second.requestId});
		await until('the move', () => other.arrivals.length === 1);
		await engine.engine.act({type: 'move-request', requestId: second.requestId});
		expect((await second.answer).body.equals(whole)).toBe(true);
		await until('the record', () => engine.ledger().length === 2);
		expect(engine.ledger()[1]?.retry?.upstream_chain).toEqual([keyOf(0), keyOf(1), keyOf(2)]);
	});

	test('goes back to an upstream that was tried before, where the user names it', async () => {
		await using first = await startFarEnd(arrival =>
			arrival.index === 0 ? arrival.socket.write(streamHead) : playStream(whole)(arrival),
		);
		await using second = await silentAfter();
		await using engine = await start([first, second]);
		const {answer, requestId} = await begin(engine, first);
		await engine.engine.act({type: 'move-request', requestId});
		await until('the move', () => second.arrivals.length === 1);
		await engine.engine.act({type: 'move-request', requestId, to: keyOf(0)});
		expect((await answer).body.equals(whole)).toBe(true);
	});

	test('works before the head of an answer, for whole answers and for clients whose head is held', async () => {
		await using silent = await silentAfter(Buffer.from(responsesParts.opening.join('')));
		await using healthy = await startFarEnd(playStream(sdkStream ?? Buffer.alloc(0)));
		await using engine = await start([silent, healthy]);
		const {answer, requestId} = await begin(engine, silent, {client: 'sdk'});
		await engine.engine.act({type: 'move-request', requestId});
		expect((await answer).body.equals(sdkStream ?? Buffer.alloc(0))).toBe(true);
	});
});

describe('a move that cannot be made says why, and the request goes on', () => {
	test('a finished item was delivered already', async () => {
		const item = named('response.output_item.done', {
			output_index: 0,
			item: {type: 'message', id: 'msg_1', role: 'assistant', content: [{type: 'output_text', text: 'kept'}]},
		});
		const held: Socket[] = [];
		await using kept = await startFarEnd(({socket}) => {
			socket.write(streamHead);
			socket.write(chunkOf(item));
			held.push(socket);
		});
		await using healthy = await startFarEnd(playStream(whole));
		await using engine = await start([kept, healthy]);
		const {answer, requestId} = await begin(engine, kept, {seen: 10});
		await expect(engine.engine.act({type: 'move-request', requestId})).rejects.toMatchObject({
			code: 'already-delivered',
			message: expect.stringMatching(/^A finished part of the answer was delivered to the client/),
		});
		held[0]?.write(Buffer.concat([chunkOf(stream), Buffer.from(lastChunk)]));
		expect((await answer).text).toBe(item + stream.toString());
	});

	test('no other candidate; a candidate that is not there, cannot serve, or serves already', async () => {
		await using silent = await silentAfter();
		await using engine = await startEngine({
			providers: [
				{name: 'p0', url: silent.url},
				{name: 'p1', url: 'http://127.0.0.1:9/v1', extra: 'supported_models = { "other" = true }'},
			],
		});
		const {answer, requestId} = await begin(engine, silent);
		const refused = (to: string | undefined, code: string, message: RegExp): Promise<void> =>
			expect(engine.engine.act({type: 'move-request', requestId, to})).rejects.toMatchObject({
				code,
				message: expect.stringMatching(message),
			});
		await refused(
			undefined,
			'no-other-candidate',
			/^No other upstream .*codex\/p1\/default: supported_models does not/,
		);
		await refused('codex/nobody/default', 'unknown-endpoint', /^There is no endpoint codex\/nobody\/default/);
		await refused(keyOf(1), 'endpoint-unusable', /cannot take the request over: supported_models/);
		await refused(keyOf(0), 'endpoint-unusable', /runs on codex\/p0\/default already/);
		expect([silent.openSockets(), silent.arrivals.length]).toEqual([1, 1]);
		await engine.stop();
		expect((await answer).text).toContain('the engine is being stopped');
	});

	test('a request that ended, and one that never was', async () => {
		await using far = await startFarEnd(playStream(stream));
		await using engine = await start([far]);
		await call(engine);
		const requestId = engine.engine.ask({type: 'snapshot'}).requests.at(-1)?.requestId ?? '';
		for (const id of [requestId, 'nobody']) {
			await expect(engine.engine.act({type: 'move-request', requestId: id})).rejects.toMatchObject({
				code: 'unknown-request',
				message: expect.stringContaining(id),
			});
		}
	});
});

test('a client that leaves in the moment of a move leaves nothing behind', async () => {
	await using silent = await startFarEnd(write(streamHead));
	await using other = await startFarEnd(write(streamHead));
	await using engine = await start([silent, other]);
	const controller = new AbortController();
	const answer = call(engine, {signal: controller.signal}).catch(() => undefined);
	await until('the attempt', () => silent.arrivals.length === 1);
	const requestId = engine.engine.ask({type: 'snapshot'}).requests.at(-1)?.requestId ?? '';
	controller.abort();
	await engine.engine.act({type: 'move-request', requestId}).catch(() => undefined);
	await answer;
	await until('the end', () => engine.ledger().length === 1 && silent.openSockets() + other.openSockets() === 0);
	expect(engine.ledger()).toMatchObject([{outcome: 'cancelled'}]);
});
