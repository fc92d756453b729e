import {lookup} from 'node:dns/promises';
import {connect, isIP, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {transportFailure} from '../attempt/transport-failure.ts';
import type {CheckState, CheckStep} from '../event/doctor.ts';

/* The way to a host in its steps, each with a clock of its own: a name, a connection, a certificate. */

/** A step's state with what there is to say. */
export type StepEnd = readonly [state: CheckState, text: string];

/** Runs a step and takes its time. */
export const timed = async (name: string, work: () => Promise<StepEnd>): Promise<CheckStep> => {
	const startedMs = performance.now();
	const [state, text] = await work();
	return {name, state, text, tookMs: Math.round(performance.now() - startedMs)};
};

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

const reasonOf = (error: unknown): string => transportFailure(error, 'connect').reason;

/** Resolves a host name. */
export const resolveName = async (host: string, timeoutMs: number): Promise<StepEnd> => {
	if (isIP(host) !== 0) {
		return ['skipped', 'an address needs no name'];
	}

	const clock = Promise.withResolvers<StepEnd>();
	// The system's resolver cannot be stopped; what comes after the clock is thrown away.
	const timer = setTimeout(() => clock.resolve(['fail', `no answer within ${seconds(timeoutMs)}`]), timeoutMs);
	const asked = lookup(host, {all: true}).then(
		(found): StepEnd => [
			'ok',
			found
				.map(({address}) => address)
				.slice(0, 2)
				.join(', '),
		],
		(error: unknown): StepEnd => ['fail', reasonOf(error)],
	);
	try {
		return await Promise.race([asked, clock.promise]);
	} finally {
		clearTimeout(timer);
	}
};

/** Waits for a socket's event, its error or the clock. */
const opened = async (socket: Socket, event: 'connect' | 'secureConnect', timeoutMs: number): Promise<void> => {
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	const timer = setTimeout(() => reject(new Error(`no answer within ${seconds(timeoutMs)}`)), timeoutMs);
	socket.once(event, resolve);
	// It stays: an error after the end must not end the process.
	socket.on('error', reject);
	try {
		await promise;
	} finally {
		clearTimeout(timer);
	}
};

const failedStep = (error: unknown): StepEnd => {
	const isClock = error instanceof Error && error.message.startsWith('no answer within');
	return ['fail', isClock ? error.message : reasonOf(error)];
};

/** Opens a connection and closes it. */
export const openConnection = async (host: string, port: number, timeoutMs: number): Promise<StepEnd> => {
	const socket = connect({host, port});
	try {
		await opened(socket, 'connect', timeoutMs);
		return ['ok', `${socket.remoteAddress ?? host}:${port}`];
	} catch (error) {
		return failedStep(error);
	} finally {
		socket.destroy();
	}
};

const soonMs = 14 * 24 * 3_600_000;

/** Shakes hands and looks at the certificate. */
export const shakeHands = async (host: string, port: number, timeoutMs: number): Promise<StepEnd> => {
	const socket = connectTls({host, port, ...(isIP(host) === 0 && {servername: host})});
	try {
		await opened(socket, 'secureConnect', timeoutMs);
		const until = new Date(socket.getPeerCertificate().valid_to);
		const isSoon = until.getTime() - Date.now() < soonMs;
		const date = Number.isNaN(until.getTime()) ? 'an unknown day' : until.toISOString().slice(0, 10);
		return [isSoon ? 'warn' : 'ok', `${socket.getProtocol() ?? 'TLS'}, certificate until ${date}`];
	} catch (error) {
		return failedStep(error);
	} finally {
		socket.destroy();
	}
};

/** Whether something takes connections at an origin such as `http://127.0.0.1:3211`. */
export const isListening = async (origin: string, timeoutMs: number): Promise<boolean> => {
	const {hostname, port, protocol} = new URL(origin);
	const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
	const [state] = await openConnection(bareHost(hostname), number, timeoutMs);
	return state === 'ok';
};

/** A URL's host without the brackets of IPv6. */
export const bareHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** Whether a host is this machine. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(bareHost(host));
