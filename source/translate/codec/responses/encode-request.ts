import type {JsonObject} from '../../../wire/json-value.ts';
import type {EncodedRequest, EncodeOptions} from '../encode-options.ts';
import {isEnvelope} from '../envelope.ts';
import {compact} from '../field.ts';
import type {
	BridgeRequest,
	CallItem,
	ContentPart,
	Item,
	MessageItem,
	ReasoningItem,
	ResponseFormat,
	ResultItem,
} from '../ir.ts';
import {LossLog} from '../loss.ts';
import {takesAllTools} from '../quirks.ts';
import {TranslationRefusal} from '../refusal.ts';
import {shimArguments} from '../shim.ts';
import {markedOutput} from '../tool-error.ts';
import {createToolMap, declaredTools} from '../tool-map.ts';
import {repairItems} from '../repair/repair-items.ts';
import {encodeCall, encodePart} from './encode-item.ts';
import {encodeToolChoice, encodeToolList, isNativeTool, type ToolOutput} from './encode-tools.ts';

interface ItemOutput extends ToolOutput {
	/** Calls that went out as functions: their results must be function results. */
	readonly shimmed: Set<string>;
}

const idOf = (id: string | undefined, {quirks}: ItemOutput): string | undefined => (quirks.itemIds ? id : undefined);

/** `original` is Codex's own default and known to OpenAI only (translation.md 1.4). */
const fitPart = (part: ContentPart, {quirks}: ItemOutput): ContentPart =>
	part.type === 'image' && part.detail === 'original' && !takesAllTools(quirks) ? {...part, detail: 'high'} : part;

const encodeMessage = (item: MessageItem, output: ItemOutput): JsonObject => {
	if (item.original !== undefined && output.quirks.nativeTools.includes('additional-tools')) {
		return item.original;
	}

	const content = item.parts
		.map(part => encodePart(fitPart(part, output), item.role))
		.filter(part => part !== undefined);
	if (content.length < item.parts.length) {
		output.losses.add('unknown-part', 'A content part of a type that the bridge does not know was left out.');
	}

	const phase = output.quirks.phase ? item.phase : undefined;
	const isAnswer = item.role === 'assistant';
	const status = isAnswer && output.quirks.itemIds ? item.status : undefined;
	return compact({type: 'message', id: idOf(item.id, output), status, role: item.role, phase, content});
};

/** Only what this server made itself goes back; reasoning without hidden state means nothing to it (translation.md 4.3, 6.2). */
const encodeReasoning = (item: ReasoningItem, output: ItemOutput): JsonObject | undefined => {
	const isOwn = item.hidden?.kind === 'opaque' && output.quirks.opaqueState && !isEnvelope(item.hidden.data);
	if (!isOwn || item.hidden?.kind !== 'opaque') {
		output.losses.add('foreign-reasoning', 'Reasoning of another provider cannot be read here and was left out.');
		return undefined;
	}

	const summary = item.summary.map(text => ({type: 'summary_text', text}));
	return compact({type: 'reasoning', id: idOf(item.id, output), summary, encrypted_content: item.hidden.data});
};

const encodeCallItem = (item: CallItem, output: ItemOutput): JsonObject => {
	const id = idOf(item.id, output);
	if (isNativeTool(item.tool, output.quirks)) {
		return encodeCall({...item, ...(!output.quirks.itemIds && {status: undefined})}, id);
	}

	output.shimmed.add(item.callId);
	const name = output.map.wireNameOf(item.tool);
	const payload = shimArguments(item.tool.kind, item.payload);
	return compact({type: 'function_call', id, call_id: item.callId, name, arguments: payload});
};

const resultTypes = {
	function: 'function_call_output',
	custom: 'custom_tool_call_output',
	'tool-search': 'function_call_output',
	'local-shell': 'local_shell_call_output',
	shell: 'shell_call_output',
	'apply-patch': 'apply_patch_call_output',
} as const;

const encodeResult = (item: ResultItem, output: ItemOutput): JsonObject => {
	const kind = output.shimmed.has(item.callId) ? 'function' : (item.kind ?? 'function');
	const marked = markedOutput(item);
	const text =
		typeof marked === 'string'
			? marked
			: marked.map(part => encodePart(fitPart(part, output), 'user')).filter(part => part !== undefined);
	return compact({type: resultTypes[kind], id: idOf(item.id, output), call_id: item.callId, output: text});
};

const encodeFound = (item: Item & {readonly type: 'found-tools'}, output: ItemOutput): JsonObject => {
	const tools = encodeToolList(item.tools, output);
	if (!output.shimmed.has(item.callId)) {
		const head = {type: 'tool_search_output', id: idOf(item.id, output), call_id: item.callId};
		return compact({...head, status: 'completed', execution: 'client', tools});
	}

	const names = tools.map(tool => (typeof tool['name'] === 'string' ? tool['name'] : '')).join(', ');
	return {type: 'function_call_output', call_id: item.callId, output: `Loaded tools: ${names}`};
};

const encodeItem = (item: Item, output: ItemOutput): JsonObject | undefined => {
	switch (item.type) {
		case 'message': {
			return encodeMessage(item, output);
		}

		case 'reasoning': {
			return encodeReasoning(item, output);
		}

		case 'call': {
			return encodeCallItem(item, output);
		}

		case 'result': {
			return encodeResult(item, output);
		}

		case 'found-tools': {
			return encodeFound(item, output);
		}

		case 'additional-tools': {
			const isNative = output.quirks.nativeTools.includes('additional-tools');
			const tools = isNative ? encodeToolList(item.tools, output) : [];
			return isNative ? {type: 'additional_tools', role: item.role, tools} : undefined;
		}

		case 'compaction': {
			return compact({type: 'compaction', id: idOf(item.id, output), encrypted_content: item.encrypted});
		}

		case 'compaction-trigger': {
			return {type: 'compaction_trigger'};
		}

		case 'hosted':
		case 'unknown': {
			return item.raw;
		}

		case 'reference': {
			return {type: 'item_reference', id: item.id};
		}
	}
};

const encodeFormat = (format: ResponseFormat | undefined): JsonObject | undefined => {
	if (format === undefined) {
		return undefined;
	}

	return format.type === 'json-object'
		? {type: 'json_object'}
		: compact({
				type: 'json_schema',
				name: format.name,
				description: format.description,
				schema: format.schema,
				strict: format.strict,
			});
};

const orNothing = (value: JsonObject): JsonObject | undefined => (Object.keys(value).length === 0 ? undefined : value);

const serviceFields = ({service}: BridgeRequest): JsonObject => ({
	service_tier: service.tier,
	store: service.store,
	previous_response_id: service.previousResponseId,
	include: service.include,
	metadata: service.metadata,
	user: service.user,
	safety_identifier: service.safetyIdentifier,
	prompt_cache_key: service.promptCacheKey,
	prompt_cache_retention: service.promptCacheRetention,
	truncation: service.truncation,
});

const toolFields = (request: BridgeRequest, output: ItemOutput): JsonObject => {
	// A server without `additional_tools` gets them at the top.
	const isLifted = !output.quirks.nativeTools.includes('additional-tools');
	const hasSearch = output.quirks.nativeTools.includes('tool-search');
	const lifted = isLifted ? declaredTools(request) : request.tools;
	const found =
		isLifted && hasSearch ? request.items.flatMap(item => (item.type === 'found-tools' ? item.tools : [])) : [];
	const tools = encodeToolList(
		lifted.filter(tool => !found.includes(tool)),
		output,
	);
	const hasTools = tools.length > 0 || request.items.some(item => item.type === 'additional-tools');
	return compact({
		tools: tools.length === 0 ? undefined : tools,
		tool_choice:
			request.toolChoice === undefined || !hasTools ? undefined : encodeToolChoice(request.toolChoice, output),
		parallel_tool_calls: hasTools ? request.parallelToolCalls : undefined,
	});
};

const bodyOf = (request: BridgeRequest, options: EncodeOptions, output: ItemOutput): JsonObject => {
	const {reasoning, sampling} = request;
	// Only OpenAI has it (translation.md 1.1).
	const verbosity = takesAllTools(output.quirks) ? request.verbosity : undefined;
	const instructions = request.instructions.map(({text}) => text).join('\n\n');
	const items = repairItems(request.items, options.quirks, output.losses);
	return compact({
		model: options.model,
		instructions: instructions === '' ? undefined : instructions,
		input: items.map(item => encodeItem(item, output)).filter(item => item !== undefined),
		...toolFields(request, output),
		stream: options.stream ? true : undefined,
		max_output_tokens: request.maxOutputTokens,
		max_tool_calls: request.maxToolCalls,
		temperature: sampling.temperature,
		top_p: sampling.topP,
		top_logprobs: sampling.topLogprobs,
		reasoning: orNothing(compact({effort: reasoning.effort, summary: reasoning.summary, context: reasoning.context})),
		text: orNothing(compact({format: encodeFormat(request.responseFormat), verbosity})),
		...serviceFields(request),
	});
};

/**
 * A request in the Responses dialect, for servers that need more than the client's own bytes: other clients' requests, and
 * strict third-party servers that know a part of the protocol (translation.md 4.1-4.3). Throws {@link TranslationRefusal} for
 * an empty conversation.
 */
export const encodeResponsesRequest = (request: BridgeRequest, options: EncodeOptions): EncodedRequest => {
	const losses = new LossLog();
	const map = createToolMap(request, options.quirks.names, losses);
	const quirks = options.quirks.responses;
	const output = {map, quirks, losses, shimmed: new Set<string>()};
	if (request.items.length === 0) {
		throw new TranslationRefusal('invalid_request_error', 'The input is empty: send at least one message.', 'input');
	}

	const body = Object.fromEntries(
		Object.entries(bodyOf(request, options, output)).filter(([name]) => !quirks.refusedFields.includes(name)),
	);
	return {body, tools: map, losses: losses.list()};
};
