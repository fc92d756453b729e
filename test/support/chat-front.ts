import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {onTestFinished} from 'vitest';
import {isRecord, parseJson} from '../../source/base/json.ts';

/** What stands before an upstream and answers some requests itself. */
export interface ChatFront {
	/** With `/v1`. */
	readonly url: string;
	/** The fields that it refused, in the order of the refusals. */
	readonly refused: readonly string[];
}

/** What it answers itself: the list of models, and requests that hold one of the fields. */
export interface FrontAnswers {
	readonly models?: ReadonlyArray<Readonly<Record<string, unknown>>>;
	readonly refuses?: readonly string[];
}

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> => {
	const pieces: Buffer[] = [];
	for await (const piece of incoming) {
		pieces.push(Buffer.from(piece));
	}

	return Buffer.concat(pieces);
};

const answerJson = (response: ServerResponse, status: number, value: unknown): void => {
	response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(value));
};

/** Starts a front before a Chat Completions upstream (`target` with `/v1`); closed when the test ends. */
export const startChatFront = async (target: string, {models, refuses = []}: FrontAnswers): Promise<ChatFront> => {
	const refused: string[] = [];
	const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
		if (models !== undefined && incoming.url?.endsWith('/models') === true) {
			answerJson(response, 200, {object: 'list', data: models});
			return;
		}

		const body = await bodyOf(incoming);
		const request = parseJson(body.toString());
		const field = refuses.find(name => isRecord(request) && name in request);
		if (field !== undefined) {
			refused.push(field);
			const error = {message: `Unknown parameter: '${field}'.`, type: 'invalid_request_error', param: field};
			answerJson(response, 400, {error});
			return;
		}

		const headers = {authorization: incoming.headers.authorization ?? '', 'content-type': 'application/json'};
		const answer = await fetch(`${target}/chat/completions`, {method: 'POST', headers, body});
		response.writeHead(answer.status, {'content-type': answer.headers.get('content-type') ?? ''});
		response.end(Buffer.from(await answer.arrayBuffer()));
	};
	const server = createServer((incoming, response) => void serve(incoming, response)).listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	return {url: `http://127.0.0.1:${port}/v1`, refused};
};
