import {fingerprint} from '../../../base/ids.ts';
import {
	isJsonObject,
	numberField,
	objectField,
	parseJsonObject,
	textField,
	type JsonObject,
} from '../../../wire/json-value.ts';
import type {Packer} from '../envelope.ts';
import {booleanField, compact, objectsField, readEffort, textsField} from '../field.ts';
import type {
	BridgeRequest,
	Effort,
	InstructionBlock,
	ReasoningRequest,
	ResponseFormat,
	Sampling,
	ServiceFields,
} from '../ir.ts';
import {LossLog} from '../loss.ts';
import type {DecodedRequest} from '../responses/decode-request.ts';
import {isStrictSchema} from '../schema.ts';
import {cacheHintOf} from './decode-content.ts';
import {decodeMessages} from './decode-messages.ts';
import {decodeToolChoice, decodeTools} from './decode-tools.ts';

/** Claude Code's first system block is a header in disguise that changes with every prompt (claude-wire.md 3). */
const billingHeader = /^x-anthropic-billing-header:/i;

const decodeSystem = (system: unknown, losses: LossLog): readonly InstructionBlock[] => {
	const blocks =
		typeof system === 'string' ? [{text: system}] : Array.isArray(system) ? system.filter(isJsonObject) : [];
	return blocks.flatMap((block: JsonObject): readonly InstructionBlock[] => {
		const text = textField(block, 'text') ?? '';
		if (billingHeader.test(text)) {
			losses.add('billing-header', 'The billing header of Claude Code was left out: it is for Anthropic only.');
			return [];
		}

		return text.trim() === '' ? [] : [{text, ...cacheHintOf(block)}];
	});
};

/** Thinking budgets as effort: the level whose upper bound in tokens holds the budget (translation.md 4.1). */
const budgetLevels: ReadonlyArray<readonly [maxTokens: number, effort: Effort]> = [
	[512, 'minimal'],
	[1024, 'low'],
	[8192, 'medium'],
	[24_576, 'high'],
];

const effortOfBudget = (budget: number): Effort => budgetLevels.find(([max]) => budget <= max)?.[1] ?? 'xhigh';

const decodeReasoning = (body: JsonObject): ReasoningRequest => {
	const thinking = objectField(body, 'thinking');
	const stated = readEffort(objectField(body, 'output_config')['effort']);
	// Thoughts are shown to a client of Messages; Responses sends a summary only where it is asked for.
	const rest = {summary: 'auto', context: undefined};
	switch (thinking['type']) {
		case 'disabled': {
			return {effort: 'none', budgetTokens: undefined, ...rest, summary: undefined};
		}

		case 'enabled': {
			const budgetTokens = numberField(thinking, 'budget_tokens');
			const effort = stated ?? (budgetTokens === undefined ? 'high' : effortOfBudget(budgetTokens));
			return {effort, budgetTokens, ...rest};
		}

		case 'adaptive':
		case 'between_tools': {
			// What Anthropic's models do where nothing is said.
			return {effort: stated ?? 'high', budgetTokens: undefined, ...rest};
		}

		default: {
			return {effort: stated, budgetTokens: undefined, ...rest, summary: stated === undefined ? undefined : 'auto'};
		}
	}
};

const decodeFormat = (body: JsonObject): ResponseFormat | undefined => {
	const nested = objectField(objectField(body, 'output_config'), 'format');
	const format = nested['type'] === undefined ? objectField(body, 'output_format') : nested;
	if (format['type'] !== 'json_schema') {
		return undefined;
	}

	const schema = objectField(format, 'schema');
	return {type: 'json-schema', name: 'response', schema, description: undefined, strict: isStrictSchema(schema)};
};

const decodeSampling = (body: JsonObject): Sampling =>
	compact({
		temperature: numberField(body, 'temperature'),
		topP: numberField(body, 'top_p'),
		topK: numberField(body, 'top_k'),
		stop: textsField(body, 'stop_sequences'),
	});

/**
 * M `metadata.user_id` names device, account and session in one text: the session keys the provider's prompt cache, the rest
 * goes on as a fingerprint only (translation.md 3.1: no raw ids).
 */
const decodeService = (body: JsonObject): ServiceFields => {
	const userId = textField(objectField(body, 'metadata'), 'user_id');
	const tier = body['speed'] === 'fast' ? 'priority' : body['service_tier'] === 'standard_only' ? 'default' : undefined;
	return compact({
		tier,
		safetyIdentifier: userId === undefined ? undefined : fingerprint(userId, 32),
		promptCacheKey: textField(parseJsonObject(userId), 'session_id'),
		// The client keeps all state itself, as signatures: Responses gives hidden state only where it is asked for.
		include: ['reasoning.encrypted_content'],
		store: false,
	});
};

const known = new Set(
	(
		'model messages system tools tool_choice max_tokens thinking output_config output_format stop_sequences stream ' +
		'temperature top_p top_k metadata service_tier speed'
	).split(' '),
);

const noteLosses = (body: JsonObject, losses: LossLog): void => {
	for (const name of Object.keys(body)) {
		if (name === 'context_management') {
			losses.add('context-management', 'The provider edits no context: context_management was left out.');
		} else if (!known.has(name)) {
			losses.add('unknown-field', `The field ${name} of the request has no place in the bridge and was left out.`);
		}
	}

	const hasCitations = objectsField(body, 'messages')
		.flatMap(message => objectsField(message, 'content'))
		.some(block => objectField(block, 'citations')['enabled'] === true);
	if (hasCitations) {
		losses.add('citation', 'Citations of documents were asked for, which other protocols do not have.');
	}
};

/** Notes the betas of a request's `anthropic-beta` header that the bridge cannot pass on. */
const noteBetas = (betas: readonly string[], losses: LossLog): void => {
	for (const beta of betas) {
		losses.add('beta', `The beta ${beta} is for Anthropic only and was left out.`);
	}
};

/**
 * A Messages request as the internal representation (translation.md 4.1, claude-wire.md 3). `packer` opens large envelopes; `betas` are
 * the names in the `anthropic-beta` header.
 */
export const decodeMessagesRequest = (
	body: JsonObject,
	packer?: Packer,
	betas: readonly string[] = [],
): DecodedRequest => {
	const losses = new LossLog();
	noteLosses(body, losses);
	noteBetas(betas, losses);
	const choice = objectField(body, 'tool_choice');
	const disablesParallel = booleanField(choice, 'disable_parallel_tool_use');
	const request: BridgeRequest = {
		model: textField(body, 'model') ?? '',
		instructions: decodeSystem(body['system'], losses),
		items: decodeMessages(body['messages'], {losses, packer}),
		tools: decodeTools(body['tools'], losses),
		toolChoice: decodeToolChoice(choice),
		parallelToolCalls: disablesParallel === undefined ? undefined : !disablesParallel,
		maxToolCalls: undefined,
		sampling: decodeSampling(body),
		maxOutputTokens: numberField(body, 'max_tokens'),
		reasoning: decodeReasoning(body),
		responseFormat: decodeFormat(body),
		verbosity: undefined,
		stream: body['stream'] === true,
		streamUsage: true,
		service: decodeService(body),
	};
	return {request, losses: losses.list()};
};
