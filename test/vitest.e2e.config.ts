import {defineConfig} from 'vitest/config';

/** The runs with the real Codex CLI, the real Claude Code and a real terminal (tmux). `.ci/run` installs what they need. */
export default defineConfig({
	test: {
		root: new URL('..', import.meta.url).pathname,
		include: ['test/e2e/**/*.test.ts'],
		testTimeout: 120_000,
		hookTimeout: 120_000,
		pool: 'forks',
		fileParallelism: false,
	},
});
