import {setFlagsFromString} from 'node:v8';
import {parentPort, workerData} from 'node:worker_threads';
import {CommandError, exitCode, messageOf, RelayError} from '../base/errors.ts';
import {ConfigError} from '../config/config-error.ts';
import type {FromEngine, ToEngine} from '../event/protocol.ts';
import {Engine} from './engine.ts';
import type {EngineOptions} from './options.ts';

/* The worker thread's entry: an engine behind a message port. Posting never waits for whoever listens. */

/*
 * Bodies and streams are memory outside the heap. V8 counts it against a limit that follows the heap's size, and ours is small: it
 * would mark the whole heap every twenty large requests. Three times the usual room ends that (measured: 80 -> 31 full collections).
 */
setFlagsFromString('--heap-growing-percent=300');

/*
 * What a request runs is called once per request. V8 compiles that well after 3,000 calls, and at all after 400: most engines would be stopped
 * before. Earlier is cheaper also in sum (measured over 3,500 requests). Young collections find so little alive that waking other threads for them
 * costs more than it saves. Both count for all threads: beside a screen its first frame and every key would pay for them.
 */
const withoutScreen = [
	'--invocation-count-for-maglev=80',
	'--minimum-invocations-after-ic-update=80',
	'--invocation-count-for-turbofan=600',
	'--no-parallel-scavenge',
];

const port = parentPort;
if (!port) {
	throw new RelayError('no-host', "This file is the engine's worker thread; start it with `codex-tui serve`.");
}

const post = (message: FromEngine): void => port.postMessage(message);

const exitOf = (error: unknown): number => {
	if (error instanceof CommandError) {
		return error.exitCode;
	}

	return error instanceof ConfigError ? exitCode.configInvalid : exitCode.failed;
};

const refuse = (id: number, error: unknown): void =>
	post({
		type: 'refusal',
		id,
		code: error instanceof RelayError ? error.code : 'internal-fault',
		message: messageOf(error),
	});

const receive = async (engine: Engine, message: ToEngine): Promise<void> => {
	switch (message.type) {
		case 'action': {
			try {
				await engine.act(message.action);
				post({type: 'answer', id: message.id, value: undefined});
			} catch (error) {
				refuse(message.id, error);
			}

			break;
		}

		case 'query': {
			try {
				post({type: 'answer', id: message.id, value: engine.ask(message.query)});
			} catch (error) {
				refuse(message.id, error);
			}

			break;
		}

		case 'stop': {
			await engine.stop(message.graceMs);
			post({type: 'stopped'});
			port.close();
			break;
		}
	}
};

try {
	const options: EngineOptions = workerData;
	for (const flag of options.hasScreen ? [] : withoutScreen) {
		setFlagsFromString(flag);
	}

	const engine = await Engine.start(options, batch => post({type: 'batch', ...batch}));
	port.on('message', (message: ToEngine) => void receive(engine, message));
	const {url, claudeUrl, controlUrl} = engine.doors ?? {url: '', claudeUrl: undefined, controlUrl: ''};
	post({type: 'listening', url, claudeUrl, controlUrl});
} catch (error) {
	post({
		type: 'failed',
		code: error instanceof RelayError ? error.code : 'internal-fault',
		message: messageOf(error),
		exitCode: exitOf(error),
	});
}
