import {createOpenAI} from '@ai-sdk/openai';
import {generateText, jsonSchema, streamText, tool, type LanguageModel} from 'ai';
import {objectField, type JsonObject} from '../../../source/wire/json-value.ts';
import type {Accumulator} from './accumulators.ts';
import {connection} from './answer-with.ts';
import type {Seen, SeenCall, SeenUsage} from './seen.ts';

/** It wraps what the typed tools of Responses get, together with the id of the call. */
const unwrapped = (name: string, input: unknown): unknown => {
	const {arguments: searched, operation, callId, call_id: id} = objectField({input}, 'input');
	return callId === undefined && id === undefined ? input : name === 'tool_search' ? searched : operation;
};

interface Usage {
	readonly inputTokens: number | undefined;
	readonly inputTokenDetails: {readonly cacheReadTokens: number | undefined};
	readonly outputTokens: number | undefined;
	readonly outputTokenDetails: {readonly reasoningTokens: number | undefined};
}

const usageOf = ({inputTokens, inputTokenDetails, outputTokens, outputTokenDetails}: Usage): SeenUsage | undefined =>
	inputTokens === undefined
		? undefined
		: {
				input: inputTokens,
				cached: inputTokenDetails.cacheReadTokens ?? 0,
				output: outputTokens ?? 0,
				reasoning: outputTokenDetails.reasoningTokens ?? 0,
			};

interface Result {
	readonly text: string;
	readonly reasoningText: string | undefined;
	readonly toolCalls: ReadonlyArray<{
		readonly toolName: string;
		readonly input: unknown;
		readonly providerExecuted?: boolean | undefined;
	}>;
	readonly usage: Usage;
}

const seenOf = ({text, reasoningText, toolCalls, usage}: Result): Seen => ({
	text,
	reasoning: reasoningText ?? '',
	calls: toolCalls.flatMap(({toolName, input, providerExecuted}) =>
		providerExecuted === true ? [] : [{name: toolName, input: unwrapped(toolName, input)}],
	),
	usage: usageOf(usage),
});

const toolsFor = (calls: readonly SeenCall[]) =>
	Object.fromEntries(calls.map(({name}) => [name, tool({inputSchema: jsonSchema<JsonObject>({type: 'object'})})]));

const readStream = async (model: LanguageModel, calls: readonly SeenCall[]): Promise<Seen> => {
	const failures: unknown[] = [];
	const onError = ({error}: {readonly error: unknown}): void => {
		failures.push(error);
	};
	const result = streamText({model, prompt: 'x', tools: toolsFor(calls), maxRetries: 0, onError});
	await result.consumeStream({onError: error => failures.push(error)});
	if (failures.length > 0) {
		throw failures[0];
	}

	const [text, reasoningText, toolCalls, usage] = await Promise.all([
		result.text,
		result.reasoningText,
		result.toolCalls,
		result.usage,
	]);
	return seenOf({text, reasoningText, toolCalls, usage});
};

const readWhole = async (model: LanguageModel, calls: readonly SeenCall[]): Promise<Seen> =>
	seenOf(await generateText({model, prompt: 'x', tools: toolsFor(calls), maxRetries: 0}));

/** The AI SDK as a Responses client. */
export const aiSdkResponses: Accumulator = {
	name: 'the AI SDK over Responses',
	dialect: 'responses',
	readsReasoning: true,
	read: (bytes, calls) => readStream(createOpenAI(connection(bytes)).responses('m'), calls),
	readWhole: (bytes, calls) => readWhole(createOpenAI(connection(bytes)).responses('m'), calls),
};

/** The AI SDK as a Chat client. */
export const aiSdkChat: Accumulator = {
	name: 'the AI SDK over Chat',
	dialect: 'chat',
	// OpenAI's own Chat interface has none.
	readsReasoning: false,
	read: (bytes, calls) => readStream(createOpenAI(connection(bytes)).chat('m'), calls),
	readWhole: (bytes, calls) => readWhole(createOpenAI(connection(bytes)).chat('m'), calls),
};
