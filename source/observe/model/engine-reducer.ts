import path from 'node:path';
import type {EngineEvent} from '../../event/catalogue.ts';
import type {EngineView} from '../../event/protocol.ts';
import type {Pin} from '../../event/view.ts';
import type {Service} from '../../wire/names.ts';

/** The engine before its first event. */
export const initialEngine: EngineView = {
	state: 'starting',
	url: undefined,
	claudeUrl: undefined,
	controlUrl: undefined,
	isDemo: false,
	version: undefined,
	startedAtMs: undefined,
	loopP99Ms: undefined,
	rssMb: undefined,
	droppedEvents: 0,
	configPath: undefined,
	configLoadedAtMs: undefined,
	configProblem: undefined,
	configWarnings: [],
	pins: {},
	switched: {},
};

const withPin = (engine: EngineView, service: Service, pin: Pin | undefined): EngineView => {
	const {[service]: _old, ...others} = engine.pins;
	return {...engine, pins: pin === undefined ? others : {...others, [service]: pin}};
};

const placeOf = (file: string, line: number | undefined, column: number | undefined): string =>
	[file, line, column].filter(part => part !== undefined).join(':');

/** The status line's facts after one more event; the same object where nothing changed. */
export const reduceEngine = (engine: EngineView, event: EngineEvent): EngineView => {
	switch (event.type) {
		case 'engine-ready': {
			const {url, claudeUrl, controlUrl, isDemo, version, atMs} = event;
			return {...engine, state: 'ready', url, claudeUrl, controlUrl, isDemo, version, startedAtMs: atMs};
		}

		case 'engine-restarting': {
			return {...engine, state: 'restarting'};
		}

		case 'engine-stats': {
			const {loopP99Ms, rssMb, droppedEvents} = event;
			return {...engine, loopP99Ms, rssMb, droppedEvents};
		}

		case 'config-loaded': {
			return {
				...engine,
				configPath: event.path,
				configLoadedAtMs: event.atMs,
				configProblem: undefined,
				configWarnings: event.warnings,
			};
		}

		case 'config-broken': {
			return {
				...engine,
				configProblem: `${placeOf(path.basename(event.path), event.line, event.column)}: ${event.message}`,
			};
		}

		case 'pin-changed': {
			return event.sessionId === undefined ? withPin(engine, event.service, event.pin) : engine;
		}

		case 'client-switched': {
			return {...engine, switched: {...engine.switched, [event.client]: event.state}};
		}

		default: {
			return engine;
		}
	}
};
