import {describe, expect, test} from 'vitest';
import type {LedgerRecord} from '../../source/event/view.ts';
import type {Dialect} from '../../source/wire/names.ts';
import {
	playStream,
	startFarEnd,
	streamHead,
	chunkOf,
	write,
	writeAndEnd,
	type RawArrival,
} from '../support/raw-http.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {call, settled, startEngine, until, type RunningEngine, type TestCall} from '../support/running-engine.ts';
import {sleep} from '../support/switched-far-end.ts';

/*
 * Tokens of attempts that gave no answer (architecture.md, State: "thrown-away ones marked `discarded`, usage stated, never added silently").
 * They stand at their attempt; the usage of the request is that of the answer that the client got.
 */

const streamOf = (dialect: Dialect, client: string): Buffer =>
	recordedStreams.find(stream => stream.dialect === dialect && stream.client === client)?.bytes ?? Buffer.alloc(0);

const event = (data: Readonly<Record<string, unknown>>): string =>
	`event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`;

const messageStart = event({
	type: 'message_start',
	message: {id: 'm', model: 'claude', usage: {input_tokens: 70, cache_read_input_tokens: 30, output_tokens: 1}},
});
const stated = {input_tokens: 70, cached_input_tokens: 30, output_tokens: 1};

const begun = (...events: readonly string[]): string =>
	streamHead + events.map(text => chunkOf(text).toString()).join('');

const start = (dialect: Dialect, urls: readonly string[], own: Dialect = dialect): Promise<RunningEngine> =>
	startEngine({
		limits: {transportRepeatMs: 1},
		providers: urls.map((url, index) => ({
			name: `p${index}`,
			url,
			service: dialect === 'messages' ? 'claude' : 'codex',
			extra: `dialect = "${index === 0 ? own : dialect}"`,
		})),
	});

/** The record of one request that the first upstream begins and the second serves. */
const servedBySecond = async (
	first: (arrival: RawArrival) => void,
	how: TestCall & {readonly dialect: Dialect; readonly own?: Dialect},
): Promise<LedgerRecord | undefined> => {
	const {dialect, own, ...more} = how;
	await using bad = await startFarEnd(first);
	await using good = await startFarEnd(playStream(streamOf(dialect, how.client ?? 'codex')));
	await using engine = await start(dialect, [bad.url, good.url], own);
	const answer = await call(engine, more);
	expect(answer.isComplete).toBe(true);
	await until('the record', () => engine.ledger().length === 1);
	settled(engine);
	const ended = engine.events.find(({type}) => type === 'attempt-end');
	const [record] = engine.ledger();
	const inTrace = ended?.type === 'attempt-end' ? ended.usage?.inputTokens : undefined;
	expect(inTrace).toBe(record?.retry?.route_attempts[0]?.usage?.input_tokens);
	expect(record).toMatchObject({outcome: 'success', provider_id: 'p1', retry: {attempts: 2}});
	// The serving attempt's tokens are the record's own: they stand there once.
	expect(record?.retry?.route_attempts[1]).not.toHaveProperty('usage');
	return record;
};

describe('tokens that an upstream stated and that served nobody stand at its attempt alone', () => {
	test('of a Messages stream that was cut', async () => {
		const claude = {client: 'claude-code', dialect: 'messages'} as const;
		const record = await servedBySecond(writeAndEnd(begun(messageStart)), claude);
		expect(record?.retry?.route_attempts[0]).toMatchObject({discarded: true, code: 'stream-cut', usage: stated});
		expect(record?.usage?.input_tokens).not.toBe(70);
	});

	test('of a Responses stream that failed', async () => {
		const usage = {input_tokens: 11, output_tokens: 7, total_tokens: 18};
		const failed = event({
			type: 'response.failed',
			response: {id: 'resp_1', usage, error: {code: 'server_error', message: 'crashed'}},
		});
		const record = await servedBySecond(writeAndEnd(begun(failed)), {dialect: 'responses'});
		expect(record?.retry?.route_attempts[0]).toMatchObject({discarded: true, usage});
	});

	test('of a Chat stream that ended without [DONE]', async () => {
		const chunk = {object: 'chat.completion.chunk', choices: [], usage: {prompt_tokens: 9, completion_tokens: 3}};
		const chat = {client: 'sdk', path: '/v1/chat/completions', dialect: 'chat'} as const;
		const record = await servedBySecond(writeAndEnd(begun(`data: ${JSON.stringify(chunk)}\n\n`)), chat);
		expect(record?.retry?.route_attempts[0]?.usage).toMatchObject({input_tokens: 9, output_tokens: 3});
	});

	test('of a bridged one, in the spelling of the client: the input of Responses includes the cache', async () => {
		const bridged = {dialect: 'responses', own: 'messages'} as const;
		const record = await servedBySecond(writeAndEnd(begun(messageStart)), bridged);
		expect(record?.retry?.route_attempts[0]?.usage).toMatchObject({input_tokens: 100, cached_input_tokens: 30});
	});

	test('and of a bridged one for a Messages client the input is without the cache', async () => {
		const usage = {prompt_tokens: 100, completion_tokens: 1, prompt_tokens_details: {cached_tokens: 30}};
		const chunk = {object: 'chat.completion.chunk', choices: [{index: 0, delta: {content: ''}}], usage};
		const body = {model: 'claude', max_tokens: 9, stream: true, messages: [{role: 'user', content: 'Hello'}]};
		const bridged = {client: 'claude-code', dialect: 'messages', own: 'chat', body} as const;
		const record = await servedBySecond(writeAndEnd(begun(`data: ${JSON.stringify(chunk)}\n\n`)), bridged);
		expect(record?.retry?.route_attempts[0]?.usage).toMatchObject(stated);
	});
});

test('who is moved away leaves its tokens at the attempt that was left', async () => {
	await using silent = await startFarEnd(write(begun(messageStart)));
	await using healthy = await startFarEnd(playStream(streamOf('messages', 'claude-code')));
	await using engine = await start('messages', [silent.url, healthy.url]);
	const answer = call(engine, {client: 'claude-code'});
	await until('the attempt', () => silent.arrivals.length === 1);
	await sleep(200);
	settled(engine);
	const requestId = engine.events.find(({type}) => type === 'request-start');
	await engine.engine.act({
		type: 'move-request',
		requestId: requestId?.type === 'request-start' ? requestId.requestId : '',
	});
	expect((await answer).isComplete).toBe(true);
	await until('the record', () => engine.ledger().length === 1);
	expect(engine.ledger()[0]?.retry?.route_attempts[0]).toMatchObject({code: 'moved-by-user', usage: stated});
});

test('a client that leaves in the middle has used what was stated, and its request counts no answer', async () => {
	const delta = event({type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text: 'half'}});
	await using far = await startFarEnd(write(begun(messageStart, delta)));
	await using engine = await start('messages', [far.url]);
	const controller = new AbortController();
	const leaving = call(engine, {
		...{client: 'claude-code', signal: controller.signal},
		onPiece: () => controller.abort(),
	}).catch(() => undefined);
	await leaving;
	await until('the record', () => engine.ledger().length === 1);
	const [record] = engine.ledger();
	expect(record).toMatchObject({outcome: 'cancelled', retry: {route_attempts: [{usage: stated}]}});
	expect(record).not.toHaveProperty('usage');
	expect(record?.retry?.route_attempts[0]).not.toHaveProperty('discarded');
});

test('an upstream that stated nothing has no tokens: none are made up', async () => {
	const record = await servedBySecond(writeAndEnd(begun()), {dialect: 'responses'});
	expect(record?.retry?.route_attempts[0]).not.toHaveProperty('usage');
});
