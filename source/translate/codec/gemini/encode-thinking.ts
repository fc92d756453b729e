import type {JsonObject} from '../../../wire/json-value.ts';
import {compact, fitEffort} from '../field.ts';
import type {Effort, ReasoningRequest} from '../ir.ts';
import type {GeminiRequestQuirks} from '../quirks.ts';

/** Tokens by level where thinking is counted, a choice of ours within what every 2.5 model takes. */
const budgets: Readonly<Record<Effort, number>> = {
	none: 0,
	minimal: 512,
	low: 1024,
	medium: 8192,
	high: 24_576,
	xhigh: 24_576,
	max: 24_576,
	ultra: 24_576,
};

/** The level that a number of tokens comes to, for models that think in levels. */
const effortOf = (tokens: number): Effort =>
	tokens < 0 ? 'high' : tokens === 0 ? 'none' : tokens <= 1024 ? 'low' : tokens <= 8192 ? 'medium' : 'high';

const levels: Readonly<Partial<Record<Effort, string>>> = {
	none: 'MINIMAL',
	minimal: 'MINIMAL',
	low: 'LOW',
	medium: 'MEDIUM',
};

/**
 * `thinkingConfig`: a level or a budget, never both (translation.md 3.3). Nothing said means nothing sent, except that whoever wants
 * to see thoughts has to say so here; an explicit `none` is the model's least.
 */
export const encodeThinking = (
	{effort, budgetTokens, summary}: ReasoningRequest,
	{thinking, efforts}: GeminiRequestQuirks,
): JsonObject => {
	if (thinking === 'none') {
		return {};
	}

	const wanted = effort ?? (thinking === 'level' && budgetTokens !== undefined ? effortOf(budgetTokens) : undefined);
	const fitted = wanted === undefined ? undefined : fitEffort(wanted, efforts);
	const counted = effort === undefined ? budgetTokens : fitted && budgets[fitted];
	const config = compact({
		thinkingLevel: thinking === 'level' && fitted !== undefined ? (levels[fitted] ?? 'HIGH') : undefined,
		thinkingBudget: thinking === 'budget' ? counted : undefined,
		includeThoughts: (wanted !== undefined && wanted !== 'none') || summary !== undefined ? true : undefined,
	});
	return Object.keys(config).length === 0 ? {} : {thinkingConfig: config};
};
