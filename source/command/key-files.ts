import {readFileSync} from 'node:fs';
import path from 'node:path';
import {codeOf, messageOf} from '../base/errors.ts';
import type {Home} from '../config/home.ts';
import {watchFolder} from '../config/watch.ts';
import type {KeySource} from '../tui/main.tsx';

/** The text of keys.json; undefined where there is none. One that cannot be read says so as a file of keys would: by being no JSON. */
export const readKeys = ({keys}: Home): string | undefined => {
	try {
		return readFileSync(keys, 'utf8');
	} catch (error) {
		return codeOf(error) === 'ENOENT' ? undefined : `unreadable: ${messageOf(error)}`;
	}
};

/** keys.json as the screen takes it: its text now, and again whenever that has changed. */
export const keySourceOf = (home: Home): KeySource => ({
	path: home.keys,
	read: () => readKeys(home),
	onChange: listener => {
		const controller = new AbortController();
		let known = readKeys(home);
		const look = (): void => {
			const text = readKeys(home);
			if (text !== known) {
				known = text;
				listener();
			}
		};
		// A folder that cannot be watched costs the hot reload of keys, nothing else.
		void watchFolder({
			...{folder: home.root, only: path.basename(home.keys), signal: controller.signal},
			...{onChange: look, onError: look},
		});
		return () => controller.abort();
	},
});
