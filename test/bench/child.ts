import {fork, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {CommandError, exitCode} from '../../source/base/errors.ts';
import {isChildMessage, type ChildMessage} from './messages.ts';

/** A process of the bench: answers one question at a time; disposed of, it is gone. */
export interface Child<Job extends object, Result> extends AsyncDisposable {
	readonly pid: number;
	readonly port: number;
	/** Throws a CommandError with the child's own sentence when the job fails or the child dies. */
	readonly call: (job: Job) => Promise<Result>;
}

const failure = (name: string, what: string): CommandError =>
	new CommandError(exitCode.failed, 'bench-child-failed', `${name} ${what}`);

const nextMessage = async <Result>(process: ChildProcess, name: string): Promise<ChildMessage<Result>> =>
	new Promise((resolve, reject) => {
		const onMessage = (message: unknown): void => {
			process.off('exit', onExit);
			if (isChildMessage<Result>(message)) {
				resolve(message);
			} else {
				reject(failure(name, 'said something that the bench does not understand.'));
			}
		};

		const onExit = (code: number | null, signal: string | null): void => {
			process.off('message', onMessage);
			reject(failure(name, `ended (${signal ?? `exit ${code ?? '?'}`}) while the bench waited for it.`));
		};

		process.once('message', onMessage);
		process.once('exit', onExit);
	});

/** Ends a process that the bench started and waits until it is gone; SIGKILL after `patienceMs`. */
export const endProcess = async (process: ChildProcess, patienceMs = 3000): Promise<void> => {
	if (process.exitCode !== null || process.signalCode !== null) {
		return;
	}

	const gone = once(process, 'exit');
	process.kill('SIGTERM');
	const timer = setTimeout(() => process.kill('SIGKILL'), patienceMs);
	await gone;
	clearTimeout(timer);
};

/** Starts `file` (next to this one) under this same Node and waits until it is ready. */
export const startChild = async <Job extends object, Result>(
	file: string,
	args: readonly string[] = [],
): Promise<Child<Job, Result>> => {
	const process = fork(new URL(file, import.meta.url).pathname, args, {stdio: ['ignore', 'ignore', 'inherit', 'ipc']});
	const ready = await nextMessage<Result>(process, file);
	if (ready.kind !== 'ready' || process.pid === undefined) {
		throw failure(file, 'did not start.');
	}

	return {
		pid: process.pid,
		port: ready.port,
		async call(job) {
			const answer = nextMessage<Result>(process, file);
			process.send(job);
			const message = await answer;
			if (message.kind === 'failed') {
				throw failure(file, `failed: ${message.message}`);
			}

			if (message.kind === 'ready') {
				throw failure(file, 'started twice.');
			}

			return message.result;
		},
		[Symbol.asyncDispose]: () => endProcess(process),
	};
};
