import {numberField, objectField, type JsonObject} from '../../../wire/json-value.ts';
import {readUsage} from '../../../wire/usage.ts';
import type {AnswerUsage} from '../ir-event.ts';

/**
 * M `usage` objects of one answer in order: `message_delta` repeats and completes what `message_start` said, so what is stated
 * later replaces and nothing is added up (translation.md 3.2). A null says nothing.
 */
export const mergeRawUsage = (earlier: JsonObject, later: JsonObject): JsonObject => ({
	...earlier,
	...Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null && value !== undefined)),
});

/** M `usage` with one meaning: input holds what was read from and written to the cache (case 89). Undefined without numbers. */
export const readMessagesUsage = (raw: JsonObject): AnswerUsage | undefined => {
	const usage = readUsage(raw);
	if (usage === undefined) {
		return undefined;
	}

	const {cachedInputTokens: cached, cacheCreationInputTokens: written, outputTokens} = usage;
	const input = usage.inputTokens === undefined ? undefined : usage.inputTokens + (cached ?? 0) + (written ?? 0);
	return {
		...usage,
		inputTokens: input,
		totalTokens: input === undefined || outputTokens === undefined ? undefined : input + outputTokens,
		reasoningTokens: numberField(objectField(raw, 'output_tokens_details'), 'thinking_tokens') ?? usage.reasoningTokens,
	};
};
