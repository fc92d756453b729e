import {exitCode, messageOf} from '../base/errors.ts';
import {watchFolder} from '../config/watch.ts';
import type {Addresses, EngineHost} from '../engine/host.ts';
import type {DoctorLink} from '../event/doctor.ts';
import {ReadModel} from '../observe/read-model.ts';
import type {Language} from '../tui/language/words.ts';
import type {LookUsage} from '../tui/store/usage-page.ts';
import {openDoctor, surroundingsOf} from './doctor-surroundings.ts';
import {leaveFarewell} from './farewell.ts';
import {keySourceOf} from './key-files.ts';
import type {PreparedHome} from './prepare-home.ts';
import type {Settings} from './settings.ts';
import {settingsDeskOf} from './settings-desk.ts';
import {readThemes, shippedThemes} from './theme-files.ts';

/** What the command line says about a run with a screen. */
export interface StartFlags {
	readonly port: number | undefined;
	/** The port is from the command line and not from the environment. */
	readonly hasPortFlag: boolean;
	readonly environment: Readonly<Record<string, string>>;
	readonly doesSwitch: boolean;
	readonly isAgreed: boolean;
	readonly isReadOnly: boolean;
	readonly theme: string | undefined;
	readonly language: Language | undefined;
	readonly fps: number | undefined;
	readonly configText: string | undefined;
	readonly logLevel: 'info' | 'debug';
}

/** What a screen is put together from. */
export interface Showing {
	readonly prepared: PreparedHome;
	readonly host: EngineHost;
	readonly settings: Settings;
	readonly flags: StartFlags;
	/** Where the engine listens, once it does: the first frame comes before. */
	readonly starting: Promise<Addresses>;
	/** Codex was pointed at us, or given back, from the screen. */
	readonly onSwitch: (isOn: boolean) => void;
	/** Settled when the user leaves, or the screen breaks. */
	readonly ended: Pick<PromiseWithResolvers<number>, 'resolve'>;
}

/** A screen that runs. */
export interface ShownScreen {
	/** Takes it away, and says so where it broke. */
	readonly close: () => Promise<void>;
}

/** The doctor of the screen; it may point Codex at the engine while that runs. */
const doctorOf = ({prepared, starting, onSwitch}: Showing): DoctorLink =>
	openDoctor(async () => ({
		...surroundingsOf(prepared.home, {env: process.env, terminal: process.stdout}),
		isDemo: prepared.isDemo,
		addresses: await starting,
		onSwitch,
	}));

/** Loaded with the first question: no first frame needs the ledger. */
const usageOf = ({home}: PreparedHome): LookUsage => {
	const load = async (): Promise<LookUsage> => {
		const {createUsageLook} = await import('./usage-open.ts');
		return createUsageLook(home, {env: process.env, now: Date.now});
	};
	let loading: Promise<LookUsage> | undefined;
	return async question => (await (loading ??= load()))(question);
};

const watchThemes = ({home}: PreparedHome, listener: (themes: ReturnType<typeof readThemes>) => void): (() => void) => {
	const controller = new AbortController();
	const changed = (): void => listener(readThemes(home));
	for (const folder of [shippedThemes, home.themes]) {
		// A folder that cannot be watched costs the hot reload of themes, nothing else.
		void watchFolder({folder, signal: controller.signal, onChange: changed, onError: changed});
	}

	return () => controller.abort();
};

/** Shows the screen, which is not loaded before. */
export const showScreen = async (showing: Showing): Promise<ShownScreen> => {
	const {prepared, host, settings, flags, starting, ended} = showing;
	// React reads it when it is loaded; its development build costs half of the frame rate.
	process.env['NODE_ENV'] ??= 'production';
	const {startScreen} = await import('../tui/main.tsx');
	const screen = startScreen({
		link: host,
		createModel: snapshot => ReadModel.fromSnapshot(snapshot),
		lookUsage: usageOf(prepared),
		themes: readThemes(prepared.home),
		onThemeChange: listener => watchThemes(prepared, listener),
		settings: {get: key => settings.get(key), set: (key, value) => settings.set({[key]: value})},
		keys: keySourceOf(prepared.home),
		initialTheme: flags.theme,
		initialLanguage: flags.language,
		readOnly: flags.isReadOnly,
		doctor: doctorOf(showing),
		settingsLink: settingsDeskOf({prepared, settings, starting, flags}),
		fps: flags.fps,
		stdin: process.stdin,
		stdout: process.stdout,
		onQuit: () => ended.resolve(exitCode.done),
	});
	let crash: unknown;
	screen.done.catch((error: unknown) => {
		crash = error;
		ended.resolve(exitCode.failed);
	});
	return {
		async close() {
			await screen.close();
			if (process.stdout.writableLength > 0) {
				leaveFarewell();
			}

			if (crash !== undefined) {
				process.stderr.write(`codex-tui: the screen failed (${messageOf(crash)}); the terminal is as it was.\n`);
			}
		},
	};
};
