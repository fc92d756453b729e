import path from 'node:path';
import {Health} from '../../source/attempt/health.ts';
import {Pools} from '../../source/attempt/pools.ts';
import {Ticker} from '../../source/attempt/ticker.ts';
import {Cancellation} from '../../source/base/cancellation.ts';
import {systemClock} from '../../source/base/clock.ts';
import {hashToken} from '../../source/engine/accept-guard.ts';
import {listen} from '../../source/engine/accept.ts';
import {BrokenTurns} from '../../source/engine/broken-turns.ts';
import {noProfiles} from '../../source/config/profiles.ts';
import {targetOf} from '../../source/engine/candidate-entry.ts';
import {Continuity} from '../../source/engine/continuity.ts';
import type {Road} from '../../source/engine/road.ts';
import {RunningRequests} from '../../source/engine/running-requests.ts';
import {serveRequest} from '../../source/engine/serve-request.ts';
import {openStateStore} from '../../source/engine/state-store.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
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

const healthy = {
	untilMs: undefined,
	isProbing: false,
	cause: undefined,
	reason: undefined,
	missingCredential: undefined,
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
	const nowhere = {load: () => new Map(), save: () => undefined, remove: () => undefined};
	const health = new Health({now, random: () => 0.5, announce, store: nowhere});
	const continuity = new Continuity({store, now, onFault: () => undefined});
	const road: Road = {
		config: () => config,
		limits,
		clock: systemClock,
		pools,
		ticker: new Ticker(monotonic),
		health,
		state: continuity.state,
		continuity,
		asked: call => continuity.asked(call, noProfiles),
		brokenTurns: new BrokenTurns(monotonic),
		capture: new Capture(),
		announce,
		redact: text => text,
		clean: text => text,
		holdsSecret: () => false,
		stopping,
		running: new RunningRequests(),
		record: record => void ledger.push(record),
		pinOf: () => undefined,
		healthOf: one => ({...healthy, phase: health.breaker(targetOf(one, one.accounts[0])).phase}),
		credentialOf: () => ({bearer: undefined, apiKey: undefined, passesClientAuth: false}),
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
