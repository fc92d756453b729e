import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {CommandError, exitCode} from '../../source/base/errors.ts';

/** A port that was free a moment ago, for programs that cannot choose one themselves. */
export const freePort = async (): Promise<number> => {
	const server = createServer();
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	return typeof address === 'object' && address !== null ? address.port : 0;
};

const isListening = async (port: number): Promise<boolean> =>
	new Promise(resolve => {
		const socket = connect({port, host: '127.0.0.1'});
		socket.on('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.on('error', () => {
			resolve(false);
		});
	});

/** Waits until something listens on a port. Throws a CommandError after `patienceMs`. */
export const untilListening = async (port: number, name: string, patienceMs = 10_000): Promise<void> => {
	const endsAt = performance.now() + patienceMs;
	while (!(await isListening(port))) {
		if (performance.now() > endsAt) {
			throw new CommandError(
				exitCode.failed,
				'target-not-listening',
				`${name} did not listen on port ${port} within ${patienceMs / 1000} s.`,
			);
		}

		await sleep(20);
	}
};
