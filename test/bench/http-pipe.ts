import {Agent, createServer, request as sendRequest} from 'node:http';
import {announceServer} from './child-side.ts';

/* A peer: the plainest proxy one writes with node:http alone, a pipe each way. Argument: the port of the upstream. */

const port = Number(process.argv[2]);
const agent = new Agent({keepAlive: true});

const server = createServer((request, response) => {
	const {connection: _, ...headers} = request.headers;
	const upstream = sendRequest(
		{agent, port, host: '127.0.0.1', method: request.method, path: request.url, headers},
		answer => {
			const {connection: _connection, 'transfer-encoding': _framing, ...kept} = answer.headers;
			response.writeHead(answer.statusCode ?? 502, kept);
			answer.pipe(response);
		},
	);
	upstream.on('error', () => response.destroy());
	response.on('close', () => upstream.destroy());
	request.pipe(upstream);
});

announceServer(server);
