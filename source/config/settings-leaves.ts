import {services} from '../wire/names.ts';
import type {Setting} from './settings-list.ts';
import {formatSettingValue, hiddenText, maySecret} from './settings-text.ts';
import {toldOfEndpoints} from './settings-endpoints.ts';
import {formatKeyPath, isTable, type KeyPath, type TomlDocument, type TomlEntry} from './toml.ts';

/*
 * What else stands in a file: routes, profiles, tables of other programs. A text is shown only in tables whose every key is known to hold no
 * secret: somewhere else a key may stand under any name, also under a mistyped one.
 */

const serviceNames = new Set<string | number | undefined>(services);

const openTables = new Set<string | number | undefined>([
	'routing',
	'profiles',
	'default_profile',
	'compaction',
	'client_patch',
]);

const isOpen = ([first, second]: KeyPath): boolean =>
	serviceNames.has(first)
		? openTables.has(second)
		: ['version', 'default_service', 'ui', 'retry'].includes(String(first));

/** Below `[S.providers.NAME]`, and below its endpoints, the rows of endpoints tell what counts. */
const isToldElsewhere = ([first, second, , name]: KeyPath): boolean =>
	serviceNames.has(first) && second === 'providers' && toldOfEndpoints.has(String(name));

const at = (document: TomlDocument, path: KeyPath): unknown => {
	let value: unknown = document.value;
	for (const name of path) {
		value = Array.isArray(value) ? value[Number(name)] : isTable(value) ? value[name] : undefined;
	}

	return value;
};

const isNumberOrFlag = (value: unknown): boolean => ['number', 'boolean', 'bigint'].includes(typeof value);

const leafOf = (document: TomlDocument, {path}: TomlEntry): Setting => {
	const value = at(document, path);
	const isShown = isOpen(path) && !maySecret(path);
	return {
		key: formatKeyPath(path),
		value: isShown || isNumberOrFlag(value) ? formatSettingValue(value) : hiddenText,
		usual: undefined,
		origin: {kind: 'file', line: document.locate(path)?.line ?? 1},
		stated: undefined,
		about: undefined,
		editing: undefined,
	};
};

/** A list of tables has a row for each of their keys. */
const holdsTables = (value: unknown): boolean => Array.isArray(value) && value.some(isTable);

/** The other values of a file in their order; `told` are keys that have a row already. */
export const shownLeaves = (document: TomlDocument | undefined, told: ReadonlySet<string>): readonly Setting[] =>
	document === undefined
		? []
		: document.entries
				.filter(({path, isInlineTable}) => !isInlineTable && !told.has(formatKeyPath(path)) && !isToldElsewhere(path))
				.filter(({path}) => !holdsTables(at(document, path)))
				.map(entry => leafOf(document, entry));
