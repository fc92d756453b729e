import {createServer} from 'node:http';
import {describe, expect, onTestFinished, test} from 'vitest';
import {AutoContinue} from '../../../source/engine/memory/auto-continue.ts';
import {call, startEngine, type RunningEngine} from '../../support/running-engine.ts';

const codex = {client: 'codex', threadId: 't', sessionId: 's'} as const;
const cut = {end_turn: false};

describe('who may be asked to go on (translation.md 2.8)', () => {
	test('Codex, three times in a row for one thread; a whole answer begins a new row', () => {
		const policy = new AutoContinue();
		const ask = (threadId = 't') => policy.policyFor({...codex, threadId}, 'endturn');
		for (let count = 0; count < 3; count++) {
			expect(ask()).toBe('endturn');
			policy.answered(codex, cut);
		}

		expect([ask(), ask('other')]).toEqual(['faithful', 'endturn']);
		policy.answered(codex, {});
		expect(ask()).toBe('endturn');
	});

	test('nobody else, nobody without a thread, and nobody who did not choose it', () => {
		const policy = new AutoContinue();
		expect(policy.policyFor({...codex, client: 'sdk'}, 'endturn')).toBe('faithful');
		expect(policy.policyFor({client: 'codex', threadId: undefined, sessionId: undefined}, 'endturn')).toBe('faithful');
		expect(policy.policyFor(codex, 'faithful')).toBe('faithful');
		expect(policy.policyFor({...codex, client: 'sdk'}, 'soft')).toBe('soft');
	});
});

const chunk = (delta: object, finish: string | null = null): string =>
	`data: ${JSON.stringify({id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{index: 0, delta, finish_reason: finish}]})}\n\n`;

const callDelta = {tool_calls: [{index: 0, id: 'c1', type: 'function', function: {name: 'f', arguments: '{"a":'}}]};

/** An engine in front of an upstream whose answers hit its limit. */
const startCut = async (pieces: readonly string[], onLength: string): Promise<RunningEngine> => {
	const server = createServer((request, response) => {
		request.resume();
		response.writeHead(200, {'content-type': 'text/event-stream'});
		response.end([...pieces, chunk({}, 'length'), 'data: [DONE]\n\n'].join(''));
	}).listen(0, '127.0.0.1');
	await new Promise(resolve => {
		server.once('listening', resolve);
	});
	onTestFinished(() => void server.close());
	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	const extra = `dialect = "chat"\n${onLength}\n`;
	return startEngine({providers: [{name: 'a', url: `http://127.0.0.1:${port}/v1`, key: 'sk-a', extra}]});
};

const lastEvent = (text: string): unknown => JSON.parse(text.trim().split('data: ').at(-1) ?? '');

const ended = async (engine: RunningEngine, session = 'thread-1'): Promise<unknown> => {
	const tools = [{type: 'function', name: 'f', parameters: {type: 'object', properties: {}}}];
	const body = {model: 'm', stream: true, store: false, tools, input: [{role: 'user', content: 'go'}]};
	return lastEvent((await call(engine, {client: 'codex', session, body})).text);
};

const goesOn = {type: 'response.completed', response: {status: 'completed', end_turn: false}};
const isCut = {type: 'response.incomplete', response: {incomplete_details: {reason: 'max_output_tokens'}}};

describe('case 64, case 65: an answer that was cut by its length', () => {
	test('is an incomplete one by default', async () => {
		await using engine = await startCut([chunk({content: 'half'})], '');
		expect(await ended(engine)).toMatchObject(isCut);
	});

	test('with on_length = "endturn" makes Codex ask on, three times in a row, each thread for itself', async () => {
		await using engine = await startCut([chunk({content: 'half'})], 'on_length = "endturn"');
		const ends = [await ended(engine), await ended(engine), await ended(engine), await ended(engine)];
		expect(ends).toMatchObject([goesOn, goesOn, goesOn, isCut]);
		expect(await ended(engine, 'thread-2')).toMatchObject(goesOn);
	});

	test('is incomplete all the same where a call was cut: what is lost cannot be gone on from', async () => {
		await using engine = await startCut([chunk({content: 'I call f.'}), chunk(callDelta)], 'on_length = "endturn"');
		expect(await ended(engine)).toMatchObject(isCut);
	});

	test('is incomplete where nothing was said yet', async () => {
		await using engine = await startCut([chunk({reasoning_content: 'hm'})], 'on_length = "endturn"');
		expect(await ended(engine)).toMatchObject(isCut);
	});
});
