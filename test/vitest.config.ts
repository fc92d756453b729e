import {defineConfig} from 'vitest/config';

/** The unit, screen and engine tests: everything but the real clients (see vitest.e2e.config.ts). */
export default defineConfig({
	test: {
		root: new URL('..', import.meta.url).pathname,
		include: ['test/**/*.test.{ts,tsx}'],
		exclude: ['test/e2e/**', 'node_modules/**'],
		testTimeout: 20_000,
		hookTimeout: 20_000,
		pool: 'forks',
	},
});
