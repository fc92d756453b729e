import {isJsonObject, numberField, type JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {AnswerUsage} from '../ir-event.ts';
import {totalTokens} from '../usage.ts';

const sum = (...counts: ReadonlyArray<number | undefined>): number | undefined =>
	counts.every(count => count === undefined)
		? undefined
		: counts.reduce<number>((total, count) => total + (count ?? 0), 0);

/**
 * `usageMetadata` with one meaning (translation.md 3.6): input holds what tools put into the prompt and what was cached, output holds the
 * thoughts. Undefined without numbers.
 */
export const readGeminiUsage = (value: unknown): AnswerUsage | undefined => {
	if (!isJsonObject(value)) {
		return undefined;
	}

	const thoughts = numberField(value, 'thoughtsTokenCount');
	const inputTokens = sum(numberField(value, 'promptTokenCount'), numberField(value, 'toolUsePromptTokenCount'));
	const outputTokens = sum(numberField(value, 'candidatesTokenCount'), thoughts);
	const total = numberField(value, 'totalTokenCount') ?? sum(inputTokens, outputTokens);
	return total === undefined
		? undefined
		: {
				inputTokens,
				outputTokens,
				totalTokens: total,
				cachedInputTokens: numberField(value, 'cachedContentTokenCount'),
				cacheCreationInputTokens: undefined,
				reasoningTokens: thoughts,
			};
};

/** `usageMetadata` for a client: thoughts stand beside the candidates' tokens, not in them. */
export const encodeGeminiUsage = (usage: AnswerUsage): JsonObject =>
	compact({
		promptTokenCount: usage.inputTokens ?? 0,
		cachedContentTokenCount: usage.cachedInputTokens,
		candidatesTokenCount: Math.max(0, (usage.outputTokens ?? 0) - (usage.reasoningTokens ?? 0)),
		thoughtsTokenCount: usage.reasoningTokens,
		totalTokenCount: totalTokens(usage),
	});
