import {describe, expect, test} from 'vitest';
import {recordedStreams} from '../support/recorded-streams.ts';
import {playStream, startFarEnd, wholeAnswer, type RawArrival, type RawFarEnd} from '../support/raw-http.ts';
import {call, settled, startEngine, turn, type RunningEngine} from '../support/running-engine.ts';
import {startSwitched} from '../support/switched-far-end.ts';

/* Rule 5 of the road: encrypted reasoning and turn state belong to whoever issued them. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const serve = playStream(stream);

/** A whole answer whose reasoning item carries this encrypted content. */
const issue = (state: string) =>
	playStream(
		Buffer.from(
			[
				{type: 'response.created', response: {id: 'resp_1'}},
				{
					type: 'response.output_item.done',
					output_index: 0,
					item: {type: 'reasoning', id: 'rs_1', encrypted_content: state},
				},
				{
					type: 'response.output_item.done',
					output_index: 1,
					item: {type: 'message', id: 'msg_1', role: 'assistant', content: []},
				},
				{type: 'response.completed', response: {id: 'resp_1', usage: null}},
			]
				.map(event => `data: ${JSON.stringify(event)}\n\n`)
				.join(''),
		),
	);

const reasoning = (state: string) => ({type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: state});
const message = {type: 'message', role: 'user', content: [{type: 'input_text', text: 'go "on" ✓'}]};
const bodyWith = (...states: readonly string[]) => ({...turn, input: [message, ...states.map(reasoning), message]});

const statesIn = (far: RawFarEnd): readonly string[] => {
	const body: {input: ReadonlyArray<{encrypted_content?: string}>} = JSON.parse(
		far.arrivals.at(-1)?.body.toString() ?? '',
	);
	return body.input.flatMap(({encrypted_content: state}) => (state === undefined ? [] : [state]));
};

const prefer = (engine: RunningEngine, name: string): Promise<void> =>
	engine.engine.act({type: 'pin', service: 'codex', endpointKey: `codex/${name}/default`, mode: 'only'});

describe('encrypted reasoning', () => {
	test('in an envelope of the bridge reaches no upstream that is spoken to without it, whoever served the session', async () => {
		await using a = await startFarEnd(serve);
		await using engine = await startEngine({providers: [{name: 'a', url: a.url}]});
		await call(engine, {body: bodyWith('ctui1.rc.e30', 'of-somebody')});
		expect(statesIn(a)).toEqual(['of-somebody']);
		expect(engine.ledger().at(-1)?.retry?.route_attempts[0]?.repairs).toEqual(['foreign-reasoning:1']);
	});

	test('goes back to its issuer, never to another provider, and what is left out is counted', async () => {
		await using a = await startFarEnd(issue('state-of-a'));
		await using b = await startFarEnd(issue('state-of-b'));
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: a.url},
				{name: 'b', url: b.url},
			],
		});
		await call(engine);
		await prefer(engine, 'b');
		await call(engine);
		await call(engine, {body: bodyWith('state-of-a', 'state-of-b', 'nobody-knows')});
		expect(statesIn(b)).toEqual(['state-of-b', 'nobody-knows']);
		await prefer(engine, 'a');
		await call(engine, {body: bodyWith('state-of-a', 'state-of-b')});
		expect(statesIn(a)).toEqual(['state-of-a']);
		settled(engine);
		const losses = engine.events.flatMap(event => (event.type === 'body-translated' ? [event.losses] : []));
		expect(losses).toEqual([
			[expect.objectContaining({code: 'foreign-reasoning', count: 1})],
			[expect.objectContaining({code: 'foreign-reasoning', count: 1})],
		]);
		expect(engine.ledger().at(-1)?.retry?.route_attempts[0]?.repairs).toEqual(['foreign-reasoning:1']);
	});

	test('is remembered over a restart and shared in a continuity domain', async () => {
		await using a = await startFarEnd(issue('state-of-a'));
		await using b = await startFarEnd(issue('state-of-b'));
		const extra = 'continuity_domain = "one"';
		const apart = [
			{name: 'a', url: a.url},
			{name: 'b', url: b.url},
		];
		await using engine = await startEngine({providers: apart});
		await call(engine);
		await prefer(engine, 'b');
		await engine.stop();
		await using again = await startEngine({providers: apart, home: engine.home});
		await call(again, {body: bodyWith('state-of-a')});
		expect(statesIn(b)).toEqual([]);
		await using domain = await startEngine({providers: apart.map(provider => ({...provider, extra}))});
		await call(domain);
		await prefer(domain, 'b');
		await call(domain, {body: bodyWith('state-of-a')});
		expect(statesIn(b)).toEqual(['state-of-a']);
	});

	test('that an upstream cannot read is left out in one resend, and only one', async () => {
		const refusal = wholeAnswer(
			400,
			'{"error":{"code":"invalid_encrypted_content","message":"The encrypted content could not be verified."}}',
		);
		const picky = ({socket, body}: RawArrival): void => {
			if (body.includes('encrypted_content')) {
				socket.write(refusal);
			} else {
				serve({socket, body, head: '', index: 0, indexOnSocket: 0});
			}
		};
		await using a = await startSwitched(picky);
		await using engine = await startEngine({providers: [{name: 'a', url: a.url}]});
		const answer = await call(engine, {body: bodyWith('from-before-1', 'from-before-2')});
		expect(answer.body.equals(stream)).toBe(true);
		expect(a.arrivals).toHaveLength(2);
		expect(engine.ledger()).toMatchObject([{outcome: 'success', retry: {attempts: 2}}]);
		a.become(({socket}) => socket.write(refusal));
		const refused = await call(engine, {body: bodyWith('from-before-1')});
		expect(refused.status).toBe(400);
		expect(a.arrivals).toHaveLength(4);
		settled(engine);
		expect(engine.events.filter(({type}) => type === 'breaker-changed')).toEqual([]);
	});

	test('that was refused once is not sent to that upstream again, later turns cost one send', async () => {
		const refusal = wholeAnswer(400, '{"error":{"code":"invalid_encrypted_content"}}');
		await using a = await startFarEnd(arrival => {
			if (arrival.body.includes('from-before')) {
				arrival.socket.write(refusal);
			} else {
				serve(arrival);
			}
		});
		await using engine = await startEngine({providers: [{name: 'a', url: a.url}]});
		await call(engine, {body: bodyWith('from-before')});
		expect(a.arrivals).toHaveLength(2);
		await call(engine, {body: bodyWith('from-before', 'new-of-somebody')});
		expect(a.arrivals).toHaveLength(3);
		expect(statesIn(a)).toEqual(['new-of-somebody']);
	});

	test('of unknown origin belongs to whoever served the session, and stays there when the session moves', async () => {
		await using a = await startFarEnd(serve);
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: a.url},
				{name: 'b', url: b.url},
			],
		});
		await call(engine, {body: bodyWith('older-than-our-memory')});
		expect(statesIn(a)).toEqual(['older-than-our-memory']);
		await prefer(engine, 'b');
		await call(engine, {body: bodyWith('older-than-our-memory')});
		expect(statesIn(b)).toEqual([]);
		await call(engine, {body: bodyWith('older-than-our-memory')});
		expect(statesIn(b)).toEqual([]);
		await prefer(engine, 'a');
		await call(engine, {body: bodyWith('older-than-our-memory')});
		expect(statesIn(a)).toEqual(['older-than-our-memory']);
	});
});

const withState = (state: string) =>
	startFarEnd(({socket}) => {
		socket.write(wholeAnswer(200, stream, {'content-type': 'text/event-stream', 'x-codex-turn-state': state}));
	});
const stateSeen = (far: RawFarEnd) => /x-codex-turn-state: (.*)/i.exec(far.arrivals.at(-1)?.head ?? '')?.[1]?.trim();
const turnHeaders = (turnId: string, state?: string) => ({
	'x-codex-turn-metadata': JSON.stringify({turn_id: turnId, request_kind: 'turn'}),
	...(state !== undefined && {'x-codex-turn-state': state}),
});

describe('x-codex-turn-state', () => {
	test('is echoed only to the endpoint that issued it', async () => {
		await using a = await withState('turn-state-a');
		await using b = await withState('turn-state-b');
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: a.url},
				{name: 'b', url: b.url},
			],
		});
		const first = await call(engine, {headers: turnHeaders('t1')});
		expect(first.headers['x-codex-turn-state']).toBe('turn-state-a');
		expect(stateSeen(a)).toBeUndefined();
		await call(engine, {headers: turnHeaders('t1', 'turn-state-a')});
		expect(stateSeen(a)).toBe('turn-state-a');
		await prefer(engine, 'b');
		await call(engine, {headers: turnHeaders('t1', 'turn-state-a')});
		expect(stateSeen(b)).toBeUndefined();
		await call(engine, {headers: turnHeaders('t1', 'turn-state-a')});
		expect(stateSeen(b)).toBe('turn-state-b');
		await prefer(engine, 'a');
		await call(engine, {headers: turnHeaders('t1', 'turn-state-b')});
		expect(stateSeen(a)).toBe('turn-state-a');
		await call(engine, {headers: turnHeaders('t2', 'turn-state-b')});
		expect(stateSeen(a)).toBeUndefined();
	});
});
