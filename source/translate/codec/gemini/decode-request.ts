import {isJsonObject, numberField, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {Packer} from '../envelope.ts';
import {compact, objectsField, textsField} from '../field.ts';
import type {
	BridgeRequest,
	Effort,
	InstructionBlock,
	ReasoningRequest,
	ResponseFormat,
	Sampling,
	ToolChoice,
} from '../ir.ts';
import {LossLog} from '../loss.ts';
import type {DecodedRequest} from '../responses/decode-request.ts';
import type {ToolDeclaration, ToolReference} from '../tool.ts';
import {ContentsDecoder} from './decode-contents.ts';
import {decodeSchema} from './decode-schema.ts';

/** What of a call stands in its path, and how to open envelopes of ours. */
export interface GeminiCall {
	readonly model: string;
	readonly stream: boolean;
	readonly packer?: Packer;
}

const instructionsOf = (value: unknown): readonly InstructionBlock[] => {
	const texts =
		typeof value === 'string'
			? [value]
			: objectsField(isJsonObject(value) ? value : {}, 'parts').map(part => textField(part, 'text') ?? '');
	return texts.filter(text => text.trim() !== '').map(text => ({text}));
};

const reference = (name: string): ToolReference => ({kind: 'function', namespace: undefined, name});

const functionTool = (raw: JsonObject): ToolDeclaration => {
	const json = raw['parametersJsonSchema'];
	const own = raw['parameters'];
	return {
		kind: 'function',
		namespace: undefined,
		namespaceDescription: undefined,
		name: textField(raw, 'name') ?? '',
		description: textField(raw, 'description'),
		extra: {},
		parameters: isJsonObject(json) ? json : isJsonObject(own) ? decodeSchema(own) : undefined,
		strict: undefined,
	};
};

const decodeTools = (body: JsonObject): readonly ToolDeclaration[] =>
	objectsField(body, 'tools').flatMap(tool =>
		Object.keys(tool).flatMap((key): readonly ToolDeclaration[] => {
			if (key === 'functionDeclarations') {
				return objectsField(tool, key).map(functionTool);
			}

			return [{kind: 'hosted', name: key.startsWith('googleSearch') ? 'web_search' : key, raw: tool}];
		}),
	);

const decodeChoice = (body: JsonObject): ToolChoice | undefined => {
	const config = objectField(objectField(body, 'toolConfig'), 'functionCallingConfig');
	const mode = textField(config, 'mode')?.toUpperCase();
	const names = textsField(config, 'allowedFunctionNames') ?? [];
	const [only] = names;
	if (mode === undefined || mode === 'MODE_UNSPECIFIED') {
		return undefined;
	}

	if (mode === 'NONE') {
		return {mode: 'none'};
	}

	const isRequired = mode === 'ANY';
	if (isRequired && names.length === 1 && only !== undefined) {
		return {mode: 'tool', tool: reference(only)};
	}

	return names.length > 0
		? {mode: 'allowed', isRequired, tools: names.map(reference)}
		: {mode: isRequired ? 'required' : 'auto'};
};

const decodeSampling = (config: JsonObject): Sampling =>
	compact({
		temperature: numberField(config, 'temperature'),
		topP: numberField(config, 'topP'),
		topK: numberField(config, 'topK'),
		topLogprobs: numberField(config, 'logprobs'),
		frequencyPenalty: numberField(config, 'frequencyPenalty'),
		presencePenalty: numberField(config, 'presencePenalty'),
		seed: numberField(config, 'seed'),
		stop: textsField(config, 'stopSequences'),
	});

const efforts: Readonly<Record<string, Effort>> = {MINIMAL: 'minimal', LOW: 'low', MEDIUM: 'medium', HIGH: 'high'};

const decodeReasoning = (config: JsonObject): ReasoningRequest => {
	const thinking = objectField(config, 'thinkingConfig');
	const budget = numberField(thinking, 'thinkingBudget');
	const level = efforts[textField(thinking, 'thinkingLevel')?.toUpperCase() ?? ''];
	return {
		effort: budget === 0 ? 'none' : level,
		summary: thinking['includeThoughts'] === true ? 'auto' : undefined,
		// -1 is "as you like", which is what nothing said means everywhere else.
		budgetTokens: budget !== undefined && budget > 0 ? budget : undefined,
		context: undefined,
	};
};

const decodeFormat = (config: JsonObject): ResponseFormat | undefined => {
	const json = config['responseJsonSchema'];
	const own = config['responseSchema'];
	if (textField(config, 'responseMimeType') !== 'application/json') {
		return undefined;
	}

	const schema = isJsonObject(json) ? json : isJsonObject(own) ? decodeSchema(own) : undefined;
	return schema === undefined
		? {type: 'json-object'}
		: {type: 'json-schema', name: 'response', schema, description: undefined, strict: undefined};
};

/** Fields that mean something to Google only. */
const dropped = ['safetySettings', 'cachedContent', 'labels'];

/** A generateContent request as the internal representation. Never throws: what is not understood is a loss. */
export const decodeGeminiRequest = (body: JsonObject, {model, stream, packer}: GeminiCall): DecodedRequest => {
	const losses = new LossLog();
	for (const name of dropped.filter(field => body[field] !== undefined)) {
		losses.add('unknown-field', `The field ${name} of the request has no place in the bridge and was left out.`);
	}

	const contents = new ContentsDecoder(packer);
	for (const content of objectsField(body, 'contents')) {
		contents.add(content);
	}

	const config = objectField(body, 'generationConfig');
	const request: BridgeRequest = {
		model,
		instructions: instructionsOf(body['systemInstruction'] ?? body['system_instruction']),
		items: contents.items,
		tools: decodeTools(body),
		toolChoice: decodeChoice(body),
		parallelToolCalls: undefined,
		maxToolCalls: undefined,
		sampling: decodeSampling(config),
		maxOutputTokens: numberField(config, 'maxOutputTokens'),
		reasoning: decodeReasoning(config),
		responseFormat: decodeFormat(config),
		verbosity: undefined,
		stream,
		streamUsage: true,
		service: {},
	};
	return {request, losses: losses.list()};
};
