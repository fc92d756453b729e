import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import path from 'node:path';
import {acquireHomeLock} from '../../source/config/home-lock.ts';
import {openHome, readOrCreateToken} from '../../source/config/home.ts';
import {temporaryFolder} from './folder.ts';

/** What the played control API says: by `GET /api/v1/pins`; a path without an answer is unknown, a Problem is refused. */
export type ControlAnswers = Readonly<Record<string, unknown>>;

/** A refusal with RFC 9457 problem details. */
export class Problem {
	readonly status: number;
	readonly code: string;
	readonly title: string;

	constructor(status: number, code: string, title: string) {
		this.status = status;
		this.code = code;
		this.title = title;
	}

	/** The body, with the status that it repeats. */
	details() {
		const {status, code, title} = this;
		return {type: 'about:blank', status, code, title};
	}
}

/** A control API that answers as it is told, in a home of its own that it holds as an engine does. */
export interface PlayedControl extends AsyncDisposable {
	readonly env: {readonly CODEX_TUI_HOME: string; readonly HOME: string; readonly CODEX_HOME: string};
	/** The home's folder. */
	readonly home: string;
	/** `GET /api/v1/pins`, in order, with the decoded query. */
	readonly asked: readonly string[];
	/** The bodies of the POSTs, in order. */
	readonly changes: readonly unknown[];
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
	const chunks: Buffer[] = [];
	for await (const chunk of request) {
		chunks.push(Buffer.from(chunk));
	}

	return Buffer.concat(chunks).toString();
};

const send = (response: ServerResponse, answer: unknown): void => {
	const problem = answer instanceof Problem ? answer : undefined;
	response.writeHead(problem?.status ?? 200, {
		'content-type': problem ? 'application/problem+json' : 'application/json',
	});
	response.end(JSON.stringify(problem ? problem.details() : answer));
};

const unknownPath = new Problem(404, 'unknown-path', 'There is no such path.');
const noToken = new Problem(403, 'local-token', 'The local token is missing or wrong.');

/** Starts it; `token`: what it wants instead of the home's. */
export const playControl = async (
	answers: ControlAnswers,
	options: {readonly token?: string} = {},
): Promise<PlayedControl> => {
	const folder = temporaryFolder();
	const env = {CODEX_TUI_HOME: path.join(folder.path, 'home'), HOME: folder.path, CODEX_HOME: folder.path};
	const home = await openHome(env);
	const homeToken = await readOrCreateToken(home);
	const token = options.token ?? homeToken;
	const asked: string[] = [];
	const changes: unknown[] = [];
	const answer = async (request: IncomingMessage): Promise<unknown> => {
		const body = await bodyOf(request);
		if (request.headers.authorization !== `Bearer ${token}`) {
			return noToken;
		}

		const {method = '', url = ''} = request;
		asked.push(`${method} ${decodeURIComponent(url)}`);
		if (method === 'POST') {
			changes.push(JSON.parse(body));
		}

		const [name] = url.split('?');
		return answers[`${method} ${name}`] ?? unknownPath;
	};
	const server = createServer((request, response) => void answer(request).then(said => send(response, said)));
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	const lock = await acquireHomeLock(home, {command: 'serve', controlUrl: `http://127.0.0.1:${String(port)}`});
	return {
		...{env, home: home.root, asked, changes},
		[Symbol.asyncDispose]: async () => {
			lock.release();
			server.closeAllConnections();
			await new Promise(resolve => {
				server.close(resolve);
			});
			folder[Symbol.dispose]();
		},
	};
};
