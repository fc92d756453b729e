import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {EncodedRequest, EncodeOptions} from '../encode-options.ts';
import type {BridgeRequest, ResponseFormat} from '../ir.ts';
import {LossLog} from '../loss.ts';
import type {ChatField, ProviderQuirks} from '../quirks.ts';
import {TranslationRefusal} from '../refusal.ts';
import {repairItems} from '../repair/repair-items.ts';
import {createToolMap} from '../tool-map.ts';
import {encodeEffort, encodeNoThinking} from './encode-effort.ts';
import {encodeMessages, type ChatMessage} from './encode-messages.ts';
import {encodeTools, isForcing} from './encode-tools.ts';
import {orderRoles} from './order-roles.ts';

const maxTokens = ({maxOutputTokens}: BridgeRequest, {chat}: ProviderQuirks): JsonObject => {
	const limit = maxOutputTokens ?? chat.defaultMaxTokens;
	return limit === undefined ? {} : {[chat.maxTokensField]: limit};
};

const sampling = ({sampling: wanted}: BridgeRequest, {chat}: ProviderQuirks): JsonObject => {
	const has = (field: ChatField): boolean => chat.fields.includes(field);
	const {temperature} = wanted;
	return compact({
		temperature:
			chat.fixedSampling || temperature === undefined ? undefined : Math.min(temperature, chat.temperatureMax),
		top_p: chat.fixedSampling ? undefined : wanted.topP,
		stop: wanted.stop,
		seed: has('seed') ? wanted.seed : undefined,
		frequency_penalty: has('penalties') ? wanted.frequencyPenalty : undefined,
		presence_penalty: has('penalties') ? wanted.presencePenalty : undefined,
		logprobs: has('logprobs') && wanted.topLogprobs !== undefined ? true : undefined,
		top_logprobs: has('logprobs') ? wanted.topLogprobs : undefined,
	});
};

const serviceFields = ({service, verbosity}: BridgeRequest, {chat}: ProviderQuirks): JsonObject => {
	const values: Readonly<Partial<Record<ChatField, unknown>>> = {
		verbosity,
		metadata: service.metadata,
		service_tier: service.tier,
		store: service.store,
		prompt_cache_key: service.promptCacheKey,
		safety_identifier: service.safetyIdentifier,
		user: service.user,
	};
	return compact(
		Object.fromEntries(Object.entries(values).filter(([name]) => chat.fields.some(field => field === name))),
	);
};

const schemaText = (format: ResponseFormat): string =>
	format.type === 'json-schema'
		? `Answer with one JSON object that fulfils this JSON Schema:\n${JSON.stringify(format.schema)}`
		: 'Answer with one JSON object.';

const responseFormat = (format: ResponseFormat, {chat}: ProviderQuirks): JsonObject => {
	if (chat.responseFormat === 'none') {
		return {};
	}

	if (format.type === 'json-object' || chat.responseFormat === 'json_object') {
		return {response_format: {type: 'json_object'}};
	}

	const {name, schema, strict, description} = format;
	return {response_format: {type: 'json_schema', json_schema: compact({name, schema, strict, description})}};
};

/** The schema as a system text, where the provider does not enforce one itself (translation.md 1.6). */
const formatInstruction = (format: ResponseFormat | undefined, {chat}: ProviderQuirks): string | undefined =>
	format === undefined ||
	chat.responseFormat === 'json_schema' ||
	(format.type === 'json-object' && chat.responseFormat === 'json_object')
		? undefined
		: schemaText(format);

const withSystemText = (messages: readonly ChatMessage[], text: string | undefined): readonly ChatMessage[] => {
	const [first, ...rest] = messages;
	if (text === undefined) {
		return messages;
	}

	return first?.role === 'system' && typeof first['content'] === 'string'
		? [{...first, content: `${first['content']}\n\n${text}`}, ...rest]
		: [{role: 'system', content: text}, ...messages];
};

/** Effort and tool choice, which exclude each other at some providers (translation.md 1.7, 1.8). */
const thinkingAndTools = (request: BridgeRequest, tools: JsonObject, {chat}: ProviderQuirks): JsonObject => {
	const effort = encodeEffort(request.reasoning.effort, chat);
	if (!isForcing(tools['tool_choice']) || request.reasoning.effort === 'none' || chat.forcedWithThinking === 'keep') {
		return {...effort, ...tools};
	}

	return chat.forcedWithThinking === 'drop-force'
		? {...effort, ...tools, tool_choice: 'auto'}
		: {...encodeNoThinking(chat), ...tools};
};

/**
 * A request as Chat Completions (translation.md 1). Throws {@link TranslationRefusal} for an empty conversation: an empty
 * `messages` array is never sent.
 */
export const encodeChatRequest = (request: BridgeRequest, options: EncodeOptions): EncodedRequest => {
	const {quirks} = options;
	const losses = new LossLog();
	const map = createToolMap(request, quirks.names, losses);
	const items = repairItems(request.items, quirks, losses);
	const encoded = encodeMessages(request, items, {quirks, tools: map, losses});
	if (!request.items.some(item => item.type !== 'additional-tools') || encoded.length === 0) {
		throw new TranslationRefusal('invalid_request_error', 'The input is empty: send at least one message.', 'input');
	}

	const instruction = formatInstruction(request.responseFormat, quirks);
	const messages = withSystemText(orderRoles(encoded, quirks.chat, losses), instruction);
	const tools = encodeTools(request, map, {quirks, losses});
	const body = {
		model: options.model,
		messages,
		...(options.stream && {stream: true, ...(quirks.chat.streamOptions && {stream_options: {include_usage: true}})}),
		...maxTokens(request, quirks),
		...sampling(request, quirks),
		...thinkingAndTools(request, tools, quirks),
		...(request.responseFormat && responseFormat(request.responseFormat, quirks)),
		...serviceFields(request, quirks),
		...quirks.chat.extraBody,
	};
	return {body, tools: map, losses: losses.list()};
};
