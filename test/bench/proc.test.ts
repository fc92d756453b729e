import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {describe, expect, test} from 'vitest';
import {parseChildren, parseResidentBytes, parseSchedstat, processTree, readCpuNs, readResidentBytes} from './proc.ts';

describe('what the kernel says about a process', () => {
	test('is read from the first field of schedstat, and a foreign line is refused', () => {
		expect(parseSchedstat('342052717 2209358 32\n')).toBe(342_052_717);
		expect(() => parseSchedstat('')).toThrow('CONFIG_SCHED_INFO');
	});

	test('gives the resident size in bytes, and none for a process that has ended', () => {
		expect(parseResidentBytes('Name:\tnode\nVmHWM:\t 900 kB\nVmRSS:\t     712 kB\nThreads:\t7\n')).toBe(729_088);
		expect(parseResidentBytes('Name:\tnode\nState:\tZ (zombie)\n')).toBe(0);
	});

	test('lists children with and without a space at the end', () => {
		expect([parseChildren('12 345 '), parseChildren('')]).toEqual([[12, 345], []]);
	});
});

describe.runIf(process.platform === 'linux')('a real process', () => {
	test('counts with its children: CPU that a grandchild burned is seen', async () => {
		const burn = 'while (process.cpuUsage().user < 150_000); process.stdout.write("done"); setTimeout(() => {}, 9000);';
		const parent = spawn('/bin/sh', ['-c', '"$0" -e "$1" & wait', process.execPath, burn]);
		await once(parent.stdout, 'data');
		const pid = parent.pid ?? 0;
		const [shell, child = 0] = processTree(pid);
		const cpuMs = readCpuNs(pid) / 1e6;
		const bytes = readResidentBytes(pid);
		process.kill(child);
		await once(parent, 'exit');
		expect(shell).toBe(pid);
		expect(child).toBeGreaterThan(0);
		expect(cpuMs).toBeGreaterThan(100);
		expect(bytes).toBeGreaterThan(20e6);
	});
});
