import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {LossLog} from '../loss.ts';
import type {CallableTool, ToolDeclaration} from '../tool.ts';

interface Namespace {
	readonly name: string | undefined;
	readonly description: string | undefined;
}

const topLevel: Namespace = {name: undefined, description: undefined};

const baseFields = ['type', 'name', 'description', 'parameters', 'strict', 'format'];

const nothing: JsonObject = {};

const extraOf = (raw: JsonObject): JsonObject =>
	Object.keys(raw).every(name => baseFields.includes(name))
		? nothing
		: Object.fromEntries(Object.entries(raw).filter(([name]) => !baseFields.includes(name)));

const declared = (raw: JsonObject, fallbackName: string, namespace: Namespace) => ({
	namespace: namespace.name,
	namespaceDescription: namespace.description,
	name: textField(raw, 'name') ?? fallbackName,
	description: textField(raw, 'description'),
	extra: extraOf(raw),
});

const parametersOf = (raw: JsonObject): JsonObject | undefined => {
	const parameters = raw['parameters'];
	return isJsonObject(parameters) ? parameters : undefined;
};

const functionTool = (raw: JsonObject, namespace: Namespace): CallableTool => ({
	kind: 'function',
	...declared(raw, '', namespace),
	parameters: parametersOf(raw),
	strict: typeof raw['strict'] === 'boolean' ? raw['strict'] : undefined,
});

const customTool = (raw: JsonObject, namespace: Namespace): CallableTool => ({
	kind: 'custom',
	...declared(raw, '', namespace),
	format: isJsonObject(raw['format']) ? raw['format'] : undefined,
});

const decodeNamespace = (raw: JsonObject, losses: LossLog): readonly ToolDeclaration[] => {
	const namespace = {name: textField(raw, 'name'), description: textField(raw, 'description')};
	const children = Array.isArray(raw['tools']) ? raw['tools'] : [];
	return children.flatMap(child => decodeOne(child, namespace, losses));
};

function decodeOne(raw: unknown, namespace: Namespace, losses: LossLog): readonly ToolDeclaration[] {
	if (typeof raw === 'string') {
		// Old clients name a freeform tool by a bare string (translation.md 1.6).
		return [customTool({name: raw}, namespace)];
	}

	if (!isJsonObject(raw)) {
		losses.add('broken-tool', 'An entry of tools is neither an object nor a name and was left out.');
		return [];
	}

	switch (raw['type']) {
		case 'function': {
			return [functionTool(raw, namespace)];
		}

		case 'custom': {
			return [customTool(raw, namespace)];
		}

		case 'namespace': {
			return decodeNamespace(raw, losses);
		}

		case 'tool_search': {
			return [{kind: 'tool-search', ...declared(raw, 'tool_search', namespace), parameters: parametersOf(raw)}];
		}

		case 'local_shell':
		case 'shell':
		case 'apply_patch': {
			const kind = raw['type'] === 'shell' ? 'shell' : raw['type'] === 'apply_patch' ? 'apply-patch' : 'local-shell';
			return [{kind, ...declared(raw, raw['type'], namespace), parameters: undefined}];
		}

		default: {
			const name = textField(raw, 'type') ?? 'unknown';
			return [{kind: 'hosted', name: name.startsWith('web_search') ? 'web_search' : name, raw}];
		}
	}
}

/** The `tools` of a Responses request, of an `additional_tools` or of a `tool_search_output` item; namespaces are flattened. */
export const decodeTools = (tools: unknown, losses: LossLog): readonly ToolDeclaration[] =>
	Array.isArray(tools) ? tools.flatMap(tool => decodeOne(tool, topLevel, losses)) : [];
