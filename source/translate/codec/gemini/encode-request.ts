import type {JsonObject} from '../../../wire/json-value.ts';
import type {EncodedRequest, EncodeOptions} from '../encode-options.ts';
import {compact} from '../field.ts';
import type {BridgeRequest, Effort, Item, MessageItem} from '../ir.ts';
import {LossLog} from '../loss.ts';
import type {GeminiRequestQuirks, ProviderQuirks} from '../quirks.ts';
import {TranslationRefusal} from '../refusal.ts';
import {repairItems} from '../repair/repair-items.ts';
import {textsOf} from '../responses/decode-content.ts';
import {functionShape} from '../shim.ts';
import {createToolMap, declaredTools, type ToolMap} from '../tool-map.ts';
import {cleanSchema} from './clean-schema.ts';
import {encodeContents} from './encode-contents.ts';

const levels: Readonly<Record<Effort, string>> = {
	none: 'MINIMAL',
	minimal: 'MINIMAL',
	low: 'LOW',
	medium: 'MEDIUM',
	high: 'HIGH',
	xhigh: 'HIGH',
	max: 'HIGH',
	ultra: 'HIGH',
};

const budgets: Readonly<Record<Effort, number>> = {
	none: 0,
	minimal: 1024,
	low: 2048,
	medium: 8192,
	high: 24_576,
	xhigh: 24_576,
	max: 24_576,
	ultra: 24_576,
};

/** Gemini 3 takes a level, 2.5 a budget, never both (translation.md 3.3). */
const thinkingConfig = ({reasoning}: BridgeRequest, {thinking}: GeminiRequestQuirks): JsonObject | undefined => {
	const {effort, budgetTokens} = reasoning;
	if (thinking === 'none' || (effort === undefined && budgetTokens === undefined)) {
		return undefined;
	}

	return thinking === 'level'
		? {thinkingLevel: levels[effort ?? 'high'], includeThoughts: true}
		: {thinkingBudget: budgetTokens ?? budgets[effort ?? 'high'], includeThoughts: true};
};

const declaration = (
	{tool, wireName}: ReturnType<ToolMap['list']>[number],
	{jsonSchema}: GeminiRequestQuirks,
): JsonObject => {
	const {description, parameters} = functionShape(tool);
	return compact({
		name: wireName,
		description,
		...(jsonSchema ? {parametersJsonSchema: parameters} : {parameters: cleanSchema(parameters)}),
	});
};

const functionConfig = (request: BridgeRequest, map: ToolMap): JsonObject | undefined => {
	const choice = request.toolChoice;
	switch (choice?.mode) {
		case undefined:
		case 'auto': {
			return undefined;
		}

		case 'none': {
			return {mode: 'NONE'};
		}

		case 'required': {
			return {mode: 'ANY'};
		}

		case 'tool': {
			return map.has(choice.tool) ? {mode: 'ANY', allowedFunctionNames: [map.wireNameOf(choice.tool)]} : undefined;
		}

		case 'allowed': {
			const names = choice.tools.filter(tool => map.has(tool)).map(tool => map.wireNameOf(tool));
			return choice.isRequired
				? {mode: 'ANY', allowedFunctionNames: names}
				: {mode: 'VALIDATED', allowedFunctionNames: names};
		}
	}
};

const toolFields = (request: BridgeRequest, map: ToolMap, {gemini}: ProviderQuirks): JsonObject => {
	const declarations = map.list().map(mapped => declaration(mapped, gemini));
	const config = functionConfig(request, map);
	return declarations.length === 0
		? {}
		: compact({
				tools: [{functionDeclarations: declarations}],
				toolConfig: config === undefined ? undefined : {functionCallingConfig: config},
			});
};

const formatFields = (request: BridgeRequest, hasTools: boolean, {jsonWithTools}: GeminiRequestQuirks): JsonObject => {
	const format = request.responseFormat;
	if (format === undefined || (hasTools && !jsonWithTools)) {
		return {};
	}

	const schema = format.type === 'json-schema' ? {responseJsonSchema: format.schema} : {};
	return {responseMimeType: 'application/json', ...schema};
};

const formatText = (
	request: BridgeRequest,
	hasTools: boolean,
	{jsonWithTools}: GeminiRequestQuirks,
): readonly string[] => {
	const format = request.responseFormat;
	if (format === undefined || !hasTools || jsonWithTools) {
		return [];
	}

	const schema =
		format.type === 'json-schema' ? ` that fulfils this JSON Schema:\n${JSON.stringify(format.schema)}` : '.';
	return [`Answer with one JSON object${schema}`];
};

const generationConfig = (
	request: BridgeRequest,
	hasTools: boolean,
	{gemini}: ProviderQuirks,
): JsonObject | undefined => {
	const {sampling} = request;
	const config = compact({
		maxOutputTokens: request.maxOutputTokens,
		temperature: gemini.fixedTemperature ? undefined : sampling.temperature,
		topP: sampling.topP,
		topK: sampling.topK,
		seed: sampling.seed,
		stopSequences: sampling.stop,
		thinkingConfig: thinkingConfig(request, gemini),
		...formatFields(request, hasTools, gemini),
	});
	return Object.keys(config).length === 0 ? undefined : config;
};

const isLeading = (item: Item): item is MessageItem =>
	item.type === 'message' && (item.role === 'system' || item.role === 'developer');

/** A request for `generateContent`; the model stands in the URL (translation.md 3.3). Throws {@link TranslationRefusal} for an empty conversation. */
export const encodeGeminiRequest = (request: BridgeRequest, options: Omit<EncodeOptions, 'stream'>): EncodedRequest => {
	const {quirks} = options;
	const losses = new LossLog();
	const map = createToolMap(request, quirks.names, losses);
	const hasTools = map.list().length > 0;
	const items = repairItems(request.items, quirks, losses);
	const count = items.findIndex(item => !isLeading(item) && item.type !== 'additional-tools');
	const head = (count === -1 ? items : items.slice(0, count)).filter(isLeading);
	const contents = encodeContents(items.slice(count === -1 ? items.length : count), {quirks, tools: map, losses});
	if (contents.length === 0) {
		throw new TranslationRefusal('invalid_request_error', 'The input is empty: send at least one message.', 'input');
	}

	for (const tool of declaredTools(request).filter(({kind}) => kind === 'hosted')) {
		losses.add('hosted-tool', `The tool ${tool.name} runs at its own provider and was not offered here.`);
	}

	const system = [
		...request.instructions.map(({text}) => text),
		...head.flatMap(({parts}) => textsOf(parts)),
		...formatText(request, hasTools, quirks.gemini),
	].filter(text => text.trim() !== '');
	const body = compact({
		systemInstruction: system.length === 0 ? undefined : {parts: system.map(text => ({text}))},
		contents,
		...toolFields(request, map, quirks),
		generationConfig: generationConfig(request, hasTools, quirks),
	});
	return {body, tools: map, losses: losses.list()};
};
