import {describe, expect, test} from 'vitest';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {listen} from '../support/attempt.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {endedStreams, later, playStream, rawRequest, sendRaw, startFarEnd} from '../support/raw-http.ts';
import {connect} from 'node:net';
import {startRoad} from '../support/road.ts';
import {call, settled, startEngine, turn, until, type RunningEngine} from '../support/running-engine.ts';

test('one failed attempt counts once: the third request opens the breaker, not the second', async () => {
	await using far = await listen((_, response) => response.writeHead(503).end());
	await using engine = await startEngine({providers: [{name: 'a', url: `${far.origin}/v1`, key: 'sk-a'}]});
	for (let request = 0; request < 3; request++) {
		await call(engine, {client: 'codex', path: '/v1/responses'});
	}

	const changes = () => engine.events.filter(event => event.type === 'breaker-changed');
	await until('the breaker opened', () => changes().some(({phase}) => phase === 'open'));
	expect(changes().map(({phase, failures}) => [phase, failures])).toEqual([
		['closed', 1],
		['closed', 2],
		['open', 3],
	]);
});

const leaveInBody = async (engine: RunningEngine): Promise<void> => {
	const socket = connect({host: '127.0.0.1', port: engine.port});
	const headers = [
		['host', `127.0.0.1:${engine.port}`],
		['content-type', 'application/json'],
		['x-codex-tui-token', engine.token],
		['content-length', '100'],
	] as const;
	socket.write(`${rawRequest('POST /v1/responses', headers)}{`, () => socket.destroy());
	await until('the close', () => socket.closed);
};

describe('a request whose body was not taken is told from its start to its end', () => {
	test.each([
		['too large', 'failed', (engine: RunningEngine) => call(engine, {body: 'x'.repeat(3000)})],
		['packed in no known way', 'failed', (engine: RunningEngine) => call(engine, {headers: {'content-encoding': 'x'}})],
		['not packed as it says', 'failed', (engine: RunningEngine) => call(engine, {headers: {'content-encoding': 'br'}})],
		['cut off', 'cancelled', leaveInBody],
	] as const)('%s', async (_, state, send) => {
		await using engine = await startEngine({
			providers: [{name: 'a', url: 'http://127.0.0.1:1/v1'}],
			limits: {requestBodyBytes: 2000},
		});
		await send(engine);
		await until('the record', () => engine.ledger().length === 1);
		settled(engine);
		const [record] = engine.ledger();
		const own = engine.events.filter(event => 'requestId' in event && event.requestId === record?.request_id);
		expect(own.map(({type}) => type)).toEqual(['request-start', 'reply-end']);
		const {requests} = engine.engine.ask({type: 'snapshot'});
		expect(requests).toMatchObject([{requestId: record?.request_id, state}]);
	});
});

test('REL-45 a fault in what is told beside the road harms neither the request nor the engine', async () => {
	const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
	await using far = await startFarEnd(later(50, playStream(stream)));
	const told: string[] = [];
	const faults: string[] = [];
	const announce = ({type}: EngineEvent): void => {
		if (type === 'call-identified') {
			throw new Error('nobody can tell of it');
		}

		told.push(type);
	};
	await using road = await startRoad([far.url], {announce, fault: sentence => void faults.push(sentence)});
	expect((await call(road)).body.equals(stream)).toBe(true);
	await until('the record', () => road.ledger.length === 1);
	expect(faults).toEqual(['A request goes on, but not all of it is told or kept: nobody can tell of it.']);
	expect(told).toEqual([
		...['request-start', 'route-planned', 'attempt-start', 'reply-start', 'reply-delta', 'attempt-end', 'reply-end'],
	]);
});

test('REL-45 a fault in telling of a whole answer adds nothing to it, and its connection serves the next request', async () => {
	const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
	await using far = await startFarEnd(playStream(stream));
	let faults = 0;
	const announce = ({type}: EngineEvent): void => {
		if (type === 'reply-delta' && faults++ === 0) {
			throw new Error('nobody can tell of it');
		}
	};
	await using road = await startRoad([far.url], {announce});
	const headers = [
		['host', `127.0.0.1:${road.port}`],
		['content-type', 'application/json'],
		['x-codex-tui-token', road.token],
	] as const;
	const request = rawRequest('POST /v1/responses', headers, JSON.stringify(turn));
	const {text} = await sendRaw(road.port, request.repeat(2), {until: received => endedStreams(received) === 2});
	expect(endedStreams(text)).toBe(2);
	expect(text).not.toContain('event: error');
	expect(faults).toBeGreaterThan(1);
});
