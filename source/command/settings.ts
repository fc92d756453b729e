import {readIfThere} from '../base/atomic-file.ts';
import {isRecord, parseJson} from '../base/json.ts';
import type {Home} from '../config/home.ts';

/** What the app remembers between runs. */
export interface Remembered {
	readonly theme?: string;
	/** BCP 47 tag of the language that the screen speaks. */
	readonly language?: string;
	/** The user's answer to "point Codex at codex-tui while it runs?". */
	readonly switchesCodex?: boolean;
	/** The newest commands of the palette, one a line. */
	readonly commands?: string;
	/** How far the splits of pages were moved: `routes=1 trace=-2`. */
	readonly splits?: string;
	/** What came of the wizard of the first start. */
	readonly setUp?: 'done' | 'skipped';
}

/** `settings.json` in the home (product.md 3), kept by `conf`. */
export interface Settings {
	readonly get: <Key extends keyof Remembered>(key: Key) => Remembered[Key];
	readonly set: (values: Remembered) => void;
	/** Back to what holds where nothing is remembered. */
	readonly forget: (key: keyof Remembered) => void;
	/** Resolves when all of it is in the file. Rejects with what kept it from there. */
	readonly saved: () => Promise<void>;
}

/** What of `conf` is used. */
interface Keeper {
	readonly set: (values: Remembered) => void;
	readonly delete: (key: keyof Remembered) => void;
}

const openKeeper = async (home: Home): Promise<Keeper> => {
	const {default: Conf} = await import('conf');
	return new Conf<Remembered>({
		cwd: home.root,
		configName: 'settings',
		configFileMode: 0o600,
		clearInvalidConfig: true,
	});
};

/** Reads the settings. `conf` is loaded with the first change, since it costs 60 ms of the start. */
export const openSettings = async (home: Home): Promise<Settings> => {
	const bytes = await readIfThere(home.settings);
	const found = parseJson(bytes?.toString() ?? '');
	let values: Remembered = isRecord(found) ? found : {};
	let keeper: Promise<Keeper> | undefined;
	let saved: Promise<void> = Promise.resolve();
	let fault: {readonly error: unknown} | undefined;
	const keep = (change: (kept: Keeper) => void): void => {
		const before = saved;
		saved = (async () => {
			await before;
			try {
				change(await (keeper ??= openKeeper(home)));
			} catch (error) {
				// A theme that is not kept ends no program; whoever waits next hears of it, also where a later change went well.
				fault ??= {error};
				keeper = undefined;
			}
		})();
	};
	return {
		get: key => values[key],
		set(changed) {
			values = {...values, ...changed};
			keep(kept => kept.set(changed));
		},
		forget(key) {
			const {[key]: _, ...rest} = values;
			values = rest;
			keep(kept => kept.delete(key));
		},
		async saved() {
			await saved;
			const untold = fault;
			fault = undefined;
			if (untold !== undefined) {
				throw untold.error;
			}
		},
	};
};
