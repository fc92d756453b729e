import {createServer as createHttpServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {createServer, type Socket} from 'node:net';
import {RelayError} from '../base/errors.ts';
import {AnswerChooser} from './choose-answer.ts';
import {play} from './play.ts';
import {decodeBody, parseJson, type RequestFacts, type SeenRequest} from './read-request.ts';
import {checkTransport, fault, type Fault, type RefusalCode} from './strict/refuse.ts';
import {json, type Answer, type Script} from './script.ts';
import {createSeal, type Seal} from './seal.ts';
import {voiceOf, type ScriptedDialect, type Voice} from './voice.ts';

/*
 * A far end on loopback that does exactly what its script says and refuses what the real service refuses. It serves the demo,
 * the tests and the benches; it knows nothing of the engine. Every request and every refusal is recorded.
 */

/** A request that reached the upstream. Times are `performance.now()` of this process, in milliseconds. */
export interface RecordedRequest extends SeenRequest, Pick<RequestFacts, 'kind' | 'prompt' | 'toolOutputs'> {
	/** When the whole request was there. */
	readonly atMs: number;
	/** When the response was over or its socket was gone; undefined while it runs. */
	closedAtMs: number | undefined;
	/** Whether the client left before the script had written its last byte. */
	clientAborted: boolean;
}

/** A fault that was answered with an error. */
interface Refusal extends Fault {
	/** Index into `requests` when it was refused; -1 where the bytes were no HTTP request. */
	readonly requestIndex: number;
	readonly atMs: number;
}

/** What a scripted upstream is started with. */
export interface ScriptedUpstreamOptions {
	/** Upstreams of the same name accept each other's hidden state. */
	readonly name: string;
	/** By name, or as a voice of its own. */
	readonly dialect: ScriptedDialect | Voice;
	/** The credential that every request must carry, as bearer token or `x-api-key`. */
	readonly key: string;
	readonly script: Script;
	/** Default: a free port. */
	readonly port?: number;
	/** Texts that must never arrive here, such as the local token. */
	readonly forbiddenSecrets?: readonly string[];
	/** How many requests are remembered, the newest; default all. For upstreams that run for long. */
	readonly rememberedRequests?: number;
}

/** What happens to new connections: `silent` accepts and reads nothing, `reset` resets them at once. */
type ConnectionMode = 'serve' | 'silent' | 'reset';

/** A running scripted upstream. */
export interface ScriptedUpstream extends AsyncDisposable {
	readonly name: string;
	/** The base URL with its version (`/v1`), without a slash at its end. */
	readonly url: string;
	/** The base URL without a path. */
	readonly origin: string;
	readonly port: number;
	readonly requests: readonly RecordedRequest[];
	readonly refusals: readonly Refusal[];
	/** Connections that are open now. */
	readonly openSockets: () => number;
	/** Connections that were accepted since the start. */
	readonly acceptedSockets: () => number;
	/** Replaces the script; ordinals and used-up rules start anew, running answers go on. */
	readonly setScript: (script: Script) => void;
	readonly setConnections: (mode: ConnectionMode) => void;
	/** Resets all open connections, as a crash would. */
	readonly resetSockets: () => void;
	readonly close: () => Promise<void>;
}

class Upstream {
	readonly requests: RecordedRequest[] = [];
	readonly refusals: Refusal[] = [];
	readonly sockets = new Set<Socket>();
	chooser: AnswerChooser;
	mode: ConnectionMode = 'serve';
	accepted = 0;
	readonly #options: ScriptedUpstreamOptions;
	readonly #seal: Seal;
	readonly #voice: Voice;

	constructor(options: ScriptedUpstreamOptions) {
		this.#options = options;
		this.#voice = typeof options.dialect === 'string' ? voiceOf(options.dialect) : options.dialect;
		this.#seal = createSeal(options.name);
		this.chooser = new AnswerChooser(options.script, this.modelPath);
	}

	get root(): string {
		return this.#voice.root;
	}

	get modelPath(): string {
		return this.#voice.modelPath;
	}

	async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const seen = await this.#read(request);
		const facts = this.#voice.readFacts(seen);
		const record: RecordedRequest = {
			...seen,
			kind: facts.kind,
			prompt: facts.prompt,
			toolOutputs: facts.toolOutputs,
			atMs: performance.now(),
			closedAtMs: undefined,
			clientAborted: false,
		};
		this.requests.push(record);
		if (this.requests.length > (this.#options.rememberedRequests ?? Number.POSITIVE_INFINITY)) {
			this.requests.shift();
		}

		const gone = new AbortController();
		let isWritten = false;
		response.once('close', () => {
			record.closedAtMs = performance.now();
			record.clientAborted = !isWritten;
			gone.abort();
		});
		if (response.closed) {
			gone.abort();
		}

		const stage = {voice: this.#voice, seal: this.#seal, request: seen, facts, response, signal: gone.signal};
		await play(this.#answer(seen, facts), {...stage, onWritten: () => (isWritten = true)});
	}

	/** Records a fault that belongs to the newest request, or to none. */
	refuse(first: Fault, requestIndex: number): void {
		this.refusals.push({...first, requestIndex, atMs: performance.now()});
	}

	async #read(request: IncomingMessage): Promise<SeenRequest> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) {
			chunks.push(Buffer.from(chunk));
		}

		const body = Buffer.concat(chunks);
		const {method = '', url = '', headers, rawHeaders} = request;
		const text = decodeBody(body, headers['content-encoding'])?.toString('utf8') ?? '';
		return {method, path: url, headers, rawHeaders, body, text, parsed: parseJson(text)};
	}

	#answer(seen: SeenRequest, facts: RequestFacts): Answer {
		if (seen.method === 'HEAD' && facts.path === '/') {
			return {type: 'body', status: 200};
		}

		const index = this.requests.length - 1;
		const isModelCall = [this.modelPath, `${this.modelPath}/count_tokens`, `${this.modelPath}/compact`].includes(
			facts.path,
		);
		const faults = [
			...checkTransport(seen, {key: this.#options.key, forbiddenSecrets: this.#options.forbiddenSecrets ?? []}),
			...(isModelCall ? this.#voice.check(seen, this.#seal) : []),
		];
		const [first] = faults;
		if (first !== undefined) {
			return this.#refusal(first, index);
		}

		if (this.chooser.knows(facts.path)) {
			const none = fault('no-rule', 'No rule of the script matches this request.', {status: 501});
			return this.chooser.choose(facts) ?? this.#refusal(none, index);
		}

		return this.#plainAnswer(facts, index);
	}

	/** Answers that need no rule: counting tokens, and a catalogue that is not there (Codex then keeps its bundled one). */
	#plainAnswer({path, bodyText}: RequestFacts, index: number): Answer {
		if (path === `${this.modelPath}/count_tokens`) {
			return json(200, {input_tokens: Math.ceil(bodyText.length / 4)});
		}

		const missing = fault('unknown-path', `Nothing is served on ${path}.`, {status: 404});
		return path === '/v1/models' ? this.#errorAnswer(missing) : this.#refusal(missing, index);
	}

	#refusal(first: Fault, index: number): Answer {
		this.refuse(first, index);
		return this.#errorAnswer(first);
	}

	#errorAnswer(first: Fault): Answer {
		return json(first.status, this.#voice.errorBody(first, this.requests.length));
	}
}

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
	error instanceof Error && (codes.includes(error.name) || ('code' in error && codes.includes(String(error.code))));

const createServers = (upstream: Upstream) => {
	const http = createHttpServer({keepAliveTimeout: 65_000, requestTimeout: 0}, (request, response) => {
		upstream.serve(request, response).catch((error: unknown) => {
			// The client's leaving ends an answer at any point; everything else is a fault of this upstream and must show.
			if (!isCode(error, 'AbortError', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'EPIPE')) {
				throw error;
			}
		});
	});
	http.on('clientError', (error: Error & {code?: string}, socket) => {
		if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') {
			const code: RefusalCode = 'malformed-http';
			upstream.refuse(fault(code, `The request is not well-formed HTTP (${error.code ?? error.message}).`), -1);
		}

		socket.destroy();
	});
	const server = createServer({allowHalfOpen: true, noDelay: true}, socket => {
		upstream.accepted++;
		upstream.sockets.add(socket);
		socket.once('close', () => upstream.sockets.delete(socket));
		// The parser adds its own listener; without this one a reset of a silent socket would end the process.
		socket.on('error', () => socket.destroy());
		if (upstream.mode === 'reset') {
			socket.resetAndDestroy();
		} else if (upstream.mode === 'serve') {
			http.emit('connection', socket);
		}
	});
	return {http, server};
};

/**
 * Starts a scripted upstream on 127.0.0.1.
 * @throws RelayError `port-in-use` when the wanted port is taken.
 */
export const startScriptedUpstream = async (options: ScriptedUpstreamOptions): Promise<ScriptedUpstream> => {
	const upstream = new Upstream(options);
	const {http, server} = createServers(upstream);
	await new Promise<void>((resolve, reject) => {
		server.once('error', cause => {
			reject(new RelayError('port-in-use', `Upstream ${options.name} cannot listen on its port.`, {cause}));
		});
		server.listen(options.port ?? 0, '127.0.0.1', resolve);
	});
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	const close = async (): Promise<void> => {
		for (const socket of upstream.sockets) {
			socket.destroy();
		}

		http.close();
		await new Promise<void>(resolve => {
			server.close(() => resolve());
		});
	};
	return {
		name: options.name,
		origin: `http://127.0.0.1:${port}`,
		url: `http://127.0.0.1:${port}${upstream.root}`,
		port,
		requests: upstream.requests,
		refusals: upstream.refusals,
		openSockets: () => upstream.sockets.size,
		acceptedSockets: () => upstream.accepted,
		setScript(script) {
			upstream.chooser = new AnswerChooser(script, upstream.modelPath);
		},
		setConnections(mode) {
			upstream.mode = mode;
		},
		resetSockets() {
			for (const socket of upstream.sockets) {
				socket.resetAndDestroy();
			}
		},
		close,
		[Symbol.asyncDispose]: close,
	};
};
