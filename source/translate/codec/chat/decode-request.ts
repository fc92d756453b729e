import {isJsonObject, numberField, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import {booleanField, objectsField, readEffort} from '../field.ts';
import type {BridgeRequest, ResponseFormat, ToolChoice} from '../ir.ts';
import {LossLog} from '../loss.ts';
import {TranslationRefusal} from '../refusal.ts';
import {decodeSampling, decodeService, decodeToolChoice, type DecodedRequest} from '../responses/decode-request.ts';
import {decodeTools} from '../responses/decode-tool.ts';
import type {ToolDeclaration} from '../tool.ts';
import {MessageDecoder} from './decode-messages.ts';

/** A nested Chat tool in the flat form of Responses, which the tool decoder reads. */
const flatTool = (tool: JsonObject): JsonObject => {
	const custom = objectField(tool, 'custom');
	if (isJsonObject(tool['custom'])) {
		const grammar = objectField(custom, 'format');
		const format = isJsonObject(grammar['grammar']) ? {type: 'grammar', ...grammar['grammar']} : custom['format'];
		return {...custom, type: 'custom', format};
	}

	return isJsonObject(tool['function']) ? {...tool['function'], type: 'function'} : tool;
};

const decodeChatTools = (body: JsonObject, losses: LossLog): readonly ToolDeclaration[] => {
	const legacy = objectsField(body, 'functions').map(fields => ({...fields, type: 'function'}));
	return decodeTools([...objectsField(body, 'tools').map(flatTool), ...legacy], losses);
};

const decodeChoice = (body: JsonObject): ToolChoice | undefined => {
	const choice = body['tool_choice'];
	const legacy = body['function_call'];
	if (isJsonObject(choice) && choice['type'] === 'allowed_tools') {
		const allowed = objectField(choice, 'allowed_tools');
		return decodeToolChoice({
			type: 'allowed_tools',
			mode: allowed['mode'],
			tools: objectsField(allowed, 'tools').map(flatTool),
		});
	}

	if (choice !== undefined && choice !== null) {
		return decodeToolChoice(isJsonObject(choice) ? flatTool(choice) : choice);
	}

	return isJsonObject(legacy) ? decodeToolChoice({...legacy, type: 'function'}) : decodeToolChoice(legacy);
};

const decodeFormat = (format: JsonObject): ResponseFormat | undefined => {
	if (format['type'] === 'json_object') {
		return {type: 'json-object'};
	}

	const wanted = objectField(format, 'json_schema');
	return format['type'] === 'json_schema'
		? {
				type: 'json-schema',
				name: textField(wanted, 'name') ?? 'response',
				schema: objectField(wanted, 'schema'),
				description: textField(wanted, 'description'),
				strict: booleanField(wanted, 'strict'),
			}
		: undefined;
};

const dropped = ['logit_bias', 'modalities', 'audio', 'prediction', 'web_search_options'];

/** A Chat Completions request as the internal representation (translation.md 4.2). Throws {@link TranslationRefusal} for `n` > 1. */
export const decodeChatRequest = (body: JsonObject): DecodedRequest => {
	const losses = new LossLog();
	if ((numberField(body, 'n') ?? 1) > 1) {
		throw new TranslationRefusal('unsupported_parameter', 'Only one choice can be asked for: leave "n" out.', 'n');
	}

	for (const name of dropped.filter(field => body[field] !== undefined && body[field] !== null)) {
		losses.add('unknown-field', `The field ${name} of the request has no place in the bridge and was left out.`);
	}

	const messages = new MessageDecoder(losses);
	for (const message of objectsField(body, 'messages')) {
		messages.add(message);
	}

	const request: BridgeRequest = {
		model: textField(body, 'model') ?? '',
		instructions: [],
		items: messages.items,
		tools: decodeChatTools(body, losses),
		toolChoice: decodeChoice(body),
		parallelToolCalls: booleanField(body, 'parallel_tool_calls'),
		maxToolCalls: undefined,
		sampling: decodeSampling(body),
		maxOutputTokens: numberField(body, 'max_completion_tokens') ?? numberField(body, 'max_tokens'),
		reasoning: {
			effort: readEffort(body['reasoning_effort'] ?? objectField(body, 'reasoning')['effort']),
			summary: undefined,
			budgetTokens: undefined,
			context: undefined,
		},
		responseFormat: decodeFormat(objectField(body, 'response_format')),
		verbosity: textField(body, 'verbosity'),
		stream: body['stream'] === true,
		streamUsage: objectField(body, 'stream_options')['include_usage'] === true,
		service: decodeService(body),
	};
	return {request, losses: losses.list()};
};
