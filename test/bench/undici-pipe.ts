import {createServer} from 'node:http';
import {pipeline} from 'node:stream/promises';
import {Pool} from 'undici';
import {messageOf} from '../../source/base/errors.ts';
import {announceServer} from './child-side.ts';

/* A peer: the plainest proxy one writes with undici, `request` and a pipe. Argument: the port of the upstream. */

const upstream = new Pool(`http://127.0.0.1:${process.argv[2]}`, {bodyTimeout: 0, headersTimeout: 0});

const server = createServer((request, response) => {
	const {connection: _, ...headers} = request.headers;
	const forward = async (): Promise<void> => {
		const answer = await upstream.request({
			method: request.method === 'POST' ? 'POST' : 'GET',
			path: request.url ?? '/',
			headers,
			body: request,
		});
		const {connection: _connection, 'transfer-encoding': _framing, ...kept} = answer.headers;
		response.writeHead(answer.statusCode, kept);
		await pipeline(answer.body, response);
	};

	forward().catch((error: unknown) => {
		response.destroy(new Error(messageOf(error)));
	});
});

announceServer(server);
