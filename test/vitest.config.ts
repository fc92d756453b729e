import {defineConfig} from 'vitest/config';

/** Folders whose tests only compute: they neither wait nor listen, so that they may share processes and run beside each other. */
const computing = '{base,wire,identify,route,translate,provider,tui,watch}';

/** Folders whose tests start programs and read files, and hold nothing against a clock: two of them go beside each other. */
const together = '{command,demo,observe,doctor,client,cli}';

const root = new URL('..', import.meta.url).pathname;
const shared = {root, testTimeout: 20_000, hookTimeout: 20_000, pool: 'forks'} as const;

/** The unit, screen and engine tests: everything but the real clients (see vitest.e2e.config.ts). What watches clocks has the machine for itself. */
export default defineConfig({
	test: {
		root,
		projects: [
			{
				test: {
					...shared,
					name: 'computing',
					include: [`test/${computing}/**/*.test.{ts,tsx}`],
					isolate: false,
					maxWorkers: 2,
					sequence: {groupOrder: 0},
				},
			},
			{
				test: {
					...shared,
					name: 'together',
					include: [`test/${together}/**/*.test.{ts,tsx}`],
					maxWorkers: 2,
					sequence: {groupOrder: 1},
				},
			},
			{
				test: {
					...shared,
					name: 'waiting',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: ['test/e2e/**', `test/${computing}/**`, `test/${together}/**`, 'node_modules/**'],
					maxWorkers: 1,
					sequence: {groupOrder: 2},
				},
			},
		],
	},
});
