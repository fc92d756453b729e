import {ConfigError} from './config-error.ts';
import {formatKeyPath, isTable, type KeyPath, type TomlDocument} from './toml.ts';

const describe = (value: unknown): string => {
	if (Array.isArray(value)) {
		return 'a list';
	}

	if (value instanceof Date) {
		return 'a date';
	}

	switch (typeof value) {
		case 'string': {
			return 'a string';
		}
		case 'number':
		case 'bigint': {
			return 'a number';
		}
		case 'boolean': {
			return 'true or false';
		}
		default: {
			return 'a table';
		}
	}
};

/**
 * A table of the file, read key by key with the wanted type. Every reader returns undefined for an absent key and throws
 * {@link ConfigError} with file, line, column, key, what it got and what it takes. Values never stand in messages: they may be keys.
 */
export class Section {
	readonly document: TomlDocument;
	readonly path: KeyPath;
	readonly #value: Readonly<Record<string, unknown>>;

	constructor(document: TomlDocument, path: KeyPath, value: Readonly<Record<string, unknown>>) {
		this.document = document;
		this.path = path;
		this.#value = value;
	}

	/** An error about one key of this table (or, without a key, about the table); the sentence follows the key's name. */
	error(code: string, sentence: string, key?: string): ConfigError {
		const keyPath = key === undefined ? this.path : [...this.path, key];
		const location = this.document.locate(keyPath) ?? this.document.locate(this.path);
		const name = formatKeyPath(keyPath);
		return new ConfigError(code, `${name === '' ? '' : `${name} `}${sentence}`, {
			path: this.document.path,
			location,
			key: name === '' ? undefined : name,
		});
	}

	has(key: string): boolean {
		return Object.hasOwn(this.#value, key);
	}

	/** The names in this table in the file's order. */
	names(): readonly string[] {
		return Object.keys(this.#value);
	}

	/** The table as it was parsed. */
	raw(): Readonly<Record<string, unknown>> {
		return this.#value;
	}

	string(key: string): string | undefined {
		const value = this.#get(key);
		if (value === undefined || typeof value === 'string') {
			return value;
		}

		throw this.#wrongType(key, value, 'a string');
	}

	boolean(key: string): boolean | undefined {
		const value = this.#get(key);
		if (value === undefined || typeof value === 'boolean') {
			return value;
		}

		throw this.#wrongType(key, value, 'true or false');
	}

	/** A whole number within `[least, most]`. */
	integer(key: string, [least, most]: readonly [number, number]): number | undefined {
		const value = this.#get(key);
		if (value === undefined) {
			return undefined;
		}

		const takes = `a whole number from ${least} to ${most}`;
		if (typeof value !== 'number') {
			throw this.#wrongType(key, value, takes);
		}

		if (!Number.isInteger(value) || value < least || value > most) {
			throw this.error('config-value', `is ${value}, but it takes ${takes}.`, key);
		}

		return value;
	}

	/** Any number within `[least, most]`. */
	number(key: string, [least, most]: readonly [number, number]): number | undefined {
		const value = this.#get(key);
		if (value === undefined) {
			return undefined;
		}

		const takes = `a number from ${least} to ${most}`;
		if (typeof value !== 'number') {
			throw this.#wrongType(key, value, takes);
		}

		// NaN is in no range.
		if (!(value >= least && value <= most)) {
			throw this.error('config-value', `is ${value}, but it takes ${takes}.`, key);
		}

		return value;
	}

	/** One of the given words. */
	choice<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
		const value = this.string(key);
		const found = words.find(word => word === value);
		if (value !== undefined && found === undefined) {
			throw this.error('config-value', `is ${JSON.stringify(value)}, but it takes one of ${words.join(', ')}.`, key);
		}

		return found;
	}

	table(key: string): Section | undefined {
		const value = this.#get(key);
		if (value === undefined) {
			return undefined;
		}

		if (!isTable(value)) {
			throw this.#wrongType(key, value, 'a table');
		}

		return new Section(this.document, [...this.path, key], value);
	}

	/** The tables under a key, with their names: `[codex.providers.NAME]`. */
	tables(key: string): ReadonlyArray<readonly [name: string, section: Section]> {
		const parent = this.table(key);
		return (parent?.names() ?? []).map(name => {
			const section = parent?.table(name);
			if (section === undefined) {
				throw this.error('config-type', 'is missing.', key);
			}

			return [name, section];
		});
	}

	/** A list of tables: `key = [{…}]` or `[[key]]`. */
	tableList(key: string): readonly Section[] | undefined {
		const value = this.#get(key);
		if (value === undefined) {
			return undefined;
		}

		if (!Array.isArray(value)) {
			throw this.#wrongType(key, value, 'a list of tables');
		}

		return value.map((element: unknown, index) => {
			if (isTable(element)) {
				return new Section(this.document, [...this.path, key, index], element);
			}

			throw this.#wrongType(key, element, 'only tables', index);
		});
	}

	/** A table whose values are all strings. */
	strings(key: string): Readonly<Record<string, string>> {
		const section = this.table(key);
		return Object.fromEntries((section?.names() ?? []).map(name => [name, section?.string(name) ?? '']));
	}

	/** A list of strings. */
	stringList(key: string): readonly string[] | undefined {
		const value = this.#get(key);
		if (value === undefined) {
			return undefined;
		}

		if (!Array.isArray(value)) {
			throw this.#wrongType(key, value, 'a list of strings');
		}

		return value.map((element: unknown, index) => {
			if (typeof element === 'string') {
				return element;
			}

			throw this.#wrongType(key, element, 'only strings', index);
		});
	}

	#get(key: string): unknown {
		return Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
	}

	#wrongType(...[key, value, takes, index]: [string, unknown, string, number?]): ConfigError {
		const keyPath = index === undefined ? [...this.path, key] : [...this.path, key, index];
		return new ConfigError('config-type', `${formatKeyPath(keyPath)} is ${describe(value)}, but it takes ${takes}.`, {
			path: this.document.path,
			location: this.document.locate(keyPath) ?? this.document.locate(this.path),
			key: formatKeyPath(keyPath),
		});
	}
}
