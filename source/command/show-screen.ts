import type {Addresses, EngineHost} from '../engine/host.ts';
import type {DoctorLink} from '../event/doctor.ts';
import type {Language} from '../tui/language/words.ts';
import {editDeskOf} from './edit-desk.ts';
import {openDoctor, surroundingsOf} from './doctor-surroundings.ts';
import {clientSessionsOf, costsOf, openHomeScreen, usageOf, type ShownScreen} from './home-screen.ts';
import type {PreparedHome} from './prepare-home.ts';
import type {Settings} from './settings.ts';
import {settingsDeskOf} from './settings-desk.ts';
import {wizardOf} from './wizard.ts';

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
	readonly isScreenReader: boolean | undefined;
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

/** In place of an exit code: there is a configuration now, and everything begins anew with it. */
export const beginAnew = -1;

/** The doctor of the screen; it may point Codex at the engine while that runs. */
const doctorOf = ({prepared, starting, onSwitch}: Showing): DoctorLink =>
	openDoctor(async () => ({
		...surroundingsOf(prepared.home, {env: process.env, terminal: process.stdout}),
		isDemo: prepared.isDemo,
		addresses: await starting,
		onSwitch,
	}));

/** Shows the screen of an engine of our own. */
export const showScreen = (showing: Showing): Promise<ShownScreen> => {
	const {prepared, host, settings, flags, starting, ended} = showing;
	const startAgain = (): void => ended.resolve(beginAnew);
	return openHomeScreen({
		...{home: prepared.home, settings, ended},
		screen: {
			link: host,
			lookUsage: usageOf(prepared.home),
			loadCosts: costsOf(prepared.home),
			initialTheme: flags.theme,
			initialLanguage: flags.language,
			readOnly: flags.isReadOnly,
			doctor: doctorOf(showing),
			// A demo that touches nothing of the user's shows nothing of them either.
			sessionsLink: prepared.isDemo && !prepared.isUnconfigured ? undefined : clientSessionsOf(prepared),
			settingsLink: settingsDeskOf({prepared, settings, starting, flags}),
			wizard: prepared.isUnconfigured && !flags.isReadOnly ? wizardOf({...prepared, settings, startAgain}) : undefined,
			editLink: editDeskOf({prepared, configText: flags.configText}),
			isScreenReader: flags.isScreenReader,
			fps: flags.fps,
		},
	});
};
