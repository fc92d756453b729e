import {fingerprint} from '../../../base/ids.ts';
import {objectField, type JsonObject} from '../../../wire/json-value.ts';
import type {EncodedRequest, EncodeOptions} from '../encode-options.ts';
import {compact, fitEffort} from '../field.ts';
import type {BridgeRequest, Effort} from '../ir.ts';
import {LossLog} from '../loss.ts';
import type {MessagesRequestQuirks, ProviderQuirks} from '../quirks.ts';
import {TranslationRefusal} from '../refusal.ts';
import {repairItems} from '../repair/repair-items.ts';
import {functionShape} from '../shim.ts';
import {createToolMap, declaredTools, type ToolMap} from '../tool-map.ts';
import {isSameTool} from '../tool.ts';
import {cacheControl} from './encode-blocks.ts';
import {encodeConversation, lacksThinking, type Conversation} from './encode-conversation.ts';

/** A Messages request, with the betas that it needs in `anthropic-beta`; gateways that refuse unknown ones are filtered later. */
export interface EncodedMessagesRequest extends EncodedRequest {
	readonly betas: readonly string[];
}

const budgets: Readonly<Record<Effort, number>> = {
	none: 0,
	minimal: 1024,
	low: 2048,
	medium: 8192,
	high: 16_384,
	xhigh: 24_576,
	max: 24_576,
	ultra: 24_576,
};

interface Thinking {
	readonly fields: JsonObject;
	readonly isOn: boolean;
}

const noThinking: Thinking = {fields: {thinking: {type: 'disabled'}}, isOn: false};

/** How hard to think (translation.md 3.1). `isAllowed`: nothing of the conversation forbids thinking in this request. */
const encodeThinkingFields = (
	{reasoning}: BridgeRequest,
	{messages: quirks}: ProviderQuirks,
	{isAllowed, maxTokens}: {readonly isAllowed: boolean; readonly maxTokens: number},
): Thinking => {
	const {effort, budgetTokens} = reasoning;
	if (quirks.thinking === 'none' || (effort === undefined && budgetTokens === undefined)) {
		return {fields: {}, isOn: false};
	}

	if (effort === 'none' || !isAllowed) {
		return quirks.alwaysThinks ? {fields: {output_config: {effort: 'low'}}, isOn: true} : noThinking;
	}

	if (quirks.thinking === 'adaptive') {
		const level = fitEffort(effort ?? 'high', quirks.efforts);
		return {fields: {thinking: {type: 'adaptive', display: 'summarized'}, output_config: {effort: level}}, isOn: true};
	}

	const wanted = budgetTokens ?? budgets[effort ?? 'high'];
	const budget = Math.max(1024, Math.min(wanted, Math.floor(maxTokens / 2)));
	return {fields: {thinking: {type: 'enabled', budget_tokens: budget}}, isOn: true};
};

const encodeChoice = (request: BridgeRequest, map: ToolMap): JsonObject | undefined => {
	const choice = request.toolChoice;
	const single = request.parallelToolCalls === false ? {disable_parallel_tool_use: true} : {};
	switch (choice?.mode) {
		case undefined: {
			return request.parallelToolCalls === false ? {type: 'auto', ...single} : undefined;
		}

		case 'none': {
			return {type: 'none'};
		}

		case 'auto': {
			return {type: 'auto', ...single};
		}

		case 'required': {
			return {type: 'any', ...single};
		}

		case 'allowed': {
			return {type: choice.isRequired ? 'any' : 'auto', ...single};
		}

		case 'tool': {
			return map.has(choice.tool)
				? {type: 'tool', name: map.wireNameOf(choice.tool), ...single}
				: {type: 'auto', ...single};
		}
	}
};

const encodeTools = (
	request: BridgeRequest,
	map: ToolMap,
	{quirks, losses}: {quirks: MessagesRequestQuirks; losses: LossLog},
): readonly JsonObject[] => {
	const choice = request.toolChoice;
	const offered =
		choice?.mode === 'allowed'
			? map
					.list()
					.filter(({tool}) =>
						choice.tools.some(one => isSameTool(one, {kind: tool.kind, namespace: tool.namespace, name: tool.name})),
					)
			: map.list();
	const tools = offered.map(({tool, wireName}): JsonObject => {
		const {description, parameters} = functionShape(tool);
		return compact({name: wireName, description, input_schema: parameters, ...cacheControl(tool.cacheHint)});
	});
	const hosted = declaredTools(request).filter(tool => tool.kind === 'hosted');
	for (const {name} of hosted) {
		if (name !== 'web_search' || quirks.webSearch === undefined) {
			losses.add('hosted-tool', `The tool ${name} runs at its own provider and was not offered here.`);
		}
	}

	const search = hosted.some(({name}) => name === 'web_search') ? quirks.webSearch : undefined;
	return search === undefined ? tools : [...tools, search];
};

const mark = cacheControl('5m');

const withLastMarked = (blocks: readonly JsonObject[]): readonly JsonObject[] => {
	const last = blocks.at(-1);
	return last === undefined || last['type'] === 'thinking' || last['type'] === 'redacted_thinking'
		? blocks
		: [...blocks.slice(0, -1), {...last, ...mark}];
};

const hasMarks = (value: unknown): boolean => JSON.stringify(value).includes('"cache_control"');

interface Marked extends Conversation {
	readonly tools: readonly JsonObject[];
}

/** Up to four cache marks: last tool, last system block, the two latest user messages (translation.md 3.1). */
const withCacheMarks = (parts: Marked, quirks: MessagesRequestQuirks): Marked => {
	if (!quirks.cacheControl || hasMarks(parts)) {
		return parts;
	}

	const users = parts.messages.flatMap(({role}, index) => (role === 'user' ? [index] : [])).slice(-2);
	return {
		tools: withLastMarked(parts.tools),
		system: withLastMarked(parts.system),
		messages: parts.messages.map((message, index) =>
			users.includes(index) ? {...message, content: withLastMarked(message.content)} : message,
		),
	};
};

const sampling = ({sampling: wanted}: BridgeRequest, thinks: boolean): JsonObject =>
	compact({
		temperature: thinks ? undefined : wanted.temperature,
		// The newest models refuse both together.
		top_p: thinks || wanted.temperature !== undefined ? undefined : wanted.topP,
		top_k: thinks ? undefined : wanted.topK,
		stop_sequences: wanted.stop,
	});

const outputConfig = (request: BridgeRequest, quirks: MessagesRequestQuirks, fields: JsonObject): JsonObject => {
	const format = request.responseFormat;
	const isStructured = format?.type === 'json-schema' && quirks.structuredOutput;
	return isStructured
		? {
				...fields,
				output_config: {...objectField(fields, 'output_config'), format: {type: 'json_schema', schema: format.schema}},
			}
		: fields;
};

const formatText = ({responseFormat: format}: BridgeRequest, quirks: MessagesRequestQuirks): readonly JsonObject[] => {
	if (format === undefined || (format.type === 'json-schema' && quirks.structuredOutput)) {
		return [];
	}

	const schema =
		format.type === 'json-schema' ? ` that fulfils this JSON Schema:\n${JSON.stringify(format.schema)}` : '.';
	return [{type: 'text', text: `Answer with one JSON object${schema}`}];
};

const neededBetas = (body: JsonObject, quirks: MessagesRequestQuirks): readonly string[] => [
	...(quirks.thinking === 'budget' && body['thinking'] !== undefined && body['tools'] !== undefined
		? ['interleaved-thinking-2025-05-14']
		: []),
	...(quirks.midSystem ? ['mid-conversation-system-2026-04-07'] : []),
	...(body['speed'] === 'fast' ? ['fast-mode-2026-02-01'] : []),
];

/** A request in the Messages dialect (translation.md 3.1). Throws {@link TranslationRefusal} for an empty conversation. */
export const encodeMessagesRequest = (request: BridgeRequest, options: EncodeOptions): EncodedMessagesRequest => {
	const {quirks} = options;
	const losses = new LossLog();
	const map = createToolMap(request, quirks.names, losses);
	const items = repairItems(request.items, quirks, losses);
	const conversation = encodeConversation(request.instructions, items, {quirks, tools: map, losses});
	if (conversation.messages.length === 0) {
		throw new TranslationRefusal('invalid_request_error', 'The input is empty: send at least one message.', 'input');
	}

	const tools = encodeTools(request, map, {quirks: quirks.messages, losses});
	const system = [...conversation.system, ...formatText(request, quirks.messages)];
	const marked = withCacheMarks({tools, system, messages: conversation.messages}, quirks.messages);
	const choice = tools.length === 0 ? undefined : encodeChoice(request, map);
	const isForced = choice?.['type'] === 'any' || choice?.['type'] === 'tool';
	const maxTokens = Math.min(request.maxOutputTokens ?? quirks.messages.maxTokens, quirks.messages.maxTokens);
	const isAllowed = !isForced && (quirks.messages.unsignedThinking || !lacksThinking(conversation.messages));
	const thinking = encodeThinkingFields(request, quirks, {isAllowed, maxTokens});
	const key = request.service.promptCacheKey;
	const body = compact({
		model: options.model,
		max_tokens: maxTokens,
		system: marked.system.length === 0 ? undefined : marked.system,
		messages: marked.messages,
		tools: tools.length === 0 ? undefined : marked.tools,
		tool_choice: choice,
		...outputConfig(request, quirks.messages, thinking.fields),
		...sampling(request, thinking.isOn),
		speed: request.service.tier === 'priority' ? 'fast' : undefined,
		metadata: key === undefined ? undefined : {user_id: fingerprint(key, 32)},
		stream: options.stream ? true : undefined,
	});
	return {body, tools: map, losses: losses.list(), betas: neededBetas(body, quirks.messages)};
};
