import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {BridgeRequest, ToolChoice} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {GeminiRequestQuirks, ProviderQuirks} from '../quirks.ts';
import {functionShape} from '../shim.ts';
import {declaredTools, type MappedTool, type ToolMap} from '../tool-map.ts';
import {isSameTool, referenceOf, type ToolReference} from '../tool.ts';
import {cleanSchema} from './clean-schema.ts';
import {googleName} from './tool-name.ts';

const declaration = ({tool, wireName}: MappedTool, {jsonSchema}: GeminiRequestQuirks): JsonObject => {
	const {description, parameters} = functionShape(tool);
	const schema = jsonSchema ? {parametersJsonSchema: parameters} : {parameters: cleanSchema(parameters)};
	return compact({name: googleName(wireName), description: description ?? '', ...schema});
};

const isAllowed = ({tool}: MappedTool, references: readonly ToolReference[]): boolean =>
	references.some(reference => isSameTool(reference, referenceOf(tool)));

const callingConfig = (choice: ToolChoice, map: ToolMap): JsonObject => {
	switch (choice.mode) {
		case 'auto': {
			return {mode: 'AUTO'};
		}

		case 'none': {
			return {mode: 'NONE'};
		}

		case 'required': {
			return {mode: 'ANY'};
		}

		case 'allowed': {
			return {mode: choice.isRequired ? 'ANY' : 'AUTO'};
		}

		case 'tool': {
			const mapped = map.find(map.wireNameOf(choice.tool));
			// A tool that is not offered cannot be forced (translation.md 8, case 14).
			return mapped === undefined ? {mode: 'AUTO'} : {mode: 'ANY', allowedFunctionNames: [googleName(mapped.wireName)]};
		}
	}
};

/** Whether Google Search is offered; hosted tools that are not are losses. */
const offersSearch = (
	request: BridgeRequest,
	hasFunctions: boolean,
	{quirks: {gemini}, losses}: {readonly quirks: ProviderQuirks; readonly losses: LossLog},
): boolean => {
	const canSearch = gemini.search === 'mixed' || (gemini.search === 'alone' && !hasFunctions);
	const hosted = declaredTools(request).filter(tool => tool.kind === 'hosted');
	for (const {name} of hosted) {
		if (name !== 'web_search' || !canSearch) {
			losses.add('hosted-tool', `The tool ${name} runs at its own provider and was not offered here.`);
		}
	}

	return canSearch && hosted.some(({name}) => name === 'web_search');
};

/** `tools` and `toolConfig`; empty when no tool is left. */
export const encodeTools = (
	request: BridgeRequest,
	map: ToolMap,
	{quirks, losses}: {readonly quirks: ProviderQuirks; readonly losses: LossLog},
): JsonObject => {
	const choice = request.toolChoice;
	const listed = choice?.mode === 'allowed' ? map.list().filter(tool => isAllowed(tool, choice.tools)) : map.list();
	const functions = listed.map(mapped => declaration(mapped, quirks.gemini));
	const hasSearch = offersSearch(request, functions.length > 0, {quirks, losses});
	if (functions.length > 0 && request.parallelToolCalls === false) {
		losses.add('parallel-calls', 'Google has no switch against parallel tool calls; they may come.');
	}

	const tools = [
		...(functions.length > 0 ? [{functionDeclarations: functions}] : []),
		...(hasSearch ? [{googleSearch: {}}] : []),
	];
	return compact({
		tools: tools.length > 0 ? tools : undefined,
		toolConfig:
			functions.length > 0 && choice !== undefined ? {functionCallingConfig: callingConfig(choice, map)} : undefined,
	});
};
