import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {compact, objectsField} from '../field.ts';
import {inlineReferences} from './inline-refs.ts';

/*
 * JSON Schema as the part of it that Google's `parameters` and `responseSchema` know (translation.md 3.4). Only ever given a schema,
 * never a whole request: what merely looks like a keyword inside a conversation must survive. The same goes for properties that are
 * named like keywords.
 */

/** What is kept; everything else is left out, after a constraint has left a hint. */
const keywords: ReadonlySet<string> = new Set([
	'type',
	'format',
	'description',
	'nullable',
	'enum',
	'items',
	'properties',
	'required',
	'anyOf',
]);

/** Also schema, though not kept: an object with none of these and only objects in it is a bare map of properties. */
const otherKeywords =
	/^(?:\$.*|x-.*|oneOf|allOf|not|if|then|else|const|title|default|examples?|additionalProperties|patternProperties|definitions|min.*|max.*|pattern|prefixItems)$/;

const formats: ReadonlySet<unknown> = new Set(['int32', 'int64', 'float', 'double', 'date-time', 'enum']);

const hinted = [
	'pattern',
	'format',
	'minLength',
	'maxLength',
	'minimum',
	'maximum',
	'exclusiveMinimum',
	'exclusiveMaximum',
	'multipleOf',
	'minItems',
	'maxItems',
	'uniqueItems',
	'default',
] as const;

const textsOf = (value: unknown): readonly string[] =>
	Array.isArray(value) ? value.filter(element => typeof element === 'string') : [];

const isBareMap = (node: JsonObject): boolean => {
	const entries = Object.entries(node);
	return (
		entries.length > 0 &&
		entries.every(([key, value]) => isJsonObject(value) && !keywords.has(key) && !otherKeywords.test(key))
	);
};

/** Property maps without their object, and `required: true` on a property instead of in its parent's list. */
const repair = (node: JsonObject): JsonObject => {
	const schema: JsonObject = isBareMap(node) ? {type: 'object', properties: node} : node;
	const {properties} = schema;
	if (!isJsonObject(properties)) {
		return schema;
	}

	const marked = Object.entries(properties)
		.filter(([, child]) => isJsonObject(child) && child['required'] === true)
		.map(([name]) => name);
	const required = [...new Set([...textsOf(schema['required']), ...marked])];
	return {...schema, ...(required.length > 0 && {required})};
};

/** What a branch adds to a node that has its own say: properties that are missing, and what must be there. */
const absorb = (node: JsonObject, branch: JsonObject, isBinding: boolean): JsonObject => {
	const {properties, required, description, ...rest} = repair(branch);
	const own = isJsonObject(node['properties']) ? node['properties'] : undefined;
	const more = isJsonObject(properties) ? properties : undefined;
	const all = own === undefined && more === undefined ? undefined : {...more, ...own};
	const needed = [...new Set([...textsOf(node['required']), ...(isBinding ? textsOf(required) : [])])];
	return compact({
		...(isBinding ? rest : {}),
		...(description !== undefined && {description}),
		...node,
		properties: all,
		required: needed.length > 0 ? needed : undefined,
	});
};

/** `allOf` is what is true anyway; `if`, `then` and `else` may be true. */
const flatten = (node: JsonObject): JsonObject => {
	const {allOf, if: _condition, then: yes, else: no, not: _not, ...rest} = node;
	let flat: JsonObject = rest;
	for (const branch of Array.isArray(allOf) ? allOf.filter(isJsonObject) : []) {
		flat = absorb(flat, flatten(branch), true);
	}

	for (const branch of [yes, no].filter(isJsonObject)) {
		flat = absorb(flat, flatten(branch), false);
	}

	return flat;
};

const isNull = (schema: JsonObject): boolean => schema['type'] === 'null' || schema['const'] === null;

/** `anyOf` and `oneOf`: null is `nullable`, one branch is the node itself, branches beside properties only add to them. */
const choose = (node: JsonObject): JsonObject => {
	const {anyOf: _any, oneOf: _one, ...rest} = node;
	const all = [...objectsField(node, 'anyOf'), ...objectsField(node, 'oneOf')];
	const branches = all.filter(branch => !isNull(branch));
	const nullable = branches.length < all.length ? {nullable: true} : {};
	if (all.length === 0) {
		return rest;
	}

	const [only] = branches;
	if (branches.length === 1 && only !== undefined) {
		return choose(flatten({...absorb(rest, only, true), ...nullable}));
	}

	if (isJsonObject(rest['properties'])) {
		return {...branches.reduce((sum, branch) => absorb(sum, flatten(branch), false), rest), ...nullable};
	}

	return {...rest, ...nullable, ...(branches.length > 0 && {anyOf: branches})};
};

const typeOf = (node: JsonObject): {readonly type: string; readonly isNullable: boolean} => {
	const stated = node['type'];
	const types = textsOf(Array.isArray(stated) ? stated : [stated]);
	const type = types.find(each => each !== 'null');
	const guessed = isJsonObject(node['properties']) ? 'object' : node['items'] === undefined ? 'string' : 'array';
	return {type: type ?? guessed, isNullable: types.includes('null')};
};

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Constraints that the server would refuse, said to the model instead. */
const describe = (node: JsonObject): string | undefined => {
	const hints = hinted
		.filter(name => node[name] !== undefined && !(name === 'format' && formats.has(node[name])))
		.map(name => `(${name}: ${valueText(node[name])})`);
	const texts = [textField(node, 'description') ?? '', ...hints].filter(text => text !== '');
	return texts.length === 0 ? undefined : texts.join(' ');
};

const enumOf = (node: JsonObject): readonly unknown[] | undefined => {
	const {const: constant, enum: listed} = node;
	return constant === undefined ? (Array.isArray(listed) ? listed : undefined) : [constant];
};

const cleanObject = (node: JsonObject): JsonObject => {
	const properties = isJsonObject(node['properties']) ? node['properties'] : {};
	const entries = Object.entries(properties).map(([name, child]) => [name, clean(child)] as const);
	const required = textsOf(node['required']).filter(name => Object.hasOwn(properties, name));
	return {
		...(entries.length > 0 && {properties: Object.fromEntries(entries)}),
		...(required.length > 0 && {required}),
	};
};

const itemsOf = (node: JsonObject): JsonObject => {
	const {items, prefixItems} = node;
	const tuple: unknown = Array.isArray(items) ? items[0] : Array.isArray(prefixItems) ? prefixItems[0] : undefined;
	const found = isJsonObject(items) ? items : tuple;
	return {items: isJsonObject(found) ? clean(found) : {type: 'string'}};
};

/** An `anyOf` has to stand alone: what was said beside it goes to its branches. */
const cleanChoice = (
	branches: readonly JsonObject[],
	description: string | undefined,
	nullable: boolean,
): JsonObject => ({
	anyOf: branches.map((branch, index) => {
		const cleaned = clean(branch);
		const text = [index === 0 ? description : undefined, textField(cleaned, 'description')]
			.filter(each => each !== undefined)
			.join(' ');
		return {...cleaned, ...(text !== '' && {description: text}), ...(nullable && {nullable})};
	}),
});

function clean(value: unknown): JsonObject {
	const node = choose(flatten(repair(isJsonObject(value) ? value : {})));
	const {type, isNullable} = typeOf(node);
	const values = enumOf(node);
	const nullable = node['nullable'] === true || isNullable || (values?.includes(null) ?? false);
	const description = describe(node);
	const branches = objectsField(node, 'anyOf');
	if (branches.length > 0) {
		return cleanChoice(branches, description, nullable);
	}

	const words = values?.filter(each => each !== null).map(valueText);
	const kept = formats.has(node['format']) ? node['format'] : undefined;
	return compact({
		type: words === undefined ? type : 'string',
		format: kept,
		description,
		nullable: nullable ? true : undefined,
		enum: words !== undefined && words.length > 0 ? words : undefined,
		...(type === 'object' && words === undefined && cleanObject(node)),
		...(type === 'array' && words === undefined && itemsOf(node)),
	});
}

/** A schema for Google's `parameters`; undefined for an object without properties, which has to be left out. */
export const cleanSchema = (schema: JsonObject): JsonObject | undefined => {
	const cleaned = clean(inlineReferences(schema));
	return cleaned['type'] === 'object' && cleaned['properties'] === undefined ? undefined : cleaned;
};
