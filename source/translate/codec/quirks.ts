import type {Effort} from './ir.ts';
import type {JsonObject} from '../../wire/json-value.ts';

/**
 * How a provider wants to be told how hard to think (translation.md 1.8). `fields` names the style; the levels that a model
 * takes stand beside it.
 */
export type EffortStyle =
	| 'openai'
	| 'deepseek'
	| 'kimi-k2'
	| 'kimi-k3'
	| 'qwen'
	| 'zai'
	| 'minimax'
	| 'openrouter'
	| 'mistral'
	| 'template'
	| 'omit';

/** Optional top-level fields of a Chat request that most providers refuse (translation.md 1.1). */
export type ChatField =
	| 'metadata'
	| 'service_tier'
	| 'prompt_cache_key'
	| 'safety_identifier'
	| 'user'
	| 'verbosity'
	| 'logprobs'
	| 'seed'
	| 'penalties'
	| 'store';

/** What a provider that is spoken to in the Chat dialect wants in a request. */
export interface ChatRequestQuirks {
	readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
	/** Sent where the client set no limit (NVIDIA NIM's own default is tiny). */
	readonly defaultMaxTokens: number | undefined;
	/** Whether `stream_options:{include_usage:true}` is understood. */
	readonly streamOptions: boolean;
	/** translation.md 1.2. */
	readonly system: 'keep' | 'merge-head' | 'head-tail';
	/** Whether the role `developer` exists here; `system` takes its place elsewhere. */
	readonly developerRole: boolean;
	/** Adjacent messages of one role are joined, and the first one is a user's (translation.md 1.9.7). */
	readonly alternate: boolean;
	/** The text of an assistant message between a tool's result and a user message, where the provider wants one (Mistral). */
	readonly fillerAfterTool: string | undefined;
	/** A history may end with an assistant message. */
	readonly prefill: boolean;
	/** Content may be an array of parts. */
	readonly contentArrays: boolean;
	/** `content:null` beside `tool_calls` is understood; else `""`. */
	readonly nullContent: boolean;
	readonly vision: boolean;
	/** `file` parts are understood. */
	readonly files: boolean;
	/** Whether images may stand in tool messages, or follow in a user message (translation.md 1.5). */
	readonly toolImages: 'native' | 'after';
	/** Where the reasoning of earlier turns goes (translation.md 1.9.8). */
	readonly reasoningIn: 'drop' | 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'content-thinking';
	/** Every assistant message with calls needs reasoning; this text stands in where it is lost. */
	readonly reasoningPlaceholder: string | undefined;
	/** The text of another provider's reasoning may be used. */
	readonly foreignReasoning: boolean;
	readonly effort: EffortStyle;
	/** The effort levels that the model lists; undefined: all of them. */
	readonly efforts: readonly Effort[] | undefined;
	/** Thinking budgets in tokens by level, for providers that count (Qwen). */
	readonly budgets: Readonly<Partial<Record<Effort, number>>> | undefined;
	/** How `required` is spelled: natively, as `any` (Mistral), or not at all (`auto`). */
	readonly forced: 'native' | 'any' | 'auto';
	/** What a forced tool does while the model thinks: nothing, the force is given up, or the thinking is. */
	readonly forcedWithThinking: 'keep' | 'drop-force' | 'drop-thinking';
	/** `tool_choice:"none"` is not obeyed: the tools are left out instead. */
	readonly noneDropsTools: boolean;
	readonly responseFormat: 'json_schema' | 'json_object' | 'none';
	/** `strict` may be sent with a function. */
	readonly strict: boolean;
	/** `parallel_tool_calls` may be sent. */
	readonly parallelToolCalls: boolean;
	/** `temperature` and `top_p` must be left out. */
	readonly fixedSampling: boolean;
	readonly temperatureMax: number;
	/** How the web search tool is declared here; undefined: it is left out. */
	readonly webSearch: JsonObject | undefined;
	readonly fields: readonly ChatField[];
	/** Constant fields that every request carries (`reasoning_split:true`, …). */
	readonly extraBody: JsonObject;
}

/** How a provider's answers differ from the documented ones. */
export interface AnswerQuirks {
	/** A tool's name arrives in pieces: append until the first argument byte (translation.md 2.5.3). */
	readonly fragmentedNames: boolean;
	/** The provider never sends a finish reason: the end of the stream is one (translation.md 2.10). */
	readonly eofIsStop: boolean;
	/** Look for `<think>` and its relatives at the start of the text (translation.md 2.6). */
	readonly inlineThink: boolean;
	/** The template opens the thinking itself: only a closing tag appears. */
	readonly implicitThink: boolean;
	/** An answer that is nothing but reasoning is shown as text. */
	readonly reasoningFallbackText: boolean;
	/** An answer without anything in it is an answer. */
	readonly allowEmpty: boolean;
	/** Text after a tool call opens a second message, with `phase` (translation.md 2.4). */
	readonly splitText: boolean;
}

/** Rules for what names and ids a provider takes. */
export interface NameQuirks {
	/** Longest tool name. */
	readonly maxToolNameLength: number;
	/** `any`: up to 64 of `[A-Za-z0-9_-]`; `mistral`: exactly 9 letters and digits (translation.md 1.9.6). */
	readonly callIds: 'any' | 'mistral';
	/** Tools that are never offered: flat wire names or `namespace/name`. */
	readonly toolDenylist: readonly string[];
}

/** What a strict third-party Responses server takes (translation.md 4.3). */
export interface ResponsesRequestQuirks {
	/** Kinds that go out as they are; every other callable tool becomes a function. */
	readonly nativeTools: ReadonlyArray<'custom' | 'tool-search' | 'namespace' | 'additional-tools'>;
	/** Types of hosted tools that the server runs; others are left out. `*`: all. */
	readonly hostedTools: readonly string[];
	/** Item ids, `phase` and foreign hidden state may be sent. */
	readonly itemIds: boolean;
	readonly phase: boolean;
	/** The family whose `encrypted_content` this server made; `openai` takes opaque state. */
	readonly opaqueState: boolean;
	/** Top-level fields that the server refuses. */
	readonly refusedFields: readonly string[];
}

/** What a Messages endpoint takes (translation.md 3.1). */
export interface MessagesRequestQuirks {
	/** A system message may stand between others (beta `mid-conversation-system`). */
	readonly midSystem: boolean;
	/** Thinking without a signature is taken (DeepSeek, MiniMax, Kimi). */
	readonly unsignedThinking: boolean;
	readonly thinking: 'adaptive' | 'budget' | 'none';
	/** The model cannot turn thinking off. */
	readonly alwaysThinks: boolean;
	readonly maxTokens: number;
	readonly efforts: readonly Effort[];
	readonly structuredOutput: boolean;
	readonly webSearch: JsonObject | undefined;
	/** Cache marks are set by the codec where the client set none. */
	readonly cacheControl: boolean;
}

/** What a generateContent endpoint takes (translation.md 3.3). */
export interface GeminiRequestQuirks {
	/** Tool schemas as JSON Schema (`parametersJsonSchema`), without cleaning. */
	readonly jsonSchema: boolean;
	readonly thinking: 'level' | 'budget' | 'none';
	/** Images may stand in `functionResponse.parts`. */
	readonly toolImages: boolean;
	readonly fixedTemperature: boolean;
	/** JSON mode together with tools. */
	readonly jsonWithTools: boolean;
	/** The effort levels that the model takes, or the smallest thinking it can do; an unlisted one is fitted (translation.md 1.8, ladder). */
	readonly efforts: readonly Effort[];
	/** Google Search: not at all, only where no function is offered, or beside functions. */
	readonly search: 'none' | 'alone' | 'mixed';
	/** `safetySettings` that every request carries; empty: the provider's own (translation.md 3.3). */
	readonly safety: readonly JsonObject[];
}

/** The quirks of one provider, or of one of its models, as data (translation.md 1.10). Rows stand with the providers. */
export interface ProviderQuirks {
	/** The family that made hidden state: stands in envelopes (`deepseek`, `anthropic`, …). */
	readonly family: string;
	readonly names: NameQuirks;
	readonly answer: AnswerQuirks;
	readonly chat: ChatRequestQuirks;
	readonly responses: ResponsesRequestQuirks;
	readonly messages: MessagesRequestQuirks;
	readonly gemini: GeminiRequestQuirks;
}

/** What an unknown provider gets: what every server of its dialect is known to take. */
export const genericQuirks: ProviderQuirks = {
	family: 'generic',
	names: {maxToolNameLength: 64, callIds: 'any', toolDenylist: []},
	answer: {
		fragmentedNames: false,
		eofIsStop: false,
		inlineThink: true,
		implicitThink: false,
		reasoningFallbackText: false,
		allowEmpty: false,
		splitText: false,
	},
	chat: {
		maxTokensField: 'max_tokens',
		defaultMaxTokens: undefined,
		streamOptions: true,
		system: 'merge-head',
		developerRole: false,
		alternate: false,
		fillerAfterTool: undefined,
		prefill: false,
		contentArrays: true,
		nullContent: true,
		vision: true,
		files: false,
		toolImages: 'after',
		reasoningIn: 'drop',
		reasoningPlaceholder: undefined,
		foreignReasoning: false,
		effort: 'openai',
		efforts: undefined,
		budgets: undefined,
		forced: 'native',
		forcedWithThinking: 'keep',
		noneDropsTools: false,
		responseFormat: 'json_schema',
		strict: false,
		parallelToolCalls: true,
		fixedSampling: false,
		temperatureMax: 2,
		webSearch: undefined,
		fields: [],
		extraBody: {},
	},
	responses: {
		nativeTools: ['custom', 'tool-search', 'namespace', 'additional-tools'],
		hostedTools: ['*'],
		itemIds: true,
		phase: true,
		opaqueState: true,
		refusedFields: [],
	},
	messages: {
		midSystem: false,
		unsignedThinking: false,
		thinking: 'adaptive',
		alwaysThinks: false,
		maxTokens: 32_000,
		efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
		structuredOutput: true,
		webSearch: undefined,
		cacheControl: true,
	},
	gemini: {
		jsonSchema: true,
		thinking: 'level',
		toolImages: false,
		fixedTemperature: false,
		jsonWithTools: false,
		efforts: ['minimal', 'low', 'medium', 'high'],
		search: 'none',
		safety: [],
	},
};

/** Whether a Responses server knows all kinds of tools that Codex declares, so that its requests may go out as they are (translation.md 4.3). */
export const takesAllTools = ({nativeTools}: ResponsesRequestQuirks): boolean =>
	genericQuirks.responses.nativeTools.every(kind => nativeTools.includes(kind));

/** How one client wants its answers; data like {@link ProviderQuirks}. */
export interface ClientOutput {
	/** Where a Responses client gets reasoning (translation.md 2.3). */
	readonly reasoningChannel: 'summary' | 'content' | 'both' | 'hidden';
	/** Refusals are sent as text too: Codex shows and keeps nothing of a refusal part. */
	readonly refusalAsText: boolean;
	/** Whether lifecycle events echo `instructions` and `tools`. */
	readonly echo: 'full' | 'lean';
	/** What a cut answer becomes: `endturn` lets Codex ask on, `soft` calls it complete (translation.md 2.8). */
	readonly onLength: 'faithful' | 'endturn' | 'soft';
	/** Hidden state travels in envelopes. */
	readonly envelopes: boolean;
}

/** What Codex needs. */
export const codexOutput: ClientOutput = {
	reasoningChannel: 'summary',
	refusalAsText: true,
	echo: 'lean',
	onLength: 'faithful',
	envelopes: true,
};

/** What SDK clients expect: the protocol as it is documented. */
export const sdkOutput: ClientOutput = {
	reasoningChannel: 'summary',
	refusalAsText: false,
	echo: 'full',
	onLength: 'faithful',
	envelopes: false,
};
