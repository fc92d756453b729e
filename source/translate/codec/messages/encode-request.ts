import {fingerprint} from '../../../base/ids.ts';
import {isJsonObject, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {EncodedRequest, EncodeOptions} from '../encode-options.ts';
import {compact, objectsField} from '../field.ts';
import type {BridgeRequest, ResponseFormat} from '../ir.ts';
import {LossLog} from '../loss.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {TranslationRefusal} from '../refusal.ts';
import {repairItems} from '../repair/repair-items.ts';
import {createToolMap} from '../tool-map.ts';
import {hasHourMark, placeCacheMarks} from './cache-marks.ts';
import {encodeConversation} from './encode-messages.ts';
import {encodeThinking, isThinkingOn} from './encode-thinking.ts';
import {encodeTools} from './encode-tools.ts';

/** A Messages request, and the names that its `anthropic-beta` header must list. */
export interface EncodedMessagesRequest extends EncodedRequest {
	readonly betas: readonly string[];
}

/** The schema as a system text, where the provider does not enforce one itself. */
const formatInstruction = (format: ResponseFormat | undefined, isEnforced: boolean): string | undefined => {
	if (format === undefined || (format.type === 'json-schema' && isEnforced)) {
		return undefined;
	}

	return format.type === 'json-schema'
		? `Answer with one JSON object that fulfils this JSON Schema:\n${JSON.stringify(format.schema)}`
		: 'Answer with one JSON object.';
};

const outputConfig = (thinking: JsonObject, format: ResponseFormat | undefined, isEnforced: boolean): JsonObject => {
	const schema = format?.type === 'json-schema' && isEnforced ? format.schema : undefined;
	const config = compact({
		...objectField(thinking, 'output_config'),
		format: schema && {type: 'json_schema', schema},
	});
	return Object.keys(config).length === 0 ? {} : {output_config: config};
};

/** Sampling is for models that do not think, and the newest take one of temperature and `top_p` (translation.md 3.1). */
const encodeSampling = ({sampling}: BridgeRequest, thinks: boolean, losses: LossLog): JsonObject => {
	const {temperature, topP, topK, stop} = sampling;
	const stops = stop?.filter(text => text.trim() !== '');
	const stopField = stops === undefined || stops.length === 0 ? {} : {stop_sequences: stops};
	const isWanted = temperature !== undefined || topP !== undefined || topK !== undefined;
	if (thinks) {
		if (isWanted) {
			losses.add('sampling', 'Temperature, top_p and top_k were left out because the model thinks.');
		}

		return stopField;
	}

	const both = temperature !== undefined && topP !== undefined;
	if (both) {
		losses.add('sampling', 'Of temperature and top_p only the temperature was sent.');
	}

	return compact({
		...stopField,
		temperature: temperature === undefined ? undefined : Math.min(1, Math.max(0, temperature)),
		top_p: both ? undefined : topP,
		top_k: topK,
	});
};

/** A stable name for the conversation or the user that tells nothing about either. */
const encodeMetadata = ({service}: BridgeRequest): JsonObject => {
	const client = service.clientMetadata;
	const thread =
		service.promptCacheKey ??
		textField(client, 'thread_id') ??
		textField(client, 'session_id') ??
		service.safetyIdentifier ??
		service.user;
	return thread === undefined || thread === '' ? {} : {metadata: {user_id: fingerprint(thread, 32)}};
};

const encodeTier = ({service}: BridgeRequest, {family}: ProviderQuirks, losses: LossLog): JsonObject => {
	if (service.tier === 'priority' && family === 'anthropic') {
		return {speed: 'fast'};
	}

	if (service.tier === 'priority' || service.tier === 'flex') {
		losses.add('service-tier', `The service tier ${service.tier} does not exist here and was left out.`);
	}

	return {};
};

const noteLosses = (request: BridgeRequest, losses: LossLog): void => {
	const {sampling, verbosity, maxToolCalls} = request;
	const absent = {
		verbosity,
		max_tool_calls: maxToolCalls,
		seed: sampling.seed,
		top_logprobs: sampling.topLogprobs,
		frequency_penalty: sampling.frequencyPenalty,
		presence_penalty: sampling.presencePenalty,
	};
	for (const name of Object.keys(compact(absent))) {
		losses.add('unsupported-field', `The field ${name} does not exist in Messages and was left out.`);
	}
};

/** The betas that a body needs, in a fixed order (translation.md 3.1, claude-wire.md 2). */
const betasOf = (body: JsonObject, needsHour: boolean): readonly string[] => {
	const config = objectField(body, 'output_config');
	const thinking = objectField(body, 'thinking');
	const needs: ReadonlyArray<readonly [string, boolean]> = [
		['interleaved-thinking-2025-05-14', thinking['type'] === 'enabled' && Array.isArray(body['tools'])],
		['mid-conversation-system-2026-04-07', objectsField(body, 'messages').some(({role}) => role === 'system')],
		['effort-2025-11-24', config['effort'] !== undefined],
		['structured-outputs-2025-11-13', isJsonObject(config['format'])],
		['extended-cache-ttl-2025-04-11', needsHour],
		['fast-mode-2026-02-01', body['speed'] === 'fast'],
	];
	return needs.flatMap(([beta, isNeeded]) => (isNeeded ? [beta] : []));
};

/**
 * A request in the Messages dialect (translation.md 3.1). Throws {@link TranslationRefusal} for an empty conversation, and
 * where thinking is forbidden and the model cannot do without.
 */
export const encodeMessagesRequest = (request: BridgeRequest, options: EncodeOptions): EncodedMessagesRequest => {
	const {quirks} = options;
	const losses = new LossLog();
	const map = createToolMap(request, quirks.names, losses);
	const items = repairItems(request.items, quirks, losses);
	if (!items.some(item => item.type !== 'additional-tools')) {
		throw new TranslationRefusal('invalid_request_error', 'The input is empty: send at least one message.', 'input');
	}

	noteLosses(request, losses);
	const isEnforced = quirks.messages.structuredOutput;
	const instruction = formatInstruction(request.responseFormat, isEnforced);
	const conversation = encodeConversation(request, items, {quirks, tools: map, losses});
	const system = [...conversation.system, ...(instruction === undefined ? [] : [{type: 'text', text: instruction}])];
	const {tools = [], tool_choice: toolChoice} = encodeTools(request, items, {quirks, map, losses});
	const marked = placeCacheMarks(
		{tools: Array.isArray(tools) ? tools : [], system, messages: conversation.messages},
		quirks.messages.cacheControl,
	);
	const maxTokens = Math.min(request.maxOutputTokens ?? quirks.messages.maxTokens, quirks.messages.maxTokens);
	const thinkingContext = {quirks: quirks.messages, maxTokens, messages: marked.messages, toolChoice, losses};
	const thinking = encodeThinking(request.reasoning, thinkingContext);
	const body = compact({
		model: options.model,
		max_tokens: maxTokens,
		system: marked.system.length === 0 ? undefined : marked.system,
		messages: marked.messages,
		tools: marked.tools.length === 0 ? undefined : marked.tools,
		tool_choice: toolChoice,
		thinking: thinking['thinking'],
		...outputConfig(thinking, request.responseFormat, isEnforced),
		...encodeSampling(request, isThinkingOn(thinking), losses),
		...encodeMetadata(request),
		...encodeTier(request, quirks, losses),
		stream: options.stream ? true : undefined,
	});
	return {body, tools: map, losses: losses.list(), betas: betasOf(body, hasHourMark(marked))};
};
