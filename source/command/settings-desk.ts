import type {SettingsLink} from '../config/settings-list.ts';
import type {Addresses} from '../engine/host.ts';
import {themeNames} from './theme-files.ts';
import type {StartedWith} from './config-show-read.ts';
import type {PreparedHome} from './prepare-home.ts';
import type {Settings} from './settings.ts';

/** What the settings of a screen are made from. */
interface DeskSource {
	readonly prepared: Pick<PreparedHome, 'home' | 'isDemo'>;
	readonly settings: Settings;
	/** The engine's ports, whatever the file says by now. */
	readonly starting: Promise<Addresses>;
	readonly flags: Pick<StartedWith, 'environment' | 'hasPortFlag' | 'theme' | 'language' | 'fps'> & {
		readonly configText: string | undefined;
	};
}

const portOf = (url: string): number => Number(new URL(url).port);

const openDesk = async ({prepared, settings, starting, flags}: DeskSource): Promise<SettingsLink> => {
	const {home, isDemo} = prepared;
	const {configText, ...given} = flags;
	const {url, claudeUrl, controlUrl} = await starting;
	const {demoText, SettingsFileDesk} = await import('./config-show-desk.ts');
	return new SettingsFileDesk({
		home,
		memory: settings,
		themes: () => themeNames(home),
		insteadText: isDemo ? demoText : configText,
		started: {
			...given,
			env: process.env,
			listen: {
				port: portOf(url),
				claudePort: claudeUrl === undefined ? undefined : portOf(claudeUrl),
				controlPort: portOf(controlUrl),
			},
			instead: isDemo ? '--demo' : configText === undefined ? undefined : '--upstream',
		},
	});
};

/** The settings of a running screen, loaded when they are first looked at. */
export const settingsDeskOf = (source: DeskSource): SettingsLink => {
	let opening: Promise<SettingsLink> | undefined;
	const desk = (): Promise<SettingsLink> => (opening ??= openDesk(source));
	return {
		read: async () => (await desk()).read(),
		plan: async (key, text) => (await desk()).plan(key, text),
		apply: async () => (await desk()).apply(),
		undo: async () => (await desk()).undo(),
	};
};
