import {services} from '../../wire/names.ts';
import {isRecord, parseJson} from '../../base/json.ts';
import {ConfigError} from '../config-error.ts';
import type {Location} from '../config.ts';
import {TomlEditor} from '../edit/toml-editor.ts';
import {findUnknownKeys} from '../known-keys.ts';
import {parseConfig} from '../load.ts';
import {Section} from '../section.ts';
import {formatKeyPath, type KeyPath, parseToml, type TomlDocument} from '../toml.ts';
import {carryFlatRouting} from './flat-routing.ts';
import {carryNames} from './old-names.ts';
import {carryStations} from './stations.ts';
import {placeInJson} from './json-place.ts';
import {type Carried, carryVersionOne, isVersionOne, type Locate} from './version-one.ts';

/* Old configuration files in today's format (codex-helper.md 1.1; routing.md 5). Pure: text in, text out. */

/** A file carried over. */
export interface CarriedFile extends Carried {
	/** What the file says of itself. */
	readonly fromVersion: number | undefined;
}

const versionOf = (path: string, value: Readonly<Record<string, unknown>>): number | undefined => {
	const version = value['version'];
	if (version === undefined || (typeof version === 'number' && Number.isInteger(version) && version <= 5)) {
		return version;
	}

	throw new ConfigError('config-version', 'has a version that this program does not know.', {path, key: 'version'});
};

const withVersion = ({text, entries}: TomlDocument): string => {
	const entry = entries.find(({path}) => path.length === 1 && path[0] === 'version');
	return entry === undefined
		? `version = 5\n${text}`
		: `${text.slice(0, entry.valueRange[0])}5${text.slice(entry.valueRange[1])}`;
};

const withoutPlace = (sentence: string): string => sentence.slice(sentence.indexOf(': ') + 2);

/** A key that today's format lacks could have decided the routing, so such a file is refused with the key's place. */
const refuseUnknown = (before: TomlDocument, after: TomlDocument): void => {
	const [unknown] = findUnknownKeys(after);
	if (unknown === undefined) {
		return;
	}

	const placed = findUnknownKeys(before).find(each => withoutPlace(each) === withoutPlace(unknown)) ?? unknown;
	throw new ConfigError(
		'config-migrate',
		`this file cannot be carried over without changing what it does: ${placed} Say it with [S.routing.routes] instead.`,
		{path: before.path},
	);
};

/** Only what means something else today is changed in the text; all else stays to the byte, comments too. */
const carryToml = (path: string, source: string): CarriedFile => {
	const document = parseToml(path, source);
	const fromVersion = versionOf(path, document.value);
	if (isVersionOne(document.value)) {
		return {...carryVersionOne(path, document.value, document.locate), fromVersion};
	}

	if (fromVersion === 5) {
		return {text: document.text, notes: [], fromVersion};
	}

	const editor = new TomlEditor({path, text: document.text});
	const notes: string[] = [];
	for (const service of services) {
		const section = new Section(document, [], document.value).table(service);
		if (section !== undefined) {
			const old = {service, section, editor, notes};
			carryNames(old);
			carryStations(old);
			carryFlatRouting(old);
		}
	}

	refuseUnknown(document, editor.document);
	return {text: withVersion(editor.document), notes, fromVersion};
};

const carryJson = (path: string, source: string): CarriedFile => {
	const value = parseJson(source);
	if (!isRecord(value) || !isVersionOne(value)) {
		const why = value === undefined ? 'it is not JSON' : 'it has no codex.configs';
		throw new ConfigError('config-migrate', `this is no config.json of codex-helper: ${why}.`, {path});
	}

	const locate = (keyPath: KeyPath): Location | undefined => placeInJson(path, source, keyPath);
	return {...carryVersionOne(path, value, locate), fromVersion: versionOf(path, value)};
};

/** The place of an upstream's key that became an endpoint's, else of the upstream. */
const originPlace = (origins: Carried['origins'], key: string, locate: Locate): Location | undefined => {
	const [today, before] = [...(origins ?? [])].find(([name]) => key === name || key.startsWith(`${name}.`)) ?? [];
	return today === undefined || before === undefined
		? undefined
		: (locate([...before, key.slice(today.length + 1).split('.')[0] ?? '']) ?? locate(before));
};

/** The key's own place in the old file, else that of what it was made from, else that of the table around it. */
const oldPlace = (document: TomlDocument, key: string) => {
	const places = new Map(
		[...document.headers, ...document.entries].map(({path}) => [formatKeyPath(path), document.locate(path)]),
	);
	let name = key.replace('.routing.routes.main', '.routing');
	while (name !== '' && !places.has(name)) {
		name = name.slice(0, Math.max(0, name.lastIndexOf('.')));
	}

	return places.get(key) ?? places.get(name);
};

interface OldText extends Pick<Carried, 'origins'> {
	readonly path: string;
	readonly source: string;
}

const isJson = (source: string): boolean => source.trimStart().startsWith('{');

/** What the reader says of the new text, told about the old one: the lines of the new one stand in no file. */
const placedInOld = (error: ConfigError, {path, source, origins}: OldText): ConfigError => {
	const {key} = error;
	const document = isJson(source) ? undefined : parseToml(path, source);
	const locate = document?.locate ?? (keyPath => placeInJson(path, source, keyPath));
	const location =
		key === undefined ? undefined : (originPlace(origins, key, locate) ?? (document && oldPlace(document, key)));
	return new ConfigError(error.code, `carried over to version 5, ${error.sentence}`, {path, location, key: error.key});
};

const warningsOf = (path: string, carried: CarriedFile, {source, env}: {source: string; env: NodeJS.ProcessEnv}) => {
	try {
		return parseConfig(carried.text, {path, env}).warnings;
	} catch (error) {
		throw error instanceof ConfigError && carried.fromVersion !== 5
			? placedInOld(error, {path, source, origins: carried.origins})
			: error;
	}
};

/**
 * Carries a configuration over and checks that the result loads. `path` serves the messages; a text that begins with `{` is JSON.
 * Throws {@link ConfigError} `config-migrate`, `config-version` and whatever the loader throws about the result.
 */
export const carryFile = (path: string, source: string, env: NodeJS.ProcessEnv): CarriedFile => {
	const carried = isJson(source) ? carryJson(path, source) : carryToml(path, source);
	return {...carried, notes: [...carried.notes, ...warningsOf(path, carried, {source, env})]};
};
