import {describe, expect, test} from 'vitest';
import {playStream, startFarEnd, type RawFarEnd} from '../support/raw-http.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {
	call,
	newestPlan,
	settled,
	startEngine,
	type RunningEngine,
	type TestAnswer,
} from '../support/running-engine.ts';
import {answerWith, sleep, startSwitched} from '../support/switched-far-end.ts';

/*
 * 429 for calls beside the conversation: Anthropic limits count_tokens and messages independently, so it says nothing of turns, but
 * Retry-After is honoured for the next call of its kind (routing.md 5 and 6).
 */

const messages = playStream(recordedStreams.find(({dialect}) => dialect === 'messages')?.bytes ?? Buffer.alloc(0));
const countBody = {model: 'claude', messages: [{role: 'user', content: 'How many tokens are this?'}]};

/** Serves turns, and everything else as it is told. */
const servesTurns =
	(turns: typeof messages, others: typeof messages): typeof messages =>
	arrival =>
		(/^POST \S+\/(?:messages|responses) /.test(arrival.head) ? turns : others)(arrival);

const codesOf = (engine: RunningEngine, name: string): readonly string[] =>
	(newestPlan(engine)[name] ?? []).map(({code}) => code);

const limits = answerWith(429, {'retry-after': '60'});
const counts = answerWith(200, {}, '{"input_tokens":4711}');
const count = (engine: RunningEngine) =>
	call(engine, {client: 'claude-code', path: '/v1/messages/count_tokens', body: countBody});
/** One after the other. */
const countThrice = async (engine: RunningEngine): Promise<readonly TestAnswer[]> => {
	const answers: TestAnswer[] = [];
	for (let round = 0; round < 3; round++) {
		answers.push(await count(engine));
	}

	return answers;
};

const claude = (far: RawFarEnd, name = 'a') =>
	({name, url: far.url, key: 'sk-first-key-1', service: 'claude'}) as const;

const isOne = (head: string): boolean => head.includes('sk-account-one-1');

describe('a limit on a request beside the conversation', () => {
	test('is honoured: its account is not asked for the same before the stated time, and turns go there', async () => {
		await using a = await startFarEnd(servesTurns(messages, limits));
		await using b = await startFarEnd(servesTurns(messages, counts));
		await using engine = await startEngine({providers: [claude(a), claude(b, 'b')]});
		const answers = await countThrice(engine);
		expect(answers.map(({text}) => text)).toEqual(Array.from({length: 3}, () => '{"input_tokens":4711}'));
		expect([a.arrivals.length, b.arrivals.length]).toEqual([1, 3]);
		settled(engine);
		expect(codesOf(engine, 'a')).toEqual(['cooldown']);
		expect((await call(engine, {client: 'claude-code'})).status).toBe(200);
		settled(engine);
		expect([a.arrivals.length, b.arrivals.length]).toEqual([2, 3]);
		expect(codesOf(engine, 'a')).toEqual([]);
	});

	test('is no limit for the next account of the same pool', async () => {
		await using a = await startFarEnd(arrival => (isOne(arrival.head) ? limits : counts)(arrival));
		const accounts =
			'{label = "one", auth_token = "sk-account-one-1"}, {label = "two", auth_token = "sk-account-two-2"}';
		const pool = {name: 'a', url: a.url, service: 'claude', extra: `accounts = [${accounts}]`} as const;
		await using engine = await startEngine({providers: [pool]});
		await countThrice(engine);
		expect(a.arrivals.filter(({head}) => isOne(head))).toHaveLength(1);
		expect(a.arrivals).toHaveLength(4);
	});

	test('of the only upstream brings an estimate meanwhile, and asks nobody', async () => {
		await using a = await startFarEnd(servesTurns(messages, limits));
		await using engine = await startEngine({providers: [claude(a)]});
		const answers = await countThrice(engine);
		expect(answers.map(({status}) => status)).toEqual([200, 200, 200]);
		expect(a.arrivals).toHaveLength(1);
	});

	test('takes no turn away, also where it says that a quota is used up', async () => {
		const spent = answerWith(
			429,
			{},
			'{"error":{"type":"insufficient_quota","code":"insufficient_quota","message":"x"}}',
		);
		await using a = await startFarEnd(servesTurns(messages, spent));
		await using b = await startFarEnd(servesTurns(messages, counts));
		await using engine = await startEngine({providers: [claude(a), claude(b, 'b')]});
		await countThrice(engine);
		expect(a.arrivals).toHaveLength(1);
		expect((await call(engine, {client: 'claude-code'})).status).toBe(200);
		expect(a.arrivals).toHaveLength(2);
	});

	test('ends with the stated time', async () => {
		await using a = await startSwitched(servesTurns(messages, answerWith(429, {'retry-after': '1'})));
		await using b = await startFarEnd(servesTurns(messages, counts));
		await using engine = await startEngine({providers: [claude(a), claude(b, 'b')]});
		await count(engine);
		a.become(counts);
		await sleep(1050);
		await count(engine);
		expect([a.arrivals.length, b.arrivals.length]).toEqual([2, 1]);
	});
});
