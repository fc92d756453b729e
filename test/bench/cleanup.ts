import {exitCode} from '../../source/base/errors.ts';

/* What must not outlive the bench, also when it is interrupted: foreign processes and folders in the temp folder. */

const pending = new Set<() => void>();

process.on('exit', () => {
	for (const undo of pending) {
		undo();
	}
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => process.exit(exitCode.cancelled));
}

/** Runs `undo` if the bench ends before the returned function was called; `undo` must be synchronous. */
export const undoAtExit = (undo: () => void): (() => void) => {
	pending.add(undo);
	return () => {
		pending.delete(undo);
	};
};
