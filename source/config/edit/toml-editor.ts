import {isDeepStrictEqual} from 'node:util';
import {ConfigError} from '../config-error.ts';
import {isAt, lineEndOf, setValue, valueAt, withValue} from '../table-edit.ts';
import {formatKeyPath, isTable, parseToml, type TomlDocument} from '../toml.ts';
import {tomlLiteral} from './toml-literal.ts';
import {setList} from './toml-list.ts';
import {copiedTables, insertTables, isWithin, removeAt, tableLines} from './toml-tables.ts';

/** A file's text; `path` serves the messages. */
export interface TomlSource {
	readonly path: string;
	readonly text: string;
}

const isTexts = (value: unknown): value is readonly string[] =>
	Array.isArray(value) && value.every(element => typeof element === 'string');

/** Tables without the empty ones in them: `[a.b]` says nothing else than its absence. */
const pruned = (value: unknown): unknown => {
	if (!isTable(value)) {
		return value;
	}

	const members = Object.entries(value)
		.map(([name, member]) => [name, pruned(member)] as const)
		.filter(([, member]) => member !== undefined && !(isTable(member) && Object.keys(member).length === 0));
	return Object.fromEntries(members);
};

const withoutValue = (value: unknown, [name, ...rest]: readonly string[]): unknown => {
	if (name === undefined || !isTable(value) || !Object.hasOwn(value, name)) {
		return value;
	}

	const {[name]: found, ...others} = value;
	return rest.length === 0 ? others : {...others, [name]: withoutValue(found, rest)};
};

/** Whether two values are the same, without regard to prototypes, in which parsers differ. */
const isSame = (one: unknown, other: unknown): boolean =>
	isDeepStrictEqual(structuredClone(one), structuredClone(other));

/**
 * Changes values of a file in its text. Each step is read again: whatever does not say exactly what was asked for, with all else as it was, is
 * refused with `ConfigError` `config-edit`, and the file is to be changed by hand.
 */
export class TomlEditor {
	readonly #mark: string;
	#document: TomlDocument;

	/** Throws `ConfigError` `config-syntax` for a text that is no TOML. */
	constructor({path, text}: TomlSource) {
		this.#mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
		this.#document = parseToml(path, text);
	}

	get document(): TomlDocument {
		return this.#document;
	}

	/** The text as it is by now, with its byte order mark. */
	get text(): string {
		return this.#mark + this.#document.text;
	}

	value(keyPath: readonly string[]): unknown {
		return valueAt(this.#document, keyPath);
	}

	/** Puts a value at a path: a table member by member, a list of texts element by element, all else in the place of what is there. */
	set(keyPath: readonly string[], value: unknown): void {
		const before = this.value(keyPath);
		if (isSame(before, value)) {
			return;
		}

		if (isTable(before) && isTable(value)) {
			for (const name of Object.keys(before).filter(each => !Object.hasOwn(value, each))) {
				this.remove([...keyPath, name]);
			}

			for (const [name, member] of Object.entries(value)) {
				this.set([...keyPath, name], member);
			}

			return;
		}

		this.#take(this.#written(keyPath, value), withValue(this.#document.value, keyPath, value), keyPath);
	}

	/** Takes a value or a table away; one that is not there is fine. */
	remove(keyPath: readonly string[]): void {
		if (this.value(keyPath) === undefined) {
			return;
		}

		this.#take(removeAt(this.#document, keyPath), withoutValue(this.#document.value, keyPath), keyPath);
	}

	/** Makes a table with a header of its own, beside its likes; an existing one is filled up. */
	addTable(keyPath: readonly string[], value: Readonly<Record<string, unknown>>): void {
		const parent = keyPath.slice(0, -1);
		const isInline = this.#document.entries.some(({path, isInlineTable}) => isInlineTable && isWithin(keyPath, path));
		if (isInline || this.value(keyPath) !== undefined) {
			this.set(keyPath, value);
			return;
		}

		const members = Object.entries(value).map(([name, member]) => `${formatKeyPath([name])} = ${tomlLiteral(member)}`);
		const lines = tableLines(keyPath, members, lineEndOf(this.#document.text));
		this.#take(insertTables(this.#document, parent, lines), withValue(this.#document.value, keyPath, value), keyPath);
	}

	/** A copy of a table beside it, with its comments where it has headers of its own. */
	copy(keyPath: readonly string[], target: readonly string[]): void {
		const value = this.value(keyPath);
		const lines = copiedTables(this.#document, keyPath, target);
		if (lines === undefined) {
			this.set(target, value);
			return;
		}

		this.#take(insertTables(this.#document, keyPath, lines), withValue(this.#document.value, target, value), target);
	}

	#written(keyPath: readonly string[], value: unknown): string | undefined {
		const entry = this.#document.entries.find(({path}) => isAt(path, keyPath));
		const before = this.value(keyPath);
		if (entry?.elements !== undefined && isTexts(before) && isTexts(value)) {
			return setList(this.#document, entry, {before, after: value});
		}

		let [path, member] = [keyPath, value];
		// In the table that is there, rather than in a new one at the end of the file.
		while (path.length > 1 && this.value(path.slice(0, -1)) === undefined) {
			member = {[path.at(-1) ?? '']: member};
			path = path.slice(0, -1);
		}

		return setValue(this.#document, path, tomlLiteral(member));
	}

	#take(text: string | undefined, wanted: unknown, keyPath: readonly string[]): void {
		const changed = text === undefined ? undefined : this.#parse(text);
		if (changed === undefined || !isSame(pruned(changed.value), pruned(wanted))) {
			const {path} = this.#document;
			const name = formatKeyPath(keyPath);
			throw new ConfigError(
				'config-edit',
				`${name} stands in a shape that cannot be edited safely; change it by hand.`,
				{
					path,
					location: this.#document.locate(keyPath) ?? this.#document.locate(keyPath.slice(0, -1)),
					key: name,
				},
			);
		}

		this.#document = changed;
	}

	#parse(text: string): TomlDocument | undefined {
		try {
			return parseToml(this.#document.path, text);
		} catch (error) {
			if (error instanceof ConfigError) {
				return undefined;
			}

			throw error;
		}
	}
}
