import {readFile, stat} from 'node:fs/promises';
import {codeOf, messageOf} from '../base/errors.ts';
import type {ListenConfig} from '../config/config.ts';
import {describePortInUse} from '../config/port-holder.ts';
import type {CheckFinding} from '../event/doctor.ts';
import {fail, ok, skipped, type Check} from './check.ts';
import {isListening} from './reach.ts';
import type {DoctorClocks, EngineAddresses} from './surroundings.ts';

/* The engine's own doors: who listens on its ports, and whether the local token opens them. */

/** What these checks look at. */
export interface EngineFacts {
	/** The engine that runs; undefined: none does. */
	readonly running: EngineAddresses | undefined;
	/** Where one would listen; undefined where the configuration cannot be read. */
	readonly listen: ListenConfig | undefined;
	readonly tokenFile: string;
	readonly clocks: DoctorClocks;
}

interface Door {
	readonly id: string;
	readonly who: string;
	readonly url: string | undefined;
	readonly port: number | undefined;
}

const doorsOf = ({running, listen}: EngineFacts): readonly Door[] => [
	{id: 'port', who: 'Codex and SDKs', url: running?.url, port: listen?.port},
	{id: 'port.claude', who: 'Claude Code', url: running?.claudeUrl, port: listen?.claudePort},
	{id: 'port.control', who: 'the control API', url: running?.controlUrl, port: listen?.controlPort},
];

const lookAtDoor = async ({who, url, port}: Door, {running, listen, clocks}: EngineFacts): Promise<CheckFinding> => {
	if (url !== undefined) {
		return (await isListening(url, clocks.tcpMs))
			? ok(`Port ${new URL(url).port} takes connections for ${who}.`, {where: url})
			: fail(`The engine runs, but port ${new URL(url).port} takes no connections for ${who}.`, {
					where: url,
					fix: 'Stop codex-tui and start it again.',
				});
	}

	if (port === undefined || listen === undefined) {
		return skipped(
			running === undefined && listen === undefined
				? 'No engine runs, and the port is not known while the configuration cannot be read.'
				: `Nothing listens for ${who}: no provider is configured for it.`,
		);
	}

	if (running !== undefined || port === 0) {
		return skipped(`The engine has not told its port for ${who}.`);
	}

	const host = listen.host === '0.0.0.0' || listen.host === '::' ? '127.0.0.1' : listen.host;
	const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
	return (await isListening(origin, clocks.tcpMs))
		? fail(`Port ${port}, which codex-tui wants for ${who}, is taken.`, {
				where: origin,
				fix: await describePortInUse(port),
			})
		: ok(`No engine runs; port ${port} for ${who} is free.`, {where: origin});
};

const tokenShape = /^[\w-]{32,}$/;

/** The local token; undefined where there is none, or where the file holds something else. */
export const readLocalToken = async (file: string): Promise<string | undefined> => {
	const text = (await readFile(file, 'utf8').catch(() => '')).trim();
	return tokenShape.test(text) ? text : undefined;
};

/** What the control listener says to the token: it must answer 200 (architecture.md, Control API). */
const statusOf = async (controlUrl: string, token: string, timeoutMs: number): Promise<number | string> => {
	try {
		const response = await fetch(`${controlUrl}/readyz`, {
			headers: {authorization: `Bearer ${token}`},
			signal: AbortSignal.timeout(timeoutMs),
			redirect: 'error',
		});
		await response.body?.cancel();
		return response.status;
	} catch (error) {
		return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
	}
};

const lookAtToken = async ({running, tokenFile, clocks}: EngineFacts): Promise<CheckFinding> => {
	const where = tokenFile;
	try {
		await stat(tokenFile);
	} catch (error) {
		return codeOf(error) === 'ENOENT'
			? skipped('There is no local token yet; the first start makes one.', {where})
			: fail(`The local token cannot be read: ${messageOf(error)}.`, {where, fix: `Make ${where} readable for you.`});
	}

	const token = await readLocalToken(tokenFile);
	if (token === undefined) {
		return fail('The token file does not hold a local token, or cannot be read.', {
			where,
			fix: `Remove ${where} and start codex-tui again; clients are pointed anew then.`,
		});
	}

	if (running?.controlUrl === undefined) {
		return ok('The local token is there; no engine runs that could be asked whether it takes it.', {where});
	}

	const status = await statusOf(running.controlUrl, token, clocks.tcpMs);
	if (status === 200) {
		return ok('The engine takes the local token.', {where});
	}

	return status === 403
		? fail('The engine that runs refuses the local token: the file was changed since it started.', {
				where,
				fix: 'Stop codex-tui and start it again.',
			})
		: fail(`The engine did not answer whether it takes the local token (${status}).`, {
				where: running.controlUrl,
				fix: 'Stop codex-tui and start it again.',
			});
};

/** Ports and token. */
export const engineChecks = (facts: EngineFacts): readonly Check[] => [
	...doorsOf(facts).map((door): Check => ({
		id: door.id,
		group: 'engine',
		isForStart: true,
		look: async () => await lookAtDoor(door, facts),
	})),
	{id: 'token', group: 'engine', isForStart: true, look: async () => await lookAtToken(facts)},
];
