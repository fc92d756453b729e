import path from 'node:path';
import {Pools} from '../../source/attempt/pools.ts';
import {RetryBudgets} from '../../source/attempt/retry-budget.ts';
import {Ticker} from '../../source/attempt/ticker.ts';
import {Cancellation} from '../../source/base/cancellation.ts';
import {systemClock} from '../../source/base/clock.ts';
import {hashToken} from '../../source/engine/door/accept-guard.ts';
import {listen} from '../../source/engine/door/accept.ts';
import {EarlierBodies} from '../../source/identify/earlier-bodies.ts';
import {BrokenTurns} from '../../source/engine/search/broken-turns.ts';
import type {Config} from '../../source/config/config.ts';
import {noProfiles} from '../../source/config/profiles.ts';
import {CapabilityStore} from '../../source/engine/brain/capabilities.ts';
import {Continuity} from '../../source/engine/brain/continuity.ts';
import {EndpointHealthBook} from '../../source/engine/brain/endpoint-health.ts';
import {Lessons} from '../../source/engine/brain/lessons.ts';
import {Mender} from '../../source/engine/bridge/mender.ts';
import {Pins} from '../../source/engine/brain/pins.ts';
import type {Road} from '../../source/engine/road.ts';
import {Router} from '../../source/engine/brain/router.ts';
import {RunningRequests} from '../../source/engine/running-requests.ts';
import {serveRequest} from '../../source/engine/serve-request.ts';
import {openStateStore, type StateStore} from '../../source/engine/brain/state-store.ts';
import type {Announce, EngineEvent} from '../../source/event/catalogue.ts';
import type {LedgerRecord} from '../../source/event/view.ts';
import {Capture} from '../../source/observe/capture.ts';
import {limits} from '../../source/wire/limits.ts';
import {configOf, endpoint} from './endpoint.ts';
import {scratchFolder} from './scratch.ts';

/** A road of real parts behind a real listener, for what an engine's configuration cannot ask for yet. */
export interface TestRoad extends AsyncDisposable {
	readonly port: number;
	readonly token: string;
	readonly road: Road;
	readonly events: readonly EngineEvent[];
	readonly ledger: readonly LedgerRecord[];
}

const token = 'road-token-0123456789-0123456789';

const openListener = (road: Road): ReturnType<typeof listen> =>
	listen({
		host: '127.0.0.1',
		port: 0,
		limits,
		tokenHash: hashToken(token),
		isOpen: false,
		serve: exchange => void serveRequest(exchange, road),
	});

type Knowledge = Pick<Road, 'health' | 'state' | 'continuity' | 'asked' | 'router' | 'budgets' | 'lessons' | 'mender'>;

/** What a brain would know, without its prices and balances: no upstream of these tests has an account to look up. */
const knowledgeOf = (store: StateStore, config: Config, announce: Announce): Knowledge => {
	const {now, monotonic} = systemClock;
	const credentials = {env: {}, readClientKey: () => undefined};
	const book = new EndpointHealthBook({store, credentials, announce, now, monotonic, random: () => 0.5});
	book.configure(config);
	const capabilities = new CapabilityStore(store, now);
	const continuity = new Continuity({store, now, onFault: () => undefined});
	return {
		health: book.health,
		state: continuity.state,
		continuity,
		asked: call => continuity.asked(call, noProfiles),
		router: new Router({
			...{book, pins: new Pins(store, announce, {now}), now},
			affinityOf: (service, sessionId) => continuity.affinities.affinityOf(service, sessionId),
			capability: (endpointKey, model, need) => capabilities.capability(endpointKey, model, need),
			price: () => undefined,
		}),
		budgets: new RetryBudgets(monotonic),
		mender: new Mender(capabilities),
		lessons: new Lessons({book, capabilities, balances: {requestPolls: () => undefined}, now}),
	};
};

/** Opens a road to the base URLs `p0`, `p1`, … in this order; `changed` replaces parts of it. */
export const startRoad = async (urls: readonly string[], changed: Partial<Road> = {}): Promise<TestRoad> => {
	const {now, monotonic} = systemClock;
	const events: EngineEvent[] = [];
	const ledger: LedgerRecord[] = [];
	const announce = (event: EngineEvent): void => void events.push(event);
	const store = openStateStore(path.join(scratchFolder('road'), 'state.db'), now, () => undefined);
	const pools = new Pools({connectMs: 2000, idleSocketMs: 5000, headerBytes: limits.upstreamHeaderBytes});
	const stopping = new Cancellation();
	const config = {
		...configOf(...urls.map((baseUrl, index) => endpoint(`p${index}`, {baseUrl}))),
		clocks: limits,
	};
	const road: Road = {
		config: () => config,
		limits,
		clock: systemClock,
		pools,
		ticker: new Ticker(monotonic),
		...knowledgeOf(store, config, announce),
		brokenTurns: new BrokenTurns(monotonic),
		bodies: new EarlierBodies(),
		capture: new Capture(),
		announce,
		redact: text => text,
		clean: text => text,
		holdsSecret: () => false,
		fault: () => undefined,
		stopping,
		running: new RunningRequests(),
		record: record => void ledger.push(record),
		credentialOf: () => ({bearer: undefined, apiKey: undefined}),
		credentialRefused: () => undefined,
		...changed,
	};
	const listener = await openListener(road);
	return {
		port: listener.port,
		token,
		road,
		events,
		ledger,
		[Symbol.asyncDispose]: async () => {
			stopping.cancel();
			await listener.close(stopping);
			await pools.close();
			store.close();
		},
	};
};
