import type {JsonObject} from '../../wire/json-value.ts';
import type {HiddenState} from './envelope.ts';
import type {ToolDeclaration, ToolKind, ToolReference} from './tool.ts';

/*
 * The one internal representation of a request (translation.md 0.1). Every codec decodes into it and encodes from it; no codec
 * knows another. It is flat, like the `input` of the Responses API: grouping into alternating messages is the business of the
 * codec whose protocol wants it. Nothing in it depends on time or chance, so the same bytes always give the same value.
 *
 * Wire names are given as R (Responses), C (Chat Completions), M (Messages), G (generateContent).
 */

/** Where the bytes of an image, file or sound are. */
export type MediaSource =
	/** Inline base64. R `image_url`/`file_data` data URL, C `image_url.url`, M `source.type:"base64"`, G `inlineData`. */
	| {readonly kind: 'data'; readonly mimeType: string; readonly base64: string}
	/** A URL that the provider fetches. R `image_url`/`file_url`, C `image_url.url`, M `source.type:"url"`, G `fileData.fileUri`. */
	| {readonly kind: 'url'; readonly url: string}
	/** A file that one account uploaded before. R/C `file_id`, M `source.type:"file"`; nobody else can resolve it. */
	| {readonly kind: 'file-id'; readonly id: string};

/** A client's mark that everything up to here may be cached: M `cache_control.ttl` (`5m` where it is not stated). */
export type CacheHint = '5m' | '1h';

/** One piece of a message or of a tool's result. */
export type ContentPart =
	/** R `input_text`/`output_text`, C/M `text`, G `{text}`. `annotations` as they came (R `annotations`, M `citations`). */
	| {
			readonly type: 'text';
			readonly text: string;
			readonly cacheHint?: CacheHint;
			readonly annotations?: readonly JsonObject[];
	  }
	/** R/C `refusal`. */
	| {readonly type: 'refusal'; readonly text: string}
	/** R `input_image`, C `image_url`, M `image`, G `inlineData`/`fileData`. `detail` as the client wrote it (`original`, `high`, …). */
	| {readonly type: 'image'; readonly source: MediaSource; readonly detail?: string; readonly cacheHint?: CacheHint}
	/** R `input_file`, C `file`, M `document`, G `inlineData`. */
	| {
			readonly type: 'file';
			readonly source: MediaSource;
			readonly filename?: string;
			readonly cacheHint?: CacheHint;
	  }
	/** R/C `input_audio {data, format}`. */
	| {readonly type: 'audio'; readonly base64: string; readonly format: string}
	/** A part that no codec knows; only its own dialect may get it back. */
	| {readonly type: 'unknown'; readonly raw: JsonObject};

/** Who speaks. `system` and `developer` have the same authority; only Responses and OpenAI's Chat tell them apart. */
export type Role = 'system' | 'developer' | 'user' | 'assistant';

/** R `status` of an item that was produced by a model. */
export type ItemStatus = 'completed' | 'incomplete' | 'in_progress';

/** R `message` and `agent_message`, C message with `content`, M message's text and media blocks, G content's text parts. */
export interface MessageItem {
	readonly type: 'message';
	readonly role: Role;
	readonly parts: readonly ContentPart[];
	readonly id?: string;
	/** R `phase`: `commentary` or `final_answer`. */
	readonly phase?: string;
	readonly status?: ItemStatus;
	/** The item as it came, where only its own dialect has the form: R `agent_message` between sub-agents. */
	readonly original?: JsonObject;
}

/** R `reasoning`, C `reasoning_content` and its relatives, M `thinking`/`redacted_thinking`, G parts with `thought:true`. */
export interface ReasoningItem {
	readonly type: 'reasoning';
	/** R `summary[].text`: what a client shows. */
	readonly summary: readonly string[];
	/** R `content[].text` (`reasoning_text`): the raw chain of thought. */
	readonly content: readonly string[];
	/** What the model's own provider needs back: R `encrypted_content`, M `signature`/`data`, G `thoughtSignature`. */
	readonly hidden: HiddenState | undefined;
	readonly id?: string;
	readonly status?: ItemStatus;
}

/** R `function_call`, `custom_tool_call`, `tool_search_call`, `local_shell_call`, …; C `tool_calls[]`; M `tool_use`; G `functionCall`. */
export interface CallItem {
	readonly type: 'call';
	/** R `call_id`, C `tool_calls[].id`, M `tool_use.id`, G `functionCall.id`: pairs the call with its result. */
	readonly callId: string;
	/** The tool as the client declared it, never as a provider's wire name. */
	readonly tool: ToolReference;
	/** JSON text of the arguments (R/C `arguments`, M `input`, G `args`), or the raw text of a custom tool (R `input`). */
	readonly payload: string;
	readonly id?: string;
	readonly status?: ItemStatus;
	/** G `thoughtSignature` on a call, C `extra_content.google.thought_signature`: must return with exactly this call. */
	readonly signature?: string;
}

/** R `*_call_output`, C message of role `tool`, M `tool_result`, G `functionResponse`. */
export interface ResultItem {
	readonly type: 'result';
	readonly callId: string;
	/** The kind of the call that it answers, where the dialect states it (R by the item's type). */
	readonly kind: ToolKind | undefined;
	/** A text, or parts where the tool returned images. R/M `output`/`content` string or array. */
	readonly output: string | readonly ContentPart[];
	/** M `is_error`; undefined where the dialect has no such field. Never guessed from the text. */
	readonly isError: boolean | undefined;
	readonly id?: string;
	readonly cacheHint?: CacheHint;
}

/** R `tool_search_output`: the tools that a client-side search found; they can be called from here on. */
export interface FoundToolsItem {
	readonly type: 'found-tools';
	readonly callId: string;
	readonly tools: readonly ToolDeclaration[];
	readonly id?: string;
}

/** R `additional_tools`: tools declared inside the input (Codex's lite dialect, translation.md 0 fact 12). */
export interface AdditionalToolsItem {
	readonly type: 'additional-tools';
	readonly role: Role;
	readonly tools: readonly ToolDeclaration[];
	readonly id?: string;
}

/** R `compaction`: earlier turns in a form that only its maker can read. */
export interface CompactionItem {
	readonly type: 'compaction';
	/** R `encrypted_content`. */
	readonly encrypted: string;
	readonly id?: string;
}

/** R `web_search_call`, `image_generation_call`, `mcp_call`, …: something that a provider did by itself. */
export interface HostedItem {
	readonly type: 'hosted';
	/** R `type`. */
	readonly name: string;
	readonly raw: JsonObject;
	readonly id?: string;
}

/** One element of a conversation, in the client's order. */
export type Item =
	| MessageItem
	| ReasoningItem
	| CallItem
	| ResultItem
	| FoundToolsItem
	| AdditionalToolsItem
	| CompactionItem
	| HostedItem
	/** R `compaction_trigger`: this request asks for a `compaction` item (translation.md 2.13). */
	| {readonly type: 'compaction-trigger'}
	/** R `item_reference`: an item that the server stored. */
	| {readonly type: 'reference'; readonly id: string}
	/** An item of a type that no codec knows. */
	| {readonly type: 'unknown'; readonly raw: JsonObject};

/** What a model may answer with: the items that a stream opens and closes. */
export type OutputItem = MessageItem | ReasoningItem | CallItem | CompactionItem | HostedItem;

/** One text of authority in front of the conversation: R `instructions`, M `system[]`, G `systemInstruction.parts[]`. */
export interface InstructionBlock {
	readonly text: string;
	readonly cacheHint?: CacheHint;
}

/** R/C `tool_choice`, M `tool_choice`, G `toolConfig.functionCallingConfig`. */
export type ToolChoice =
	| {readonly mode: 'auto' | 'none' | 'required'}
	/** One tool is forced: R `{type, name, namespace?}`, C `{type:"function", function:{name}}`, M `{type:"tool", name}`. */
	| {readonly mode: 'tool'; readonly tool: ToolReference}
	/** R `allowed_tools`, G `allowedFunctionNames`: only these may be called, or one of them must be. */
	| {readonly mode: 'allowed'; readonly isRequired: boolean; readonly tools: readonly ToolReference[]};

/** How hard to think, in ascending order (translation.md 1.8). */
export const effortLevels = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'] as const;

/** One of {@link effortLevels}. */
export type Effort = (typeof effortLevels)[number];

/** R `reasoning`, C `reasoning_effort`, M `thinking` with `output_config.effort`, G `thinkingConfig`. */
export interface ReasoningRequest {
	/** Undefined where the client said nothing; `none` is the explicit "do not think". */
	readonly effort: Effort | undefined;
	/** R `reasoning.summary`: `auto`, `concise`, `detailed`. */
	readonly summary: string | undefined;
	/** M `thinking.budget_tokens`, G `thinkingBudget`. */
	readonly budgetTokens: number | undefined;
	/** R `reasoning.context`, which no other dialect has. */
	readonly context: string | undefined;
}

/** R `text.format`, C `response_format`, M `output_config.format`, G `responseMimeType` with a schema. */
export type ResponseFormat =
	| {readonly type: 'json-object'}
	| {
			readonly type: 'json-schema';
			readonly name: string;
			readonly schema: JsonObject;
			readonly description: string | undefined;
			readonly strict: boolean | undefined;
	  };

/** R/C `temperature`, `top_p`, `top_logprobs`, C/M/G `top_k`, C penalties, `seed` and `stop` (M `stop_sequences`). */
export interface Sampling {
	readonly temperature?: number;
	readonly topP?: number;
	readonly topK?: number;
	readonly topLogprobs?: number;
	readonly frequencyPenalty?: number;
	readonly presencePenalty?: number;
	readonly seed?: number;
	readonly stop?: readonly string[];
}

/** Fields that steer a provider's own service rather than the answer; most dialects lack most of them. */
export interface ServiceFields {
	/** R/C `service_tier`, M `speed:"fast"` as `priority`. */
	readonly tier?: string;
	/** R/C `store`. */
	readonly store?: boolean;
	/** R `previous_response_id`. */
	readonly previousResponseId?: string;
	/** R `include`. */
	readonly include?: readonly string[];
	/** R/C `metadata`, M `metadata` (`user_id`). */
	readonly metadata?: JsonObject;
	/** R/C `user`. */
	readonly user?: string;
	/** R/C `safety_identifier`. */
	readonly safetyIdentifier?: string;
	/** R/C `prompt_cache_key`: also what affinity is derived from. */
	readonly promptCacheKey?: string;
	/** R `prompt_cache_retention`. */
	readonly promptCacheRetention?: string;
	/** R `truncation`. */
	readonly truncation?: string;
	/** R `client_metadata`: for the screens only, no upstream ever gets it (translation.md 1.1). */
	readonly clientMetadata?: JsonObject;
}

/** A request, free of any dialect. */
export interface BridgeRequest {
	/** R/C/M `model` as the client wrote it; G has it in the path. */
	readonly model: string;
	/** R `instructions`, M `system`, G `systemInstruction`. C has none: its system messages are items. */
	readonly instructions: readonly InstructionBlock[];
	/** R `input`, C `messages`, M `messages`, G `contents`. */
	readonly items: readonly Item[];
	/** R/C/M/G `tools`, namespaces flattened; tools declared inside the conversation stay in their items. */
	readonly tools: readonly ToolDeclaration[];
	readonly toolChoice: ToolChoice | undefined;
	/** R/C `parallel_tool_calls`, M `tool_choice.disable_parallel_tool_use` turned round. */
	readonly parallelToolCalls: boolean | undefined;
	/** R `max_tool_calls`. */
	readonly maxToolCalls: number | undefined;
	readonly sampling: Sampling;
	/** R `max_output_tokens`, C `max_completion_tokens`/`max_tokens`, M `max_tokens`, G `maxOutputTokens`. */
	readonly maxOutputTokens: number | undefined;
	readonly reasoning: ReasoningRequest;
	readonly responseFormat: ResponseFormat | undefined;
	/** R `text.verbosity`, C `verbosity`. */
	readonly verbosity: string | undefined;
	readonly stream: boolean;
	/** C `stream_options.include_usage`: whether a Chat client wants the usage chunk. */
	readonly streamUsage: boolean;
	readonly service: ServiceFields;
}
