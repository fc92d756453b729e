import {expect, test} from 'vitest';
import {playStream, startFarEnd, type RawArrival} from '../support/raw-http.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {call, startEngine, until} from '../support/running-engine.ts';

/* What was requested, what was sent, what the upstream says it used (routing.md 9), over real sockets. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const serve = playStream(stream);
const turn = {
	model: 'gpt-5.5',
	stream: true,
	service_tier: 'priority',
	reasoning: {effort: 'low', summary: 'auto'},
	input: [{type: 'message', role: 'user', content: 'hi'}],
};
const bodyOf = (arrival: RawArrival | undefined): unknown => JSON.parse(arrival?.body.toString() ?? 'null');

test('a session’s override of model, effort and tier changes what is sent, and the ledger tells the three apart', async () => {
	await using far = await startFarEnd(serve);
	await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
	const fields = {model: 'gpt-9', effort: 'high', tier: 'flex'};
	await engine.engine.act({type: 'override', service: 'codex', sessionId: 's1', fields});
	await call(engine, {session: 's1', body: turn});
	await call(engine, {session: 's2', body: turn});
	expect(bodyOf(far.arrivals[0])).toEqual({
		...turn,
		model: 'gpt-9',
		service_tier: 'flex',
		reasoning: {effort: 'high', summary: 'auto'},
	});
	expect(bodyOf(far.arrivals[1])).toEqual(turn);
	await until('the records', () => engine.ledger().length === 2);
	expect(engine.ledger()[0]).toMatchObject({
		model: 'gpt-5.5',
		reasoning_effort: 'low',
		service_tier: {requested: 'priority', effective: 'flex'},
		route_decision: {
			effective_model: {value: 'gpt-9', source: 'session_override'},
			effective_reasoning_effort: {value: 'high', source: 'session_override'},
			effective_service_tier: {value: 'flex', source: 'session_override'},
		},
	});
	expect(engine.ledger()[1]).toMatchObject({service_tier: {requested: 'priority', effective: 'priority'}});
});

test('an automatic default profile changes no field: service_tier "priority" arrives as it was sent', async () => {
	await using far = await startFarEnd(serve);
	await using engine = await startEngine({
		providers: [{name: 'a', url: far.url}],
		more: '[codex]\ndefault_profile = "cheap"\n[codex.profiles.cheap]\nmodel = "small"\nservice_tier = "flex"\nreasoning_effort = "low"\n',
	});
	const sent = Buffer.from(JSON.stringify(turn));
	await call(engine, {session: 's1', body: sent});
	expect(far.arrivals[0]?.body.equals(sent)).toBe(true);
	await until('the record', () => engine.ledger().length === 1);
	expect(engine.ledger()[0]?.service_tier).toMatchObject({requested: 'priority', effective: 'priority'});
});

test('a provider with reasoning = "off" gets no reasoning settings, the next one gets them', async () => {
	await using a = await startFarEnd(serve);
	await using b = await startFarEnd(serve);
	await using engine = await startEngine({
		providers: [
			{name: 'a', url: a.url, extra: 'reasoning = "off"'},
			{name: 'b', url: b.url},
		],
	});
	await call(engine, {session: 's1', body: turn});
	expect(bodyOf(a.arrivals[0])).toEqual({...turn, reasoning: undefined});
	await engine.engine.act({type: 'pin', service: 'codex', endpointKey: 'codex/b/default', mode: 'only'});
	await call(engine, {session: 's2', body: turn});
	expect(bodyOf(b.arrivals[0])).toEqual(turn);
	await until('the records', () => engine.ledger().length === 2);
	expect(engine.ledger()[0]?.route_decision?.effective_reasoning_effort).toEqual({
		value: 'off',
		source: 'provider_reasoning',
	});
});
