import {isJsonObject, type JsonObject} from '../../../wire/json-value.ts';

/** A schema that unfolds to more nodes than this is cut: references can make it grow without end. */
const maxNodes = 10_000;

const stepInto = (value: unknown, step: string): unknown => {
	const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
	if (Array.isArray(value)) {
		return value[Number(name)];
	}

	return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
};

const targetOf = (root: JsonObject, reference: string): unknown => {
	try {
		return reference === '#' ? root : reference.slice(2).split('/').reduce<unknown>(stepInto, root);
	} catch {
		// A `%` that encodes nothing: such a reference leads nowhere.
		return undefined;
	}
};

const leadsBack = (reference: string): JsonObject => ({
	type: 'object',
	description: `see ${reference.split('/').at(-1)}`,
});

/** Puts what `$ref` points at in its place, for servers that know no references (translation.md 3.4); a cycle ends in a plain object. */
export const inlineReferences = (root: JsonObject): JsonObject => {
	let nodes = 0;
	const walk = (value: unknown, open: readonly string[]): unknown => {
		nodes += 1;
		if (Array.isArray(value)) {
			return value.map(element => walk(element, open));
		}

		if (!isJsonObject(value)) {
			return value;
		}

		const {$ref: reference, ...beside} = value;
		if (typeof reference !== 'string') {
			return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child, open)]));
		}

		const target = open.includes(reference) || nodes > maxNodes ? undefined : targetOf(root, reference);
		const found = isJsonObject(target) ? walk(target, [...open, reference]) : leadsBack(reference);
		const kept = Object.entries(beside).map(([key, child]) => [key, walk(child, open)]);
		return isJsonObject(found) ? {...found, ...Object.fromEntries(kept)} : found;
	};
	const {$defs: _defs, definitions: _definitions, ...schema} = root;
	// Definitions are unfolded where they are used and nowhere else.
	const inlined = walk('$ref' in root ? {$ref: root['$ref']} : schema, []);
	return isJsonObject(inlined) ? inlined : {};
};
