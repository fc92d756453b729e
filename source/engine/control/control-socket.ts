import {chmodSync, lstatSync, unlinkSync} from 'node:fs';
import type {Server} from 'node:http';
import type {Cancellation} from '../../base/cancellation.ts';
import {codeOf, messageOf} from '../../base/errors.ts';
import {closeServer} from '../door/accept.ts';

/** What fits into a `sockaddr_un` on every system that we run on (unix(7): 108 on Linux, 104 on macOS, with the final zero). */
const longestPath = 103;

/**
 * Listens on a unix socket of mode 0600 beside the port. The home's lock says that nobody else uses the home, so a socket that is there was left by
 * a killed process. Resolves with the way to close it, or with undefined after `onFault` got the reason.
 */
export const listenOnSocket = async (
	server: Server,
	path: string,
	onFault: (sentence: string) => void,
): Promise<((stopping: Cancellation) => Promise<void>) | undefined> => {
	if (Buffer.byteLength(path) > longestPath) {
		onFault(
			`the control socket ${path} is not opened: its path is longer than ${longestPath} bytes; the control port serves.`,
		);
		return undefined;
	}

	try {
		removeStale(path);
		await listening(server, path);
		chmodSync(path, 0o600);
		return stopping => closeServer(server, stopping);
	} catch (error) {
		onFault(`the control socket ${path} cannot be opened (${messageOf(error)}); the control port serves.`);
		return undefined;
	}
};

const removeStale = (path: string): void => {
	try {
		// Anything else of this name is not ours to remove: listening then fails and says so.
		if (lstatSync(path).isSocket()) {
			unlinkSync(path);
		}
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') {
			throw error;
		}
	}
};

const listening = (server: Server, path: string): Promise<void> =>
	new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen({path}, () => {
			server.removeListener('error', reject);
			resolve();
		});
	});
