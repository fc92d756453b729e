import {brotliCompressSync, gzipSync, zstdCompressSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {drip, rawRequest, sendRaw, startFarEnd, wholeAnswer, write} from '../support/raw-http.ts';
import {call, startEngine, type EngineSetup} from '../support/running-engine.ts';

/* Calls whose answer is one body: compaction, models, a turn without a stream. */

const json = JSON.stringify({
	id: 'cmp_1',
	object: 'response.compaction',
	output: [{type: 'compaction', encrypted_content: 'x'}],
});
const quick: Pick<EngineSetup, 'limits' | 'more'> = {
	limits: {transportRepeatMs: 1, firstByteLastCandidateMs: 5000, errorBodyMs: 300, idleSdkMs: 400},
	more: '[timeouts]\nfirst_byte_ms = 300\n',
};

/** Where nobody is left who must have the time to answer. */
const impatient = {...quick, limits: {...quick.limits, firstByteLastCandidateMs: 300}};
const compact = {path: '/v1/responses/compact', body: {model: 'gpt-5.5', input: []}} as const;

const bad: ReadonlyArray<readonly [string, Parameters<typeof startFarEnd>[0]]> = [
	['REL-24 a web page', write(wholeAnswer(200, '<html>login</html>', {'content-type': 'text/html'}))],
	['REL-24 nothing', write(wholeAnswer(200, ''))],
	['REL-19 204', write('HTTP/1.1 204 No Content\r\n\r\n')],
	[
		'REL-09 a body shorter than its length',
		({socket}) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}'),
	],
	['REL-09 bad chunks', write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n')],
	['REL-18 a body that only says gzip', write(wholeAnswer(200, json, {'content-encoding': 'gzip'}))],
	['REL-18 two encodings', write(wholeAnswer(200, gzipSync(gzipSync(json)), {'content-encoding': 'gzip, gzip'}))],
	['REL-18 an encoding that does not exist', write(wholeAnswer(200, json, {'content-encoding': 'constructor'}))],
	[
		'SEC-22 a bomb of 200 MiB',
		write(wholeAnswer(200, gzipSync(Buffer.alloc(200 * 1024 * 1024)), {'content-encoding': 'gzip'})),
	],
	['REL-05 half a body', write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{')],
	['REL-06 a slow head', drip('HTTP/1.1 200 OK\r\nx: 012345678901234567890123456789', 20)],
	['a 500', write(wholeAnswer(500, '{}'))],
];

describe('a call without a stream', () => {
	test.concurrent.each(bad)(
		'%s: is served by another upstream, and alone it ends as 400 JSON with a sentence',
		async (_, answer) => {
			await using far = await startFarEnd(answer);
			await using healthy = await startFarEnd(write(wholeAnswer(200, json)));
			await using both = await startEngine({
				...quick,
				providers: [
					{name: 'a', url: far.url},
					{name: 'b', url: healthy.url},
				],
			});
			const moved = await call(both, compact);
			expect([moved.status, moved.text]).toEqual([200, json]);
			expect(both.ledger()).toMatchObject([{outcome: 'success', request_kind: 'compaction', retry: {attempts: 2}}]);
			await using alone = await startEngine({...impatient, providers: [{name: 'a', url: far.url}]});
			const ended = await call(alone, compact);
			expect(ended.status).toBe(400);
			expect(JSON.parse(ended.text)).toMatchObject({
				error: {
					code: 'no-upstream',
					message: expect.stringMatching(/^codex-tui: no upstream could serve this request \(a: /),
				},
			});
		},
	);

	test.each([
		['gzip', gzipSync],
		['br', brotliCompressSync],
		['zstd', zstdCompressSync],
	] as const)('REL-18 one layer of %s is taken off', async (encoding, compress) => {
		await using far = await startFarEnd(write(wholeAnswer(200, compress(json), {'content-encoding': encoding})));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const answer = await call(engine, compact);
		expect([answer.status, answer.text, answer.headers['content-encoding']]).toEqual([200, json, undefined]);
	});

	test('passes methods, queries and statuses of other calls through', async () => {
		await using far = await startFarEnd(({socket, head}) => {
			socket.write(head.startsWith('DELETE') ? 'HTTP/1.1 204 No Content\r\n\r\n' : wholeAnswer(200, '{"data":[]}'));
		});
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const headers = [
			['host', `127.0.0.1:${engine.port}`],
			['x-codex-tui-token', engine.token],
		] as const;
		const models = await sendRaw(engine.port, rawRequest('GET /backend-api/codex/models?client_version=1', headers));
		expect([models.status, models.body]).toEqual([200, '{"data":[]}']);
		const gone = await sendRaw(engine.port, rawRequest('DELETE /v1/files/f_1', headers), {
			until: text => text.includes('\r\n\r\n'),
		});
		expect(gone.status).toBe(204);
		expect(far.arrivals.map(({head}) => head.split('\r\n')[0])).toEqual([
			'GET /v1/models?client_version=1 HTTP/1.1',
			'DELETE /v1/files/f_1 HTTP/1.1',
		]);
	});

	test('a turn without a stream gets one body, and never a stream’s head', async () => {
		await using far = await startFarEnd(write(wholeAnswer(200, '{"id":"resp_1"}')));
		await using engine = await startEngine({providers: [{name: 'a', url: far.url}]});
		const answer = await call(engine, {client: 'sdk', body: {model: 'm', input: 'hi'}});
		expect([answer.status, answer.text]).toEqual([200, '{"id":"resp_1"}']);
	});
});
