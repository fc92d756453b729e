import {isJsonObject, objectField, type JsonObject} from '../../../wire/json-value.ts';

/*
 * JSON Schema as the public generateContent API takes it (translation.md 3.4). Only schema nodes are touched: a property that is
 * named like a keyword survives.
 */

/** Keywords that the API refuses, and says nothing useful to a model. */
const removed = new Set([
	'$schema',
	'$id',
	'$ref',
	'$defs',
	'definitions',
	'$comment',
	'additionalProperties',
	'patternProperties',
	'propertyNames',
	'unevaluatedProperties',
	'unevaluatedItems',
	'contentEncoding',
	'contentMediaType',
	'deprecated',
	'readOnly',
	'writeOnly',
	'title',
	'strict',
]);

/** Constraints that the API ignores: a hint in the description keeps them for the model. */
const hinted = [
	'minLength',
	'maxLength',
	'pattern',
	'minItems',
	'maxItems',
	'minimum',
	'maximum',
	'exclusiveMinimum',
	'exclusiveMaximum',
	'multipleOf',
	'uniqueItems',
	'default',
	'examples',
];

const formats = new Set(['int32', 'int64', 'float', 'double', 'date-time', 'enum']);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The node that a local `$ref` means; a reference that leads to itself becomes an object that names it. */
const resolve = (
	node: JsonObject,
	root: JsonObject,
	seen: readonly string[],
): {readonly node: JsonObject; readonly seen: readonly string[]} => {
	const reference = node['$ref'];
	if (typeof reference !== 'string') {
		return {node, seen};
	}

	if (seen.includes(reference) || !reference.startsWith('#/')) {
		return {node: {type: 'object', description: `see ${reference}`}, seen};
	}

	let target: unknown = root;
	for (const step of reference.slice(2).split('/')) {
		target = isJsonObject(target) ? target[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
	}

	const {$ref: _reference, ...rest} = node;
	const found = isJsonObject(target) ? {...target, ...rest} : {type: 'object', description: `see ${reference}`};
	return resolve(found, root, [...seen, reference]);
};

const mergeAll = (node: JsonObject): JsonObject => {
	const parts = Array.isArray(node['allOf']) ? node['allOf'].filter(isJsonObject) : [];
	const conditional = [node['then'], node['else']].filter(isJsonObject);
	const {allOf: _all, if: _if, then: _then, else: _else, not: _not, ...rest} = node;
	let merged: JsonObject = rest;
	const branches = conditional.map((one): JsonObject => ({properties: one['properties']}));
	for (const part of [...parts, ...branches]) {
		const properties = {...objectField(part, 'properties'), ...objectField(merged, 'properties')};
		const required = [merged['required'], part['required']].filter(names => Array.isArray(names)).flat();
		merged = {
			...part,
			...merged,
			...(Object.keys(properties).length > 0 && {properties}),
			...(required.length > 0 && {required}),
		};
	}

	return merged;
};

const isNull = (node: JsonObject): boolean => node['type'] === 'null';

/** `anyOf`/`oneOf` and lists of types: a null branch is `nullable`, one branch is the node, several stay branches. */
const unite = (node: JsonObject): JsonObject => {
	const {anyOf, oneOf, type, ...rest} = node;
	const branches = (Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : []).filter(isJsonObject);
	const real = branches.filter(branch => !isNull(branch));
	const types: readonly unknown[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
	const first = types.find(one => one !== 'null');
	const isNullable = real.length < branches.length || (types.length > 1 && types.includes('null'));
	const [only] = real;
	return {
		...(first !== undefined && {type: first}),
		...rest,
		...(real.length === 1 && only !== undefined ? only : real.length > 1 && {anyOf: real}),
		...(isNullable && {nullable: true}),
	};
};

const withHints = (node: JsonObject): JsonObject => {
	const hints = hinted.filter(name => node[name] !== undefined).map(name => `${name}: ${textOf(node[name])}`);
	const format =
		typeof node['format'] === 'string' && !formats.has(node['format']) ? [`format: ${node['format']}`] : [];
	const all = [...hints, ...format];
	if (all.length === 0) {
		return node;
	}

	const description = typeof node['description'] === 'string' ? `${node['description']} ` : '';
	const kept = Object.entries(node).filter(
		([name]) => !hinted.includes(name) && (name !== 'format' || format.length === 0),
	);
	return {...Object.fromEntries(kept), description: `${description}(${all.join(', ')})`};
};

const withEnum = (node: JsonObject): JsonObject => {
	const {const: only, ...rest} = node;
	const values: readonly unknown[] | undefined =
		only === undefined ? (Array.isArray(node['enum']) ? node['enum'] : undefined) : [only];
	return values === undefined ? rest : {...rest, type: 'string', enum: values.map(textOf)};
};

const clean = (raw: unknown, root: JsonObject, seen: readonly string[]): JsonObject => {
	if (!isJsonObject(raw)) {
		return {type: 'string'};
	}

	const resolved = resolve(raw, root, seen);
	const node = withHints(withEnum(unite(mergeAll(resolved.node))));
	const entries = Object.entries(node).filter(([name]) => !removed.has(name) && !name.startsWith('x-'));
	const shallow = Object.fromEntries(entries);
	return cleanChildren(shallow, root, resolved.seen);
};

function cleanChildren(node: JsonObject, root: JsonObject, seen: readonly string[]): JsonObject {
	const properties = Object.fromEntries(
		Object.entries(objectField(node, 'properties')).map(([name, child]) => [name, clean(child, root, seen)]),
	);
	const required = Array.isArray(node['required'])
		? node['required'].filter(name => typeof name === 'string' && name in properties)
		: [];
	const {properties: _properties, required: _required, items, anyOf, ...rest} = node;
	const isArray = node['type'] === 'array';
	return {
		...rest,
		...(isJsonObject(node['properties']) && {properties}),
		...(required.length > 0 && {required}),
		...(isArray && {items: items === undefined ? {type: 'string'} : clean(items, root, seen)}),
		...(Array.isArray(anyOf) && {anyOf: anyOf.map(branch => clean(branch, root, seen))}),
	};
}

/** A tool's parameters for `functionDeclarations[].parameters`; undefined for an empty object, which the API refuses. */
export const cleanSchema = (schema: JsonObject): JsonObject | undefined => {
	const cleaned = clean(schema, schema, []);
	return cleaned['type'] === 'object' && Object.keys(objectField(cleaned, 'properties')).length === 0
		? undefined
		: cleaned;
};
