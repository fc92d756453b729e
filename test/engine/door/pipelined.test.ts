import {describe, expect, test} from 'vitest';
import {recordedStreams} from '../../support/recorded-streams.ts';
import {playStream, rawRequest, sendRaw, startFarEnd} from '../../support/raw-http.ts';
import {startEngine, turn, type RunningEngine} from '../../support/running-engine.ts';

/* SEC-11: requests that are sent before the one in front of them was answered. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);

const post = (engine: RunningEngine, body: string, encoding = 'identity'): string => {
	const headers = [
		['host', `127.0.0.1:${engine.port}`],
		['content-type', 'application/json'],
		['content-encoding', encoding],
		['x-codex-tui-token', engine.token],
	] as const;
	return rawRequest('POST /v1/responses', headers, body);
};

/** How many streams have ended in an answer's text. */
const ends = (text: string): number => text.split('\r\n0\r\n\r\n').length - 1;

describe('SEC-11 what follows a request whose body', () => {
	const rows = [
		{what: 'is no JSON', bad: 'hello', encoding: 'identity', status: 400},
		{what: 'does not decompress', bad: 'hello', encoding: 'gzip', status: 400},
		{what: 'is larger than allowed', bad: 'x'.repeat(3000), encoding: 'identity', status: 413},
	];
	test.each(rows)('SEC-11 $what is not served', async ({bad, encoding, status}) => {
		await using far = await startFarEnd(playStream(stream));
		await using engine = await startEngine({
			providers: [{name: 'a', url: far.url}],
			limits: {requestBodyBytes: 2000},
		});
		const both = `${post(engine, bad, encoding)}${post(engine, JSON.stringify(turn))}`;
		const answer = await sendRaw(engine.port, both, {until: () => false});
		expect([answer.status, answer.closed === 'open']).toEqual([status, false]);
		expect(far.arrivals).toEqual([]);
		expect(engine.ledger()).toHaveLength(1);
	});
});

test('SEC-11 good requests sent at once on one connection are all answered, in their order', async () => {
	await using far = await startFarEnd(playStream(stream));
	await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
	const three = post(engine, JSON.stringify(turn)).repeat(3);
	const answer = await sendRaw(engine.port, three, {until: text => ends(text) === 3});
	expect([ends(answer.text), far.arrivals.length]).toEqual([3, 3]);
});
