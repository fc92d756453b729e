import {ConfigError} from './config-error.ts';
import {parseConfig, type LoadOptions} from './load.ts';
import type {SettingEditing} from './settings-known.ts';
import {isAsWanted, setValue, withValue} from './table-edit.ts';
import {parseToml} from './toml.ts';

/* A new value for one key of the file: typed by a person, checked by the reader of the file, spliced in. Pure: text in, text out. */

interface Typed {
	readonly literal: string;
	readonly value: unknown;
}

const numberOf = (text: string): number | undefined =>
	/^-?\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined;

/** What was typed as TOML. What is no number stays a text, so that the file's own reader says what the key takes. */
const readTyped = (text: string, kind: SettingEditing['kind']): Typed => {
	const number = kind === 'number' ? numberOf(text) : undefined;
	if (number !== undefined) {
		return {literal: String(number), value: number};
	}

	return (text === 'true' || text === 'false') && kind === 'boolean'
		? {literal: text, value: text === 'true'}
		: {literal: JSON.stringify(text), value: text};
};

/** A change of one value. */
export interface SettingChange {
	readonly key: string;
	/** As typed. */
	readonly text: string;
	readonly kind: SettingEditing['kind'];
}

/**
 * The file's text with the new value. `check` reads keys that the configuration's own reader does not. Throws the `ConfigError` with which the
 * file would be refused afterwards, and `config-edit` where the key stands in a shape that cannot be edited safely.
 */
export const changeSetting = (
	source: string,
	{key, text, kind}: SettingChange,
	options: LoadOptions & {readonly check?: (text: string) => void},
): string => {
	const document = parseToml(options.path, source);
	const keyPath = key.split('.');
	const {literal, value} = readTyped(text, kind);
	const changed = setValue(document, keyPath, literal);
	if (!isAsWanted({path: options.path, text: changed}, withValue(document.value, keyPath, value))) {
		throw new ConfigError('config-edit', `${key} stands in a shape that cannot be edited safely; write it by hand.`, {
			path: options.path,
			location: document.locate(keyPath) ?? document.locate(keyPath.slice(0, -1)),
			key,
		});
	}

	parseConfig(changed, options);
	options.check?.(changed);
	return source.startsWith('\uFEFF') ? `\uFEFF${changed}` : changed;
};
