import {isJsonObject, numberField, objectField, type JsonObject} from '../../../wire/json-value.ts';
import {readUsage} from '../../../wire/usage.ts';
import type {AnswerUsage} from '../ir-event.ts';

/** xAI leaves reasoning out of `completion_tokens`; the total shows it (translation.md 2.7, case 77). */
const outputTokens = (usage: AnswerUsage): number | undefined => {
	const {inputTokens, outputTokens: output, totalTokens, reasoningTokens} = usage;
	const isExcluded =
		inputTokens !== undefined &&
		output !== undefined &&
		reasoningTokens !== undefined &&
		reasoningTokens > 0 &&
		totalTokens === inputTokens + output + reasoningTokens;
	return isExcluded ? output + reasoningTokens : output;
};

/** A Chat `usage` object with one meaning: output holds reasoning, input holds cached tokens. Undefined without numbers. */
export const readChatUsage = (value: unknown): AnswerUsage | undefined => {
	const usage = readUsage(value);
	if (usage === undefined || !isJsonObject(value)) {
		return undefined;
	}

	const output = outputTokens(usage);
	const sum = usage.inputTokens === undefined || output === undefined ? undefined : usage.inputTokens + output;
	return {
		...usage,
		outputTokens: output,
		// Kimi's spelling stands at the top level.
		cachedInputTokens: usage.cachedInputTokens ?? numberField(value, 'cached_tokens'),
		totalTokens: usage.totalTokens ?? sum,
	};
};

/** The usage of a chunk wherever providers put it: `usage`, `x_groq.usage`, `choices[0].usage` (Kimi). */
export const findChatUsage = (chunk: JsonObject, choice: JsonObject): AnswerUsage | undefined =>
	readChatUsage(chunk['usage']) ??
	readChatUsage(objectField(chunk, 'x_groq')['usage']) ??
	readChatUsage(choice['usage']);
