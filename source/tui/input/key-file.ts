import {isRecord} from '../../base/json.ts';
import {messageOf} from '../../base/errors.ts';
import {sanitizeLine} from '../../base/sanitize.ts';
import {findNearestName} from '../../config/nearest.ts';
import type {Words} from '../language/words.ts';
import {pageNames, type PageName} from '../store/screen-state.ts';
import {withOverrides} from './key-layer.ts';
import {isOnPage, keyTable, type Binding} from './keymap.ts';
import {readKeyName, showKey, type KeyName, type KeyOverrides} from './keys.ts';

/*
 * keys.json (tui.md 6.1): `{"route.pin": ["ctrl+p"], "theme.next": []}`. What cannot be used is named with its line, and the default
 * of that command stays; the rest of the file counts.
 */

/** What is wrong with one place of the file. */
export interface KeyFault {
	/** Counts from 1. */
	readonly line: number;
	readonly text: string;
}

/** What a key file says. */
export interface KeyFile {
	readonly overrides: KeyOverrides;
	readonly faults: readonly KeyFault[];
}

interface Wanted {
	readonly command: string;
	readonly keys: readonly KeyName[];
	readonly line: number;
}

/** A file larger than this is no key file: the whole table fits in a tenth of it. */
const mostBytes = 65_536;

/** There are fewer commands, and for each that there is not the nearest one is looked for. */
const mostEntries = 500;

/** Without these nobody would find back or out, so they keep their keys, and their keys stay theirs. */
const reserved: ReadonlyMap<KeyName, string> = new Map([
	['esc', 'back'],
	['q', 'quit'],
	['ctrl+c', 'quit'],
]);

const lineAt = (text: string, index: number): number => text.slice(0, Math.max(0, index)).split('\n').length;

const placesOf = (text: string, command: string): readonly number[] => {
	const quoted = JSON.stringify(command).replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
	return [...text.matchAll(new RegExp(`${quoted}\\s*:`, 'g'))].map(({index}) => index);
};

/** Node names the line of a syntax fault in most of its messages; where it does not, the text ended too early. */
const faultOfSyntax = (text: string, error: unknown, words: Words['keys']): KeyFault => {
	const line = /\(line (\d+) column \d+\)/.exec(messageOf(error))?.[1];
	return {line: line === undefined ? lineAt(text, text.length) : Number(line), text: words.noJson};
};

/** One entry of the file, or what is wrong with it. */
class Entry {
	readonly #text: string;
	readonly #words: Words['keys'];
	readonly line: number;
	readonly #from: number;
	readonly #command: string;

	constructor(text: string, command: string, words: Words['keys']) {
		this.#text = text;
		this.#words = words;
		this.#command = command;
		this.#from = Math.max(0, text.lastIndexOf(JSON.stringify(command)));
		this.line = lineAt(text, this.#from);
	}

	read(value: unknown): Wanted | KeyFault {
		const commands = keyTable.map(({command}) => command);
		if (!commands.some(command => command === this.#command)) {
			const name = this.#command.slice(0, 40);
			return {line: this.line, text: this.#words.unknownCommand(name, findNearestName(name, commands))};
		}

		if (placesOf(this.#text, this.#command).length > 1) {
			return {line: this.line, text: this.#words.twice(this.#command)};
		}

		const texts = typeof value === 'string' ? [value] : value;
		if (!Array.isArray(texts)) {
			return {line: this.line, text: this.#words.noKeys(this.#command)};
		}

		const keys: KeyName[] = [];
		for (const text of texts) {
			const key = this.#readKey(text);
			if (typeof key !== 'string') {
				return key;
			}

			keys.push(key);
		}

		return this.#reservedFault(keys) ?? {command: this.#command, keys: [...new Set(keys)], line: this.line};
	}

	#readKey(text: unknown): KeyName | KeyFault {
		if (typeof text !== 'string') {
			return {line: this.line, text: this.#words.noKeys(this.#command)};
		}

		const read = readKeyName(text);
		if (typeof read === 'string') {
			return read;
		}

		const line = lineAt(this.#text, this.#text.indexOf(JSON.stringify(text), this.#from));
		return {
			line,
			text: read.sameAs === undefined ? this.#words.unknownKey(text) : this.#words.sameKey(text, read.sameAs),
		};
	}

	#reservedFault(keys: readonly KeyName[]): KeyFault | undefined {
		for (const [key, owner] of reserved) {
			if (owner === this.#command && !keys.includes(key)) {
				return {line: this.line, text: this.#words.mustKeep(this.#command, showKey(key))};
			}

			if (owner !== this.#command && keys.includes(key)) {
				return {line: this.line, text: this.#words.reserved(showKey(key), owner, this.#command)};
			}
		}

		return undefined;
	}
}

interface Clash {
	readonly key: KeyName;
	readonly page: PageName;
	readonly owners: readonly [Binding, Binding];
}

const firstClash = (table: readonly Binding[], changed: ReadonlySet<string>): Clash | undefined => {
	for (const page of pageNames) {
		const owners = new Map<KeyName, Binding>();
		for (const binding of table.filter(each => isOnPage(each, page))) {
			for (const key of binding.keys) {
				const other = owners.get(key);
				if (other !== undefined && (changed.has(other.command) || changed.has(binding.command))) {
					return {key, page, owners: [other, binding]};
				}

				owners.set(key, binding);
			}
		}
	}

	return undefined;
};

/** Takes back what would give a key two meanings on one page: of two entries the later one. Each round takes one away, so it ends. */
const withoutClashes = (
	wanted: readonly Wanted[],
	words: Words,
): {readonly kept: readonly Wanted[]; readonly faults: readonly KeyFault[]} => {
	const faults: KeyFault[] = [];
	let kept = wanted;
	for (;;) {
		const overrides = new Map(kept.map(({command, keys}) => [command, keys]));
		const clash = firstClash(withOverrides(keyTable, overrides), new Set(overrides.keys()));
		const loser = kept.findLast(({command}) => clash?.owners.some(owner => owner.command === command));
		if (clash === undefined || loser === undefined) {
			return {kept, faults};
		}

		const other = clash.owners.find(owner => owner.command !== loser.command)?.command ?? loser.command;
		const page = words.frame.titles[clash.page];
		const text = words.keys.clash({key: showKey(clash.key), command: loser.command, other, page});
		faults.push({line: loser.line, text});
		kept = kept.filter(each => each !== loser);
	}
};

const nothing: KeyOverrides = new Map();

/** Reads the text of a key file; undefined: there is none. Never throws. */
export const readKeyFile = (text: string | undefined, words: Words): KeyFile => {
	if (text === undefined || text.trim() === '') {
		return {overrides: nothing, faults: []};
	}

	if (text.length > mostBytes) {
		return {overrides: nothing, faults: [{line: 1, text: words.keys.tooLarge}]};
	}

	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (error) {
		return {overrides: nothing, faults: [faultOfSyntax(text, error, words.keys)]};
	}

	if (!isRecord(json)) {
		return {overrides: nothing, faults: [{line: 1, text: words.keys.noObject}]};
	}

	if (Object.keys(json).length > mostEntries) {
		return {overrides: nothing, faults: [{line: 1, text: words.keys.tooLarge}]};
	}

	const entries = Object.entries(json).map(([command, value]) => new Entry(text, command, words.keys).read(value));
	const wanted = entries.flatMap(entry => ('keys' in entry ? entry : []));
	const unusable = entries.flatMap(entry => ('keys' in entry ? [] : entry));
	const {kept, faults} = withoutClashes(wanted, words);
	return {
		overrides: new Map(kept.map(({command, keys}) => [command, keys])),
		faults: [...unusable, ...faults]
			.map(({line, text: sentence}) => ({line, text: sanitizeLine(sentence)}))
			.toSorted((left, right) => left.line - right.line),
	};
};
