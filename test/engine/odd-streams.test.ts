import {describe, expect, test} from 'vitest';
import {recordedStreams} from '../support/recorded-streams.ts';
import {
	chunkOf,
	lastChunk,
	playStream,
	startFarEnd,
	streamHead,
	wholeAnswer,
	write,
	writeAndReset,
} from '../support/raw-http.ts';
import {call, startEngine, until, type ClientFamily, type EngineSetup} from '../support/running-engine.ts';

/* Streams that begin well and then go on oddly, and connections that do (reliability-security.md 4), through the real engine. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const megabyte = 1024 * 1024;

const quick: Pick<EngineSetup, 'limits' | 'more'> = {
	limits: {
		transportRepeatMs: 1,
		firstByteLastCandidateMs: 300,
		errorBodyMs: 300,
		idleSdkMs: 400,
		idleClaudeMs: 400,
		idleClaudeOpenBlockMs: 400,
	},
	more: '[timeouts]\nfirst_byte_ms = 300\nidle_codex_ms = 1000\nheartbeat_ms = 100\n',
};

const dialects = {codex: 'responses', 'claude-code': 'messages', sdk: 'responses'} as const;

const providersFor = (client: ClientFamily, urls: readonly string[]) =>
	urls.map((url, index) => ({
		name: `p${index}`,
		url,
		key: `sk-key-number-${index}`,
		service: client === 'claude-code' ? ('claude' as const) : ('codex' as const),
		extra: `dialect = "${dialects[client]}"`,
	}));

describe('a stream that goes on oddly', () => {
	test('REL-11 data behind the terminal event are dropped and its socket is freed', async () => {
		await using far = await startFarEnd(
			write(streamHead, chunkOf(stream), chunkOf('event: error\ndata: {"type":"error"}\n\n')),
		);
		await using engine = await startEngine({providers: providersFor('codex', [far.url])});
		const answer = await call(engine);
		expect(answer.body.equals(stream)).toBe(true);
		expect(answer.isComplete).toBe(true);
		await until('the close of the upstream socket', () => far.openSockets() === 0, 500);
	});

	test('REL-11 a terminal event without an end of the body ends the answer at once', async () => {
		await using far = await startFarEnd(write(streamHead, chunkOf(stream)));
		await using engine = await startEngine({providers: providersFor('codex', [far.url])});
		const startedMs = performance.now();
		const answer = await call(engine);
		expect(performance.now() - startedMs).toBeLessThan(500);
		expect(answer.body.equals(stream)).toBe(true);
		expect(engine.ledger()).toMatchObject([{outcome: 'success'}]);
		await until('the close of the upstream socket', () => far.openSockets() === 0, 500);
	});

	test('REL-12 a client that is told of a failure in its stream sees its socket close', async () => {
		await using far = await startFarEnd(writeAndReset(streamHead, chunkOf(stream.subarray(0, stream.length - 300))));
		await using engine = await startEngine({...quick, providers: providersFor('codex', [far.url])});
		const answer = await call(engine, {headers: {connection: 'keep-alive'}});
		expect(answer.text).toMatch(/"code":"server_error"[^\n]*\n\n$/);
		expect(answer.isComplete).toBe(true);
	});

	test('REL-19 early hints and progress reports are skipped', async () => {
		const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n';
		await using far = await startFarEnd(arrival => {
			arrival.socket.write(hints);
			setTimeout(() => playStream(stream)(arrival), 30);
		});
		await using engine = await startEngine({providers: providersFor('codex', [far.url])});
		const answer = await call(engine);
		expect(answer.body.equals(stream)).toBe(true);
		expect(answer.headers).not.toHaveProperty('link');
	});

	test('REL-16 an event without end is given up at 8 MiB and costs bounded memory', async () => {
		const piece = chunkOf(Buffer.alloc(64 * 1024, 0x78));
		let written = 0;
		await using far = await startFarEnd(({socket}) => {
			socket.write(Buffer.concat([Buffer.from(streamHead), chunkOf('data: ')]));
			const pump = (): void => {
				while (!socket.destroyed && written < 200 * megabyte) {
					written += piece.length;
					if (!socket.write(piece)) {
						socket.once('drain', pump);
						return;
					}
				}
			};
			pump();
		});
		await using engine = await startEngine({...quick, providers: providersFor('codex', [far.url])});
		const before = process.memoryUsage.rss();
		const answer = await call(engine);
		expect(answer.text).toContain('response.failed');
		expect(written).toBeLessThan(40 * megabyte);
		expect(process.memoryUsage.rss() - before).toBeLessThan(96 * megabyte);
	});

	test.each([1, 2, 3, 7, 64])(
		'REL-14 REL-17 any chunking of an upstream comes out bit for bit (%i bytes each)',
		async size => {
			const rows = recordedStreams.filter(({dialect}) => dialect === 'responses');
			for (const {bytes, client} of rows) {
				await using far = await startFarEnd(({socket}) => {
					const pieces = Array.from({length: Math.ceil(bytes.length / size)}, (_, at) =>
						chunkOf(bytes.subarray(at * size, at * size + size)),
					);
					socket.write(Buffer.concat([Buffer.from(streamHead), ...pieces, Buffer.from(lastChunk)]));
				});
				await using engine = await startEngine({providers: providersFor('codex', [far.url])});
				expect((await call(engine, {client})).body.equals(bytes)).toBe(true);
			}
		},
	);

	test('REL-14 any cut of the socket’s bytes comes out bit for bit', async () => {
		const framed = Buffer.concat([Buffer.from(streamHead), chunkOf(stream), Buffer.from(lastChunk)]);
		await using far = await startFarEnd(({socket, head}) => {
			const at = Number(/x-at: (\d+)/.exec(head)?.[1]);
			socket.write(framed.subarray(0, at));
			setTimeout(() => socket.write(framed.subarray(at)), 2);
		});
		await using engine = await startEngine({providers: providersFor('codex', [far.url])});
		const places = Array.from({length: 150}, (_, index) => 1 + Math.floor((index * (framed.length - 2)) / 150));
		const answers = await Promise.all(places.map(at => call(engine, {headers: {'x-at': String(at)}})));
		expect(answers.every(({body}) => body.equals(stream))).toBe(true);
	});
});

describe('silence', () => {
	const firstEvent = stream.indexOf('\n\n') + 2;
	const endsAt = stream.indexOf('\n\n', firstEvent) + 2;

	test('REL-08 REL-13 heartbeats come behind whole events only, and never before the first', async () => {
		await using far = await startFarEnd(({socket}) => {
			socket.write(streamHead);
			socket.write(chunkOf(stream.subarray(0, 20)));
			setTimeout(() => socket.write(chunkOf(stream.subarray(20, endsAt + 30))), 500);
			setTimeout(
				() => socket.write(Buffer.concat([chunkOf(stream.subarray(endsAt + 30)), Buffer.from(lastChunk)])),
				1200,
			);
		});
		await using engine = await startEngine({
			more: '[timeouts]\nheartbeat_ms = 200\n',
			providers: providersFor('codex', [far.url]),
		});
		const startedMs = performance.now();
		let firstAtMs = 0;
		const answer = await call(engine, {onPiece: () => (firstAtMs ||= performance.now() - startedMs)});
		expect(firstAtMs).toBeGreaterThan(450);
		const beat = 'event: keepalive\ndata: {"type":"keepalive"}\n\n';
		expect(answer.text.split(beat).length).toBeGreaterThan(2);
		expect(answer.text.replaceAll(beat, '')).toBe(stream.toString());
		expect(answer.text.startsWith(stream.toString('utf8', 0, endsAt) + beat)).toBe(true);
		expect(engine.events.some(({type}) => type === 'reply-silent')).toBe(true);
	});

	test('REL-08 a stream that falls silent for good is moved while that is unseen', async () => {
		await using far = await startFarEnd(write(streamHead, chunkOf(stream.subarray(0, endsAt))));
		await using healthy = await startFarEnd(playStream(stream));
		await using engine = await startEngine({...quick, providers: providersFor('codex', [far.url, healthy.url])});
		const answer = await call(engine);
		const beats = /event: keepalive\ndata: \{"type":"keepalive"\}\n\n/g;
		expect(answer.text.replaceAll(beats, '')).toBe(stream.toString('utf8', 0, endsAt) + stream.toString());
		expect(engine.ledger()[0]?.retry?.route_attempts[0]).toMatchObject({code: 'idle-timeout', error_class: 'hard'});
		await until('the close of the silent socket', () => far.openSockets() === 0, 500);
	});

	test('REL-07 a slow but steady stream is not cut', async () => {
		await using far = await startFarEnd(({socket}) => {
			socket.write(streamHead);
			let at = 0;
			const timer = setInterval(() => {
				const part = stream.subarray(at, at + 1500);
				at += 1500;
				socket.write(part.length > 0 ? chunkOf(part) : lastChunk);
				if (part.length === 0) {
					clearInterval(timer);
				}
			}, 250);
		});
		await using engine = await startEngine({
			...quick,
			more: '[timeouts]\nidle_codex_ms = 1000\n',
			providers: providersFor('codex', [far.url]),
		});
		expect((await call(engine)).body.equals(stream)).toBe(true);
	});
});

const oneThenReset = async (how: 'reset' | 'end') =>
	startFarEnd(arrival => {
		if (arrival.indexOnSocket === 0) {
			playStream(stream)(arrival);
		} else if (how === 'reset') {
			arrival.socket.resetAndDestroy();
		} else {
			arrival.socket.end();
		}
	});

describe('rule 7: a kept connection that died meanwhile', () => {
	test.each(['reset', 'end'] as const)('is repeated once on a new one: no attempt, no failure (%s)', async how => {
		await using far = await oneThenReset(how);
		await using engine = await startEngine({providers: providersFor('codex', [far.url])});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect(far.accepted()).toBe(2);
		expect(far.arrivals).toHaveLength(3);
		expect(engine.ledger().map(({retry}) => retry?.attempts)).toEqual([1, 1]);
		expect(engine.events.filter(({type}) => type === 'breaker-changed')).toEqual([]);
	});

	test('a new connection that breaks the same way is a failure', async () => {
		await using far = await startFarEnd(writeAndReset('HTTP/1.1 200 OK\r\nconte'));
		await using healthy = await startFarEnd(playStream(stream));
		await using engine = await startEngine({providers: providersFor('codex', [far.url, healthy.url])});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect(far.arrivals).toHaveLength(1);
		expect(engine.ledger()[0]?.retry?.attempts).toBe(2);
	});
});

const created = (model: string): string =>
	`event: response.created\ndata: {"type":"response.created","response":{"id":"r","headers":{"OpenAI-Model":"${model}","x":"1"}}}\n\n`;

describe('openai-model', () => {
	test('is passed on only where it is the model that was asked for', async () => {
		const rest = stream.subarray(stream.indexOf('\n\n') + 2);
		const far = (model: string) =>
			startFarEnd(({socket}) => {
				const whole = Buffer.concat([Buffer.from(created(model)), rest]);
				socket.write(wholeAnswer(200, whole, {'content-type': 'text/event-stream', 'openai-model': model}));
			});
		await using same = await far('gpt-5.5');
		await using another = await far('gpt-4');
		await using first = await startEngine({providers: providersFor('codex', [same.url])});
		await using second = await startEngine({providers: providersFor('codex', [another.url])});
		const kept = await call(first);
		expect(kept.headers['openai-model']).toBe('gpt-5.5');
		expect(kept.text).toBe(created('gpt-5.5') + rest.toString());
		const cut = await call(second);
		expect(cut.headers['openai-model']).toBeUndefined();
		expect(cut.text).toContain('"headers":{"x":"1"}');
		expect(cut.text.endsWith(rest.toString())).toBe(true);
	});
});
