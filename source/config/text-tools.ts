import type {ProfileName} from '../provider/profiles/names.ts';
import {textToolModes, type TextToolMode} from '../provider/profiles/profile.ts';
import {profiles} from '../provider/profiles/profiles.ts';
import type {IntentConfig} from './config.ts';
import type {Section} from './section.ts';

/* The keys `text_tools` and `intent`: calls that a model writes into its text, and calls that it only announces (translation.md 5.2, 5.5). */

/** The words that `intent.synthesise_ack` must hold: level 3 makes commands out of prose that others may have written. */
const synthesiseAcknowledgement = 'I understand';

/** How calls are looked for in the text of an endpoint's answers: its own word, its provider's, its profile's. */
export const readTextTools = (section: Section, provider: Section, profile: ProfileName): TextToolMode =>
	section.choice('text_tools', textToolModes) ??
	provider.choice('text_tools', textToolModes) ??
	profiles[profile].textTools;

const levels = [0, 1, 2, 3] as const;

/** What the level is where the file names none: a model that leaks its calls is asked once more. */
const defaultLevel = (profile: ProfileName, mode: TextToolMode): IntentConfig['level'] =>
	profiles[profile].textTools !== 'off' && mode !== 'off' ? 1 : 0;

const checkAcknowledged = (table: Section, level: number | undefined): void => {
	const words = table.string('synthesise_ack');
	if (level === 3 && words !== synthesiseAcknowledgement) {
		throw table.error(
			'config-intent',
			`is 3: commands are made from the words of a model, which web pages and tool outputs can steer, and run without being asked for where approvals are off. It takes synthesise_ack = ${JSON.stringify(synthesiseAcknowledgement)} in the same table.`,
			'level',
		);
	}
};

const readTable = (table: Section): Partial<IntentConfig> => {
	const level = table.integer('level', [0, 3]);
	checkAcknowledged(table, level);
	const [anyUrl, anyCommand] = [table.boolean('any_url'), table.boolean('any_command')];
	return {
		...(level !== undefined && {level: levels.find(each => each === level) ?? 0}),
		...(anyUrl !== undefined && {anyUrl}),
		...(anyCommand !== undefined && {anyCommand}),
	};
};

/**
 * What an endpoint does where its model announces work and calls nothing. Throws `ConfigError` `config-intent` for level 3 without the
 * acknowledgement beside it, `config-value` and `config-type` as every key.
 */
export const readIntent = (
	section: Section,
	provider: Section,
	{profile, textTools}: {readonly profile: ProfileName; readonly textTools: TextToolMode},
): IntentConfig => {
	const tables = [...new Set([provider, section])].map(each => each.table('intent')).filter(each => each !== undefined);
	const usual: IntentConfig = {level: defaultLevel(profile, textTools), anyUrl: false, anyCommand: false};
	return tables.reduce((known, table) => ({...known, ...readTable(table)}), usual);
};
