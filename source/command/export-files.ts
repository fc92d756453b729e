import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {messageOf, RelayError} from '../base/errors.ts';
import type {Home} from '../config/home.ts';
import type {WriteExport} from '../tui/store/file-desk.ts';

/**
 * Writes exports into the home's folder `exports/` with mode 0600. A name that is taken gets a number; nothing is ever replaced.
 * Rejects with `RelayError` `export-failed`.
 */
export const exportsOf =
	({exports}: Home): WriteExport =>
	async (name, text) => {
		const {name: stem, ext} = path.parse(name);
		try {
			await mkdir(exports, {recursive: true, mode: 0o700});
			for (let number = 1; ; number++) {
				const file = path.join(exports, number === 1 ? name : `${stem}-${number}${ext}`);
				try {
					// `wx` makes the file or fails: it follows no link that somebody planted (SEC-15).
					await writeFile(file, text, {flag: 'wx', mode: 0o600});
					return file;
				} catch (error) {
					if (number >= mostTries || !(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
						throw error;
					}
				}
			}
		} catch (error) {
			throw new RelayError('export-failed', `Nothing was exported to ${exports}: ${messageOf(error)}.`, {cause: error});
		}
	};

const mostTries = 100;
