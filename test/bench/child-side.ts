import type {Server} from 'node:net';
import {messageOf} from '../../source/base/errors.ts';
import type {ChildMessage} from './messages.ts';

const say = <Result>(message: ChildMessage<Result>): void => {
	process.send?.(message);
};

/** Ends this process with the bench: nothing outlives it. */
const endWithBench = (): void => {
	process.on('disconnect', () => process.exit());
};

/** Tells the bench that a process without a server is up. */
export const announceReady = (): void => {
	endWithBench();
	say({kind: 'ready', port: 0});
};

/** Lets a server listen on a free port of loopback and tells the bench which one. */
export const announceServer = (server: Server): void => {
	endWithBench();
	server.listen(0, '127.0.0.1', 4096, () => {
		const address = server.address();
		say({kind: 'ready', port: typeof address === 'object' && address !== null ? address.port : 0});
	});
};

/** What a child knows to do. */
export interface Work<Job, Result> {
	readonly isJob: (message: unknown) => message is Job;
	readonly run: (job: Job) => Promise<Result> | Result;
}

/** Answers each question of the bench with what `run` gives, or with the sentence it threw. */
export const answerJobs = <Job, Result>({isJob, run}: Work<Job, Result>): void => {
	const answer = async (message: unknown): Promise<void> => {
		try {
			if (!isJob(message)) {
				throw new TypeError(`this job is not known here: ${JSON.stringify(message)}`);
			}

			say({kind: 'done', result: await run(message)});
		} catch (error) {
			say({kind: 'failed', message: messageOf(error)});
		}
	};

	process.on('message', message => {
		void answer(message);
	});
};
