import type {Home} from '../config/home.ts';

/** What the app remembers between runs. */
export interface Remembered {
	readonly theme?: string;
	/** BCP 47 tag of the language that the screen speaks. */
	readonly language?: string;
	/** The user's answer to "point Codex at codex-tui while it runs?". */
	readonly switchesCodex?: boolean;
}

/** `settings.json` in the home (product.md 3), kept by `conf`. */
export interface Settings {
	readonly get: <Key extends keyof Remembered>(key: Key) => Remembered[Key];
	readonly set: (values: Remembered) => void;
	/** Back to what holds where nothing is remembered. */
	readonly forget: (key: keyof Remembered) => void;
}

/** Opens the settings; `conf` is loaded here and not before, since it costs 60 ms of the start. */
export const openSettings = async (home: Home): Promise<Settings> => {
	const {default: Conf} = await import('conf');
	const conf = new Conf<Remembered>({
		cwd: home.root,
		configName: 'settings',
		configFileMode: 0o600,
		clearInvalidConfig: true,
	});
	return {get: key => conf.get(key), set: values => conf.set(values), forget: key => conf.delete(key)};
};
