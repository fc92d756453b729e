import {isJsonObject, type JsonObject} from '../../wire/json-value.ts';

const emptySchema: JsonObject = {type: 'object', properties: {}};

/** Whether Codex's mark on texts for sub-agents is somewhere in it; hardly any schema has one. */
const hasMarks = (node: JsonObject): boolean => {
	const {encrypted, properties, items} = node;
	return (
		typeof encrypted === 'boolean' ||
		(isJsonObject(properties) && Object.values(properties).some(child => isJsonObject(child) && hasMarks(child))) ||
		(isJsonObject(items) && hasMarks(items))
	);
};

/** A schema node without `encrypted`, Codex's mark on texts for sub-agents; a property of that name stays. */
const withoutMarks = (node: JsonObject): JsonObject => {
	if (!hasMarks(node)) {
		return node;
	}

	const {encrypted, ...rest} = node;
	const kept = typeof encrypted === 'boolean' ? rest : node;
	const {properties, items} = kept;
	return {
		...kept,
		...(isJsonObject(properties) && {
			properties: Object.fromEntries(
				Object.entries(properties).map(([name, child]) => [name, isJsonObject(child) ? withoutMarks(child) : child]),
			),
		}),
		...(isJsonObject(items) && {items: withoutMarks(items)}),
	};
};

const withoutDialect = ({$schema: _dialect, ...rest}: JsonObject): JsonObject => rest;

/**
 * A tool's parameters as every strict server takes them (translation.md 1.6): the root is an object schema with `properties`,
 * `$schema` and Codex's own marks are gone. Key order is kept: providers cache by bytes.
 */
export const objectSchema = (parameters: JsonObject | undefined): JsonObject => {
	if (parameters === undefined || Object.keys(parameters).length === 0) {
		return emptySchema;
	}

	const unmarked = withoutMarks(parameters);
	const rest = '$schema' in unmarked ? withoutDialect(unmarked) : unmarked;
	if (rest['type'] === 'object' && isJsonObject(rest['properties'])) {
		return rest;
	}

	const {type: _type, properties, ...others} = rest;
	return {type: 'object', properties: isJsonObject(properties) ? properties : {}, ...others};
};

/** Whether a schema already fulfils the rules of strict mode: every object closed, every property required. */
export const isStrictSchema = (schema: JsonObject): boolean => {
	const {properties} = schema;
	if (schema['type'] === 'object' || isJsonObject(properties)) {
		const names = isJsonObject(properties) ? Object.keys(properties) : [];
		const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
		if (schema['additionalProperties'] !== false || !names.every(name => required.includes(name))) {
			return false;
		}
	}

	const children = [...(isJsonObject(properties) ? Object.values(properties) : []), schema['items']];
	return children.filter(isJsonObject).every(isStrictSchema);
};
