import {readFile} from 'node:fs/promises';
import {codeOf} from '../base/errors.ts';

/*
 * Whether a recorded process still lives. A pid alone does not say so, since pids are used again; pid and start time together do.
 */

const readLinuxStart = async (pid: number): Promise<string | undefined> => {
	try {
		const [text, boot] = await Promise.all([
			readFile(`/proc/${pid}/stat`, 'utf8'),
			readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
		]);
		// The name in parentheses may hold anything, so fields are counted from the last one: state is field 3, start field 22.
		const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
		const isDead = fields[0] === 'Z' || fields[0] === 'X';
		return isDead ? undefined : `${boot.slice(0, 8)}:${fields[19] ?? ''}`;
	} catch {
		return undefined;
	}
};

const readStartByPs = async (pid: number): Promise<string | undefined> => {
	const {execa} = await import('execa');
	const {stdout, failed} = await execa('ps', ['-o', 'lstart=', '-p', String(pid)], {
		reject: false,
		env: {LC_ALL: 'C'},
		timeout: 2000,
	});
	return failed || stdout.trim() === '' ? undefined : stdout.trim();
};

/** A text that tells this process from every other that had or will have its pid; undefined where no such process lives. */
export const readStartTime = async (pid: number): Promise<string | undefined> =>
	process.platform === 'linux' ? await readLinuxStart(pid) : await readStartByPs(pid);

/** Whether a process that was recorded with {@link readStartTime} is still the same and alive. */
export const isAlive = async (recorded: {readonly pid: number; readonly startTime: string}): Promise<boolean> => {
	try {
		process.kill(recorded.pid, 0);
	} catch (error) {
		// EPERM: it lives and belongs to somebody else.
		if (codeOf(error) !== 'EPERM') {
			return false;
		}
	}

	return (await readStartTime(recorded.pid)) === recorded.startTime;
};
