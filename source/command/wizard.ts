import {existsSync} from 'node:fs';
import type {Home} from '../config/home.ts';
import type {TakenUpstream, WizardLink, WizardView} from '../event/wizard.ts';
import {configTextOf, lookAround, writeFirstConfig} from './init-offers.ts';
import type {Settings} from './settings.ts';

/** What the wizard of a screen works with. */
interface WizardSource {
	readonly home: Home;
	readonly settings: Settings;
	readonly startAgain: () => void;
}

/** The wizard of a home that has no configuration yet. */
export const wizardOf = ({home, settings, startAgain}: WizardSource): WizardLink => {
	let view: Promise<WizardView> | undefined;
	const look = (): Promise<WizardView> => (view ??= lookAround(home, process.env));
	const textOf = async (taken: readonly TakenUpstream[]): Promise<string> =>
		configTextOf(taken, await look(), process.env);
	return {
		isOffered: settings.get('setUp') === undefined && !existsSync(home.config),
		look,
		preview: textOf,
		async write(taken) {
			await writeFirstConfig(home, await textOf(taken));
			return home.config;
		},
		remember: answer => settings.set(answer),
		startAgain,
	};
};
