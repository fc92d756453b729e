import {describe, expect, test} from 'vitest';
import {startFarEnd, wholeAnswer, write} from '../../support/raw-http.ts';
import {call, startEngine, turn, type EngineSetup} from '../../support/running-engine.ts';

/* Answers of a Chat Completions upstream that are no answer, or not in the form that was asked for (translation.md 2.1, 2.9). */

const key = 'sk-secret-of-deep-1234567890';
const quick: Pick<EngineSetup, 'limits'> = {limits: {transportRepeatMs: 1, sends: 3, silentWaitMs: 0}};
const chunk = (delta: object, finish: string | null = null): string =>
	`data: ${JSON.stringify({id: 'c1', model: 'm', choices: [{index: 0, delta, finish_reason: finish}]})}\n\n`;
const started = chunk({role: 'assistant', content: 'Hello.'});
const whole = `${started}${chunk({}, 'stop')}data: [DONE]\n\n`;
const spare = JSON.stringify({id: 'resp_spare', object: 'response', status: 'completed', output: []});
const sse = {'content-type': 'text/event-stream'};
const json = {'content-type': 'application/json'};

const deep = (url: string) => ({name: 'deep', url, key, extra: 'dialect = "chat"'});

const failures: ReadonlyArray<readonly [string, string, Readonly<Record<string, string>>]> = [
	[
		'an error in a JSON body',
		JSON.stringify({error: {message: `the key ${key} has no money`, code: 'insufficient_quota'}}),
		json,
	],
	['an error in its stream', `data: {"error":{"message":"overloaded ${key}","type":"server_error"}}\n\n`, sse],
	['an error behind its first words', `${started}data: {"error":{"message":"overloaded"}}\n\n`, sse],
	['no choices', '{"id":"c1","choices":[]}', json],
	['an empty stream', '', sse],
	['a stream without an end', started, sse],
	['a web page that says it is a stream', '<html><title>login</title></html>', sse],
];

describe('a client without a stream on a Chat Completions upstream that answers 200', () => {
	test.concurrent.each(failures)(
		'with %s: is served by another upstream, and alone it is told the failure without the key',
		async (_, body, headers) => {
			await using far = await startFarEnd(write(wholeAnswer(200, body, headers)));
			await using other = await startFarEnd(write(wholeAnswer(200, spare)));
			await using both = await startEngine({...quick, providers: [deep(far.url), {name: 'open', url: other.url}]});
			const asked = {body: {...turn, stream: false}};
			const moved = await call(both, asked);
			expect([moved.status, moved.text]).toEqual([200, spare]);
			expect(both.ledger()).toMatchObject([{outcome: 'success', retry: {attempts: 2}}]);
			await using alone = await startEngine({...quick, providers: [deep(far.url)]});
			const ended = await call(alone, asked);
			expect(ended.status).toBe(400);
			expect(ended.text).toContain('no upstream could serve this request');
			expect(ended.text).not.toContain(key);
			expect(alone.ledger()).toMatchObject([{outcome: 'failed'}]);
		},
	);
});

describe.each([true, false])('an answer of another form, for a client with stream: %s', stream => {
	test.each([
		['a stream of the wrong type', whole, {'content-type': 'text/plain'}],
		['a stream without its last empty line', whole.trimEnd(), sse],
		[
			'a whole answer',
			JSON.stringify({choices: [{message: {role: 'assistant', content: 'Hello.'}, finish_reason: 'stop'}]}),
			json,
		],
	])('%s is read all the same', async (_, body, headers) => {
		await using far = await startFarEnd(write(wholeAnswer(200, body, headers)));
		await using engine = await startEngine({...quick, providers: [deep(far.url)]});
		const answer = await call(engine, {body: {...turn, stream}});
		expect(answer.status).toBe(200);
		expect(answer.text).toContain('Hello.');
		expect(engine.ledger()).toMatchObject([{outcome: 'success'}]);
	});
});

describe('an upstream of another dialect that sends too much', () => {
	test.each([
		['one event over the limit', chunk({content: 'x'.repeat(3000)}), {eventBytes: 2000}],
		['more deltas than an answer has', chunk({content: 'x'.repeat(1000)}).repeat(20), {unaryBodyBytes: 9000}],
	])('%s: it is left after one send, and its connection is not at fault', async (_, body, limits) => {
		await using far = await startFarEnd(write(wholeAnswer(200, body + whole, sse)));
		await using engine = await startEngine({
			providers: [deep(far.url)],
			limits: {...quick.limits, ...limits},
		});
		const answer = await call(engine);
		expect(answer.text).toContain('response.failed');
		expect(far.arrivals).toHaveLength(1);
		expect(engine.ledger()).toMatchObject([{outcome: 'failed', retry: {attempts: 1}}]);
	});
});

test('REL-18 a compressed answer for the bridge is named as such', async () => {
	await using far = await startFarEnd(write(wholeAnswer(200, whole, {...sse, 'content-encoding': 'gzip'})));
	await using engine = await startEngine({...quick, providers: [deep(far.url)]});
	expect((await call(engine, {body: {...turn, stream: false}})).text).toContain('compressed');
});

test('a Messages upstream whose events have types that are no words is left for the next', async () => {
	const odd = `data: {"type":{"toString":{"toString":1}},"index":0}\n\n`;
	await using far = await startFarEnd(write(wholeAnswer(200, odd, sse)));
	await using other = await startFarEnd(write(wholeAnswer(200, spare)));
	await using engine = await startEngine({
		...quick,
		providers: [
			{name: 'odd', url: far.url, extra: 'dialect = "messages"'},
			{name: 'open', url: other.url},
		],
	});
	expect((await call(engine, {body: {...turn, stream: false}})).text).toBe(spare);
	expect(far.arrivals).toHaveLength(1);
});

describe('a request that one protocol has no words for', () => {
	const asked = {body: {...turn, conversation: 'conv_1'}};

	test('goes to the next candidate, and the one that was passed over is asked again for others', async () => {
		await using far = await startFarEnd(write(wholeAnswer(200, whole, sse)));
		await using other = await startFarEnd(write(wholeAnswer(200, spare)));
		await using engine = await startEngine({...quick, providers: [deep(far.url), {name: 'open', url: other.url}]});
		const moved = await call(engine, {body: {...asked.body, stream: false}, session: 'one'});
		expect([moved.status, moved.text]).toEqual([200, spare]);
		expect(far.arrivals).toHaveLength(0);
		expect((await call(engine, {session: 'two'})).text).toContain('Hello.');
	});

	test('is refused with that protocol’s reason where nobody else is', async () => {
		await using far = await startFarEnd(write(wholeAnswer(200, whole, sse)));
		await using engine = await startEngine({...quick, providers: [deep(far.url)]});
		const ended = await call(engine, asked);
		expect(ended.status).toBe(400);
		expect(ended.text).toContain('cannot carry out \\"conversation\\"');
		expect(far.arrivals).toHaveLength(0);
	});
});

test('another vendor gets nothing of who asks, also where nothing is translated', async () => {
	await using far = await startFarEnd(write(wholeAnswer(200, '{"data":[]}', json)));
	await using engine = await startEngine({...quick, providers: [deep(far.url)]});
	const own = {'x-codex-turn-metadata': '{"turn_id":"t1"}', originator: 'codex_exec', session_id: 's1', cookie: 'a=b'};
	for (const path of ['/v1/images/generations', '/v1/responses']) {
		await call(engine, {path, headers: {...own, authorization: 'Bearer of-the-client'}});
	}

	expect(far.arrivals.length).toBeGreaterThan(1);
	for (const {head} of far.arrivals) {
		expect(head).not.toMatch(/codex|session|cookie|of-the-client/i);
		expect(head).toContain(`authorization: Bearer ${key}`);
	}
});
