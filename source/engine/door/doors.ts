import type {Cancellation} from '../../base/cancellation.ts';
import type {ListenConfig} from '../../config/config.ts';
import {describePortInUse} from '../../config/port-holder.ts';
import {CommandError} from '../../base/errors.ts';
import {hashToken} from './accept-guard.ts';
import {listen, type Exchange, type Listener} from './accept.ts';
import {listenControl, type ControlOptions} from '../control/listen-control.ts';
import type {Road} from '../road.ts';
import {serveRequest} from '../serve-request.ts';

/** What {@link openDoors} opens for. */
export interface DoorOptions {
	/** With the flags of the command line already in it. */
	readonly listen: ListenConfig;
	readonly token: string;
	readonly road: Road;
	readonly control: Pick<ControlOptions, 'routes' | 'streams' | 'socketPath' | 'onSocketFault' | 'allowsRemoteActions'>;
}

/** The open listeners. Origins have no path. */
export interface Doors {
	readonly url: string;
	readonly claudeUrl: string | undefined;
	readonly controlUrl: string;
	/** Takes nothing new; resolves when what runs has ended, which it must soon after `stopping` is cancelled. */
	readonly close: (stopping: Cancellation) => Promise<void>;
}

/** The data listener, the one for Claude Code where that service has a provider, and the control listener. All or none. */
export const openDoors = async (door: DoorOptions): Promise<Doors> => {
	const {host, port, claudePort, controlPort, auth} = door.listen;
	const tokenHash = hashToken(door.token);
	const opened: Array<{readonly close: (stopping: Cancellation) => Promise<void>}> = [];
	const closeAll = async (stopping: Cancellation): Promise<void> => {
		await Promise.all(opened.map(listener => listener.close(stopping)));
	};

	const data = async (listenPort: number): Promise<Listener> => {
		const serve = (exchange: Exchange): void => {
			void serveRequest(exchange, door.road);
		};
		const listener = await naming(
			listenPort,
			listen({host, port: listenPort, limits: door.road.limits, tokenHash, isOpen: auth === 'none', serve}),
		);
		opened.push(listener);
		return listener;
	};

	try {
		const main = await data(port);
		const claude = claudePort === undefined ? undefined : await data(claudePort);
		const control = await naming(
			controlPort,
			listenControl({
				...door.control,
				host: '127.0.0.1',
				port: controlPort,
				limits: door.road.limits,
				tokenHash,
				isReady: () => true,
			}),
		);
		opened.push(control);
		return {url: main.url, claudeUrl: claude?.url, controlUrl: control.url, close: closeAll};
	} catch (error) {
		void closeAll(door.road.stopping);
		throw error;
	}
};

/** Says who holds a port that is in use. */
const naming = async <Value>(port: number, opening: Promise<Value>): Promise<Value> => {
	try {
		return await opening;
	} catch (error) {
		if (error instanceof CommandError && error.code === 'port-in-use') {
			throw new CommandError(error.exitCode, error.code, await describePortInUse(port));
		}

		throw error;
	}
};
