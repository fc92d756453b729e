import type {FieldChange} from './field-edits.ts';

/** What a v1 compact body may hold (codex-helper.md 2.2(9)); OpenAI's own service refuses the rest of a turn's body. */
const allowed: ReadonlySet<string> = new Set([
	'model',
	'input',
	'instructions',
	'tools',
	'parallel_tool_calls',
	'reasoning',
	'service_tier',
	'prompt_cache_key',
	'text',
]);

/**
 * The removals that make a body one for `POST /responses/compact`: all that is not on the list goes, `previous_response_id`, `stream` and
 * `store` among it. What stays keeps its bytes. State is read before, from the client's body (routing.md 4).
 */
export const compactV1Changes = (keys: Iterable<string>): ReadonlyArray<readonly [string, FieldChange]> =>
	[...keys].filter(key => !allowed.has(key)).map(key => [key, 'removed'] as const);
