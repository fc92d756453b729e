import {describe, expect, test} from 'vitest';
import {isJsonObject, parseJsonObject, type JsonObject} from '../../source/wire/json-value.ts';
import {parseSse} from '../../source/wire/sse.ts';
import {startChatUpstream, type ChatAnswer} from '../support/chat-upstream.ts';
import {call, settled, startEngine, turn, type RunningEngine} from '../support/running-engine.ts';
import {startFarEnd, wholeAnswer, write} from '../support/raw-http.ts';
import {upstreamKey} from '../support/upstream.ts';

/* Tool calls in the text of a Chat Completions upstream, through a running engine (translation.md 5). */

const tools = [
	{
		type: 'function',
		name: 'exec_command',
		parameters: {type: 'object', properties: {cmd: {type: 'string'}}, required: ['cmd']},
	},
];
const block = '<tool_call>{"name":"exec_command","arguments":{"cmd":"pwd"}}</tool_call>';
const stuck = 'Let me read the file first.';

const engineFor = (url: string, extra: string): Promise<RunningEngine> =>
	startEngine({
		limits: {transportRepeatMs: 1, sends: 2, silentWaitMs: 0},
		providers: [{name: 'deep', url, key: upstreamKey, extra: `dialect = "chat"\n${extra}`}],
	});

const itemsOf = (text: string): readonly string[] =>
	parseSse(Buffer.from(text)).flatMap(({data}) => {
		const event = parseJsonObject(data);
		const item = event?.['item'];
		if (event?.['type'] !== 'response.output_item.done' || !isJsonObject(item)) {
			return [];
		}

		const [part]: readonly unknown[] = Array.isArray(item['content']) ? item['content'] : [];
		return item['type'] === 'message'
			? [`message ${String(item['phase'])} ${isJsonObject(part) ? String(part['text']) : ''}`]
			: [`${String(item['type'])} ${String(item['name'])} ${String(item['arguments'])}`];
	});

const endsOf = (text: string): readonly JsonObject[] =>
	parseSse(Buffer.from(text)).flatMap(({data}) => {
		const event = parseJsonObject(data);
		return event !== undefined && /^response\.(?:completed|failed|incomplete)$/.test(String(event['type']))
			? [event]
			: [];
	});

const lossesOf = (engine: RunningEngine): readonly string[] => {
	settled(engine);
	return engine.events.flatMap(event => (event.type === 'body-translated' ? event.losses.map(({code}) => code) : []));
};

const answers = (...list: readonly ChatAnswer[]) => {
	let count = 0;
	return (): ChatAnswer => {
		count += 1;
		return list[count - 1] ?? {status: 500};
	};
};

const refused = (text: string) =>
	JSON.stringify({
		error: {
			message: 'Failed to call a function.',
			type: 'invalid_request_error',
			code: 'tool_use_failed',
			failed_generation: text,
		},
	});

const deep = (url: string) => ({name: 'groq', url, key: upstreamKey, extra: 'dialect = "chat"\nprofile = "groq"'});

describe('a provider whose model writes its calls into the text', () => {
	test('answers Codex with a real call, which the transcript shows as recovered', async () => {
		const upstream = await startChatUpstream('deep', () => ({text: `I look.\n${block}`}));
		await using engine = await engineFor(upstream.url, 'profile = "deepseek"');
		const answer = await call(engine, {body: {...turn, tools}});
		expect(itemsOf(answer.text)).toEqual(['message commentary I look.\n', 'function_call exec_command {"cmd":"pwd"}']);
		expect(endsOf(answer.text)).toMatchObject([{type: 'response.completed'}]);
		expect(answer.text).not.toContain('tool_call>');
		expect(lossesOf(engine)).toContain('text-tool-call');
	});

	test('answers a client without a stream with the same call', async () => {
		const upstream = await startChatUpstream('deep', () => ({text: block}));
		await using engine = await engineFor(upstream.url, 'profile = "deepseek"');
		const answer = await call(engine, {body: {...turn, tools, stream: false}});
		expect(parseJsonObject(answer.text)).toMatchObject({
			status: 'completed',
			output: [{type: 'function_call', name: 'exec_command', arguments: '{"cmd":"pwd"}'}],
		});
	});

	test('is left alone with text_tools = "off", and so is every profile that does not leak', async () => {
		const upstream = await startChatUpstream('deep', () => ({text: block}));
		for (const extra of ['profile = "deepseek"\ntext_tools = "off"', 'profile = "openai"', '']) {
			await using engine = await engineFor(upstream.url, extra);
			const answer = await call(engine, {body: {...turn, tools}});
			expect(itemsOf(answer.text)).toEqual([`message undefined ${block}`]);
		}
	});
});

describe('a model that announces work and calls nothing', () => {
	test('is asked once more within the same answer, one try of one request', async () => {
		const upstream = await startChatUpstream('deep', answers({text: stuck}, {text: block}));
		await using engine = await engineFor(upstream.url, 'profile = "deepseek"');
		const answer = await call(engine, {body: {...turn, tools}});
		expect(itemsOf(answer.text)).toEqual([`message commentary ${stuck}`, 'function_call exec_command {"cmd":"pwd"}']);
		expect(endsOf(answer.text)).toHaveLength(1);
		expect(upstream.refusals).toEqual([]);
		expect(upstream.requests[1]?.messages.slice(-2)).toMatchObject([
			{role: 'assistant', content: stuck},
			{role: 'user', content: expect.stringContaining('Your last message contained no tool call.')},
		]);
		expect(engine.ledger()).toMatchObject([{outcome: 'success', retry: {attempts: 1}}]);
		expect(lossesOf(engine)).toContain('recovery.intent');
	});

	test('and whose upstream refuses to be asked again ends as if nobody had asked', async () => {
		for (const stream of [true, false]) {
			const upstream = await startChatUpstream('deep', answers({text: stuck}, {status: 500}));
			await using engine = await engineFor(upstream.url, 'profile = "deepseek"');
			const answer = await call(engine, {body: {...turn, tools, stream}});
			expect(answer.status).toBe(200);
			expect(answer.text).toContain(stuck);
			expect(answer.text).not.toContain('response.failed');
			expect(upstream.requests).toHaveLength(2);
			expect(engine.ledger()).toMatchObject([{outcome: 'success', retry: {attempts: 1}}]);
		}
	});

	test('and a refused text of Groq are asked again within the sends of the request, which the ledger shows', async () => {
		const upstream = await startChatUpstream('deep', () => ({text: stuck}));
		const refusing = await startFarEnd(write(wholeAnswer(400, refused('<function=undeclared>{}</function>'))));
		await using _refusing = refusing;
		for (const sends of [1, 2]) {
			const limits = {transportRepeatMs: 1, sends, silentWaitMs: 0};
			const extra = 'dialect = "chat"\nprofile = "deepseek"';
			const providers = [{name: 'deep', url: upstream.url, key: upstreamKey, extra}];
			await using engine = await startEngine({limits, providers});
			await using groq = await startEngine({limits, providers: [deep(refusing.url)]});
			const before = [upstream.requests.length, refusing.arrivals.length];
			const answer = await call(engine, {body: {...turn, tools}});
			expect([answer.status, endsOf(answer.text).length]).toEqual([200, 1]);
			expect((await call(groq, {body: {...turn, tools}})).status).toBe(400);
			expect(
				[upstream.requests.length, refusing.arrivals.length].map((count, at) => count - (before[at] ?? 0)),
			).toEqual([sends, sends]);
			for (const one of [engine, groq]) {
				settled(one);
				const repairs = one.ledger()[0]?.retry?.route_attempts[0]?.repairs ?? [];
				expect(repairs.includes('recovery.asked-again:1')).toBe(sends === 2);
			}
		}
	});

	test('is not asked at level 0, and gets the constant line at level 2', async () => {
		const silent = await startChatUpstream('deep', () => ({text: stuck}));
		await using off = await engineFor(silent.url, 'profile = "deepseek"\nintent = {level = 0}');
		expect(itemsOf((await call(off, {body: {...turn, tools}})).text)).toEqual([`message undefined ${stuck}`]);
		expect(silent.requests).toHaveLength(1);
		await using echo = await engineFor(silent.url, 'profile = "generic"\nintent = {level = 2}');
		const items = itemsOf((await call(echo, {body: {...turn, tools}})).text);
		expect(items.at(-1)).toContain('no tool call was recognised');
		expect(silent.requests).toHaveLength(3);
	});
});

describe('105: Groq refuses what its model wrote (400 tool_use_failed)', () => {
	const json = {'content-type': 'application/json'};
	const said = JSON.stringify({choices: [{message: {role: 'assistant', content: 'Hello.'}, finish_reason: 'stop'}]});

	test.each([
		['T14', '{"name":"exec_command","arguments":{"cmd":"pwd"}}'],
		['T5', '<function=exec_command>{"cmd":"pwd"}</function>'],
	])('a call that stands in it (%s) is answered as one, with one request', async (_, text) => {
		for (const stream of [true, false]) {
			await using far = await startFarEnd(write(wholeAnswer(400, refused(text), json)));
			await using engine = await startEngine({providers: [deep(far.url)]});
			const answer = await call(engine, {body: {...turn, tools, stream}});
			expect(answer.status).toBe(200);
			expect(answer.text).toContain(String.raw`"arguments":"{\"cmd\":\"pwd\"}"`);
			expect(far.arrivals).toHaveLength(1);
			expect(engine.ledger()).toMatchObject([{outcome: 'success'}]);
		}
	});

	test('a text without a call that may be made is asked for once more', async () => {
		const bad = refused('<function=undeclared>{}</function>');
		await using far = await startFarEnd(arrival =>
			write(arrival.index === 0 ? wholeAnswer(400, bad, json) : wholeAnswer(200, said, json))(arrival),
		);
		await using engine = await startEngine({providers: [deep(far.url)]});
		const answer = await call(engine, {body: {...turn, tools}});
		expect(itemsOf(answer.text)).toEqual(['message undefined Hello.']);
		expect(far.arrivals).toHaveLength(2);
		await using never = await startFarEnd(write(wholeAnswer(400, bad, json)));
		await using other = await startEngine({providers: [deep(never.url)]});
		expect((await call(other, {body: {...turn, tools}})).status).toBe(400);
		expect(never.arrivals).toHaveLength(2);
	});
});
