import {parseJsonObject} from '../wire/json-value.ts';
import type {AnswerEvent, AnswerUsage} from '../translate/codec/ir-event.ts';
import type {OutputItem} from '../translate/codec/ir.ts';
import type {StepEnd} from './reach.ts';

/* What one small answer shows of an upstream: whether it ends as it should, calls tools, thinks, and counts. */

/** The most that a model may answer to the deep check; a few hundred tokens are for thoughts. */
export const deepTokens = 1024;

/** The tool that the deep check asks for, with the word that it wants back. */
export const deepTool = {name: 'report_word', word: 'ready'} as const;

/** The answer, read to its end. */
export interface DeepAnswer {
	readonly events: readonly AnswerEvent[];
	readonly askedForThoughts: boolean;
}

const itemsOf = ({events}: DeepAnswer): readonly OutputItem[] =>
	events.flatMap(event => (event.type === 'item-close' ? [event.item] : []));

const usageOf = ({events}: DeepAnswer): AnswerUsage | undefined =>
	events.findLast(event => event.type === 'usage')?.usage;

/** Whether the stream came to an end that a client takes. */
export const judgeEnd = (answer: DeepAnswer): StepEnd => {
	const last = answer.events.at(-1);
	if (last?.type === 'error') {
		return ['fail', `its answer failed: ${last.error.message.slice(0, 160)}`];
	}

	if (last?.type !== 'finish') {
		return ['fail', 'its answer never ended'];
	}

	return last.reason === 'length'
		? ['warn', 'its answer was cut by the limit of tokens']
		: ['ok', `its answer ended (${last.raw ?? last.reason})`];
};

/** Whether it called the tool as a call, and with arguments that can be read. */
export const judgeTools = (answer: DeepAnswer): StepEnd => {
	const items = itemsOf(answer);
	const call = items.find(item => item.type === 'call');
	if (call === undefined) {
		const text = items
			.flatMap(item => (item.type === 'message' ? item.parts : []))
			.map(part => (part.type === 'text' ? part.text : ''))
			.join('');
		return text.includes(deepTool.name)
			? ['fail', 'it wrote the tool call as text instead of calling']
			: ['warn', 'it called no tool although it was told to'];
	}

	if (call.tool.name !== deepTool.name) {
		return ['warn', 'it called a tool that was not declared'];
	}

	const word = parseJsonObject(call.payload)?.['word'];
	return typeof word === 'string'
		? ['ok', word === deepTool.word ? 'it called the tool rightly' : 'it called the tool, with another word']
		: ['warn', 'it called the tool with arguments that do not fit their schema'];
};

/** Whether it shows or keeps thoughts. */
export const judgeReasoning = (answer: DeepAnswer): StepEnd => {
	if (!answer.askedForThoughts) {
		return ['skipped', 'reasoning is off for it in the configuration'];
	}

	const thoughts = itemsOf(answer).filter(item => item.type === 'reasoning');
	const isShown = thoughts.some(({summary, content}) => [...summary, ...content].some(text => text.trim() !== ''));
	const counted = usageOf(answer)?.reasoningTokens ?? 0;
	if (isShown) {
		return ['ok', `it shows its thoughts${counted > 0 ? ` (${counted} tokens)` : ''}`];
	}

	if (thoughts.length > 0 || counted > 0) {
		return ['ok', `it thinks without showing it${counted > 0 ? ` (${counted} tokens)` : ''}`];
	}

	return ['skipped', 'it showed no thoughts; not every model has any'];
};

/** Whether it says what was used: without it there is no cost. */
export const judgeUsage = (answer: DeepAnswer): StepEnd => {
	const usage = usageOf(answer);
	if (usage?.inputTokens === undefined || usage.outputTokens === undefined) {
		return ['warn', 'it does not say what it used: its tokens and costs stay unknown'];
	}

	const {inputTokens, outputTokens} = usage;
	return inputTokens > 0 && outputTokens > 0
		? ['ok', `it counts: ${inputTokens} tokens in, ${outputTokens} out`]
		: ['warn', `it counts wrongly: ${inputTokens} tokens in, ${outputTokens} out`];
};
