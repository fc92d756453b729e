import {type ParseArgsOptionsConfig} from 'node:util';
import {readField} from '../config/edit/field-text.ts';
import type {FieldEdit} from '../config/edit/provider-edit.ts';
import {providerFields, type ProviderField} from '../config/edit/provider-fields.ts';
import {isTable} from '../config/toml.ts';
import {editFlags} from './config-edit.ts';
import {readWords, usageErrorOf} from './arguments.ts';

/* The command line of `provider add` and its likes: every field of a provider is a flag. */

/** What `provider` does with the file. */
export const providerEditVerbs = ['add', 'edit', 'duplicate', 'remove', 'enable', 'disable'] as const;

/** One of {@link providerEditVerbs}. */
export type ProviderEditVerb = (typeof providerEditVerbs)[number];

/** A wrong command line: exit code 2 (product.md 5). */
export const wrongUsage = usageErrorOf('provider add');

const takes = ({kind}: ProviderField): string =>
	kind === 'pairs' ? ' NAME=VALUE…' : kind === 'models' ? ' MODEL|!MODEL…' : kind === 'names' ? ' NAME…' : '';

/** The flags of all fields, for a help text: lines of 110 characters at most. */
export const fieldHelp = (): string => {
	const words = providerFields.filter(({name}) => name !== 'enabled').map(field => `--${field.flag}${takes(field)}`);
	const lines = [''];
	for (const word of words) {
		const line = `${lines.at(-1) ?? ''} ${word}`;
		if (line.length > 110) {
			lines.push(` ${word}`);
		} else {
			lines[lines.length - 1] = line;
		}
	}

	return lines.map(line => line.trim()).join('\n  ');
};

const manyKinds: ReadonlySet<string> = new Set(['pairs', 'models', 'names']);

const options = {
	...Object.fromEntries(providerFields.map(({flag}) => [flag, {type: 'string', multiple: true} as const])),
	...editFlags,
	...{codex: {type: 'boolean'}, claude: {type: 'boolean'}, service: {type: 'string'}},
	...{
		route: {type: 'string'},
		'no-route': {type: 'boolean'},
		disabled: {type: 'boolean'},
		'from-routes': {type: 'boolean'},
	},
} as const satisfies ParseArgsOptionsConfig;

/** The flags and words of a command line. Throws CommandError `wrong-usage`. */
export const parseProviderEdit = (args: readonly string[]) => readWords('provider add', args, options);

/** The flags of a command line. */
export type ProviderEditFlags = ReturnType<typeof parseProviderEdit>['values'];

/** Everything that a verb takes besides `--json` and the like. */
const ownFlags: Readonly<Record<ProviderEditVerb, readonly string[]>> = {
	add: ['route', 'no-route', 'disabled'],
	edit: [],
	duplicate: ['route', 'no-route'],
	remove: ['from-routes'],
	enable: [],
	disable: [],
};

/** Throws CommandError `wrong-usage` for a flag that the verb does not take. */
export const checkFlags = (verb: ProviderEditVerb, values: ProviderEditFlags): void => {
	const takesFields = verb === 'add' || verb === 'edit';
	const known = [...Object.keys(editFlags), 'codex', 'claude', 'service', ...ownFlags[verb]];
	const stray = Object.keys(values).find(
		flag => !known.includes(flag) && !(takesFields && providerFields.some(field => field.flag === flag)),
	);
	if (stray !== undefined) {
		throw wrongUsage(`provider ${verb} has no --${stray}.`);
	}
};

/** One flag of a table: `NAME=VALUE`, where an empty value takes the member away; models may stand without a value. */
const memberOf = (field: ProviderField, given: string): Readonly<Record<string, unknown>> => {
	const at = given.indexOf('=');
	if (at > 0 && (field.kind === 'pairs' || at === given.length - 1)) {
		const value = given.slice(at + 1);
		return {[given.slice(0, at).trim()]: value === '' ? undefined : value};
	}

	const members = readField(field, given);
	return isTable(members) ? members : {};
};

const lastOf = (field: ProviderField, given: readonly string[]): string => {
	if (given.length > 1) {
		throw wrongUsage(`--${field.flag} is given twice.`);
	}

	return given[0] ?? '';
};

/** Bounded: a pipe has no end that we know. */
const readKey = async (input: AsyncIterable<Uint8Array>): Promise<string> => {
	const pieces: Uint8Array[] = [];
	for await (const piece of input) {
		pieces.push(piece);
		if (pieces.reduce((sum, {length}) => sum + length, 0) > 16_384) {
			throw wrongUsage('A key of more than 16 KiB is none.');
		}
	}

	const key = Buffer.concat(pieces).toString().trim();
	if (key === '') {
		throw wrongUsage('Standard input holds no key.');
	}

	return key;
};

const fieldEditOf = async (
	field: ProviderField,
	given: readonly string[],
	input: AsyncIterable<Uint8Array>,
): Promise<FieldEdit> => {
	if (manyKinds.has(field.kind) && given.some(text => text !== '')) {
		const isMerged = field.kind !== 'names';
		const value = isMerged
			? Object.assign({}, ...given.map(text => memberOf(field, text)))
			: readField(field, given.join(', '));
		return {field: field.name, value, isMerged};
	}

	const text = lastOf(field, given);
	return {
		field: field.name,
		value: readField(field, field.kind === 'secret' && text === '-' ? await readKey(input) : text),
	};
};

/** The fields that a command line names; `input` is where a key comes from that is given as `-`. */
export const fieldEdits = async (
	values: ProviderEditFlags,
	input: AsyncIterable<Uint8Array>,
): Promise<readonly FieldEdit[]> => {
	const given = new Map<string, unknown>(Object.entries(values));
	const edits: FieldEdit[] = [];
	for (const field of providerFields) {
		const texts = given.get(field.flag);
		if (Array.isArray(texts)) {
			edits.push(await fieldEditOf(field, texts.map(String), input));
		}
	}

	return edits;
};
