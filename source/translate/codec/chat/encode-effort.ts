import type {JsonObject} from '../../../wire/json-value.ts';
import {fitEffort} from '../field.ts';
import type {Effort} from '../ir.ts';
import type {ChatRequestQuirks} from '../quirks.ts';

const top: readonly Effort[] = ['xhigh', 'max', 'ultra'];

const switched = (isOn: boolean): JsonObject => ({type: isOn ? 'enabled' : 'disabled'});

/** Budgets where a provider counts tokens and its row names none (translation.md 1.8, a choice of ours). */
const defaultBudgets: Readonly<Partial<Record<Effort, number>>> = {
	minimal: 1024,
	low: 1024,
	medium: 4096,
	high: 16_384,
};
const topBudget = 38_912;

const kimiK3 = (effort: Effort): string =>
	top.includes(effort) ? 'max' : effort === 'medium' || effort === 'high' ? 'high' : 'low';

/**
 * How hard to think, in the provider's words (translation.md 1.8). Nothing said means nothing sent; an explicit `none` is sent
 * as the provider's explicit "off", or as its lowest level where thinking cannot be turned off.
 */
export const encodeEffort = (wanted: Effort | undefined, quirks: ChatRequestQuirks): JsonObject => {
	if (wanted === undefined || quirks.effort === 'omit') {
		return {};
	}

	const effort = fitEffort(wanted, quirks.efforts);
	const isOn = effort !== 'none';
	switch (quirks.effort) {
		case 'openai': {
			return {reasoning_effort: effort};
		}

		case 'deepseek': {
			return {thinking: switched(isOn), ...(isOn && {reasoning_effort: top.includes(effort) ? 'max' : 'high'})};
		}

		case 'kimi-k2': {
			return {thinking: switched(isOn)};
		}

		case 'kimi-k3': {
			return {reasoning_effort: kimiK3(effort)};
		}

		case 'qwen': {
			const budget = quirks.budgets?.[effort] ?? defaultBudgets[effort] ?? topBudget;
			return {enable_thinking: isOn, ...(isOn && {thinking_budget: budget})};
		}

		case 'zai': {
			const level = quirks.efforts === undefined ? {} : {reasoning_effort: effort};
			return {thinking: {...switched(isOn), clear_thinking: false}, ...level};
		}

		case 'minimax': {
			return {reasoning_split: true, thinking: {type: isOn ? 'adaptive' : 'disabled'}};
		}

		case 'openrouter': {
			return {reasoning: {effort: effort === 'max' || effort === 'ultra' ? 'xhigh' : effort}};
		}

		case 'mistral': {
			return isOn ? {prompt_mode: 'reasoning'} : {};
		}

		case 'template': {
			return {chat_template_kwargs: {enable_thinking: isOn}};
		}
	}
};

/** The provider's explicit "do not think", for a forced tool that cannot be combined with thinking (translation.md 1.7). */
export const encodeNoThinking = (quirks: ChatRequestQuirks): JsonObject => encodeEffort('none', quirks);
