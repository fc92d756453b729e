import type {JsonObject} from '../../../wire/json-value.ts';
import {fitEffort} from '../field.ts';
import type {Effort, ReasoningRequest} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {MessagesRequestQuirks} from '../quirks.ts';
import {TranslationRefusal} from '../refusal.ts';
import type {WireMessage} from './encode-messages.ts';
import {isThinking} from './encode-reasoning.ts';
import {isForcing} from './encode-tools.ts';

const minBudget = 1024;

/** Thinking budgets in tokens by level, for models that count (translation.md 3.1); anything higher gets the last one. */
const budgets: Readonly<Partial<Record<Effort, number>>> = {minimal: 1024, low: 2048, medium: 8192, high: 16_384};
const topBudget = 24_576;

/** What decides whether and how the model thinks. */
export interface ThinkingContext {
	readonly quirks: MessagesRequestQuirks;
	readonly maxTokens: number;
	readonly messages: readonly WireMessage[];
	readonly toolChoice: unknown;
	readonly losses: LossLog;
}

const has = ({content}: WireMessage, test: (block: JsonObject) => boolean): boolean => content.some(test);

/** Whether the open turn of calls began without a thought that Anthropic would recognise (case 82). */
const lacksThinking = (messages: readonly WireMessage[]): boolean => {
	const at = messages.findLastIndex(({role}) => role === 'assistant');
	const calls = messages[at];
	return (
		calls !== undefined &&
		has(calls, block => block['type'] === 'tool_use') &&
		!has(calls, isThinking) &&
		messages.slice(at + 1).some(message => has(message, block => block['type'] === 'tool_result'))
	);
};

/** Why the model must not think in this request; undefined where it may. */
const obstacle = ({messages, quirks, toolChoice}: ThinkingContext): string | undefined => {
	if (isForcing(toolChoice)) {
		return 'a tool is forced';
	}

	return !quirks.unsignedThinking && lacksThinking(messages)
		? 'the open turn was begun by a model whose thoughts it cannot verify'
		: undefined;
};

const thinkingOff = {thinking: {type: 'disabled'}};

const encodeBudget = (wanted: Effort, stated: number | undefined, {maxTokens, losses}: ThinkingContext): JsonObject => {
	const most = Math.floor(maxTokens / 2);
	if (most < minBudget) {
		losses.add('thinking-off', 'The output limit leaves no room for thinking, which was turned off.');
		return thinkingOff;
	}

	const budget = Math.max(minBudget, Math.min(stated ?? budgets[wanted] ?? topBudget, most));
	return {thinking: {type: 'enabled', budget_tokens: budget}};
};

const encodeOn = (wanted: Effort, stated: number | undefined, context: ThinkingContext): JsonObject => {
	if (context.quirks.thinking === 'budget') {
		return encodeBudget(wanted, stated, context);
	}

	const effort = fitEffort(wanted, context.quirks.efforts);
	return {thinking: {type: 'adaptive', display: 'summarized'}, output_config: {effort}};
};

/**
 * `thinking` and `output_config.effort` (translation.md 1.8, 3.1): nothing said means nothing sent. Throws {@link TranslationRefusal}
 * where the request forbids thinking and the model cannot do without.
 */
export const encodeThinking = ({effort, budgetTokens}: ReasoningRequest, context: ThinkingContext): JsonObject => {
	const {quirks, losses} = context;
	if (quirks.thinking === 'none') {
		return {};
	}

	const reason = obstacle(context);
	if (reason !== undefined && quirks.alwaysThinks) {
		throw new TranslationRefusal(
			'invalid_request_error',
			`This model always thinks, but ${reason}: start a new turn or choose another model.`,
			'tool_choice',
		);
	}

	if (effort === undefined) {
		return {};
	}

	if (effort === 'none') {
		return quirks.alwaysThinks ? encodeOn('low', undefined, context) : thinkingOff;
	}

	if (reason !== undefined) {
		losses.add('thinking-off', `Thinking was turned off for this request: ${reason}.`);
		return thinkingOff;
	}

	return encodeOn(effort, budgetTokens, context);
};

/** Whether the thinking fields let the model think: sampling must be left alone then (translation.md 3.1). */
export const isThinkingOn = ({thinking}: JsonObject): boolean =>
	typeof thinking === 'object' && thinking !== null && 'type' in thinking && thinking.type !== 'disabled';
