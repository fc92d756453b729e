import type {Addresses} from '../engine/host.ts';
import {demoText, SettingsFileDesk} from './config-show-desk.ts';
import {themeNames} from './config-show.ts';
import type {StartedWith} from './config-show-read.ts';
import type {PreparedHome} from './prepare-home.ts';
import type {Settings} from './settings.ts';

/** What the settings of a screen are made from. */
interface DeskSource {
	readonly prepared: PreparedHome;
	readonly settings: Settings;
	readonly addresses: Addresses;
	readonly flags: Pick<StartedWith, 'environment' | 'hasPortFlag' | 'theme' | 'language' | 'fps'> & {
		readonly configText: string | undefined;
	};
}

const portOf = (url: string): number => Number(new URL(url).port);

/** The settings of a running screen; the ports are those that the engine has, whatever the file says by now. */
export const settingsDeskOf = ({prepared, settings, addresses, flags}: DeskSource): SettingsFileDesk => {
	const {home, isDemo} = prepared;
	const {configText, ...given} = flags;
	const {url, claudeUrl, controlUrl} = addresses;
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
