import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import path from 'node:path';
import {onTestFinished} from 'vitest';

/** The repository's root. */
export const root = path.resolve(import.meta.dirname, '../..');

const base = path.join(root, 'test/output/e2e');

/**
 * A new folder for one test, below `test/output`: Codex wants no home below `/tmp`. It is removed at the end of a test that
 * passed; what a failed one left can be looked at. Call it within a test.
 */
export const scratchFolder = (name: string): string => {
	mkdirSync(base, {recursive: true});
	const folder = mkdtempSync(path.join(base, `${name}-`));
	onTestFinished(({task}) => {
		if (task.result?.state === 'pass') {
			rmSync(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 100});
		}
	});
	return folder;
};
