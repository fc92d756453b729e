import {isJsonObject, objectField, type JsonObject} from '../../../wire/json-value.ts';
import {functionShape} from '../../codec/shim.ts';
import type {MappedTool, ToolMap} from '../../codec/tool-map.ts';
import {limits} from '../../../wire/limits.ts';
import {fieldValue, fitValue, misfit} from './fit-value.ts';
import {readLooseJson} from '../read/loose-json.ts';
import {
	commandKeys,
	extractCommand,
	hasBalancedQuotes,
	isRunnable,
	isShell,
	toolFor,
	unwrapCommand,
} from './shell-command.ts';
import type {TextCall} from '../read/text-call.ts';

/** A call that may be handed to the client. */
export interface FittedCall {
	readonly format: TextCall['format'];
	readonly wireName: string;
	/** JSON of the function that the provider knows the tool as. */
	readonly arguments: string;
}

/** Why a text is no call: nobody declared its tool, or its arguments are not what the tool takes. */
export type Refusal = 'undeclared-tool' | 'wrong-arguments';

const pathKeys: readonly string[] = ['path', 'file_path', 'filename'];

/** What only a person may decide, or what outlives the call: a text never brings it (translation.md 5.4, no escalation from text). */
const neverFromText: readonly string[] = [
	'prefix_rule',
	'justification',
	'with_escalated_permissions',
	'additional_permissions',
	'with_additional_permissions',
	// Claude Code's way out of its sandbox.
	'dangerouslyDisableSandbox',
];

const propertiesOf = (schema: JsonObject): JsonObject => objectField(schema, 'properties');

const declaredKey = (key: string, schema: JsonObject): string => {
	const known = Object.keys(propertiesOf(schema));
	if (known.includes(key)) {
		return key;
	}

	if (commandKeys.includes(key)) {
		return commandKeys.find(each => known.includes(each)) ?? key;
	}

	const paths = pathKeys.includes(key) ? pathKeys.filter(each => known.includes(each)) : [];
	return paths.length === 1 ? (paths[0] ?? key) : key;
};

const withDeclaredKeys = (value: JsonObject, schema: JsonObject): JsonObject =>
	Object.fromEntries(Object.entries(value).map(([key, field]) => [declaredKey(key, schema), field]));

const rawInput = (value: JsonObject): JsonObject => {
	const texts = ['input', 'patch', 'content', 'command', 'cmd'].map(key => value[key]);
	return {input: texts.find(text => typeof text === 'string')};
};

/** The arguments as an object, before anything is checked; undefined where they cannot be read. */
const readArguments = (call: TextCall, mapped: MappedTool, schema: JsonObject): JsonObject | undefined => {
	const given = call.arguments;
	switch (given.kind) {
		case 'value': {
			return given.value;
		}

		case 'raw': {
			return mapped.tool.kind === 'custom' ? {input: given.text} : undefined;
		}

		case 'fields': {
			const hasEntities = call.format === 'T5' || call.format === 'T11';
			return Object.fromEntries(
				given.fields.map(({key, text, isString}) => {
					const property = propertiesOf(schema)[declaredKey(key, schema)];
					return [key, fieldValue(text, isJsonObject(property) ? property : undefined, {isString, hasEntities})];
				}),
			);
		}

		case 'json': {
			const value = given.text.trim() === '' ? {} : readLooseJson(given.text);
			const inner = typeof value === 'string' ? readLooseJson(value) : value;
			if (isJsonObject(inner)) {
				return inner;
			}

			if (mapped.tool.kind === 'custom') {
				return {input: given.text};
			}

			return isShell(mapped) ? extractCommand(given.text, Object.keys(propertiesOf(schema))) : undefined;
		}
	}
};

/** Only a listed word that asks for no more than usual; anything else is left out. */
const fitSandbox = (value: unknown): string | undefined => {
	const word: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
	return typeof word === 'string' && !/escalat/i.test(word) ? word : undefined;
};

const withoutEscalation = (value: JsonObject): JsonObject => {
	const kept = Object.entries(value).filter(([key]) => !neverFromText.includes(key));
	const {sandbox_permissions: asked, ...rest} = Object.fromEntries(kept);
	const sandbox = fitSandbox(asked);
	return sandbox === undefined ? rest : {...rest, sandbox_permissions: sandbox};
};

/** A command in the form that its tool takes; undefined where it is none. */
const fitCommand = (value: JsonObject, schema: JsonObject): JsonObject | undefined => {
	const key = commandKeys.find(each => each in propertiesOf(schema)) ?? 'command';
	const command = unwrapCommand(value[key] ?? (value['input'] === undefined ? value['arguments'] : value['input']));
	if (!isRunnable(command)) {
		return undefined;
	}

	const wantsList = objectField(propertiesOf(schema), key)['type'] === 'array';
	return {...value, [key]: wantsList && typeof command === 'string' ? ['bash', '-lc', command] : command};
};

const fitFields = (value: JsonObject, schema: JsonObject): JsonObject | undefined => {
	const properties = propertiesOf(schema);
	const fitted: Array<readonly [string, unknown]> = [];
	for (const [key, field] of Object.entries(value)) {
		const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
		if (property === undefined) {
			if (schema['additionalProperties'] !== false) {
				fitted.push([key, field]);
			}

			continue;
		}

		const fit = isJsonObject(property) ? fitValue(field, property) : field;
		const isLeftOut = fit === misfit && (field === null || key === 'sandbox_permissions');
		if (fit === misfit && !isLeftOut) {
			return undefined;
		}

		if (!isLeftOut) {
			fitted.push([key, fit]);
		}
	}

	const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
	const keys = new Set(fitted.map(([key]) => key));
	return required.every(key => typeof key === 'string' && keys.has(key)) ? Object.fromEntries(fitted) : undefined;
};

const fitArguments = (call: TextCall, mapped: MappedTool): JsonObject | undefined => {
	const schema = functionShape(mapped.tool).parameters;
	const given = readArguments(call, mapped, schema);
	if (given === undefined) {
		return undefined;
	}

	if (mapped.tool.kind === 'custom') {
		const {input} = rawInput(given);
		return typeof input === 'string' && input.trim() !== '' ? {input} : undefined;
	}

	const named = withoutEscalation(withDeclaredKeys(given, schema));
	const shaped = isShell(mapped) ? fitCommand(named, schema) : named;
	return shaped && fitFields(shaped, schema);
};

/** Whether values lie deeper than that: no client takes them, and nobody's stack holds all depths. */
const isDeeper = (value: unknown, levels: number): boolean =>
	typeof value === 'object' &&
	value !== null &&
	(levels === 0 || Object.values(value).some(each => isDeeper(each, levels - 1)));

const isCutCommand = ({format, arguments: given}: TextCall): boolean =>
	format === 'T2' && given.kind === 'fields' && given.fields.some(({text}) => !hasBalancedQuotes(text));

/**
 * A call that every guard lets through (translation.md 5.2, 5.4): its tool is declared, its arguments are what the tool's schema asks
 * for, and nothing of it asks for more rights. Otherwise why it is none.
 */
export const fitCall = (call: TextCall, tools: ToolMap): FittedCall | Refusal => {
	const mapped = toolFor(call.name, tools);
	if (mapped === undefined) {
		return 'undeclared-tool';
	}

	const fitted = isCutCommand(call) ? undefined : fitArguments(call, mapped);
	return fitted === undefined || isDeeper(fitted, limits.jsonDepth)
		? 'wrong-arguments'
		: {format: call.format, wireName: mapped.wireName, arguments: JSON.stringify(fitted)};
};
