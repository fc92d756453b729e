import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {BridgeRequest, ToolChoice} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {isStrictSchema} from '../schema.ts';
import {functionShape} from '../shim.ts';
import type {MappedTool, ToolMap} from '../tool-map.ts';
import {declaredTools} from '../tool-map.ts';
import {isSameTool, type ToolReference} from '../tool.ts';

const chatTool = ({tool, wireName}: MappedTool, {chat}: ProviderQuirks): JsonObject => {
	const {description, parameters} = functionShape(tool);
	const isStrict = chat.strict && tool.kind === 'function' && tool.strict === true && isStrictSchema(parameters);
	const strict = isStrict ? {strict: true} : {};
	return {type: 'function', function: compact({name: wireName, description, parameters, ...strict})};
};

/** The hosted tools of a request that this provider has too; the others are losses (translation.md 1.6). */
const hostedTools = (request: BridgeRequest, {chat}: ProviderQuirks, losses: LossLog): readonly JsonObject[] => {
	const hosted = declaredTools(request).filter(tool => tool.kind === 'hosted');
	const search = hosted.find(({name}) => name === 'web_search');
	for (const {name} of hosted) {
		if (name !== 'web_search' || chat.webSearch === undefined) {
			losses.add('hosted-tool', `The tool ${name} runs at its own provider and was not offered here.`);
		}
	}

	return search !== undefined && chat.webSearch !== undefined ? [chat.webSearch] : [];
};

const isAllowed = ({tool}: MappedTool, references: readonly ToolReference[]): boolean =>
	references.some(reference => isSameTool(reference, {kind: tool.kind, namespace: tool.namespace, name: tool.name}));

const forcedWord = ({chat}: ProviderQuirks): string => (chat.forced === 'native' ? 'required' : chat.forced);

const encodeChoice = (choice: ToolChoice, map: ToolMap, quirks: ProviderQuirks): unknown => {
	switch (choice.mode) {
		case 'auto':
		case 'none': {
			return choice.mode;
		}

		case 'required': {
			return forcedWord(quirks);
		}

		case 'allowed': {
			return choice.isRequired ? forcedWord(quirks) : 'auto';
		}

		case 'tool': {
			const mapped = map.find(map.wireNameOf(choice.tool));
			// A tool that is not offered cannot be forced (translation.md 8, case 14).
			return mapped === undefined || quirks.chat.forced === 'auto'
				? 'auto'
				: {type: 'function', function: {name: mapped.wireName}};
		}
	}
};

/** The tool fields of a Chat request; empty when no tool is left, because strict servers answer 400 to a choice without tools. */
export const encodeTools = (
	request: BridgeRequest,
	map: ToolMap,
	{quirks, losses}: {readonly quirks: ProviderQuirks; readonly losses: LossLog},
): JsonObject => {
	const choice = request.toolChoice;
	const allowed =
		choice?.mode === 'allowed' ? map.list().filter(mapped => isAllowed(mapped, choice.tools)) : map.list();
	const tools = [...allowed.map(mapped => chatTool(mapped, quirks)), ...hostedTools(request, quirks, losses)];
	if (tools.length === 0 || (choice?.mode === 'none' && quirks.chat.noneDropsTools)) {
		return {};
	}

	return compact({
		tools,
		tool_choice: choice === undefined ? undefined : encodeChoice(choice, map, quirks),
		parallel_tool_calls: quirks.chat.parallelToolCalls ? request.parallelToolCalls : undefined,
	});
};

/** Whether a tool choice leaves the model no choice. */
export const isForcing = (choice: unknown): boolean =>
	choice === 'required' || choice === 'any' || typeof choice === 'object';
