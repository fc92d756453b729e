import type {AnswerUsage} from '../../codec/ir-event.ts';

const add = (left: number | undefined, right: number | undefined): number | undefined =>
	left === undefined && right === undefined ? undefined : (left ?? 0) + (right ?? 0);

/** The tokens of two upstream answers that are one for the client. */
export const addUsage = (left: AnswerUsage, right: AnswerUsage): AnswerUsage => ({
	inputTokens: add(left.inputTokens, right.inputTokens),
	outputTokens: add(left.outputTokens, right.outputTokens),
	totalTokens: add(left.totalTokens, right.totalTokens),
	cachedInputTokens: add(left.cachedInputTokens, right.cachedInputTokens),
	cacheCreationInputTokens: add(left.cacheCreationInputTokens, right.cacheCreationInputTokens),
	reasoningTokens: add(left.reasoningTokens, right.reasoningTokens),
});
