import {isJsonObject, type JsonObject} from '../../../wire/json-value.ts';

const typeNames: ReadonlySet<string> = new Set(['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL']);

const typeOf = (type: unknown, isNullable: boolean): unknown => {
	const name = typeof type === 'string' && typeNames.has(type.toUpperCase()) ? type.toLowerCase() : type;
	return isNullable && typeof name === 'string' ? [name, 'null'] : name;
};

const decodeEach = (map: JsonObject): JsonObject =>
	Object.fromEntries(
		Object.entries(map).map(([name, child]) => [name, isJsonObject(child) ? decodeSchema(child) : child]),
	);

/** Google's own schema (`STRING`, `nullable`) as JSON Schema; property names are left alone. */
export function decodeSchema(schema: JsonObject): JsonObject {
	const {nullable, ...rest} = schema;
	return Object.fromEntries(
		Object.entries(rest).map(([key, value]): [string, unknown] => {
			if (key === 'type') {
				return [key, typeOf(value, nullable === true)];
			}

			if (key === 'properties' && isJsonObject(value)) {
				return [key, decodeEach(value)];
			}

			if (key === 'anyOf' && Array.isArray(value)) {
				return [key, value.filter(isJsonObject).map(decodeSchema)];
			}

			return [key, key === 'items' && isJsonObject(value) ? decodeSchema(value) : value];
		}),
	);
}
