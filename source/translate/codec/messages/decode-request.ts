import {
	isJsonObject,
	numberField,
	objectField,
	parseJsonObject,
	textField,
	type JsonObject,
} from '../../../wire/json-value.ts';
import type {Packer} from '../envelope.ts';
import {compact, objectsField, readEffort, textsField} from '../field.ts';
import type {
	BridgeRequest,
	Effort,
	InstructionBlock,
	ReasoningRequest,
	ResponseFormat,
	ServiceFields,
	ToolChoice,
} from '../ir.ts';
import {LossLog} from '../loss.ts';
import type {DecodedRequest} from '../responses/decode-request.ts';
import type {ToolDeclaration} from '../tool.ts';
import {cacheHintOf, decodeMessage} from './decode-content.ts';

/** Claude Code's first system block: it changes per version and breaks every prefix cache (translation.md 4.1, claude-wire.md 3). */
const billingHeader = 'x-anthropic-billing-header:';

const decodeSystem = (system: unknown): readonly InstructionBlock[] => {
	const blocks =
		typeof system === 'string'
			? [{type: 'text', text: system}]
			: Array.isArray(system)
				? system.filter(isJsonObject)
				: [];
	return blocks
		.map(block => ({text: textField(block, 'text') ?? '', ...cacheHintOf(block)}))
		.filter(({text}) => text.trim() !== '' && !text.startsWith(billingHeader));
};

const baseFields: readonly string[] = ['type', 'name', 'description', 'input_schema', 'cache_control', 'strict'];

/** Tools of a fixed version (`bash_20250124`, `web_search_20250305`): all but the plain ones carry such a type. */
const decodeTool = (raw: JsonObject): ToolDeclaration => {
	const type = textField(raw, 'type') ?? 'custom';
	if (type !== 'custom') {
		return {kind: 'hosted', name: type.startsWith('web_search') ? 'web_search' : type, raw};
	}

	return {
		kind: 'function',
		namespace: undefined,
		namespaceDescription: undefined,
		name: textField(raw, 'name') ?? '',
		description: textField(raw, 'description'),
		parameters: isJsonObject(raw['input_schema']) ? raw['input_schema'] : undefined,
		strict: raw['strict'] === true ? true : undefined,
		extra: Object.fromEntries(
			Object.entries(raw).filter(([name]) => !baseFields.includes(name) && name !== 'defer_loading'),
		),
		...cacheHintOf(raw),
	};
};

const decodeChoice = (choice: JsonObject): ToolChoice | undefined => {
	switch (choice['type']) {
		case 'auto':
		case 'none': {
			return {mode: choice['type']};
		}

		case 'any': {
			return {mode: 'required'};
		}

		case 'tool': {
			return {mode: 'tool', tool: {kind: 'function', namespace: undefined, name: textField(choice, 'name') ?? ''}};
		}

		default: {
			return undefined;
		}
	}
};

const thresholds: ReadonlyArray<readonly [tokens: number, effort: Effort]> = [
	[512, 'minimal'],
	[1024, 'low'],
	[8192, 'medium'],
	[24_576, 'high'],
];

const effortOfBudget = (tokens: number): Effort => thresholds.find(([limit]) => tokens <= limit)?.[1] ?? 'xhigh';

const decodeThinking = (body: JsonObject): ReasoningRequest => {
	const thinking = objectField(body, 'thinking');
	const stated = readEffort(objectField(body, 'output_config')['effort']);
	const budgetTokens = numberField(thinking, 'budget_tokens');
	const byBudget = budgetTokens === undefined ? undefined : effortOfBudget(budgetTokens);
	const effort = thinking['type'] === 'disabled' ? 'none' : (stated ?? byBudget);
	return {
		effort,
		summary: effort === undefined || effort === 'none' ? undefined : 'auto',
		budgetTokens,
		context: undefined,
	};
};

const decodeFormat = (body: JsonObject): ResponseFormat | undefined => {
	const config = objectField(body, 'output_config');
	const format = isJsonObject(config['format']) ? config['format'] : objectField(body, 'output_format');
	return format['type'] === 'json_schema'
		? {type: 'json-schema', name: 'output', schema: objectField(format, 'schema'), description: undefined, strict: true}
		: undefined;
};

/** The session in `metadata.user_id` (a JSON string for Claude Code) keeps a conversation on one prompt cache. */
const cacheKey = (metadata: JsonObject): string | undefined => {
	const userId = textField(metadata, 'user_id');
	return textField(parseJsonObject(userId), 'session_id') ?? userId;
};

const decodeService = (body: JsonObject): ServiceFields => {
	const metadata = objectField(body, 'metadata');
	return compact({
		tier: body['speed'] === 'fast' ? 'priority' : undefined,
		promptCacheKey: cacheKey(metadata),
		// OpenAI answers with ciphertext only where it is asked for; Claude Code keeps it as a signature.
		include: ['reasoning.encrypted_content'],
		store: false,
	});
};

const dropped: readonly string[] = ['context_management', 'container', 'mcp_servers'];

/** A Messages request as the internal representation (translation.md 4.1). */
export const decodeMessagesRequest = (body: JsonObject, packer?: Packer): DecodedRequest => {
	const losses = new LossLog();
	const choice = objectField(body, 'tool_choice');
	for (const name of dropped.filter(field => body[field] !== undefined)) {
		losses.add('unknown-field', `The field ${name} of the request has no place in the bridge and was left out.`);
	}

	const request: BridgeRequest = {
		model: textField(body, 'model') ?? '',
		instructions: decodeSystem(body['system']),
		items: objectsField(body, 'messages').flatMap(message => decodeMessage(message, {losses, packer})),
		tools: objectsField(body, 'tools').map(decodeTool),
		toolChoice: decodeChoice(choice),
		parallelToolCalls: choice['disable_parallel_tool_use'] === true ? false : undefined,
		maxToolCalls: undefined,
		sampling: compact({
			temperature: numberField(body, 'temperature'),
			topP: numberField(body, 'top_p'),
			topK: numberField(body, 'top_k'),
			stop: textsField(body, 'stop_sequences'),
		}),
		maxOutputTokens: numberField(body, 'max_tokens'),
		reasoning: decodeThinking(body),
		responseFormat: decodeFormat(body),
		verbosity: undefined,
		stream: body['stream'] === true,
		streamUsage: true,
		service: decodeService(body),
	};
	return {request, losses: losses.list()};
};
