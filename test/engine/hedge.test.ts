import {describe, expect, test} from 'vitest';
import {recordedStreams, responsesParts} from '../support/recorded-streams.ts';
import {
	chunkOf,
	endedStreams,
	lastChunk,
	later,
	playStream,
	rawRequest,
	sendRaw,
	startFarEnd,
	streamHead,
	wholeAnswer,
	write,
	writeAndEnd,
	type RawFarEnd,
} from '../support/raw-http.ts';
import {call, startEngine, turn, until, type EngineSetup, type RunningEngine} from '../support/running-engine.ts';

/* Hedging (routing.md 12), through the real engine. Clocks are scaled: 200 ms of silence bring a rival. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const whole = Buffer.from(stream.toString().replaceAll('resp_1', 'resp_other'));
const [created = ''] = responsesParts.opening;
const failed = responsesParts.named('response.failed', {
	response: {id: 'resp_1', error: {code: 'server_error', message: 'crashed'}},
});

const hedged = {limits: {hedgeAfterMs: 200, transportRepeatMs: 1}} as const;

const start = (fars: readonly RawFarEnd[], more: Partial<EngineSetup> = hedged): Promise<RunningEngine> =>
	startEngine({providers: fars.map(({url}, index) => ({name: `p${index}`, url})), ...more});

const attemptsOf = (engine: RunningEngine) =>
	engine
		.ledger()
		.map(({retry}) => retry?.route_attempts.map(({provider_id, code, discarded}) => [provider_id, code, discarded]));

const recorded = (engine: RunningEngine, records = 1): Promise<void> =>
	until('the record', () => engine.ledger().length === records);

describe('a route that hedges', () => {
	test('starts the next candidate beside a silent one, takes the first that speaks and ends the other', async () => {
		await using silent = await startFarEnd(write(streamHead));
		await using healthy = await startFarEnd(playStream(whole));
		await using engine = await start([silent, healthy]);
		const startedMs = performance.now();
		const {body} = await call(engine);
		expect(body.equals(whole)).toBe(true);
		expect(performance.now() - startedMs).toBeGreaterThan(195);
		await until('the end of the loser', () => silent.openSockets() === 0, 100);
		await recorded(engine);
		expect(attemptsOf(engine)).toEqual([
			[
				['p0', 'hedge-lost', true],
				['p1', 'completed', undefined],
			],
		]);
		expect(engine.ledger()).toMatchObject([
			{
				outcome: 'success',
				provider_id: 'p1',
				retry: {route_attempts: [{error_class: 'neutral', reason: 'its rival spoke first', decision: 'cancelled'}, {}]},
			},
		]);
		expect(engine.events.filter(({type}) => type === 'breaker-changed')).toEqual([]);
	});

	test('keeps the first where it speaks before its rival does', async () => {
		await using slow = await startFarEnd(later(700, playStream(stream)));
		await using silent = await startFarEnd(write(streamHead));
		await using engine = await start([slow, silent]);
		expect((await call(engine)).body.equals(stream)).toBe(true);
		await until('the end of the loser', () => silent.openSockets() === 0, 100);
		await recorded(engine);
		expect(silent.arrivals).toHaveLength(1);
		expect(engine.ledger()).toMatchObject([{outcome: 'success', provider_id: 'p0'}]);
		expect(attemptsOf(engine)).toEqual([
			[
				['p0', 'completed', undefined],
				['p1', 'hedge-lost', true],
			],
		]);
	});

	test('starts no rival for one that has spoken and then thinks', async () => {
		await using thinking = await startFarEnd(({socket}) => {
			socket.write(streamHead);
			socket.write(chunkOf(created));
			setTimeout(
				() => socket.write(Buffer.concat([chunkOf(stream.subarray(created.length)), Buffer.from(lastChunk)])),
				900,
			);
		});
		await using healthy = await startFarEnd(playStream(whole));
		await using engine = await start([thinking, healthy]);
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect(healthy.arrivals).toHaveLength(0);
	});

	test('hears no word in a comment and in an error, and an error of one leaves the other running', async () => {
		await using commenting = await startFarEnd(({socket}) => {
			socket.write(streamHead);
			socket.write(chunkOf(': still here\n\n'));
			setTimeout(() => socket.write(Buffer.concat([chunkOf(stream), Buffer.from(lastChunk)])), 900);
		});
		await using failing = await startFarEnd(
			writeAndEnd(Buffer.concat([Buffer.from(streamHead), chunkOf(failed), Buffer.from(lastChunk)])),
		);
		await using engine = await start([commenting, failing]);
		expect((await call(engine)).text).toBe(`: still here\n\n${stream.toString()}`);
		await recorded(engine);
		expect(attemptsOf(engine)).toEqual([
			[
				['p0', 'completed', undefined],
				['p1', 'in-band-failed', true],
			],
		]);
	});

	test('goes on with the rival where the first answers with an error', async () => {
		await using failing = await startFarEnd(later(500, writeAndEnd(wholeAnswer(503, '{}'))));
		await using slow = await startFarEnd(later(600, playStream(whole)));
		await using engine = await start([failing, slow]);
		expect((await call(engine)).body.equals(whole)).toBe(true);
		await recorded(engine);
		expect(attemptsOf(engine)).toEqual([
			[
				['p0', 'status-503', true],
				['p1', 'completed', undefined],
			],
		]);
	});

	test('brings the next rival where one of two has failed, and the next candidate where both have', async () => {
		await using silent = await startFarEnd(write(streamHead));
		await using failing = await startFarEnd(writeAndEnd(wholeAnswer(503, '{}')));
		await using healthy = await startFarEnd(playStream(whole));
		await using engine = await start([silent, failing, healthy]);
		expect((await call(engine)).body.equals(whole)).toBe(true);
		await recorded(engine);
		expect(attemptsOf(engine)).toEqual([
			[
				['p0', 'hedge-lost', true],
				['p1', 'status-503', true],
				['p2', 'completed', undefined],
			],
		]);
	});

	test('ends by the contract where both fail and nobody is left', async () => {
		await using one = await startFarEnd(later(500, writeAndEnd(wholeAnswer(503, '{}'))));
		await using other = await startFarEnd(later(100, writeAndEnd(wholeAnswer(500, '{}'))));
		await using engine = await start([one, other]);
		const {text, status} = await call(engine);
		expect(status).toBe(200);
		expect(text).toMatch(/^event: response\.failed\n.*p0: .*; p1: /);
	});

	test('gives the fault of the request as the ending, whatever its rival came to', async () => {
		const fault = JSON.stringify({error: {code: 'context_length_exceeded', message: 'too long'}});
		await using refusing = await startFarEnd(later(450, writeAndEnd(wholeAnswer(400, fault))));
		await using failing = await startFarEnd(later(500, writeAndEnd(wholeAnswer(503, '{}'))));
		await using unasked = await startFarEnd(playStream(whole));
		await using engine = await start([refusing, failing, unasked], hedged);
		const {text} = await call(engine);
		expect(text).toContain('context_length_exceeded');
		expect(unasked.arrivals).toHaveLength(0);
	});

	test('counts the rival among the sends', async () => {
		await using one = await startFarEnd(later(500, writeAndEnd(wholeAnswer(503, '{}'))));
		await using other = await startFarEnd(later(600, writeAndEnd(wholeAnswer(503, '{}'))));
		await using third = await startFarEnd(playStream(whole));
		await using engine = await start([one, other, third], {limits: {...hedged.limits, sends: 2}});
		expect((await call(engine)).text).toContain('response.failed');
		expect([one, other, third].map(({arrivals}) => arrivals.length)).toEqual([1, 1, 0]);
	});

	test('aborts both within 100 ms when the client leaves', async () => {
		await using one = await startFarEnd(write(streamHead));
		await using other = await startFarEnd(write(streamHead));
		await using engine = await start([one, other]);
		const controller = new AbortController();
		const answer = call(engine, {signal: controller.signal}).catch(() => undefined);
		await until('both attempts', () => one.arrivals.length + other.arrivals.length === 2);
		const leftMs = performance.now();
		controller.abort();
		await until('the end of both', () => one.openSockets() + other.openSockets() === 0, 1000);
		expect(Math.max(one.closedAtMs(), other.closedAtMs()) - leftMs).toBeLessThan(100);
		await answer;
		await recorded(engine);
		expect(engine.ledger()).toMatchObject([
			{outcome: 'cancelled', retry: {route_attempts: [{code: 'cancelled'}, {code: 'cancelled'}]}},
		]);
	});

	test('move now goes to the rival that runs already', async () => {
		await using silent = await startFarEnd(write(streamHead));
		await using slow = await startFarEnd(later(600, playStream(whole)));
		await using engine = await start([silent, slow]);
		const answer = call(engine);
		await until('both attempts', () => silent.arrivals.length + slow.arrivals.length === 2);
		const requestId = engine.engine.ask({type: 'snapshot'}).requests.at(-1)?.requestId ?? '';
		await engine.engine.act({type: 'move-request', requestId});
		await until('the end of the first', () => silent.openSockets() === 0, 100);
		expect((await answer).body.equals(whole)).toBe(true);
		await recorded(engine);
		expect(attemptsOf(engine)).toEqual([
			[
				['p0', 'moved-by-user', true],
				['p1', 'completed', undefined],
			],
		]);
	});
});

describe('no rival', () => {
	test('by default', async () => {
		await using slow = await startFarEnd(later(800, playStream(stream)));
		await using healthy = await startFarEnd(playStream(whole));
		await using engine = await start([slow, healthy], {});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect(healthy.arrivals).toHaveLength(0);
	});

	test.each([
		['encrypted reasoning', {input: [{type: 'reasoning', encrypted_content: 'gAAAA', summary: []}]}],
		['previous_response_id', {previous_response_id: 'resp_0'}],
		['no stream', {stream: false}],
	])('for a request with %s', async (_, fields) => {
		await using slow = await startFarEnd(later(800, writeAndEnd(wholeAnswer(503, '{}'))));
		await using healthy = await startFarEnd(playStream(whole));
		await using engine = await start([slow, healthy]);
		const answer = call(engine, {body: {...turn, ...fields}});
		await new Promise(resolve => {
			setTimeout(resolve, 600);
		});
		expect([slow.arrivals.length, healthy.arrivals.length]).toEqual([1, 0]);
		await answer;
	});
});

test('a request that is sent before its answer stays with the upstream that gave the answer before it', async () => {
	await using first = await startFarEnd(playStream(stream));
	await using second = await startFarEnd(playStream(stream));
	await using engine = await start([first, second], {
		...hedged,
		routing:
			'[codex.routing]\nentry = "main"\n[codex.routing.routes.main]\nstrategy = "round-robin"\nchildren = ["p0", "p1"]\n',
	});
	const headers = [
		['host', `127.0.0.1:${engine.port}`],
		['content-type', 'application/json'],
		['x-codex-tui-token', engine.token],
		['session-id', 'pipelined'],
	] as const;
	const request = rawRequest('POST /v1/responses', headers, JSON.stringify(turn));
	const answer = await sendRaw(engine.port, request.repeat(4), {until: text => endedStreams(text) === 4});
	expect(endedStreams(answer.text)).toBe(4);
	expect([first.arrivals.length, second.arrivals.length]).toEqual(first.arrivals.length === 0 ? [0, 4] : [4, 0]);
});
