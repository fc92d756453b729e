import {once} from 'node:events';
import {createServer, request as httpRequest} from 'node:http';
import {brotliCompressSync, deflateSync, gzipSync, zstdCompressSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {readBody} from '../../../source/engine/door/accept-body.ts';
import {limits} from '../../../source/wire/limits.ts';

const small = {...limits, requestBodyBytes: 4_000_000, decompressionFloorBytes: 100_000};

/** Posts these bytes to a server that reads them with `readBody`; gives the body or what was thrown. */
const take = async (
	bytes: Buffer,
	headers: Readonly<Record<string, string>> = {},
	cutAfter?: number,
): Promise<unknown> => {
	const taken = Promise.withResolvers<unknown>();
	const server = createServer((request, response) => {
		readBody(request, small)
			.then(taken.resolve, taken.resolve)
			.finally(() => response.writeHead(200, {connection: 'close'}).end());
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	const client = httpRequest({
		port,
		host: '127.0.0.1',
		method: 'POST',
		headers: {'content-length': bytes.length, ...headers},
	});
	client.on('error', () => undefined);
	if (cutAfter === undefined) {
		client.end(bytes);
	} else {
		client.write(bytes.subarray(0, cutAfter), () => client.destroy());
	}

	const result = await taken.promise;
	server.closeAllConnections();
	server.close();
	return result;
};

const plain = Buffer.from(JSON.stringify({input: 'ä'.repeat(1000)}));

test.each([
	['identity', plain],
	['gzip', gzipSync(plain)],
	['x-gzip', gzipSync(plain)],
	['deflate', deflateSync(plain)],
	['br', brotliCompressSync(plain)],
	['zstd', zstdCompressSync(plain)],
	[' GZIP ', gzipSync(plain)],
])('a body in %j is read whole', async (encoding, bytes) => {
	expect(await take(bytes, {'content-encoding': encoding})).toEqual(plain);
});

test.each(['compress', 'gzip, br', 'constructor', '__proto__'])('the encoding %j is refused', async encoding => {
	expect(await take(plain, {'content-encoding': encoding})).toMatchObject({status: 415, code: 'unknown-encoding'});
});

test.each(['gzip', 'br', 'zstd', 'deflate'])('bytes that are not %s are refused', async encoding => {
	expect(await take(plain, {'content-encoding': encoding})).toMatchObject({status: 400, code: 'body-not-decodable'});
});

test('a compressed body that ends too early is refused', async () => {
	const bytes = gzipSync(plain);
	expect(await take(bytes.subarray(0, bytes.length - 12), {'content-encoding': 'gzip'})).toMatchObject({
		status: 400,
		code: 'body-not-decodable',
	});
});

test('a body over the limit is refused, by its length or by its bytes', async () => {
	const large = Buffer.alloc(4_000_001);
	expect(await take(large)).toMatchObject({status: 413, code: 'body-too-large'});
	expect(await take(zstdCompressSync(large), {'content-encoding': 'zstd'})).toMatchObject({status: 413});
});

test('a bomb below the limit is stopped at the ratio (SEC-22)', async () => {
	expect(await take(gzipSync(Buffer.alloc(3_000_000)), {'content-encoding': 'gzip'})).toMatchObject({
		status: 413,
		code: 'body-too-large',
	});
});

test('a client that leaves in the middle is no body', async () => {
	expect(await take(plain, {}, 100)).toBeInstanceOf(Error);
});
