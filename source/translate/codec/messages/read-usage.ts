import {numberField, objectField, isJsonObject} from '../../../wire/json-value.ts';
import {mergeUsage, readUsage} from '../../../wire/usage.ts';
import type {AnswerUsage} from '../ir-event.ts';

/**
 * Messages states its usage in two parts, and counts cached and written tokens beside the input (translation.md 3.2): later numbers
 * replace earlier ones, and the sums are made when they are asked for.
 */
export class MessagesUsage {
	#stated: AnswerUsage | undefined;

	/** Takes a `usage` object of `message_start`, `message_delta` or a whole message. */
	add(value: unknown): void {
		const thinking = isJsonObject(value)
			? numberField(objectField(value, 'output_tokens_details'), 'thinking_tokens')
			: undefined;
		const usage = readUsage(value);
		this.#stated = mergeUsage(this.#stated, usage && {...usage, reasoningTokens: usage.reasoningTokens ?? thinking});
	}

	/** The usage with one meaning: input holds cached and written tokens. */
	total(): AnswerUsage | undefined {
		const stated = this.#stated;
		if (stated === undefined) {
			return undefined;
		}

		const input = (stated.inputTokens ?? 0) + (stated.cachedInputTokens ?? 0) + (stated.cacheCreationInputTokens ?? 0);
		return {...stated, inputTokens: input, totalTokens: input + (stated.outputTokens ?? 0)};
	}
}
