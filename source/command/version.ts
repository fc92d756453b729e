import {readFileSync} from 'node:fs';
import {exitCode} from '../base/errors.ts';
import {textAt} from '../base/json.ts';

/** The version of this program, from its package.json. */
export const programVersion = (): string =>
	textAt(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')), 'version') ?? 'unknown';

/** `codex-tui --version`. */
export const run = async (): Promise<number> => {
	process.stdout.write(`codex-tui ${programVersion()} (Node ${process.versions.node})\n`);
	return exitCode.done;
};
