import {getCompileCacheDir} from 'node:module';
import path from 'node:path';
import {Worker} from 'node:worker_threads';
import {CommandError, exitCode, RelayError, type ExitCode} from '../base/errors.ts';
import type {EngineEvent} from '../event/catalogue.ts';
import type {EngineAction, EngineLink, EngineQuery, FromEngine, QueryAnswers, ToEngine} from '../event/protocol.ts';
import type {EngineOptions} from './options.ts';
import {decideRestart, type RestartHistory} from './restart-policy.ts';
import {workerPath} from './worker-path.ts';

/*
 * The engine's host in the main thread: starts the worker, carries actions, queries and batches, and starts it again when it dies.
 */

/** Where the engine listens. Origins have no path. */
export interface Addresses {
	readonly url: string;
	readonly claudeUrl: string | undefined;
	readonly controlUrl: string;
}

/** One batch, as {@link EngineLink.onBatch} hands it over. */
type BatchListener = Parameters<EngineLink['onBatch']>[0];

interface Waiting {
	readonly resolve: (value: unknown) => void;
	readonly reject: (error: Error) => void;
}

/**
 * What V8 may fill before it collects young garbage. Left alone it takes 192 MB in a worker: a thousand silent streams then cost three times
 * their memory, and collecting late is no cheaper.
 */
const youngGenerationMb = 32;

/** A thread compiles for itself: it is told where the compiled code is kept, if it is. */
const workerEnvironment = (): NodeJS.ProcessEnv => {
	const folder = getCompileCacheDir();
	return folder === undefined ? process.env : {...process.env, NODE_COMPILE_CACHE: path.dirname(folder)};
};

/** A hosted engine. */
export class EngineHost implements EngineLink {
	readonly #options: EngineOptions;
	readonly #listeners = new Set<BatchListener>();
	readonly #waiting = new Map<number, Waiting>();
	readonly #onGaveUp: (reason: string) => void;
	#worker: Worker | undefined;
	#nextId = 1;
	#history: RestartHistory = {deathsMs: []};
	#isStopping = false;
	#restartTimer: NodeJS.Timeout | undefined;
	#addresses: Addresses | undefined;

	/** `onGaveUp` is told once when the engine died too often; the process should end with exit code 75. */
	constructor(options: EngineOptions, onGaveUp: (reason: string) => void) {
		this.#options = options;
		this.#onGaveUp = onGaveUp;
	}

	/** Starts the engine; rejects with a CommandError that carries the exit code when it cannot start. */
	async start(): Promise<Addresses> {
		const addresses = await this.#spawn(this.#options);
		this.#addresses = addresses;
		return addresses;
	}

	act(action: EngineAction): Promise<void> {
		return this.#call<void>(id => ({type: 'action', id, action}));
	}

	ask<Query extends EngineQuery>(query: Query): Promise<QueryAnswers[Query['type']]> {
		return this.#call<QueryAnswers[Query['type']]>(id => ({type: 'query', id, query}));
	}

	onBatch(listener: BatchListener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Hands an event of the main thread's own (a client was switched) to the screens. */
	announce(event: EngineEvent): void {
		for (const listener of this.#listeners) {
			listener({batch: 0, dropped: 0, events: [event]});
		}
	}

	/** Ends the engine; running requests get `graceMs`. */
	async stop(graceMs: number): Promise<void> {
		this.#isStopping = true;
		clearTimeout(this.#restartTimer);
		const worker = this.#worker;
		if (!worker) {
			return;
		}

		const exited = new Promise<void>(resolve => worker.once('exit', () => resolve()));
		const message: ToEngine = {type: 'stop', graceMs};
		worker.postMessage(message);
		const timer = setTimeout(() => void worker.terminate(), graceMs + terminateAfterMs);
		await exited;
		clearTimeout(timer);
	}

	#spawn(options: EngineOptions): Promise<Addresses> {
		return new Promise((resolve, reject) => {
			const worker = new Worker(workerPath(), {
				workerData: options,
				env: workerEnvironment(),
				stdout: false,
				stderr: false,
				resourceLimits: {maxYoungGenerationSizeMb: youngGenerationMb},
			});
			this.#worker = worker;
			let hasStarted = false;
			worker.on('message', (message: FromEngine) => {
				if (message.type === 'listening') {
					hasStarted = true;
					resolve(message);
				} else if (message.type === 'failed') {
					// Only the first start decides; one after a death is tried again.
					this.#isStopping ||= this.#addresses === undefined;
					reject(new CommandError(knownExit(message.exitCode), message.code, message.message));
				} else {
					this.#receive(message);
				}
			});
			worker.on('error', error =>
				reject(new RelayError('engine-failed', `The engine failed to start: ${error.message}`)),
			);
			worker.once('exit', () => this.#exited(worker, hasStarted));
		});
	}

	#receive(message: Exclude<FromEngine, {readonly type: 'listening' | 'failed'}>): void {
		switch (message.type) {
			case 'batch': {
				for (const listener of this.#listeners) {
					listener(message);
				}

				break;
			}

			case 'answer': {
				this.#take(message.id)?.resolve(message.value);
				break;
			}

			case 'refusal': {
				this.#take(message.id)?.reject(new RelayError(message.code, message.message));
				break;
			}

			case 'stopped': {
				break;
			}
		}
	}

	/** A worker that ended without being told to died: it comes back on the same ports, by the restart policy. */
	#exited(worker: Worker, hasStarted: boolean): void {
		if (this.#worker === worker) {
			this.#worker = undefined;
		}

		for (const {reject} of this.#waiting.values()) {
			reject(new RelayError('engine-down', 'The engine is not running; it starts again by itself.'));
		}

		this.#waiting.clear();
		if (!this.#isStopping && (hasStarted || this.#addresses)) {
			this.#restart();
		}
	}

	#restart(): void {
		const decision = decideRestart(this.#history, performance.now());
		this.#history = decision.history;
		if (decision.kind === 'give-up') {
			this.#onGaveUp(
				'The engine died more than five times in ten minutes and stays down; see logs/engine.log in the home folder.',
			);
			return;
		}

		this.announce({
			type: 'engine-restarting',
			atMs: Date.now(),
			inMs: decision.inMs,
			restarts: decision.history.deathsMs.length,
			reason: 'its thread ended unexpectedly',
		});
		const {url = '', claudeUrl = '', controlUrl = ''} = this.#addresses ?? {};
		const ports = {port: portOf(url), claudePort: portOf(claudeUrl), controlPort: portOf(controlUrl)};
		this.#restartTimer = setTimeout(() => {
			// A start that fails ends its worker, which comes back here by `exit`.
			this.#spawn({...this.#options, ...ports}).catch(() => undefined);
		}, decision.inMs);
	}

	#call<Value>(message: (id: number) => ToEngine): Promise<Value> {
		return new Promise<Value>((resolve, reject) => {
			const worker = this.#worker;
			if (!worker) {
				reject(new RelayError('engine-down', 'The engine is not running; it starts again by itself.'));
				return;
			}

			const id = this.#nextId++;
			// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other end is our own engine, which answers each query with its type
			this.#waiting.set(id, {resolve: value => resolve(value as Value), reject});
			worker.postMessage(message(id));
		});
	}

	#take(id: number): Waiting | undefined {
		const waiting = this.#waiting.get(id);
		this.#waiting.delete(id);
		return waiting;
	}
}

const terminateAfterMs = 2000;

const portOf = (url: string): number | undefined => (url === '' ? undefined : Number(new URL(url).port));

const knownExit = (code: number): ExitCode => Object.values(exitCode).find(known => known === code) ?? exitCode.failed;
