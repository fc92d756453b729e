import type {JsonObject} from '../../wire/json-value.ts';
import type {CacheHint} from './ir.ts';

/**
 * What a client declared a tool as. A call must come back in the declared kind: Codex answers "aborted" to any other
 * (translation.md 0 fact 7).
 */
export type ToolKind = 'function' | 'custom' | 'tool-search' | 'local-shell' | 'shell' | 'apply-patch';

/** A tool as its client calls it. `namespace` and `name` are two fields for Codex and never joined (translation.md 0 fact 8). */
export interface ToolReference {
	readonly kind: ToolKind;
	readonly namespace: string | undefined;
	readonly name: string;
}

interface Declared {
	/** R name of the enclosing `namespace` tool. */
	readonly namespace: string | undefined;
	/** R `description` of the enclosing `namespace` tool. */
	readonly namespaceDescription: string | undefined;
	readonly name: string;
	readonly description: string | undefined;
	/** Fields that only the tool's own dialect knows (R `defer_loading`, `output_schema`, `allowed_callers`, M `type` versions, …). */
	readonly extra: JsonObject;
	/** M `cache_control`. */
	readonly cacheHint?: CacheHint;
}

/** A tool that takes JSON: R `function`, C `function`, M tool with `input_schema`, G `functionDeclarations[]`. */
export interface FunctionTool extends Declared {
	readonly kind: 'function';
	/** R/C `parameters`, M `input_schema`, G `parametersJsonSchema`/`parameters`. */
	readonly parameters: JsonObject | undefined;
	readonly strict: boolean | undefined;
}

/** A tool that takes raw text: R `custom` (a grammar in `format`), C `custom`. */
export interface CustomTool extends Declared {
	readonly kind: 'custom';
	/** R `format`: `{type:"grammar", syntax:"lark"|"regex", definition}` or `{type:"text"}`. */
	readonly format: JsonObject | undefined;
}

/** The tools of Responses with a fixed shape that the client runs: `tool_search`, `local_shell`, `shell`, `apply_patch`. */
export interface BuiltInTool extends Declared {
	readonly kind: 'tool-search' | 'local-shell' | 'shell' | 'apply-patch';
	readonly parameters: JsonObject | undefined;
}

/** A tool that the provider runs: R `web_search`, `image_generation`, `mcp`, …; M `web_search_20250305`, …; G `googleSearch`. */
export interface HostedTool {
	readonly kind: 'hosted';
	/** The wire `type`, `web_search` for every search tool. */
	readonly name: string;
	readonly raw: JsonObject;
}

/** A tool that calls can name. */
export type CallableTool = FunctionTool | CustomTool | BuiltInTool;

/** Any declared tool. */
export type ToolDeclaration = CallableTool | HostedTool;

/** Whether calls of this tool come back to the client. */
export const isCallable = (tool: ToolDeclaration): tool is CallableTool => tool.kind !== 'hosted';

/** The reference that a call of this tool carries. */
export const referenceOf = (tool: CallableTool): ToolReference => ({
	kind: tool.kind,
	namespace: tool.namespace,
	name: tool.name,
});

/** Whether two references mean the same tool. */
export const isSameTool = (left: ToolReference, right: ToolReference): boolean =>
	left.kind === right.kind && left.namespace === right.namespace && left.name === right.name;
