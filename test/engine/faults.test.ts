import {gzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {recordedStreams} from '../support/recorded-streams.ts';
import {
	lastChunk,
	playStream,
	startFarEnd,
	streamHead,
	wholeAnswer,
	write,
	writeAndEnd,
	writeAndReset,
	drip,
	type RawFarEnd,
} from '../support/raw-http.ts';
import {call, startEngine, type ClientFamily, type EngineSetup} from '../support/running-engine.ts';

/* The fault maker's side: what an upstream may do to a request (reliability-security.md 4), through the real engine. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const sdkStream = recordedStreams.find(({client, dialect}) => client === 'sdk' && dialect === 'responses')?.bytes;
const messagesStream = recordedStreams.find(({dialect}) => dialect === 'messages')?.bytes;

const quick: Pick<EngineSetup, 'limits' | 'more'> = {
	limits: {
		transportRepeatMs: 1,
		firstByteLastCandidateMs: 5000,
		errorBodyMs: 300,
		idleSdkMs: 400,
		idleClaudeMs: 400,
		idleClaudeOpenBlockMs: 400,
	},
	more: '[timeouts]\nfirst_byte_ms = 300\nidle_codex_ms = 1000\nheartbeat_ms = 100\n',
};

/** Where nobody is left who must have the time to answer. */
const impatient = {...quick, limits: {...quick.limits, firstByteLastCandidateMs: 300}};

/** A port of the system's that nobody listens at: one that was just closed may be given to the next far end of this file. */
const refusedPort = 1;

const refused = async (): Promise<RawFarEnd> => {
	const far = await startFarEnd(() => undefined);
	return {...far, url: `http://127.0.0.1:${refusedPort}/v1`, [Symbol.asyncDispose]: () => far[Symbol.asyncDispose]()};
};

const head200 = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
const gzipped = gzipSync(stream);
const early = stream.subarray(0, 200);

/** Faults before any event: nobody may see them while another upstream is there. */
const faults: ReadonlyArray<readonly [string, () => Promise<RawFarEnd>]> = [
	['REL-01 nothing listens', refused],
	[
		'REL-02 a reset at once',
		() =>
			startFarEnd(
				() => undefined,
				socket => socket.resetAndDestroy(),
			),
	],
	[
		'REL-02 a close at once',
		() =>
			startFarEnd(
				() => undefined,
				socket => socket.end(),
			),
	],
	[
		'REL-02 a reset in the middle of the upload',
		() =>
			startFarEnd(
				() => undefined,
				socket => socket.once('data', () => socket.resetAndDestroy()),
			),
	],
	['REL-02 a reset before the head', () => startFarEnd(writeAndReset())],
	['REL-02 a reset in the middle of the head', () => startFarEnd(writeAndReset('HTTP/1.1 200 OK\r\nconte'))],
	['REL-03 a reset behind the head', () => startFarEnd(writeAndReset(streamHead))],
	['REL-05 a socket that never answers', () => startFarEnd(() => undefined)],
	[
		'REL-05 a socket that reads nothing',
		() =>
			startFarEnd(
				() => undefined,
				socket => socket.pause(),
			),
	],
	['REL-05 a head and nothing behind it', () => startFarEnd(write(streamHead))],
	[
		'REL-06 a head of one byte each 20 ms',
		() => startFarEnd(drip('HTTP/1.1 200 OK\r\nx-very-long-header: 012345678901234567890123456789', 20)),
	],
	[
		'REL-09 a body shorter than its length',
		() => startFarEnd(writeAndEnd(`${head200}content-length: 5000\r\n\r\n`, early)),
	],
	['REL-09 a chunk that is none', () => startFarEnd(write(streamHead, 'zz\r\nrubbish\r\n'))],
	['REL-09 a chunk longer than it says', () => startFarEnd(write(streamHead, '2\r\ntoo long\r\n'))],
	['REL-10 an empty stream', () => startFarEnd(write(streamHead, lastChunk))],
	['REL-10 an empty body', () => startFarEnd(write(wholeAnswer(200, '')))],
	[
		'REL-18 gzip although identity was asked for',
		() =>
			startFarEnd(write(wholeAnswer(200, gzipped, {'content-type': 'text/event-stream', 'content-encoding': 'gzip'}))),
	],
	[
		'REL-18 an encoding that does not exist',
		() =>
			startFarEnd(
				write(wholeAnswer(200, stream, {'content-type': 'text/event-stream', 'content-encoding': 'constructor'})),
			),
	],
	[
		'REL-18 a body that only says gzip',
		() =>
			startFarEnd(write(wholeAnswer(200, stream, {'content-type': 'text/event-stream', 'content-encoding': 'gzip'}))),
	],
	[
		'REL-19 101',
		() => startFarEnd(write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')),
	],
	['REL-19 204', () => startFarEnd(write('HTTP/1.1 204 No Content\r\n\r\n'))],
	['REL-19 302', () => startFarEnd(write(wholeAnswer(302, '', {location: 'http://127.0.0.1:1/v1/responses'})))],
	['REL-19 304', () => startFarEnd(write('HTTP/1.1 304 Not Modified\r\n\r\n'))],
	['REL-19 endless 1xx', () => startFarEnd(drip('HTTP/1.1 102 Processing\r\n\r\n', 1))],
	[
		'REL-24 a web page',
		() => startFarEnd(write(wholeAnswer(200, '<html>login</html>', {'content-type': 'text/html'}))),
	],
	[
		'REL-24 a web page that says it is a stream',
		() => startFarEnd(write(wholeAnswer(200, '<html>login</html>', {'content-type': 'text/event-stream'}))),
	],
	['REL-24 a JSON body', () => startFarEnd(write(wholeAnswer(200, '{"id":"resp_1","output":[]}')))],
	[
		'REL-24 a JSON body that says it is a stream',
		() => startFarEnd(write(wholeAnswer(200, '{"error":{"message":"no"}}', {'content-type': 'text/event-stream'}))),
	],
	['REL-25 a head of 40 kB', () => startFarEnd(write(`HTTP/1.1 200 OK\r\nx-large: ${'x'.repeat(40_000)}\r\n\r\n`))],
	['bytes that are no HTTP', () => startFarEnd(write('SSH-2.0-OpenSSH_9.2\r\n'))],
	['a reply in HTTP/2', () => startFarEnd(write(Buffer.from([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100])))],
	[
		'CL and TE in a reply',
		() => startFarEnd(write(`${head200}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`)),
	],
	['a 503', () => startFarEnd(write(wholeAnswer(503, '{"error":{"message":"busy"}}')))],
	['a 500 whose body never ends', () => startFarEnd(write('HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\n{"err'))],
	[
		'a 502 of HTML without an end',
		() => startFarEnd(drip('HTTP/1.1 502 Bad\r\ntransfer-encoding: chunked\r\n\r\n'.padEnd(2000, '5\r\n<html\r\n'), 1)),
	],
	[
		'an error in its stream',
		() =>
			startFarEnd(
				playStream(
					Buffer.from(
						'data: {"type":"response.failed","response":{"error":{"code":"server_error","message":"x"}}}\n\n',
					),
				),
			),
	],
	['a bare error in its stream', () => startFarEnd(playStream(Buffer.from('data: {"error":{"message":"x"}}\n\n')))],
];

const families: readonly ClientFamily[] = ['codex', 'claude-code', 'sdk'];
const healthyStreams = {codex: stream, 'claude-code': messagesStream ?? stream, sdk: sdkStream ?? stream};
const dialects = {codex: 'responses', 'claude-code': 'messages', sdk: 'responses'} as const;

const providersFor = (client: ClientFamily, urls: readonly string[]) =>
	urls.map((url, index) => ({
		name: `p${index}`,
		url,
		key: `sk-key-number-${index}`,
		service: client === 'claude-code' ? ('claude' as const) : ('codex' as const),
		extra: `dialect = "${dialects[client]}"`,
	}));

describe('a fault before the first event', () => {
	test.concurrent.each(faults)(
		'%s: another upstream answers to the byte, and alone it gives each client one ending',
		async (_, start) => {
			await using far = await start();
			await Promise.all(
				families.map(async client => {
					await using healthy = await startFarEnd(playStream(healthyStreams[client]));
					await using engine = await startEngine({...quick, providers: providersFor(client, [far.url, healthy.url])});
					const answer = await call(engine, {client});
					expect(answer.status).toBe(200);
					expect(answer.isComplete).toBe(true);
					expect(answer.body.equals(healthyStreams[client])).toBe(true);
					expect(healthy.arrivals).toHaveLength(1);
					const [record, ...more] = engine.ledger();
					expect(more).toEqual([]);
					expect(record).toMatchObject({outcome: 'success', retry: {attempts: 2}});
					expect(record?.retry?.route_attempts[0]).toMatchObject({error_class: 'hard', discarded: true});
				}),
			);
			await Promise.all(
				families.map(async client => {
					await using engine = await startEngine({...impatient, providers: providersFor(client, [far.url])});
					const answer = await call(engine, {client});
					expect(answer.isComplete).toBe(true);
					expect(answer.text).toContain('codex-tui: no upstream could serve this request (p0: ');
					if (client === 'codex') {
						expect(answer.status).toBe(200);
						expect(answer.text.match(/event: /g)).toEqual(['event: ']);
						expect(answer.text).toMatch(/^event: response\.failed\ndata: .*"code":"invalid_prompt".*\n\n$/);
					} else {
						expect(answer.status).toBe(client === 'sdk' ? 503 : 403);
						expect(answer.headers['x-should-retry']).toBe('false');
						expect(JSON.parse(answer.text)).toHaveProperty('error.message');
					}

					expect(engine.ledger()).toMatchObject([{outcome: 'failed'}]);
				}),
			);
		},
	);
});
