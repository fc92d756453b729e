import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {request as httpRequest, type IncomingMessage} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {openHome, readOrCreateToken, type Home} from '../../source/config/home.ts';
import {Engine} from '../../source/engine/engine.ts';
import type {EngineOptions} from '../../source/engine/options.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import type {PlanReason} from '../../source/event/plan-view.ts';
import type {LedgerRecord} from '../../source/event/view.ts';
import type {Limits} from '../../source/wire/limits.ts';

/*
 * A real engine in this process with a home of its own: real sockets, real files, nothing replaced.
 */

/** A provider of the test's configuration. */
export interface TestProvider {
	readonly name: string;
	/** With its version, for example `http://127.0.0.1:4000/v1`. */
	readonly url: string;
	readonly key?: string;
	readonly service?: 'codex' | 'claude';
	/** More lines of its table. */
	readonly extra?: string;
}

/** What an engine is started with. */
export interface EngineSetup {
	readonly providers: readonly TestProvider[];
	/** Lines in front of the providers' tables, for example `[timeouts]`. */
	readonly more?: string;
	/** `[codex.routing]` and its routes, in place of the providers in their order. */
	readonly routing?: string;
	readonly limits?: Partial<Limits>;
	/** A home from an engine that ran before. */
	readonly home?: Home;
}

/** A running engine and what it has said so far. */
export interface RunningEngine extends AsyncDisposable {
	readonly engine: Engine;
	readonly home: Home;
	readonly token: string;
	readonly url: string;
	readonly port: number;
	readonly controlPort: number;
	readonly events: readonly EngineEvent[];
	/** The lines of `requests.jsonl`, in their order. */
	readonly ledger: () => readonly LedgerRecord[];
	/** Ends it and keeps its home. */
	readonly stop: () => Promise<void>;
}

/** A configuration of version 5: each service tries its providers in the given order. */
export const configText = (providers: readonly TestProvider[], more = '', routing?: string): string =>
	[
		'version = 5',
		more,
		...providers.map(
			({name, url, key, service = 'codex', extra = ''}) =>
				`[${service}.providers.${name}]\nbase_url = "${url}"\n${key === undefined ? '' : `auth_token = "${key}"\n`}${extra}`,
		),
		...(['codex', 'claude'] as const).map(service => {
			const names = providers.filter(provider => (provider.service ?? 'codex') === service).map(({name}) => name);
			return names.length === 0
				? ''
				: service === 'codex' && routing !== undefined
					? routing
					: `[${service}.routing]\nentry = "main"\n[${service}.routing.routes.main]\nstrategy = "ordered-failover"\nchildren = ${JSON.stringify(names)}`;
		}),
	].join('\n');

/** A new home without a configuration. */
export const newHome = async (): Promise<Home> =>
	openHome({CODEX_TUI_HOME: mkdtempSync(path.join(tmpdir(), 'codex-tui-guard-'))});

/** The options of an engine in a home, as the host would give them. */
export const optionsFor = (home: Home, limits: Partial<Limits> = {}): EngineOptions => ({
	homeRoot: home.root,
	isDemo: false,
	host: undefined,
	port: 0,
	codexHome: path.join(home.root, 'codex'),
	claudeHome: path.join(home.root, 'claude'),
	version: '0.0.0-test',
	hasScreen: true,
	limits,
});

/** Starts an engine; disposing it removes its home. */
export const startEngine = async (setup: EngineSetup): Promise<RunningEngine> => {
	const home = setup.home ?? (await newHome());
	const token = await readOrCreateToken(home);
	writeFileSync(home.config, configText(setup.providers, setup.more, setup.routing), {mode: 0o600});
	const events: EngineEvent[] = [];
	const engine = await Engine.start(optionsFor(home, setup.limits), batch => events.push(...batch.events));
	const {url = '', controlUrl = ''} = engine.doors ?? {};
	let isStopped = false;
	const stop = async (): Promise<void> => {
		if (!isStopped) {
			isStopped = true;
			await engine.stop(0);
		}
	};
	return {
		engine,
		home,
		token,
		url,
		port: Number(new URL(url).port),
		controlPort: Number(new URL(controlUrl).port),
		events,
		ledger: () => readLedger(home),
		stop,
		[Symbol.asyncDispose]: async () => {
			await stop();
			rmSync(home.root, {recursive: true, force: true});
		},
	};
};

const readLedger = (home: Home): readonly LedgerRecord[] =>
	readFileSync(home.requestsLog, 'utf8')
		.split('\n')
		.filter(line => line !== '')
		.map((line): LedgerRecord => JSON.parse(line));

/** Waits until a condition holds; fails after `timeoutMs` with the sentence. */
export const until = async (what: string, condition: () => boolean, timeoutMs = 3000): Promise<void> => {
	const endMs = performance.now() + timeoutMs;
	while (!condition()) {
		if (performance.now() > endMs) {
			throw new Error(`${what} did not happen within ${timeoutMs} ms.`);
		}

		await new Promise(resolve => {
			setTimeout(resolve, 5);
		});
	}
};

/** The families of clients that get different endings. */
export type ClientFamily = 'codex' | 'claude-code' | 'sdk';

const familyHeaders: Readonly<Record<ClientFamily, Readonly<Record<string, string>>>> = {
	codex: {'x-codex-window-id': 'w-1:0', 'session-id': 'session-1'},
	'claude-code': {'user-agent': 'claude-cli/2.1.197', 'x-claude-code-session-id': 'session-1'},
	sdk: {},
};

/** One call through an engine. */
export interface TestCall {
	readonly client?: ClientFamily;
	readonly path?: string;
	/** Of a Codex request; all without it are of the same one, which stays with the upstream that served it. */
	readonly session?: string;
	readonly body?: object | string | Buffer;
	readonly headers?: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal;
	/** Called with each piece of the answer's body. */
	readonly onPiece?: (piece: Buffer) => void;
}

/** What the client got. `isComplete` is false where the connection broke inside the body. */
export interface TestAnswer {
	readonly status: number;
	readonly headers: IncomingMessage['headers'];
	readonly body: Buffer;
	readonly text: string;
	readonly isComplete: boolean;
}

const pathOf = {codex: '/v1/responses', 'claude-code': '/v1/messages', sdk: '/v1/responses'} as const;

/** A streaming turn. */
export const turn = {model: 'gpt-5.5', stream: true, input: [{type: 'message', role: 'user', content: 'hi'}]} as const;

const bytesOf = (body: object | string | Buffer): Buffer =>
	Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

/** Posts on a connection of its own and reads the answer to its end. Rejects only where no head came. */
export const call = (
	engine: Pick<RunningEngine, 'port' | 'token'>,
	{client = 'codex', path: target = pathOf[client], body = turn, session, headers, signal, onPiece}: TestCall = {},
): Promise<TestAnswer> =>
	new Promise((resolve, reject) => {
		const sent = bytesOf(body);
		const request = httpRequest({
			host: '127.0.0.1',
			port: engine.port,
			path: target,
			method: 'POST',
			agent: false,
			...(signal && {signal}),
			headers: {
				'content-type': 'application/json',
				'content-length': sent.length,
				'x-codex-tui-token': engine.token,
				...familyHeaders[client],
				...(session === undefined ? {} : {'session-id': session}),
				...headers,
			},
		});
		request.once('error', reject);
		request.once('response', response => {
			const pieces: Buffer[] = [];
			response.on('data', (piece: Buffer) => {
				pieces.push(piece);
				onPiece?.(piece);
			});
			const finish = (isComplete: boolean): void => {
				const all = Buffer.concat(pieces);
				resolve({
					status: response.statusCode ?? 0,
					headers: response.headers,
					body: all,
					text: all.toString('utf8'),
					isComplete,
				});
			};
			response.once('end', () => finish(true));
			response.once('error', () => finish(false));
		});
		request.end(sent);
	});

/** The skip reasons of the newest plan, by provider name. */
export const newestPlan = ({
	events,
}: Pick<RunningEngine, 'events'>): Readonly<Record<string, readonly PlanReason[]>> => {
	const planned = events.findLast(event => event.type === 'route-planned');
	return Object.fromEntries(
		(planned?.plan.candidates ?? []).map(({endpointKey, reasons}) => [endpointKey.split('/')[1] ?? '', reasons]),
	);
};

/** Has the engine hand over what it has not said yet. */
export const settled = ({engine}: Pick<RunningEngine, 'engine'>): void => {
	engine.ask({type: 'snapshot'});
};
