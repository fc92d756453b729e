import {readFile} from 'node:fs/promises';
import {CommandError, exitCode, messageOf, RelayError} from '../base/errors.ts';
import {isRecord, parseJson, textAt} from '../base/json.ts';
import {ConfigError} from '../config/config-error.ts';
import {readHomeLock} from '../config/home-lock.ts';
import type {Home} from '../config/home.ts';
import {loadConfig} from '../config/load.ts';
import {askControl, type ControlQuestion, type ControlTarget} from '../engine/control/dial.ts';

/*
 * What commands ask of the running engine of a home, over its control API (architecture.md, Control API). The address stands in the
 * home's lock file; where there is none, the configuration says where one would listen.
 */

/** The control API of a running engine. */
export interface ControlClient {
	/** The origin, for example `http://127.0.0.1:4211`. */
	readonly url: string;
	/**
	 * The JSON under a path. Rejects with the engine's own sentence and code: CommandError (exit code 2) where the question was wrong, else
	 * RelayError; `engine-unreachable` where nobody answers.
	 */
	readonly read: (path: string) => Promise<unknown>;
	/** The answer to a change. Rejects as `read` does. */
	readonly change: (path: string, body: unknown) => Promise<unknown>;
}

/** An engine that is asked for its state has it in memory. */
const answerMs = 10_000;

/** `readHomeLock` knows of engines that are gone; nothing listens behind an address of the configuration but by chance. */
const controlUrlOf = async (home: Home, env: NodeJS.ProcessEnv): Promise<string | undefined> => {
	const lock = await readHomeLock(home);
	if (lock?.controlUrl !== undefined) {
		return lock.controlUrl;
	}

	if (lock === undefined) {
		return undefined;
	}

	try {
		const {host, controlPort} = (await loadConfig({path: home.config, env})).listen;
		return controlPort === 0 ? undefined : `http://${host}:${controlPort}`;
	} catch (error) {
		if (error instanceof ConfigError) {
			return undefined;
		}

		throw error;
	}
};

/** The engine that runs in a home; undefined where none does. */
export const findControl = async (home: Home, env: NodeJS.ProcessEnv): Promise<ControlClient | undefined> => {
	const url = await controlUrlOf(home, env);
	if (url === undefined) {
		return undefined;
	}

	return createControlClient({url, token: await readToken(home)});
};

/** The token of a home, which its engine made. Rejects with RelayError `token-unreadable`. */
export const readToken = async (home: Home): Promise<string> => {
	try {
		return (await readFile(home.token, 'utf8')).trim();
	} catch (error) {
		throw new RelayError(
			'token-unreadable',
			`The local token cannot be read (${messageOf(error)}); the engine makes one when it starts.`,
			{cause: error},
		);
	}
};

/** A client for the engine behind a port or a socket. */
export const createControlClient = (target: ControlTarget): ControlClient => {
	const ask = async (question: Omit<ControlQuestion, 'signal'>): Promise<unknown> => {
		const {status, text} = await send(target, {...question, signal: AbortSignal.timeout(answerMs)});
		const body = parseJson(text);
		if (status !== 200) {
			throw refusal(status, body);
		}

		return body;
	};
	return {
		url: target.url,
		read: path => ask({method: 'GET', path}),
		change: (path, body) => ask({method: 'POST', path, body}),
	};
};

const send = async (target: ControlTarget, question: ControlQuestion): ReturnType<typeof askControl> => {
	try {
		return await askControl(target, question);
	} catch (error) {
		throw error instanceof RelayError
			? error
			: new RelayError(
					'engine-unreachable',
					`The engine at ${target.url} does not answer (${messageOf(error)}); is it still starting, or being stopped?`,
					{cause: error},
				);
	}
};

/** Refusals that say what was wrong with the question, whatever their status. */
const wrongQuestion = /^(?:unknown-|profile-unknown$|bad-time$|wrong-service$)/;

/** RFC 9457 problem details as the control API sends them. What the user named wrongly is wrong usage; a path that is missing is not. */
const refusal = (status: number, body: unknown): RelayError => {
	const code = textAt(body, 'code') ?? 'engine-refused';
	if (code === 'unknown-path') {
		return new RelayError(
			code,
			'The engine that runs does not know this question; it is of another version. Restart it.',
		);
	}

	const sentence = textAt(body, 'detail') ?? textAt(body, 'title') ?? `The engine answered ${status} without a reason.`;
	return status === 400 || status === 404 || wrongQuestion.test(code)
		? new CommandError(exitCode.usage, code, sentence)
		: new RelayError(code, sentence);
};

/** The rows of a list that the control API sends as `{"<name>": [...]}`. Throws RelayError `engine-answer` where it is none. */
export const listOf = (answer: unknown, name: string): ReadonlyArray<Record<string, unknown>> => {
	const rows = isRecord(answer) ? answer[name] : undefined;
	if (!Array.isArray(rows) || !rows.every(row => isRecord(row))) {
		throw new RelayError('engine-answer', `The engine's answer has no list "${name}"; is it of another version?`);
	}

	return rows;
};
