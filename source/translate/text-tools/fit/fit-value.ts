import {isJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import {readLooseJson} from '../read/loose-json.ts';

/* Values in the type that a tool's schema asks for (translation.md 5.3, 5.4). */

/** What could not be brought into the type that is asked for. */
export const misfit: unique symbol = Symbol('misfit');

const typesOf = (schema: JsonObject): readonly string[] => {
	const {type} = schema;
	const types: readonly unknown[] = Array.isArray(type) ? type : [type];
	return types.filter(each => typeof each === 'string');
};

const isOfType = (value: unknown, type: string): boolean => {
	switch (type) {
		case 'string':
		case 'boolean': {
			return typeof value === type;
		}

		case 'number': {
			return typeof value === 'number' && Number.isFinite(value);
		}

		case 'integer': {
			return Number.isInteger(value);
		}

		case 'array': {
			return Array.isArray(value);
		}

		case 'object': {
			return isJsonObject(value);
		}

		case 'null': {
			return value === null;
		}

		default: {
			return true;
		}
	}
};

const isListed = (value: unknown, schema: JsonObject): boolean =>
	!Array.isArray(schema['enum']) || schema['enum'].includes(value);

const parsed = (text: string): unknown => {
	const word = text.trim();
	const words: Readonly<Record<string, unknown>> = {
		true: true,
		True: true,
		false: false,
		False: false,
		null: null,
		None: null,
	};
	return Object.hasOwn(words, word) ? words[word] : readLooseJson(word);
};

const asText = (value: unknown): string | undefined =>
	typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

/** A value as its schema wants it: as it is, read out of a text, or a number as a text; {@link misfit} where nothing fits. */
export const fitValue = (value: unknown, schema: JsonObject): unknown => {
	const types = typesOf(schema);
	const fits = (each: unknown): boolean =>
		(types.length === 0 || types.some(type => isOfType(each, type))) && isListed(each, schema);
	if (fits(value)) {
		return value;
	}

	const others = typeof value === 'string' ? [parsed(value)] : [asText(value)];
	const found = others.find(each => each !== undefined && fits(each));
	return found === undefined ? misfit : found;
};

const entities: Readonly<Record<string, string>> = {lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'", apos: "'"};

const decodeEntities = (text: string): string =>
	text.replaceAll(/&(lt|gt|amp|quot|apos|#39);/g, (_, name: string) => entities[name] ?? '');

/** What a parameter between tags is: a text where that is said or asked for, else what it can be read as. */
export const fieldValue = (
	text: string,
	schema: JsonObject | undefined,
	{isString, hasEntities}: {readonly isString: boolean | undefined; readonly hasEntities: boolean},
): unknown => {
	const plain = hasEntities && !text.includes('<') ? decodeEntities(text) : text;
	const wantsText = schema !== undefined && typesOf(schema).includes('string');
	if (isString === true || wantsText) {
		return plain;
	}

	const value = parsed(plain);
	return value === undefined ? plain : value;
};
