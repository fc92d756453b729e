import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

/** A folder of its own for one test; disposing of it removes it. */
export const temporaryFolder = (): Disposable & {readonly path: string} => {
	const folder = mkdtempSync(path.join(tmpdir(), 'codex-tui-unit-'));
	return {path: folder, [Symbol.dispose]: () => rmSync(folder, {recursive: true, force: true})};
};
