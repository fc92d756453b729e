import {readdirSync, readFileSync} from 'node:fs';
import {codeOf, CommandError, exitCode} from '../../source/base/errors.ts';

/* What Linux knows about a process and its children: CPU from schedstat, which does not depend on who else wants the core. */

/** The nanoseconds on a CPU of one thread: first field of `/proc/PID/task/TID/schedstat` (kernel doc scheduler/sched-stats). */
export const parseSchedstat = (text: string): number => {
	const match = /^(\d+) \d+ \d+\s*$/.exec(text);
	if (match === null) {
		throw new CommandError(
			exitCode.failed,
			'schedstat-unreadable',
			`This is no schedstat line: "${text.trim()}". The bench needs a Linux kernel with CONFIG_SCHED_INFO.`,
		);
	}

	return Number(match[1]);
};

/** The resident size in bytes from the text of `/proc/PID/status`; 0 for a process that has none any more. */
export const parseResidentBytes = (status: string): number => {
	const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
	return match === null ? 0 : Number(match[1]) * 1024;
};

/** The process ids in the text of `/proc/PID/task/TID/children`. */
export const parseChildren = (text: string): number[] => text.split(' ').filter(Boolean).map(Number);

const isGone = (thrown: unknown): boolean => codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ESRCH';

/** A thread may end between the listing and the reading; that one counts as empty. */
const readIfThere = (file: string): string | undefined => {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		if (isGone(error)) {
			return undefined;
		}

		throw error;
	}
};

const threadFolders = (pid: number): string[] =>
	readdirSync(`/proc/${pid}/task`).map(thread => `/proc/${pid}/task/${thread}`);

const childrenOf = (pid: number): number[] =>
	threadFolders(pid).flatMap(folder => parseChildren(readIfThere(`${folder}/children`) ?? ''));

/** A process with all its descendants. Throws ENOENT when the process itself is gone. */
export const processTree = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(processTree)];

/** CPU nanoseconds of a process so far, all threads and descendants. Throws ENOENT when it is gone. */
export const readCpuNs = (pid: number): number => {
	let sum = 0;
	for (const folder of processTree(pid).flatMap(threadFolders)) {
		const text = readIfThere(`${folder}/schedstat`);
		sum += text === undefined ? 0 : parseSchedstat(text);
	}

	return sum;
};

/** Resident bytes of a process and its descendants. */
export const readResidentBytes = (pid: number): number =>
	processTree(pid)
		.map(one => parseResidentBytes(readIfThere(`/proc/${one}/status`) ?? ''))
		.reduce((sum, size) => sum + size, 0);
