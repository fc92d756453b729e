import {defineConfig} from 'vitest/config';

/** Writes what the installed clients send to test/fixture/ (`npm run fixtures:record`); no test of anything. */
export default defineConfig({
	test: {
		root: new URL('..', import.meta.url).pathname,
		include: ['test/fixture-record/*.record.ts'],
		testTimeout: 120_000,
		pool: 'forks',
		fileParallelism: false,
	},
});
