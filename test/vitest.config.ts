import {defineConfig} from 'vitest/config';

/** Folders whose tests only compute: they neither wait nor listen, so that they may share processes and run beside each other. */
const computing = '{base,wire,identify,route,translate,provider,tui,watch}';

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
					name: 'waiting',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: ['test/e2e/**', `test/${computing}/**`, 'node_modules/**'],
					maxWorkers: 1,
					sequence: {groupOrder: 1},
				},
			},
		],
	},
});
