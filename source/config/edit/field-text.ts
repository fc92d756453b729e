import {RelayError} from '../../base/errors.ts';
import {isTable} from '../toml.ts';
import type {ProviderField} from './provider-fields.ts';

/*
 * Fields as a person types them: `a, b` for names, `region=eu, note="a, b"` for pairs, `gpt-5*, !gpt-5-mini` for models. A part that holds a
 * comma, a quote or an equals sign of its own stands in double quotes, with JSON's escapes.
 */

const refuse = (name: string, sentence: string): RelayError => new RelayError('field-invalid', `${name} ${sentence}`);

const partPattern = /\s*((?:"(?:[^"\\]|\\.)*"|[^",])*)(,|$)/y;

const partsOf = (name: string, text: string): readonly string[] => {
	const parts: string[] = [];
	partPattern.lastIndex = 0;
	while (partPattern.lastIndex < text.length) {
		const [, part, comma] = partPattern.exec(text) ?? [];
		if (part === undefined) {
			throw refuse(name, 'has a double quote that does not end.');
		}

		parts.push(part.trim());
		if (comma === '') {
			break;
		}
	}

	return parts.filter(part => part !== '');
};

const unquote = (name: string, part: string): string => {
	if (!part.startsWith('"')) {
		return part;
	}

	try {
		return String(JSON.parse(part));
	} catch {
		throw refuse(name, `has a text in double quotes that cannot be read: ${part.slice(0, 40)}.`);
	}
};

const quote = (part: string): string => (part === '' || /[",=\s\p{Cc}]|^!/u.test(part) ? JSON.stringify(part) : part);

const pairOf = (name: string, part: string): readonly [string, string] => {
	const [, key, value] = /^("(?:[^"\\]|\\.)*"|[^"=]*)=(.*)$/s.exec(part) ?? [];
	if (key === undefined || value === undefined || key.trim() === '') {
		// The part is not repeated: it may be a key in a wrong field.
		throw refuse(name, 'takes NAME=VALUE with commas between; one part is none.');
	}

	return [unquote(name, key.trim()), unquote(name, value.trim())];
};

const modelOf = (name: string, part: string): readonly [string, boolean] =>
	part.startsWith('!') ? [unquote(name, part.slice(1).trim()), false] : [unquote(name, part), true];

const plainNumber = /^-?\d{1,15}(?:\.\d{1,9})?$/;

/**
 * What a typed text means; undefined for an empty one: the field is taken away. What is no number or no truth value stays a text, so that the
 * file's own reader says what the key takes. Throws `RelayError` `field-invalid` for pairs and names of variables that are none.
 */
export const readField = ({name, kind}: Pick<ProviderField, 'name' | 'kind'>, typed: string): unknown => {
	const text = typed.trim();
	if (text === '') {
		return undefined;
	}

	switch (kind) {
		case 'number': {
			return plainNumber.test(text) ? Number(text) : text;
		}

		case 'boolean': {
			return text === 'true' || text === 'false' ? text === 'true' : text;
		}

		case 'names': {
			return partsOf(name, text).map(part => unquote(name, part));
		}

		case 'pairs': {
			return Object.fromEntries(partsOf(name, text).map(part => pairOf(name, part)));
		}

		case 'models': {
			return Object.fromEntries(partsOf(name, text).map(part => modelOf(name, part)));
		}

		case 'variable': {
			if (!/^[A-Za-z_]\w*$/.test(text)) {
				// A key that was pasted in its place must neither be shown nor stand in the file as a name.
				throw refuse(name, 'takes the name of an environment variable, not the key itself.');
			}

			return text;
		}

		default: {
			return text;
		}
	}
};

/** A value of the file as {@link readField} takes it; a secret has none. */
export const fieldText = ({kind}: Pick<ProviderField, 'kind'>, value: unknown): string => {
	if (value === undefined || kind === 'secret') {
		return '';
	}

	if (Array.isArray(value)) {
		return value.map(each => quote(String(each))).join(', ');
	}

	if (isTable(value)) {
		return Object.entries(value)
			.map(([name, member]) =>
				typeof member === 'boolean' ? `${member ? '' : '!'}${quote(name)}` : `${quote(name)}=${quote(String(member))}`,
			)
			.join(', ');
	}

	return typeof value === 'string' ? value : JSON.stringify(value);
};
