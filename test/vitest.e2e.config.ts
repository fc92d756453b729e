import {defineConfig} from 'vitest/config';

const root = new URL('..', import.meta.url).pathname;
const shared = {root, testTimeout: 120_000, hookTimeout: 120_000, pool: 'forks'} as const;

/** Runs that watch no clock: what is translated, learned and counted comes out the same beside another run. */
const untimed = ['*bridge*', 'text-tools', 'claude-count', 'codex-{catalog,continue,mend}'].map(
	name => `test/e2e/${name}.test.ts`,
);

/** The runs with the real Codex CLI, the real Claude Code and a real terminal (tmux). `.ci/run` installs what they need. */
export default defineConfig({
	test: {
		root,
		projects: [
			{test: {...shared, name: 'untimed', include: untimed, maxWorkers: 2, sequence: {groupOrder: 0}}},
			{
				test: {
					...shared,
					name: 'timed',
					include: ['test/e2e/**/*.test.ts'],
					exclude: untimed,
					maxWorkers: 1,
					sequence: {groupOrder: 1},
				},
			},
		],
	},
});
