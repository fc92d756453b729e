import {describe, expect, test} from 'vitest';
import {playStream, startFarEnd, type RawFarEnd} from '../support/raw-http.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {call, startEngine, turn, type RunningEngine} from '../support/running-engine.ts';
import {answerWith, sleep, startSwitched} from '../support/switched-far-end.ts';

/* Strategies, affinity and pins on the road, over real sockets (routing.md 2, 3, 8). */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const serve = playStream(stream);
const ab = (a: RawFarEnd, b: RawFarEnd) => [
	{name: 'a', url: a.url},
	{name: 'b', url: b.url},
];

const routing = (main: string, own = ''): string =>
	`[codex.routing]\nentry = "main"\n${own}\n[codex.routing.routes.main]\n${main}`;
const inOrder = 'strategy = "ordered-failover"\nchildren = ["a", "b"]';
const counts = (...fars: readonly RawFarEnd[]): readonly number[] => fars.map(({arrivals}) => arrivals.length);

const serves = async (engine: RunningEngine, session: string): Promise<void> => {
	expect((await call(engine, {session})).body.equals(stream)).toBe(true);
};

test('a weighted route gives a hundred new sessions out as its weights say', async () => {
	await using a = await startFarEnd(serve);
	await using b = await startFarEnd(serve);
	const main = 'strategy = "weighted"\nchildren = ["a", "b"]\nweights = {a = 3, b = 1}';
	await using engine = await startEngine({providers: ab(a, b), routing: routing(main)});
	for (let index = 0; index < 100; index++) {
		await serves(engine, `session-${index}`);
	}

	expect(counts(a, b)).toEqual([75, 25]);
});

/** A request that only the second could serve, then one when the first is well again. */
const cameBack = async (own: string): Promise<readonly number[]> => {
	await using a = await startSwitched(answerWith(429, {'retry-after': '1'}));
	await using b = await startFarEnd(serve);
	await using engine = await startEngine({providers: ab(a, b), routing: routing(inOrder, own)});
	await serves(engine, 's1');
	a.become(serve);
	await sleep(1100);
	await serves(engine, 's1');
	return counts(a, b);
};

describe('a session', () => {
	test('stays with who served it last, although a better one is well again', async () => {
		expect(await cameBack('')).toEqual([1, 2]);
	});

	test('goes back to the better one where the policy is off', async () => {
		expect(await cameBack('affinity_policy = "off"')).toEqual([2, 1]);
	});

	test('with a hard policy gets the contract’s ending when its upstream cannot serve, and no other is asked', async () => {
		await using a = await startSwitched(serve);
		await using b = await startFarEnd(serve);
		const hard = routing(inOrder, 'affinity_policy = "hard"');
		await using engine = await startEngine({providers: ab(a, b), more: '[listen]\n', routing: hard});
		await serves(engine, 's1');
		a.become(answerWith(503));
		const answer = await call(engine, {session: 's1'});
		expect(answer.status).toBe(200);
		expect(answer.text).toContain('"type":"response.failed"');
		expect(answer.text).toMatch(/a: answered 503; b: the session is tied to codex\/a \(affinity_policy is hard\)/);
		expect(counts(a, b)).toEqual([2, 0]);
	});
});

describe('a pin', () => {
	const pin = {type: 'pin', service: 'codex', mode: 'only'} as const;

	test('of a session beats the one for everybody', async () => {
		await using a = await startFarEnd(serve);
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({providers: ab(a, b)});
		await engine.engine.act({...pin, endpointKey: 'codex/b/default'});
		await engine.engine.act({...pin, sessionId: 's1', endpointKey: 'codex/a/default'});
		await serves(engine, 's1');
		await serves(engine, 's2');
		expect(counts(a, b)).toEqual([1, 1]);
		await engine.engine.act({type: 'unpin', service: 'codex', sessionId: 's1'});
		await serves(engine, 's1');
		expect(counts(a, b)).toEqual([1, 2]);
	});

	test('that has expired is as if it were not there', async () => {
		await using a = await startFarEnd(serve);
		await using b = await startFarEnd(serve);
		await using engine = await startEngine({providers: ab(a, b)});
		await engine.engine.act({...pin, endpointKey: 'codex/b/default', untilMs: Date.now() + 300});
		await serves(engine, 's1');
		expect(counts(a, b)).toEqual([0, 1]);
		await sleep(350);
		await serves(engine, 's2');
		expect(counts(a, b)).toEqual([1, 1]);
	});
});

test('a conditional route sends one model here and the others there', async () => {
	await using a = await startFarEnd(serve);
	await using b = await startFarEnd(serve);
	const main = 'strategy = "conditional"\nwhen = {model = "gpt-5*"}\nthen = "a"\ndefault = "b"';
	await using engine = await startEngine({providers: ab(a, b), routing: routing(main)});
	await call(engine, {session: 's1'});
	await call(engine, {session: 's2', body: {...turn, model: 'o9'}});
	await call(engine, {session: 's3'});
	expect(counts(a, b)).toEqual([2, 1]);
});
