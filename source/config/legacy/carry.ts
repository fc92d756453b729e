import {isRecord, parseJson} from '../../base/json.ts';
import {ConfigError} from '../config-error.ts';
import {findUnknownKeys} from '../known-keys.ts';
import {parseConfig} from '../load.ts';
import {parseToml} from '../toml.ts';
import {type Carried, carryVersionOne, isVersionOne} from './version-one.ts';

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

/**
 * The later formats in TOML: where everything in them means what it means today only the number changes, and all else stays to the byte.
 * A key that today's format lacks could have decided the routing, so such a file is refused with the key's place.
 */
const carryToml = (path: string, source: string): CarriedFile => {
	const document = parseToml(path, source);
	const fromVersion = versionOf(path, document.value);
	if (isVersionOne(document.value)) {
		return {...carryVersionOne(path, document.value), fromVersion};
	}

	const [unknown] = fromVersion === 5 ? [] : findUnknownKeys(document);
	if (unknown !== undefined) {
		throw new ConfigError(
			'config-migrate',
			`this file cannot be carried over without changing what it does: ${unknown} Say it with [S.routing.routes] instead.`,
			{path},
		);
	}

	const entry = document.entries.find(({path: keyPath}) => keyPath.length === 1 && keyPath[0] === 'version');
	const text =
		entry === undefined
			? `version = 5\n${document.text}`
			: `${document.text.slice(0, entry.valueRange[0])}5${document.text.slice(entry.valueRange[1])}`;
	return {text, notes: [], fromVersion};
};

const carryJson = (path: string, source: string): CarriedFile => {
	const value = parseJson(source);
	if (!isRecord(value) || !isVersionOne(value)) {
		throw new ConfigError('config-migrate', 'this is no config.json of codex-helper: it has no codex.configs.', {path});
	}

	return {...carryVersionOne(path, value), fromVersion: versionOf(path, value)};
};

/**
 * Carries a configuration over and checks that the result loads. `path` serves the messages; a text that begins with `{` is JSON.
 * Throws {@link ConfigError} `config-migrate`, `config-version` and whatever the loader throws about the result.
 */
export const carryFile = (path: string, source: string, env: NodeJS.ProcessEnv): CarriedFile => {
	const carried = source.trimStart().startsWith('{') ? carryJson(path, source) : carryToml(path, source);
	const {warnings} = parseConfig(carried.text, {path, env});
	return {...carried, notes: [...carried.notes, ...warnings]};
};
