import path from 'node:path';
import {gzipSync, zstdCompressSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {openStateStore, type StateStore} from '../../source/engine/brain/state-store.ts';
import {json} from '../../source/demo/script.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {
	playStream,
	rawRequest,
	sendRaw,
	startFarEnd,
	wholeAnswer,
	write,
	type RawArrival,
} from '../support/raw-http.ts';
import {call, newHome, settled, startEngine, turn, type RunningEngine} from '../support/running-engine.ts';
import {expectNoRefusals, startUpstream, upstreamKey} from '../support/upstream.ts';

/* Repairs and memory of sessions through a whole engine: what no client sees, and what the next request is routed by. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const serve = playStream(stream);
const stale = (status: number, message: string) => wholeAnswer(status, JSON.stringify({error: {message}}));

/** Refuses a body that holds a word, serves any other. */
const refusing =
	(word: string, refusal: Buffer) =>
	(arrival: RawArrival): void => {
		if (arrival.body.includes(word)) {
			arrival.socket.write(refusal);
		} else {
			serve(arrival);
		}
	};

const bound = {...turn, previous_response_id: 'resp_gone'};

describe('a stale previous_response_id', () => {
	test.each([
		[400, 'Previous response with id "resp_gone" not found.'],
		[404, 'The previous_response_id resp_gone does not exist'],
		[400, 'previous response is missing'],
	])('%i %s: is left out in one resend to the same upstream, unseen by the client', async (status, message) => {
		await using far = await startFarEnd(refusing('previous_response_id', stale(status, message)));
		await using other = await startFarEnd(serve);
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: far.url},
				{name: 'b', url: other.url},
			],
		});
		const answer = await call(engine, {body: bound});
		expect(answer.body.equals(stream)).toBe(true);
		expect([far.arrivals.length, other.arrivals.length]).toEqual([2, 0]);
		expect(JSON.parse(far.arrivals[1]?.body.toString() ?? '')).toEqual(turn);
		settled(engine);
		expect(engine.ledger()).toMatchObject([
			{outcome: 'success', retry: {route_attempts: [{discarded: true}, {repairs: ['stale-previous-response:1']}]}},
		]);
		expect(engine.events.filter(({type}) => type === 'breaker-changed')).toEqual([]);
	});

	test('is left out once only, and a body without the field is not sent again', async () => {
		const refusal = stale(400, 'Previous response not found');
		await using far = await startFarEnd(write(refusal));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		expect((await call(engine, {body: bound})).status).toBe(400);
		expect(far.arrivals).toHaveLength(2);
		expect((await call(engine)).status).toBe(400);
		expect(far.arrivals).toHaveLength(3);
	});

	test.each([
		['another fault', stale(400, 'previous_response_id must be a string')],
		['a server error with the same words', stale(500, 'previous response not found')],
	])('is no repair of %s', async (_, refusal) => {
		await using far = await startFarEnd(write(refusal));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		await call(engine, {body: bound});
		expect(far.arrivals).toHaveLength(1);
	});

	test('may be left out beside encrypted reasoning, each once', async () => {
		const refuseState = refusing('encrypted_content', stale(400, 'The encrypted content could not be verified'));
		await using far = await startFarEnd(arrival => {
			if (arrival.body.includes('previous_response_id')) {
				arrival.socket.write(stale(400, 'Previous response not found'));
			} else {
				refuseState(arrival);
			}
		});
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const body = {...bound, input: [...turn.input, {type: 'reasoning', summary: [], encrypted_content: 'of-nobody'}]};
		expect((await call(engine, {body})).body.equals(stream)).toBe(true);
		expect(far.arrivals).toHaveLength(3);
		expect(JSON.parse(far.arrivals[2]?.body.toString() ?? '')).toEqual(turn);
	});
});

test('the first loss of a session’s hidden state is an incident, later ones are not', async () => {
	const refusal = stale(400, 'The encrypted content could not be verified');
	await using far = await startFarEnd(refusing('encrypted_content', refusal));
	await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
	const body = {...turn, input: [...turn.input, {type: 'reasoning', summary: [], encrypted_content: 'of-nobody'}]};
	await call(engine, {body});
	await call(engine, {body});
	settled(engine);
	const opened = engine.events.flatMap(event => (event.type === 'incident-opened' ? [event.incident] : []));
	expect(opened).toMatchObject([
		{
			rule: 'state-left-out',
			scope: 'codex/a/default',
			count: 1,
			evidence: [{text: expect.stringMatching('session-1')}],
		},
	]);
	expect(engine.events.filter(({type}) => type === 'incident-updated')).toEqual([]);
});

const compactPath = '/v1/responses/compact';
const compactBody = {
	...{model: 'gpt-5.5', input: [], service_tier: 'priority', prompt_cache_key: 'p1'},
	...{store: false, stream: true, previous_response_id: 'resp_1'},
};
const compaction = {type: 'compaction', id: 'cmp_1', encrypted_content: 'compacted-by-a'};
const eventsOf = (...events: readonly object[]): string =>
	events.map(event => `data: ${JSON.stringify(event)}\n\n`).join('');
const sse = {'content-type': 'text/event-stream'};
const compactStream = eventsOf(
	{type: 'response.output_item.done', item: compaction},
	{type: 'response.completed', response: {id: 'resp_9', model: 'gpt-5.5-0601', service_tier: 'default', output: []}},
);

describe('a v1 compact', () => {
	test('goes out with its allow-list and Accept: application/json, and its session stays with who answered', async () => {
		await using far = await startFarEnd(write(wholeAnswer(200, JSON.stringify({output: [compaction]}))));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const headers = {accept: 'text/event-stream'};
		const answer = await call(engine, {path: compactPath, body: compactBody, headers});
		expect([answer.status, JSON.parse(answer.text)]).toEqual([200, {output: [compaction]}]);
		const [arrival] = far.arrivals;
		const {store: _store, stream: _stream, previous_response_id: _previous, ...allowed} = compactBody;
		expect(JSON.parse(arrival?.body.toString() ?? '')).toEqual(allowed);
		expect(arrival?.head).toMatch(/^accept: application\/json\r?$/im);
		expect(await stored(engine, 'affinity')).toMatchObject([
			['codex session-1', {endpointKey: 'codex/a/default', changeReason: 'first_success', identitySource: 'header'}],
		]);
	});

	test('of a whole turn’s body is taken by an upstream that refuses every other field', async () => {
		const rule = {match: {path: '/v1/responses/compact'}, answer: json(200, {output: []})};
		await using upstream = await startUpstream([rule]);
		await using engine = await startEngine({providers: [{name: 'a', url: upstream.url, key: upstreamKey}]});
		const whole = {...compactBody, include: [], tool_choice: 'auto', client_metadata: {a: 'b'}, tools: []};
		expect((await call(engine, {path: compactPath, body: whole})).status).toBe(200);
		expectNoRefusals(upstream);
	});

	test('answered with an event stream becomes the JSON object, and what it states is recorded', async () => {
		await using far = await startFarEnd(write(wholeAnswer(200, compactStream, sse)));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const answer = await call(engine, {path: compactPath, body: compactBody});
		expect(answer.headers['content-type']).toBe('application/json');
		expect(JSON.parse(answer.text)).toMatchObject({id: 'resp_9', output: [compaction]});
		expect(engine.ledger()).toMatchObject([
			{
				actual_model: 'gpt-5.5-0601',
				service_tier: {requested: 'priority', effective: 'priority', actual: 'default'},
				retry: {route_attempts: [{repairs: ['stream-answer:1']}]},
			},
		]);
		expect(await stored(engine, 'issued')).toHaveLength(2);
	});

	test.each([
		['fails', eventsOf({type: 'response.failed', response: {error: {code: 'server_error', message: 'no'}}})],
		['has no end', eventsOf({type: 'response.output_item.done', item: compaction})],
	])('whose stream %s moves on, and alone ends in a typed error', async (_, events) => {
		await using far = await startFarEnd(write(wholeAnswer(200, events, sse)));
		await using healthy = await startFarEnd(write(wholeAnswer(200, compactStream, sse)));
		const a = {name: 'a', url: far.url};
		await using both = await startEngine({providers: [a, {name: 'b', url: healthy.url}]});
		expect((await call(both, {path: compactPath, body: {model: 'm', input: []}})).status).toBe(200);
		expect(await stored(both, 'affinity')).toMatchObject([['codex session-1', {endpointKey: 'codex/b/default'}]]);
		await using alone = await startEngine({providers: [a], limits: {transportRepeatMs: 1}});
		const ended = await call(alone, {path: compactPath, body: {model: 'm', input: []}});
		expect([ended.status, JSON.parse(ended.text)]).toMatchObject([400, {error: {code: 'no-upstream'}}]);
	});
});

/** The rows of a kind, as the engine left them; it is stopped for that. */
const stored = async (engine: RunningEngine, kind: string): Promise<ReturnType<StateStore['list']>> => {
	await engine.stop();
	const store = openStateStore(path.join(engine.home.root, 'state.db'), Date.now, () => undefined);
	const rows = store.list(kind);
	store.close();
	return rows;
};

const headersOf = (engine: RunningEngine) =>
	[
		['host', `127.0.0.1:${engine.port}`],
		['x-codex-tui-token', engine.token],
	] as const;

describe('an answer that should be plain', () => {
	test.each([
		['gzip', gzipSync],
		['zstd', zstdCompressSync],
	] as const)('and is %s without saying so is unpacked, for models too, and that is a repair', async (name, pack) => {
		await using far = await startFarEnd(write(wholeAnswer(200, pack('{"id":"resp_1"}'))));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const answer = await call(engine, {client: 'sdk', body: {model: 'm', input: 'hi'}});
		expect([answer.status, answer.text]).toEqual([200, '{"id":"resp_1"}']);
		const models = await sendRaw(engine.port, rawRequest('GET /v1/models', headersOf(engine)));
		expect([models.status, models.body]).toEqual([200, '{"id":"resp_1"}']);
		settled(engine);
		expect(engine.ledger()[0]?.retry?.route_attempts[0]?.repairs).toEqual(['compressed-answer:1']);
		expect(engine.events.filter(event => event.type === 'body-translated')).toMatchObject([
			{isAnswer: true, losses: [{code: 'compressed-answer', text: expect.stringContaining(name)}]},
			{isAnswer: true},
		]);
	});
});

describe('what a session keeps', () => {
	test('an override from before a restart changes what goes out', async () => {
		await using far = await startFarEnd(serve);
		const home = await newHome();
		const store = openStateStore(path.join(home.root, 'state.db'), Date.now, () => undefined);
		const nowMs = Date.now();
		store.set('override', 'codex session-1', {model: 'big', tier: 'flex', setAtMs: nowMs, usedAtMs: nowMs});
		store.close();
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}], home});
		await call(engine);
		await call(engine, {headers: {'session-id': 'session-2'}});
		expect(far.arrivals.map(({body}) => JSON.parse(body.toString()) as unknown)).toEqual([
			{...turn, model: 'big', service_tier: 'flex'},
			turn,
		]);
		expect(engine.ledger()[0]).toMatchObject({
			model: turn.model,
			service_tier: {effective: 'flex'},
			route_decision: {effective_model: {value: 'big', source: 'session_override'}},
		});
	});

	test('its upstream, written when a stream is complete and never for one that broke off', async () => {
		await using far = await startFarEnd(({socket, index}) => {
			if (index === 0) {
				socket.end(wholeAnswer(200, stream.subarray(0, stream.length - 40), sse));
			} else {
				serve({socket, index, body: Buffer.alloc(0), head: '', indexOnSocket: 0});
			}
		});
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}], limits: {transportRepeatMs: 1}});
		await call(engine, {headers: {'session-id': 'broken'}});
		await call(engine, {headers: {'session-id': 'whole'}});
		await call(engine, {client: 'sdk', path: '/v1/responses'});
		expect((await stored(engine, 'affinity')).map(([key]) => key)).toEqual(['codex whole']);
	});

	test('a move says which failure it followed', async () => {
		await using a = await startFarEnd(({socket, index, ...rest}) => {
			if (index === 0) {
				serve({socket, index, ...rest});
			} else {
				socket.write(wholeAnswer(503, '{}'));
			}
		});
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: a.url},
				{name: 'b', url: b.url},
			],
		});
		await call(engine);
		await call(engine);
		expect(await stored(engine, 'affinity')).toMatchObject([
			['codex session-1', {endpointKey: 'codex/b/default', changeReason: 'failover_after_status_503'}],
		]);
	});
});
