import {isJsonObject, numberField} from '../../../wire/json-value.ts';
import type {AnswerUsage} from '../ir-event.ts';

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
	const totalTokens = numberField(value, 'totalTokenCount') ?? sum(inputTokens, outputTokens);
	return totalTokens === undefined
		? undefined
		: {
				inputTokens,
				outputTokens,
				totalTokens,
				cachedInputTokens: numberField(value, 'cachedContentTokenCount'),
				cacheCreationInputTokens: undefined,
				reasoningTokens: thoughts,
			};
};
