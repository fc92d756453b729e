import {connect} from 'node:net';
import {describe, expect, test} from 'vitest';
import {apiError, html, json, message, stream, type Answer, type StreamOptions} from '../../source/demo/script.ts';
import {post, readEvents, responsesBody, startUpstream, upstreamKey} from '../support/upstream.ts';

interface Heard {
	/** The bytes in the pieces in which they came, as latin1. */
	readonly pieces: ReadonlyArray<{readonly text: string; readonly atMs: number}>;
	readonly text: string;
	/** `ECONNRESET`, or undefined where the socket ended in order or the listener left. */
	readonly error: string | undefined;
	readonly tookMs: number;
}

/** One request on a raw socket; leaves after `forMs` where the upstream does not end the connection. */
const listen = async (answer: Answer, forMs = 5000): Promise<Heard> => {
	await using upstream = await startUpstream([{answer}]);
	const body = JSON.stringify(responsesBody('hi'));
	const head = `host: a\r\nauthorization: Bearer ${upstreamKey}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n`;
	// Awaited here: the upstream is closed when this function returns.
	const heard = await new Promise<Heard>(resolve => {
		const startedAtMs = performance.now();
		const pieces: Array<{text: string; atMs: number}> = [];
		let error: string | undefined;
		const socket = connect(upstream.port, '127.0.0.1', () => {
			socket.write(`POST /v1/responses HTTP/1.1\r\n${head}\r\n${body}`);
		});
		const leave = setTimeout(() => socket.destroy(), forMs);
		socket.on('data', data => pieces.push({text: data.toString('latin1'), atMs: performance.now()}));
		socket.on('error', (cause: Error & {code?: string}) => (error = cause.code));
		socket.on('close', () => {
			clearTimeout(leave);
			const text = pieces.map(piece => piece.text).join('');
			resolve({pieces, text, error, tookMs: performance.now() - startedAtMs});
		});
	});
	return heard;
};

const say = (options: StreamOptions): Answer => stream([message('A short answer for everyone.')], options);

const bodyOf = ({text}: Heard): string => text.slice(text.indexOf('\r\n\r\n') + 4);

/** The body without its chunk lengths. */
const dechunk = (chunked: string): string => {
	const length = Number.parseInt(chunked, 16);
	const from = chunked.indexOf('\r\n') + 2;
	return length > 0 ? chunked.slice(from, from + length) + dechunk(chunked.slice(from + length + 2)) : '';
};

describe('time', () => {
	test('delays the head, leaves gaps between events and one long silence', async () => {
		expect((await listen(say({delayHeadMs: 150}))).tookMs).toBeGreaterThan(145);
		expect((await listen(say({gapMs: 20}))).tookMs).toBeGreaterThan(20 * 8);
		const {pieces} = await listen(say({silence: {beforeEvent: 4, ms: 200}}));
		const gaps = pieces.slice(1).map((piece, index) => piece.atMs - (pieces[index]?.atMs ?? 0));
		expect(Math.max(...gaps)).toBeGreaterThan(150);
	});

	test('can drip a few bytes at a time, also half characters, without changing a byte of the body', async () => {
		const heard = await listen(stream([message('世界')], {bytesPerWrite: 7, byteGapMs: 0}));
		const body = Buffer.from(dechunk(bodyOf(heard)), 'latin1').toString('utf8');
		expect(readEvents(body).at(-1)?.['type']).toBe('response.completed');
		expect(body).toContain('世界');
		expect(heard.text.match(/\r\n7\r\n/g)?.length).toBeGreaterThan(200);
	});

	test('can keep the response open after its last event', async () => {
		const heard = await listen(say({keepOpenMs: Number.POSITIVE_INFINITY}), 200);
		expect(heard.text).toContain('response.completed');
		expect(heard.text.endsWith('0\r\n\r\n')).toBe(false);
		expect(heard.tookMs).toBeGreaterThan(190);
	});

	test('stamps each text delta with the monotonic clock', async () => {
		const before = process.hrtime.bigint() / 1000n;
		const heard = await listen(say({stamp: true, gapMs: 5}));
		const stamps = [...heard.text.matchAll(/"delta":"(\d+) "/g)].map(match => BigInt(match[1] ?? 0));
		expect(stamps.length).toBeGreaterThan(1);
		expect(stamps[0]).toBeGreaterThan(before);
		expect(stamps.at(-1)).toBeGreaterThan(stamps[0] ?? 0n);
	});
});

describe('a cut', () => {
	test.each([0, 1, 57, 500])('at byte %i ends there, in order or by a reset', async atByte => {
		for (const [how, error] of [
			['fin', undefined],
			['rst', 'ECONNRESET'],
		] as const) {
			const heard = await listen(say({cut: {atByte, how}}));
			expect(heard.error).toBe(error);
			expect(dechunk(`${bodyOf(heard)}0\r\n`)).toHaveLength(atByte);
		}
	});

	test('after an event lets exactly these events through', async () => {
		const heard = await listen(say({cut: {afterEvent: 3, how: 'rst'}}));
		expect(readEvents(dechunk(`${bodyOf(heard)}0\r\n`)).map(event => event['sequence_number'])).toEqual([0, 1, 2, 3]);
		expect(heard.error).toBe('ECONNRESET');
	});

	test('can hang, or break the chunked framing', async () => {
		const hung = await listen(say({cut: {afterEvent: 0, how: 'hang'}}), 150);
		expect([hung.error, hung.tookMs > 140]).toEqual([undefined, true]);
		expect((await listen(say({cut: {afterEvent: 0, how: 'bad-chunk'}}))).text).toMatch(/zz\r\nthis is no chunk\r\n$/);
	});

	test('is an error for a real client', async () => {
		await using upstream = await startUpstream([{answer: say({cut: {afterEvent: 2, how: 'bad-chunk'}})}]);
		await expect((await post(upstream, responsesBody('a'))).text()).rejects.toThrow();
	});
});

describe('a wrong answer', () => {
	test('may promise more bytes than it has, or end with the connection', async () => {
		const short = await listen(say({framing: 'short-length'}));
		const promised = Number(/content-length: (\d+)/.exec(short.text)?.[1]);
		expect(promised - bodyOf(short).length).toBeGreaterThan(90);
		const plain = await listen(say({framing: 'until-close'}));
		expect(plain.text).not.toMatch(/content-length|transfer-encoding/i);
		expect(readEvents(bodyOf(plain)).at(-1)?.['type']).toBe('response.completed');
	});

	test('may carry garbage between events, also bytes that are no UTF-8', async () => {
		const heard = await listen(say({garbage: {beforeEvent: 2, text: ': note\ndata: {"half\n\n\xFF\xFE\n\n'}}));
		expect(heard.text).toContain('data: {"half\n\n\xFF\xFE\n\nevent: response.output_item.added');
	});

	test('may lie about type and encoding, and send 1xx answers and headers before the truth', async () => {
		const {text} = await listen(
			say({
				contentType: 'text/html',
				claimEncoding: 'gzip',
				informational: [100, 103],
				headers: {'openai-model': 'other'},
			}),
		);
		expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 103 Early Hints\r\n/);
		expect(text).toMatch(/HTTP\/1\.1 200 OK\r\ncontent-type: text\/html\r\ncontent-encoding: gzip\r\n/);
		expect(text).toContain('\r\nopenai-model: other\r\n');
		expect(text).toContain('event: response.created');
	});

	test('may be no HTTP at all, dripped, reset or left open', async () => {
		expect((await listen({type: 'raw', bytes: 'SSH-2.0-x\r\n', ending: 'fin', bytesPerWrite: 1})).text).toBe(
			'SSH-2.0-x\r\n',
		);
		expect(await listen({type: 'raw', bytes: 'HTTP/1.1 200', ending: 'rst'})).toMatchObject({
			text: 'HTTP/1.1 200',
			error: 'ECONNRESET',
		});
		expect((await listen({type: 'raw', bytes: 'x', ending: 'open'}, 100)).tookMs).toBeGreaterThan(90);
	});

	test('may never come, or be a reset', async () => {
		expect(await listen({type: 'never'}, 100)).toMatchObject({text: '', error: undefined});
		expect(await listen({type: 'reset'})).toMatchObject({text: '', error: 'ECONNRESET'});
	});
});

describe('a body', () => {
	test('is JSON, HTML, compressed or nothing, with its status and headers', async () => {
		await using upstream = await startUpstream([
			{
				answer: [
					apiError(429, 'rate_limit_exceeded', {headers: {'retry-after': '7'}}),
					html(502, '<h1>Bad gateway</h1>'),
					{...json(200, {packed: true}), gzip: true},
					{type: 'body', status: 204},
				],
			},
		]);
		const limited = await post(upstream, responsesBody('a'));
		expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
		expect(await limited.json()).toMatchObject({error: {code: 'rate_limit_exceeded'}});
		const page = await post(upstream, responsesBody('a'));
		expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
		expect(await page.text()).toBe('<h1>Bad gateway</h1>');
		const packed = await post(upstream, responsesBody('a'));
		expect([packed.headers.get('content-encoding'), await packed.json()]).toEqual(['gzip', {packed: true}]);
		expect((await post(upstream, responsesBody('a'))).status).toBe(204);
	});
});
