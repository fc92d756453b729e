import {readFile} from 'node:fs/promises';
import {Pools} from '../attempt/pools.ts';
import {Ticker} from '../attempt/ticker.ts';
import {Cancellation} from '../base/cancellation.ts';
import {systemClock} from '../base/clock.ts';
import type {Config} from '../config/config.ts';
import {createClientKeyReader, type CredentialContext} from '../config/credentials.ts';
import {homePaths} from '../config/home.ts';
import type {EngineAction, EngineQuery, QueryAnswers} from '../event/protocol.ts';
import {EarlierBodies} from '../identify/earlier-bodies.ts';
import {Capture} from '../observe/capture.ts';
import {limits as defaultLimits} from '../wire/limits.ts';
import {actOnBrain} from './brain/brain-actions.ts';
import {Brain} from './brain/brain.ts';
import {BridgeMemory} from './memory/bridge-memory.ts';
import {brainView} from './brain/brain-view.ts';
import {BrokenTurns} from './search/broken-turns.ts';
import {brainRoutes} from './control/brain-routes.ts';
import {controlRoutes} from './control/routes.ts';
import {Cleaner} from './cleaner.ts';
import {openConfigSource, type ConfigSource} from './config-source.ts';
import {explainQuestion} from './brain/explainer.ts';
import {endpointInfos} from './brain/endpoint-info.ts';
import {EngineLog} from './engine-log.ts';
import {openDoors, type Doors} from './door/doors.ts';
import {Observatory} from './observatory.ts';
import type {EngineOptions} from './options.ts';
import type {Batch} from './outbox.ts';
import type {Road} from './road.ts';
import {Replays} from './replay/replays.ts';
import {RunningRequests} from './running-requests.ts';
import {openStateStore, type StateStore} from './brain/state-store.ts';
import {StatsClock} from './stats-clock.ts';
import {Texts} from './texts.ts';

/*
 * The engine: one per process, in a worker thread. It builds the road from its parts, opens the doors, follows the configuration,
 * and answers actions and queries. It never writes to the console.
 */

/** A running engine. */
export class Engine {
	readonly #options: EngineOptions;
	readonly #token: string;
	readonly #source: ConfigSource;
	readonly #log: EngineLog;
	readonly #store: StateStore;
	readonly #observatory: Observatory;
	readonly #credentials: CredentialContext;
	readonly #cleaner: Cleaner;
	readonly #brain: Brain;
	readonly #pools: Pools;
	readonly #capture = new Capture();
	readonly #texts: Texts;
	readonly #replays: Replays;
	readonly #stats: StatsClock;
	#config: Config;
	readonly #stopping = new Cancellation();
	readonly #running = new RunningRequests();
	#stopped: Promise<void> | undefined;
	#doors: Doors | undefined;
	#memory: BridgeMemory | undefined;
	readonly #startedAtMs = systemClock.now();
	readonly #tellFault = (sentence: string): void => this.#log.write(this.#cleaner.line(sentence));

	private constructor(options: EngineOptions, parts: EngineParts) {
		const {now, monotonic} = systemClock;
		const home = homePaths(options.homeRoot);
		this.#options = options;
		this.#token = parts.token;
		this.#source = parts.source;
		this.#config = parts.source.initial;
		this.#log = new EngineLog(home.engineLog, now);
		this.#credentials = {env: process.env, readClientKey: createClientKeyReader(options, monotonic)};
		this.#cleaner = new Cleaner(parts.token, this.#credentials);
		this.#observatory = new Observatory({
			...home,
			...{clock: systemClock, onFault: this.#tellFault},
			post: options.hasScreen ? parts.post : undefined,
		});
		const {announce} = this.#observatory;
		this.#store = openStateStore(home.state, now, this.#log.stateFault(announce));
		this.#pools = new Pools({
			connectMs: this.#config.clocks.connectMs,
			idleSocketMs: defaultLimits.upstreamIdleSocketMs,
			headerBytes: defaultLimits.upstreamHeaderBytes,
		});
		this.#brain = new Brain({
			clock: systemClock,
			...{store: this.#store, credentials: this.#credentials, cleaner: this.#cleaner, pools: this.#pools, announce},
			config: () => this.#config,
			usageProvidersPath: home.usageProviders,
			onFault: sentence => this.#log.write(sentence),
		});
		this.#texts = new Texts(this.#capture, this.#cleaner.redact, () => this.#observatory.model.sessions());
		this.#replays = new Replays({
			...{capture: this.#capture, token: parts.token, now, holdsSecret: this.#cleaner.holdsSecret},
			config: () => this.#config,
			url: () => this.#doors?.url,
		});
		this.#stats = new StatsClock({
			announce,
			now,
			model: () => this.#observatory.model,
			dropped: () => this.#observatory.dropped,
		});
	}

	/** Loads, listens, and follows the configuration. Rejects with RelayError (configuration, port, home) before anything is served. */
	static async start(options: EngineOptions, post: (batch: Batch) => void): Promise<Engine> {
		const home = homePaths(options.homeRoot);
		const token = (await readFile(home.token, 'utf8')).trim();
		const source = await openConfigSource(home.config, options);
		const engine = new Engine(options, {token, source, post});
		engine.#memory = await BridgeMemory.open({
			...{config: source.initial.history, folder: home.history, now: systemClock.now},
			onFault: sentence => engine.#log.write(sentence),
		});
		try {
			await engine.#open();
			return engine;
		} catch (error) {
			await engine.stop(0);
			throw error;
		}
	}

	/** Takes no new request; running ones get `graceMs` and then the contract's ending. A second call only shortens the grace. */
	async stop(graceMs: number): Promise<void> {
		const timer = setTimeout(() => this.#stopping.cancel(), graceMs);
		this.#stopped ??= this.#end();
		await this.#stopped;
		clearTimeout(timer);
	}

	async #end(): Promise<void> {
		await this.#source.close();
		// A reader of the events would keep the control listener open.
		this.#observatory.feed.close();
		await this.#doors?.close(this.#stopping);
		this.#stats.close();
		await this.#brain.close();
		await this.#pools.close();
		await this.#memory?.close();
		await this.#observatory.close();
		this.#store.close();
		await this.#log.close();
	}

	/** Does what a screen or script asks; rejects with RelayError where it cannot be done. */
	async act(action: EngineAction): Promise<void> {
		switch (action.type) {
			case 'move-request': {
				this.#running.move(action.requestId, action.to);
				break;
			}

			case 'replay-request': {
				await this.#replays.start(action.requestId, action.to);
				break;
			}

			case 'reload-config': {
				this.#apply(await this.#source.reload());
				break;
			}

			default: {
				await actOnBrain(this.#brain, action, this.#config);
			}
		}
	}

	/** Answers a query from the read model or the capture. */
	ask<Query extends EngineQuery>(query: Query): QueryAnswers[Query['type']];
	ask(query: EngineQuery): QueryAnswers[EngineQuery['type']] {
		if (query.type === 'snapshot') {
			return this.#observatory.snapshot();
		}

		if (query.type === 'brain') {
			const parts = {brain: this.#brain, config: this.#config, credentials: this.#credentials};
			return brainView({...parts, nowMs: systemClock.now()});
		}

		if (query.type === 'explain') {
			return explainQuestion(query.question, {
				brain: this.#brain,
				config: () => this.#config,
				requestOf: requestId => this.#observatory.model.request(requestId),
				traceOf: requestId => this.#observatory.model.traceOf(requestId),
				startedAtMs: this.#startedAtMs,
				clean: this.#cleaner.line,
			});
		}

		return this.#texts.ask(query);
	}

	/** Where it listens. */
	get doors(): Doors | undefined {
		return this.#doors;
	}

	async #open(): Promise<void> {
		const {announce} = this.#observatory;
		this.#doors = await openDoors({
			listen: this.#config.listen,
			token: this.#token,
			road: this.#road(),
			control: {
				routes: controlRoutes({
					model: () => this.#observatory.model,
					health: () => this.#stats.health(),
					act: action => this.act(action),
					ask: query => this.ask(query),
					...{lastEventId: () => this.#observatory.feed.startFrom(), version: this.#options.version},
					more: brainRoutes({
						brain: this.#brain,
						config: () => this.#config,
						credentials: this.#credentials,
						explain: question => this.ask({type: 'explain', question}),
					}),
				}),
				streams: [{path: '/api/v1/events', open: this.#observatory.feed.open}],
				allowsRemoteActions: () => this.#config.listen.remoteActions,
				socketPath: homePaths(this.#options.homeRoot).controlSocket,
				onSocketFault: sentence => this.#log.write(sentence),
			},
		});
		const {url, claudeUrl, controlUrl} = this.#doors;
		const {isDemo, version} = this.#options;
		announce({
			type: 'engine-ready',
			atMs: systemClock.now(),
			...{url, claudeUrl, controlUrl, pid: process.pid, isDemo, version},
		});
		this.#apply(this.#config);
		this.#brain.pins.announceAll();
		this.#brain.start();
		this.#source.follow({
			url,
			claudeUrl,
			token: this.#token,
			config: config => this.#apply(config),
			fault: fault =>
				announce({
					type: 'config-broken',
					atMs: systemClock.now(),
					path: this.#config.path ?? '',
					line: fault.line,
					column: fault.column,
					message: this.#cleaner.line(fault.sentence),
				}),
		});
	}

	#road(): Road {
		return {
			...this.#brain.road(),
			config: () => this.#config,
			limits: {...defaultLimits, ...this.#options.limits},
			clock: systemClock,
			...{pools: this.#pools, capture: this.#capture, bodies: new EarlierBodies()},
			ticker: new Ticker(systemClock.monotonic),
			brokenTurns: new BrokenTurns(systemClock.monotonic),
			announce: this.#observatory.announce,
			redact: this.#cleaner.redact,
			clean: this.#cleaner.line,
			record: record => this.#observatory.record(record),
			stopping: this.#stopping,
			...{running: this.#running, replays: this.#replays, fault: this.#tellFault},
			holdsSecret: this.#cleaner.holdsSecret,
			...(this.#memory && {memory: this.#memory}),
			debug:
				this.#options.logLevel === 'debug' ? line => this.#log.write(`debug ${this.#cleaner.line(line)}`) : undefined,
		};
	}

	/** New requests take the new snapshot; running ones keep theirs. */
	#apply(config: Config): void {
		this.#config = config;
		this.#cleaner.learn(config);
		this.#observatory.announce({
			type: 'config-loaded',
			atMs: systemClock.now(),
			path: config.path,
			endpoints: endpointInfos(config, this.#credentials),
			warnings: config.warnings,
		});
		this.#brain.configure(config);
		this.#memory?.configure(config.history);
	}
}

interface EngineParts {
	readonly token: string;
	readonly source: ConfigSource;
	readonly post: (batch: Batch) => void;
}
