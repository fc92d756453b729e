import {isJsonObject, numberField, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {Packer} from '../envelope.ts';
import {booleanField, compact, readEffort, textsField} from '../field.ts';
import type {
	BridgeRequest,
	InstructionBlock,
	Item,
	ReasoningRequest,
	ResponseFormat,
	Sampling,
	ServiceFields,
	ToolChoice,
} from '../ir.ts';
import {LossLog, type Loss} from '../loss.ts';
import type {ToolKind, ToolReference} from '../tool.ts';
import {decodeContent, textsOf} from './decode-content.ts';
import {decodeItem, type ItemContext} from './decode-item.ts';
import {decodeTools} from './decode-tool.ts';

/** A request in the internal representation, with what it could not hold. */
export interface DecodedRequest {
	readonly request: BridgeRequest;
	readonly losses: readonly Loss[];
}

const decodeInstructions = (value: unknown): readonly InstructionBlock[] => {
	const parts = Array.isArray(value)
		? value.flatMap(entry => decodeContent(isJsonObject(entry) && 'content' in entry ? entry['content'] : entry))
		: decodeContent(value);
	const text = textsOf(parts).join('\n\n');
	return text.trim() === '' ? [] : [{text}];
};

const decodeInput = (input: unknown, context: ItemContext): readonly Item[] => {
	if (input === undefined || input === null || input === '') {
		return [];
	}

	return (Array.isArray(input) ? input : [input]).map(raw => decodeItem(raw, context));
};

const choiceKinds: Readonly<Record<string, ToolKind>> = {
	function: 'function',
	custom: 'custom',
	tool_search: 'tool-search',
	local_shell: 'local-shell',
	shell: 'shell',
	apply_patch: 'apply-patch',
};

const decodeReference = (raw: JsonObject): ToolReference | undefined => {
	const kind = choiceKinds[textField(raw, 'type') ?? ''];
	const name = textField(raw, 'name') ?? textField(objectField(raw, 'function'), 'name') ?? textField(raw, 'type');
	return kind === undefined || name === undefined ? undefined : {kind, namespace: textField(raw, 'namespace'), name};
};

/** R `tool_choice`; a hosted tool cannot be forced elsewhere and becomes `auto` (translation.md 1.7). */
export const decodeToolChoice = (value: unknown): ToolChoice | undefined => {
	if (value === 'auto' || value === 'none' || value === 'required') {
		return {mode: value};
	}

	if (!isJsonObject(value)) {
		return undefined;
	}

	if (value['type'] === 'allowed_tools') {
		const tools = Array.isArray(value['tools']) ? value['tools'].filter(isJsonObject) : [];
		const references = tools.map(decodeReference).filter(tool => tool !== undefined);
		return {mode: 'allowed', isRequired: value['mode'] === 'required', tools: references};
	}

	const tool = decodeReference(value);
	return tool === undefined ? {mode: 'auto'} : {mode: 'tool', tool};
};

const decodeReasoningRequest = (body: JsonObject): ReasoningRequest => {
	const reasoning = objectField(body, 'reasoning');
	return {
		effort: readEffort(reasoning['effort']),
		summary: textField(reasoning, 'summary'),
		budgetTokens: undefined,
		context: textField(reasoning, 'context'),
	};
};

const decodeFormat = (format: JsonObject): ResponseFormat | undefined => {
	if (format['type'] === 'json_object') {
		return {type: 'json-object'};
	}

	return format['type'] === 'json_schema'
		? {
				type: 'json-schema',
				name: textField(format, 'name') ?? 'response',
				schema: objectField(format, 'schema'),
				description: textField(format, 'description'),
				strict: booleanField(format, 'strict'),
			}
		: undefined;
};

/** The sampling fields that Responses and Chat spell alike. */
export const decodeSampling = (body: JsonObject): Sampling =>
	compact({
		temperature: numberField(body, 'temperature'),
		topP: numberField(body, 'top_p'),
		topK: numberField(body, 'top_k'),
		topLogprobs: numberField(body, 'top_logprobs'),
		frequencyPenalty: numberField(body, 'frequency_penalty'),
		presencePenalty: numberField(body, 'presence_penalty'),
		seed: numberField(body, 'seed'),
		stop: textsField(body, 'stop'),
	});

/** The service fields that Responses and Chat spell alike; a dialect that lacks one simply never has it. */
export const decodeService = (body: JsonObject): ServiceFields =>
	compact({
		tier: textField(body, 'service_tier'),
		store: booleanField(body, 'store'),
		previousResponseId: textField(body, 'previous_response_id'),
		include: textsField(body, 'include'),
		metadata: isJsonObject(body['metadata']) ? body['metadata'] : undefined,
		user: textField(body, 'user'),
		safetyIdentifier: textField(body, 'safety_identifier'),
		promptCacheKey: textField(body, 'prompt_cache_key'),
		promptCacheRetention: textField(body, 'prompt_cache_retention'),
		truncation: textField(body, 'truncation'),
		clientMetadata: isJsonObject(body['client_metadata']) ? body['client_metadata'] : undefined,
	});

const known = new Set(
	(
		'model instructions input stream max_output_tokens temperature top_p top_k top_logprobs frequency_penalty ' +
		'presence_penalty seed stop reasoning text tools tool_choice parallel_tool_calls max_tool_calls service_tier store ' +
		'previous_response_id include metadata user safety_identifier prompt_cache_key prompt_cache_retention truncation ' +
		'client_metadata stream_options'
	).split(' '),
);

/** Fields that change the meaning of a request and cannot be carried out by a bridge (translation.md 1.1). */
const refused = ['conversation', 'background', 'prompt'];

/** The first field of a Responses request that must be answered with 400 `unsupported_parameter`; undefined: none. */
export const unsupportedParameter = (body: JsonObject): string | undefined =>
	refused.find(name => body[name] !== undefined && body[name] !== null && body[name] !== false);

/** A Responses request as the internal representation (translation.md 1.1-1.7). `packer` opens large envelopes. */
export const decodeResponsesRequest = (body: JsonObject, packer?: Packer): DecodedRequest => {
	const losses = new LossLog();
	const text = objectField(body, 'text');
	for (const name of Object.keys(body)) {
		if (!known.has(name) && !refused.includes(name)) {
			losses.add('unknown-field', `The field ${name} of the request has no place in the bridge and was left out.`);
		}
	}

	const request: BridgeRequest = {
		model: textField(body, 'model') ?? '',
		instructions: decodeInstructions(body['instructions']),
		items: decodeInput(body['input'], {losses, packer}),
		tools: decodeTools(body['tools'], losses),
		toolChoice: decodeToolChoice(body['tool_choice']),
		parallelToolCalls: booleanField(body, 'parallel_tool_calls'),
		maxToolCalls: numberField(body, 'max_tool_calls'),
		sampling: decodeSampling(body),
		maxOutputTokens: numberField(body, 'max_output_tokens'),
		reasoning: decodeReasoningRequest(body),
		responseFormat: decodeFormat(objectField(text, 'format')),
		verbosity: textField(text, 'verbosity'),
		stream: body['stream'] === true,
		streamUsage: true,
		service: decodeService(body),
	};
	return {request, losses: losses.list()};
};
