import {messageOf, RelayError} from '../../base/errors.ts';
import {isRecord} from '../../base/json.ts';
import {scanBody} from '../../wire/body-scan.ts';
import {type ByteRange, scanElements, scanMembers} from '../../wire/json-scan.ts';

/* A JSON file of the user, read key by key with the wanted type; errors name file, line and key, and never a value: it may be a secret. */

/** Keys and indexes from the top of the file. */
export type JsonKeyPath = ReadonlyArray<string | number>;

const lineAt = (bytes: Buffer, byte: number): number => bytes.subarray(0, byte).toString('latin1').split('\n').length;

const stepInto = (bytes: Buffer, range: ByteRange, step: string | number): ByteRange | undefined =>
	typeof step === 'number'
		? scanElements(bytes, range)?.[step]
		: scanMembers(bytes, range)?.find(({key}) => key === step)?.value;

/** A parsed file with the lines of its values. */
export class JsonFile {
	readonly path: string;
	readonly root: Readonly<Record<string, unknown>>;
	readonly #bytes: Buffer;

	/** Throws RelayError `usage-providers-invalid` with file and line where the text is not one JSON object. */
	constructor(path: string, bytes: Buffer) {
		const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
		this.#bytes = hasMark ? bytes.subarray(3) : bytes;
		this.path = path;
		try {
			scanBody(this.#bytes);
		} catch (error) {
			const sentence = messageOf(error);
			const byte = Number(/at byte (\d+)/.exec(sentence)?.[1] ?? 0);
			throw this.#invalid(
				lineAt(this.#bytes, byte),
				sentence.replace(/^The body/, 'the file').replace(/\s*Send .*$/, ''),
			);
		}

		const value: unknown = JSON.parse(this.#bytes.toString('utf8'));
		this.root = isRecord(value) ? value : {};
	}

	/** An error about the value under a path of keys. */
	error(keyPath: JsonKeyPath, sentence: string): RelayError {
		const name = keyPath.map((step, index) =>
			typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`,
		);
		return this.#invalid(this.lineOf(keyPath), `${name.join('')} ${sentence}.`);
	}

	/** The line of the value under a path of keys, from 1; of the nearest container where it is missing. */
	lineOf(keyPath: JsonKeyPath): number {
		const start = this.#bytes.indexOf('{');
		let range: ByteRange = {start: Math.max(0, start), end: this.#bytes.length};
		for (const step of keyPath) {
			const found = stepInto(this.#bytes, range, step);
			if (found === undefined) {
				break;
			}

			range = found;
		}

		return lineAt(this.#bytes, range.start);
	}

	#invalid(line: number, sentence: string): RelayError {
		return new RelayError('usage-providers-invalid', `${this.path}:${line}: ${sentence}`);
	}
}

const typeName = (value: unknown): string => {
	if (Array.isArray(value)) {
		return 'a list';
	}

	return value === null ? 'null' : `a${typeof value === 'object' ? 'n object' : ` ${typeof value}`}`;
};

/** One object of the file; `null` counts as absent. */
export class JsonTable {
	readonly file: JsonFile;
	readonly keyPath: JsonKeyPath;
	readonly #value: Readonly<Record<string, unknown>>;

	constructor(file: JsonFile, keyPath: JsonKeyPath, value: Readonly<Record<string, unknown>>) {
		this.file = file;
		this.keyPath = keyPath;
		this.#value = value;
	}

	has(key: string): boolean {
		return Object.hasOwn(this.#value, key);
	}

	keys(): readonly string[] {
		return Object.keys(this.#value);
	}

	error(key: string, sentence: string): RelayError {
		return this.file.error([...this.keyPath, key], sentence);
	}

	text(key: string): string | undefined {
		const value = this.#get(key);
		return value === undefined || typeof value === 'string' ? value : this.#wrong(key, 'a string');
	}

	flag(key: string): boolean | undefined {
		const value = this.#get(key);
		return value === undefined || typeof value === 'boolean' ? value : this.#wrong(key, 'true or false');
	}

	/** A number within `[least, most]`; a whole one where both bounds are. */
	number(key: string, [least, most]: readonly [number, number]): number | undefined {
		const value = this.#get(key);
		const isGood = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
		return value === undefined || isGood ? value : this.#wrong(key, `a whole number from ${least} to ${most}`);
	}

	texts(key: string): readonly string[] {
		const value = this.#get(key);
		if (value === undefined) {
			return [];
		}

		const list: readonly unknown[] = Array.isArray(value) ? value : [];
		const strings = list.filter(item => typeof item === 'string');
		return Array.isArray(value) && strings.length === list.length ? strings : this.#wrong(key, 'a list of strings');
	}

	table(key: string): JsonTable | undefined {
		const value = this.#get(key);
		if (value === undefined) {
			return undefined;
		}

		return isRecord(value) ? new JsonTable(this.file, [...this.keyPath, key], value) : this.#wrong(key, 'an object');
	}

	/** The objects of a list. */
	tables(key: string): readonly JsonTable[] {
		const value = this.#get(key);
		if (value === undefined) {
			return [];
		}

		const list: readonly unknown[] = Array.isArray(value) ? value : this.#wrong(key, 'a list of objects');
		return list.map((item, index) =>
			isRecord(item)
				? new JsonTable(this.file, [...this.keyPath, key, index], item)
				: this.#wrong(key, 'a list of objects'),
		);
	}

	#get(key: string): unknown {
		return Object.hasOwn(this.#value, key) ? (this.#value[key] ?? undefined) : undefined;
	}

	#wrong(key: string, takes: string): never {
		throw this.error(key, `takes ${takes}, not ${typeName(this.#value[key])}`);
	}
}
