import type {Socket} from 'node:net';
import {describe, expect, test} from 'vitest';
import {otherParts, recordedStreams, responsesParts} from '../support/recorded-streams.ts';
import {chunkOf, lastChunk, playStream, startFarEnd, streamHead, write, type RawArrival} from '../support/raw-http.ts';
import {
	call,
	settled,
	startEngine,
	until,
	type ClientFamily,
	type EngineSetup,
	type RunningEngine,
	type TestProvider,
} from '../support/running-engine.ts';
import {limits} from '../../source/wire/limits.ts';

/* Silence is not death (routing.md 11), through the real engine; its clocks are scaled down. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const [created = '', inProgress = ''] = responsesParts.opening;
const [messageStart = '', blockStart = '', , delta = ''] = otherParts.messagesEvents();
const codexBeat = 'event: keepalive\ndata: {"type":"keepalive"}\n\n';
const comment = ': upstream is thinking\n\n';

test('the clocks are those of routing.md 11', () => {
	expect(limits).toMatchObject({
		heartbeatMs: 15_000,
		idleCodexMs: 600_000,
		idleClaudeOpenBlockMs: 600_000,
		idleClaudeMs: 240_000,
		idleSdkMs: 300_000,
		firstByteBaseMs: 60_000,
		firstByteToolsMs: 30_000,
		firstByteMaxMs: 300_000,
		firstByteLastCandidateMs: 600_000,
		hedgeAfterMs: 0,
	});
});

/** Says the pieces, then one piece every so often, for ever. */
const saying =
	(first: readonly string[], again: string, everyMs: number) =>
	({socket}: RawArrival): void => {
		write(
			streamHead,
			...first.map(piece => chunkOf(piece)),
		)({socket, index: 0, indexOnSocket: 0, head: '', body: Buffer.alloc(0)});
		const timer = setInterval(() => socket.write(chunkOf(again)), everyMs);
		socket.once('close', () => clearInterval(timer));
	};

const service = (client: ClientFamily): 'codex' | 'claude' => (client === 'claude-code' ? 'claude' : 'codex');

const start = (
	urls: readonly string[],
	{client = 'codex', ...more}: Partial<EngineSetup> & {readonly client?: ClientFamily; readonly extra?: string} = {},
): Promise<RunningEngine> =>
	startEngine({
		more: '[timeouts]\nheartbeat_ms = 300\n',
		...more,
		providers: urls.map((url, index): TestProvider => ({
			name: `p${index}`,
			url,
			service: service(client),
			...(client === 'claude-code' && {extra: 'dialect = "messages"'}),
		})),
	});

/** Reads for a while, then leaves. */
const listenFor = async (engine: RunningEngine, ms: number, client: ClientFamily = 'codex'): Promise<string> => {
	const controller = new AbortController();
	let text = '';
	const answer = call(engine, {
		client,
		signal: controller.signal,
		onPiece: piece => (text += piece.toString()),
	}).catch(() => undefined);
	await new Promise(resolve => {
		setTimeout(resolve, ms);
	});
	controller.abort();
	await answer;
	return text;
};

const countOf = (text: string, part: string): number => text.split(part).length - 1;

describe('a heartbeat keeps the client waiting', () => {
	test('Codex gets a data event of its own at an event boundary, about every heartbeat', async () => {
		await using far = await startFarEnd(
			write(streamHead, chunkOf(created), chunkOf('event: response.half\ndata: {"ty')),
		);
		await using engine = await start([far.url]);
		const text = await listenFor(engine, 1700);
		expect(text.startsWith(created + codexBeat)).toBe(true);
		expect(text.replaceAll(codexBeat, '')).toBe(created);
		expect(countOf(text, codexBeat)).toBeGreaterThanOrEqual(3);
		expect(countOf(text, codexBeat)).toBeLessThanOrEqual(5);
	});

	test('no heartbeat comes before the client’s first event', async () => {
		await using far = await startFarEnd(write(streamHead));
		await using engine = await start([far.url]);
		expect(await listenFor(engine, 1000)).toBe('');
	});

	test.for([
		['codex', comment, codexBeat, [created]],
		['claude-code', 'event: ping\ndata: {"type":"ping"}\n\n', '"thinking":""}}', [messageStart, blockStart, delta]],
	] as const)(
		'%s is kept waiting although its upstream says things that its own idle clock does not count',
		async ([client, noise, beat, first]) => {
			await using far = await startFarEnd(saying(first, noise, 100));
			await using engine = await start([far.url], {client});
			expect(countOf(await listenFor(engine, 1700, client), beat)).toBeGreaterThanOrEqual(3);
		},
	);

	test('a finished reasoning item that is withheld is silence for Codex', async () => {
		const item = responsesParts.named('response.output_item.done', {item: {type: 'reasoning', id: 'rs', summary: []}});
		await using far = await startFarEnd(saying([created], item, 100));
		await using engine = await start([far.url]);
		expect(countOf(await listenFor(engine, 1300), codexBeat)).toBeGreaterThanOrEqual(2);
	});

	test('a stream that speaks often enough gets none', async () => {
		await using far = await startFarEnd(saying([created], inProgress, 100));
		await using engine = await start([far.url], {more: '[timeouts]\nheartbeat_ms = 600\n'});
		expect(await listenFor(engine, 1500)).not.toContain('keepalive');
	});

	test('over a move the client’s clock goes on: the next upstream’s thinking begins with a heartbeat in time', async () => {
		await using far = await startFarEnd(write(streamHead, chunkOf(created)));
		await using other = await startFarEnd(write(streamHead));
		await using engine = await start([far.url, other.url], {more: '[timeouts]\nheartbeat_ms = 800\n'});
		const beats: number[] = [];
		const answer = call(engine, {
			onPiece: piece => {
				if (piece.includes('keepalive')) {
					beats.push(performance.now());
				}
			},
		});
		await until('the attempt', () => far.arrivals.length === 1);
		const startedMs = performance.now();
		await new Promise(resolve => {
			setTimeout(resolve, 600);
		});
		const requestId = engine.engine.ask({type: 'snapshot'}).requests.at(-1)?.requestId ?? '';
		await engine.engine.act({type: 'move-request', requestId});
		await until('a heartbeat', () => beats.length > 0);
		expect((beats[0] ?? Infinity) - startedMs).toBeLessThan(1350);
		await engine.stop();
		await answer;
	});

	test('silence is announced with its length, and the request’s row says it', async () => {
		await using far = await startFarEnd(write(streamHead, chunkOf(created)));
		await using engine = await start([far.url]);
		const listening = listenFor(engine, 1300);
		await until('silence', () => engine.events.some(event => event.type === 'reply-silent' && event.silentMs >= 300));
		settled(engine);
		expect(engine.engine.ask({type: 'snapshot'}).requests.at(-1)?.silentMs).toBeGreaterThanOrEqual(300);
		await listening;
	});
});

describe('the idle clock', () => {
	const quick = 1000;
	const never = 60_000;

	test.for([
		['Codex', 'codex', [created], {}, `idle_codex_ms = ${quick}`],
		[
			'Claude Code with an open block',
			'claude-code',
			[messageStart, blockStart, delta],
			{idleClaudeOpenBlockMs: quick, idleClaudeMs: never},
			'',
		],
		[
			'Claude Code where no block is open',
			'claude-code',
			[...otherParts.messagesEvents().slice(0, 6)],
			{idleClaudeMs: quick, idleClaudeOpenBlockMs: never},
			'',
		],
		[
			'an SDK',
			'sdk',
			[created, responsesParts.named('response.output_text.delta', {delta: 'x'})],
			{idleSdkMs: quick},
			'',
		],
	] as const)('%s has its own', async ([, client, first, changed, more]) => {
		await using far = await startFarEnd(write(streamHead, ...first.map(piece => chunkOf(piece))));
		await using engine = await start([far.url], {client, limits: changed, more: `[timeouts]\n${more}`});
		const startedMs = performance.now();
		expect((await call(engine, {client})).text).toContain('silent for');
		const tookMs = performance.now() - startedMs;
		expect(tookMs).toBeGreaterThan(quick);
		expect(tookMs).toBeLessThan(quick + 1000);
	});

	test('comments of the upstream count as life', async () => {
		await using far = await startFarEnd(saying([created], comment, 200));
		await using engine = await start([far.url], {more: '[timeouts]\nidle_codex_ms = 1000\n'});
		expect(await listenFor(engine, 2400)).not.toContain('response.failed');
	});

	test('idle while nothing was kept, it moves on unseen', async () => {
		await using far = await startFarEnd(write(streamHead, chunkOf(created)));
		await using healthy = await startFarEnd(playStream(stream));
		await using engine = await start([far.url, healthy.url], {more: '[timeouts]\nidle_codex_ms = 1000\n'});
		expect((await call(engine)).text).toBe(created + stream.toString());
		await until('the record', () => engine.ledger().length === 1);
		expect(engine.ledger()[0]?.retry?.route_attempts[0]?.code).toBe('idle-timeout');
	});
});

describe('the first-byte clock', () => {
	const firstByte = '[timeouts]\nfirst_byte_ms = 500\n';

	test('runs until the first event of any type: a comment is none, an opener is one', async () => {
		await using commenting = await startFarEnd(saying([], comment, 100));
		await using healthy = await startFarEnd(playStream(stream));
		await using engine = await start([commenting.url, healthy.url], {more: firstByte});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		await until('the record', () => engine.ledger().length === 1);
		expect(engine.ledger()[0]?.retry?.route_attempts[0]).toMatchObject({
			code: 'first-byte-timeout',
			reason: expect.stringContaining('no event within'),
		});

		const sockets: Socket[] = [];
		await using thinking = await startFarEnd(({socket}) => {
			socket.write(streamHead);
			socket.write(chunkOf(inProgress));
			sockets.push(socket);
		});
		await using other = await start([thinking.url, healthy.url], {more: firstByte});
		const answer = call(other);
		await new Promise(resolve => {
			setTimeout(resolve, 1400);
		});
		sockets[0]?.write(Buffer.concat([chunkOf(stream), Buffer.from(lastChunk)]));
		expect((await answer).text).toBe(inProgress + stream.toString());
	});

	test('gives the last candidate its own, longer one', async () => {
		await using one = await startFarEnd(() => undefined);
		await using last = await startFarEnd(arrival => setTimeout(() => playStream(stream)(arrival), 1500));
		await using engine = await start([one.url, last.url], {more: firstByte});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		await using short = await start([last.url], {more: firstByte, limits: {firstByteLastCandidateMs: 600}});
		expect((await call(short)).text).toContain('no byte within');
	});

	test('gives the last send that is left the time of a last candidate', async () => {
		await using slow = await startFarEnd(arrival => setTimeout(() => playStream(stream)(arrival), 1500));
		await using healthy = await startFarEnd(playStream(stream));
		await using engine = await start([slow.url, healthy.url], {more: firstByte, limits: {sends: 1}});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect(healthy.arrivals).toHaveLength(0);
	});

	test.for([
		['a short input', 0, [], 60],
		['20 kB more of input', 20_000, [], 70],
		['tools', 0, [{type: 'function', name: 'x'}], 90],
		['a very long input', 700_000, [], 300],
	] as const)(
		'is 60 s, longer by a second per 2 kB and by 30 s with tools, at most 300 s: %s',
		async ([, size, tools, seconds]) => {
			const perSecondMs = 10;
			await using silent = await startFarEnd(() => undefined);
			await using healthy = await startFarEnd(playStream(stream));
			// A hundredth of the real base scales the whole formula.
			await using engine = await start([silent.url, healthy.url], {
				more: `[timeouts]\nfirst_byte_ms = ${60 * perSecondMs}\n`,
			});
			const input = [{type: 'message', role: 'user', content: 'x'.repeat(size)}];
			const startedMs = performance.now();
			await call(engine, {body: {model: 'gpt-5.5', stream: true, input, ...(tools.length > 0 && {tools})}});
			const tookMs = performance.now() - startedMs;
			expect(tookMs).toBeGreaterThan(seconds * perSecondMs - 5);
			// The ticker looks every 200 ms.
			expect(tookMs).toBeLessThan(seconds * perSecondMs + 500);
		},
	);
});
