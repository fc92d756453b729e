import {fileURLToPath} from 'node:url';

/** The worker's file beside this one, with this one's own extension: the same in `source/` (.ts) and in `dist/` (.js). */
export const workerPath = (): string =>
	fileURLToPath(new URL(`worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url));
