import {isJsonObject, numberField, objectField} from './json-value.ts';

/** Tokens of one answer; the same shape as `Usage` in event/view.ts, which this folder may not import. */
export interface TokenUsage {
	readonly inputTokens: number | undefined;
	readonly outputTokens: number | undefined;
	readonly totalTokens: number | undefined;
	readonly cachedInputTokens: number | undefined;
	readonly cacheCreationInputTokens: number | undefined;
	readonly reasoningTokens: number | undefined;
}

/**
 * Reads a `usage` object in the spelling of Responses (`input_tokens`, `input_tokens_details.cached_tokens`), Chat
 * (`prompt_tokens`, `completion_tokens_details`) or Messages (`cache_read_input_tokens`). Numbers are taken as stated: the
 * input of Messages leaves cached tokens out, that of the other two contains them. Undefined when no number is in it.
 */
export const readUsage = (value: unknown): TokenUsage | undefined => {
	if (!isJsonObject(value)) {
		return undefined;
	}

	const input = {...objectField(value, 'prompt_tokens_details'), ...objectField(value, 'input_tokens_details')};
	const output = {...objectField(value, 'completion_tokens_details'), ...objectField(value, 'output_tokens_details')};
	const usage = {
		inputTokens: numberField(value, 'input_tokens') ?? numberField(value, 'prompt_tokens'),
		outputTokens: numberField(value, 'output_tokens') ?? numberField(value, 'completion_tokens'),
		totalTokens: numberField(value, 'total_tokens'),
		cachedInputTokens:
			numberField(input, 'cached_tokens') ??
			numberField(value, 'cache_read_input_tokens') ??
			numberField(value, 'cached_input_tokens') ??
			// DeepSeek's spelling of the same number.
			numberField(value, 'prompt_cache_hit_tokens'),
		cacheCreationInputTokens:
			numberField(value, 'cache_creation_input_tokens') ?? numberField(input, 'cache_write_tokens'),
		reasoningTokens:
			numberField(output, 'reasoning_tokens') ??
			numberField(value, 'reasoning_output_tokens') ??
			numberField(value, 'reasoning_tokens'),
	};
	return Object.values(usage).some(count => count !== undefined) ? usage : undefined;
};

/** Two parts of one answer's usage in one: what `later` states wins (Messages: `message_start`, then `message_delta`). */
export const mergeUsage = (earlier: TokenUsage | undefined, later: TokenUsage | undefined): TokenUsage | undefined =>
	earlier === undefined || later === undefined
		? (later ?? earlier)
		: {
				inputTokens: later.inputTokens ?? earlier.inputTokens,
				outputTokens: later.outputTokens ?? earlier.outputTokens,
				totalTokens: later.totalTokens ?? earlier.totalTokens,
				cachedInputTokens: later.cachedInputTokens ?? earlier.cachedInputTokens,
				cacheCreationInputTokens: later.cacheCreationInputTokens ?? earlier.cacheCreationInputTokens,
				reasoningTokens: later.reasoningTokens ?? earlier.reasoningTokens,
			};
