import type {Service} from '../wire/names.ts';
import {ConfigError} from './config-error.ts';
import {addMembers, isAsWanted, valueAt, withValue} from './table-edit.ts';
import {formatKeyPath, isTable, parseToml} from './toml.ts';

/* Adding models to a provider's `supported_models` (table-edit.ts). Pure: text in, text out. */

/** Whose list grows. */
export interface ModelOwner {
	readonly service: Service;
	readonly provider: string;
}

const key = 'supported_models';

const pathOf = ({service, provider}: ModelOwner): readonly string[] => [service, 'providers', provider, key];

const lineOf = (id: string): string => `${JSON.stringify(id)} = true`;

/** What an import would do. */
export interface ModelEdit {
	readonly text: string;
	readonly added: readonly string[];
	/** Named in the file already, allowed or not: what the user wrote there stays. */
	readonly known: readonly string[];
}

/**
 * Adds the ids that the provider's `supported_models` does not name. Throws `ConfigError`: `config-syntax` for a broken file, `config-edit` where the
 * provider stands in a shape that cannot be edited safely. `path` serves the messages.
 */
export const addSupportedModels = (
	source: {readonly path: string; readonly text: string},
	owner: ModelOwner,
	ids: readonly string[],
): ModelEdit => {
	const document = parseToml(source.path, source.text);
	const keyPath = pathOf(owner);
	const present = valueAt(document, keyPath);
	const models = isTable(present) ? present : {};
	const names = new Set(Object.keys(models));
	const known = ids.filter(id => names.has(id));
	const added = ids.filter(id => !names.has(id));
	if (added.length === 0) {
		return {text: source.text, added, known};
	}

	const mark = source.text.startsWith('\uFEFF') ? '\uFEFF' : '';
	const text = addMembers(document, keyPath, added.map(lineOf));
	const wanted = {...models, ...Object.fromEntries(added.map(id => [id, true]))};
	if (!isAsWanted({path: source.path, text}, withValue(document.value, keyPath, wanted))) {
		const name = formatKeyPath(keyPath.slice(0, -1));
		const sentence = `${name} stands in a shape that cannot be edited safely; write its ${key} by hand.`;
		throw new ConfigError('config-edit', sentence, {
			path: source.path,
			location: document.locate(keyPath.slice(0, -1)),
		});
	}

	return {text: mark + text, added, known};
};
