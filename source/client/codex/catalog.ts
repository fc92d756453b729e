import {baseInstructions} from './base-instructions.ts';

/* The model catalog that Codex takes as `model_catalog_json` (codex-wire.md 6, checked with 0.169.0). */

/** One model as the catalog tells it. */
export interface CatalogModel {
	/** What `model = "…"` takes. */
	readonly slug: string;
	/** Tokens. */
	readonly contextWindow: number;
	readonly takesImages: boolean;
	/** Effort levels that may be asked for; empty: the model does not think, or not to order. */
	readonly efforts: readonly string[];
	readonly parallelTools: boolean;
}

const effortTexts: Readonly<Record<string, string>> = {
	none: 'No reasoning',
	minimal: 'Hardly any reasoning',
	low: 'Quick, with little reasoning',
	medium: 'Balanced',
	high: 'Thorough',
	xhigh: 'Very thorough',
	max: 'As thorough as it can',
};

/** Output of one tool beyond this is cut in the middle. */
const truncationTokens = 10_000;

const entryOf = ({slug, contextWindow, takesImages, efforts, parallelTools}: CatalogModel, index: number): unknown => ({
	slug,
	display_name: slug,
	description: null,
	supported_reasoning_levels: efforts.map(effort => ({effort, description: effortTexts[effort] ?? effort})),
	shell_type: 'unified_exec',
	visibility: 'list',
	supported_in_api: true,
	priority: index + 1,
	base_instructions: baseInstructions,
	support_verbosity: false,
	truncation_policy: {mode: 'tokens', limit: truncationTokens},
	experimental_supported_tools: [],
	context_window: contextWindow,
	max_context_window: contextWindow,
	apply_patch_tool_type: 'freeform',
	input_modalities: takesImages ? ['text', 'image'] : ['text'],
	// Read by older versions, dropped by 0.169.
	supports_parallel_tool_calls: parallelTools,
	supports_reasoning_summaries: efforts.length > 0,
});

/** The catalog file's text: the smallest that Codex accepts, and nothing that would move it off the classic dialect. */
export const catalogText = (models: readonly CatalogModel[]): string =>
	`${JSON.stringify({models: models.map(entryOf)}, undefined, '\t')}\n`;

/** What {@link codexSnippet} names. */
export interface SnippetFacts {
	/** Undefined: no model is known. */
	readonly model: string | undefined;
	/** `http://127.0.0.1:PORT/v1`. */
	readonly baseUrl: string;
	/** Undefined: there is no catalog file. */
	readonly catalogFile: string | undefined;
	/** Where the local token lies; it stands in no text that is printed. */
	readonly tokenFile: string;
}

/** The variable that the snippet has Codex read the local token from. */
const tokenVariable = 'CODEX_TUI_TOKEN';

/** What belongs into Codex's `config.toml`, as text to copy. Top-level keys stand first: TOML wants them before any table. */
export const codexSnippet = ({model, baseUrl, catalogFile, tokenFile}: SnippetFacts): string =>
	[
		'# ~/.codex/config.toml; Codex reads the token from the environment:',
		`#   export ${tokenVariable}="$(cat ${quoted(tokenFile)})"`,
		...(model === undefined ? [] : [`model = ${JSON.stringify(model)}`]),
		'model_provider = "codex-tui"',
		...(catalogFile === undefined ? [] : [`model_catalog_json = ${JSON.stringify(catalogFile)}`]),
		'',
		'[model_providers.codex-tui]',
		'name = "codex-tui"',
		`base_url = ${JSON.stringify(baseUrl)}`,
		'wire_api = "responses"',
		`env_http_headers = { "x-codex-tui-token" = "${tokenVariable}" }`,
	].join('\n');

/** For a POSIX shell. */
const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
