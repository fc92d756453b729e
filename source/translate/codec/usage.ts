import type {JsonObject} from '../../wire/json-value.ts';
import {compact} from './field.ts';
import type {AnswerUsage} from './ir-event.ts';

/** The sum of a usage where the upstream stated none. */
export const totalTokens = ({totalTokens: total, inputTokens, outputTokens}: AnswerUsage): number =>
	total ?? (inputTokens ?? 0) + (outputTokens ?? 0);

const charactersPerToken = 4;

/** The tokens of a text, roughly: four characters each (translation.md 2.7). */
export const estimateTokens = (characters: number): number => Math.ceil(characters / charactersPerToken);

/** A usage for an answer whose upstream stated none. */
export const estimateUsage = (inputTokens: number, outputCharacters: number): AnswerUsage => {
	const outputTokens = estimateTokens(outputCharacters);
	return {
		inputTokens,
		outputTokens,
		totalTokens: inputTokens + outputTokens,
		cachedInputTokens: undefined,
		cacheCreationInputTokens: undefined,
		reasoningTokens: undefined,
	};
};

/** R `usage`: Codex wants the three sums and reads the details (translation.md 0 fact 2, 2.7). */
export const encodeResponsesUsage = (usage: AnswerUsage): JsonObject => ({
	input_tokens: usage.inputTokens ?? 0,
	input_tokens_details: compact({
		cached_tokens: usage.cachedInputTokens ?? 0,
		cache_write_tokens: usage.cacheCreationInputTokens,
	}),
	output_tokens: usage.outputTokens ?? 0,
	output_tokens_details: {reasoning_tokens: usage.reasoningTokens ?? 0},
	total_tokens: totalTokens(usage),
});

/** C `usage`, for Chat clients. */
export const encodeChatUsage = (usage: AnswerUsage): JsonObject => ({
	prompt_tokens: usage.inputTokens ?? 0,
	completion_tokens: usage.outputTokens ?? 0,
	total_tokens: totalTokens(usage),
	prompt_tokens_details: {cached_tokens: usage.cachedInputTokens ?? 0},
	completion_tokens_details: {reasoning_tokens: usage.reasoningTokens ?? 0},
});

/** M `usage`: input tokens without the cached and the written ones (translation.md 4.1). */
export const encodeMessagesUsage = (usage: AnswerUsage): JsonObject => {
	const cached = usage.cachedInputTokens ?? 0;
	const written = usage.cacheCreationInputTokens ?? 0;
	return {
		input_tokens: Math.max(0, (usage.inputTokens ?? 0) - cached - written),
		cache_creation_input_tokens: written,
		cache_read_input_tokens: cached,
		output_tokens: usage.outputTokens ?? 0,
	};
};
