import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {BridgeRequest, Item, ToolChoice} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {isStrictSchema} from '../schema.ts';
import {functionShape} from '../shim.ts';
import {declaredTools, type MappedTool, type ToolMap} from '../tool-map.ts';
import {isSameTool, referenceOf, type HostedTool} from '../tool.ts';
import {cacheControl} from './encode-content.ts';

/** What encoding tools needs besides the tools. */
export interface ToolsContext {
	readonly quirks: ProviderQuirks;
	readonly map: ToolMap;
	readonly losses: LossLog;
}

/** Anthropic refuses a choice between schemas at the root of a tool. */
const rootUnions = ['anyOf', 'oneOf', 'allOf'];

const inputSchema = (parameters: JsonObject, losses: LossLog): JsonObject => {
	if (!rootUnions.some(name => name in parameters)) {
		return parameters;
	}

	losses.add(
		'schema-union',
		'A tool has a choice between schemas at its root, which Messages refuses; it was left out.',
	);
	return Object.fromEntries(Object.entries(parameters).filter(([name]) => !rootUnions.includes(name)));
};

const encodeTool = ({tool, wireName}: MappedTool, {quirks, losses}: ToolsContext): JsonObject => {
	const {description, parameters} = functionShape(tool);
	const isStrict = quirks.messages.structuredOutput && tool.kind === 'function' && tool.strict === true;
	return compact({
		name: wireName,
		description: description === '' ? undefined : description,
		input_schema: inputSchema(parameters, losses),
		strict: isStrict && isStrictSchema(parameters) ? true : undefined,
		cache_control: cacheControl(tool.cacheHint),
	});
};

/** A hosted tool as this provider runs it; undefined where it has none. */
const encodeHosted = ({name, raw}: HostedTool, {quirks}: ToolsContext): JsonObject | undefined => {
	const isNative = quirks.family === 'anthropic' && /_\d{8}$/.test(String(raw['type']));
	return isNative ? raw : name === 'web_search' ? quirks.messages.webSearch : undefined;
};

const hostedTools = (request: BridgeRequest, context: ToolsContext): readonly JsonObject[] => {
	const byName = new Map<string, JsonObject>();
	for (const tool of declaredTools(request)) {
		const encoded = tool.kind === 'hosted' ? encodeHosted(tool, context) : undefined;
		if (tool.kind === 'hosted' && encoded === undefined) {
			context.losses.add('hosted-tool', `The tool ${tool.name} runs at its own provider and was not offered here.`);
		} else if (tool.kind === 'hosted' && encoded !== undefined && !byName.has(tool.name)) {
			byName.set(tool.name, encoded);
		}
	}

	return [...byName.values()];
};

const encodeChoice = (choice: ToolChoice, map: ToolMap): JsonObject => {
	switch (choice.mode) {
		case 'auto':
		case 'none': {
			return {type: choice.mode};
		}

		case 'required': {
			return {type: 'any'};
		}

		case 'allowed': {
			return {type: choice.isRequired ? 'any' : 'auto'};
		}

		case 'tool': {
			// A tool that is not offered cannot be forced (translation.md 8, case 14).
			return map.has(choice.tool) ? {type: 'tool', name: map.wireNameOf(choice.tool)} : {type: 'auto'};
		}
	}
};

const toolChoice = ({toolChoice: wanted, parallelToolCalls}: BridgeRequest, map: ToolMap): JsonObject | undefined => {
	const choice = wanted && encodeChoice(wanted, map);
	return parallelToolCalls !== false || choice?.['type'] === 'none'
		? choice
		: {...(choice ?? {type: 'auto'}), disable_parallel_tool_use: true};
};

/**
 * A history with calls but no tools (a client's compaction): several servers behind this dialect refuse it, so the tools are
 * named again and forbidden (translation.md 2.13).
 */
const namedAgain = (items: readonly Item[], map: ToolMap): JsonObject => {
	const names = new Set(items.flatMap(item => (item.type === 'call' ? [map.wireNameOf(item.tool)] : [])));
	const tools = [...names].map(name => ({name, input_schema: {type: 'object', properties: {}}}));
	return tools.length === 0 ? {} : {tools, tool_choice: {type: 'none'}};
};

/** The tool fields of a Messages request (translation.md 3.1). */
export const encodeTools = (request: BridgeRequest, items: readonly Item[], context: ToolsContext): JsonObject => {
	const choice = request.toolChoice;
	const offered = context.map
		.list()
		.filter(({tool}) => choice?.mode !== 'allowed' || choice.tools.some(one => isSameTool(one, referenceOf(tool))));
	const tools = [...offered.map(mapped => encodeTool(mapped, context)), ...hostedTools(request, context)];
	return tools.length === 0
		? namedAgain(items, context.map)
		: compact({tools, tool_choice: toolChoice(request, context.map)});
};

/** Whether a tool choice leaves the model no choice. */
export const isForcing = (choice: unknown): boolean =>
	typeof choice === 'object' &&
	choice !== null &&
	'type' in choice &&
	(choice.type === 'any' || choice.type === 'tool');
