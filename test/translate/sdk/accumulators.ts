import {createOpenAI} from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import {jsonSchema, streamText, tool, type LanguageModel} from 'ai';
import OpenAI from 'openai';
import type {ClientDialect} from '../../../source/translate/codec/codec.ts';
import {isJsonObject, objectField, textField, type JsonObject} from '../../../source/wire/json-value.ts';
import {objectsIn} from './recordings.ts';
import {inputOf, readItems, type Seen, type SeenCall} from './seen.ts';

/** What an official client makes of the bytes of an answer to it. Rejects where the client does. */
export interface Accumulator {
	readonly name: string;
	readonly dialect: ClientDialect;
	/** Whether this client has eyes for reasoning. */
	readonly readsReasoning: boolean;
	/** Takes the whole answer; `calls` are those that it will ask for, because some clients know declared tools only. */
	readonly read: (bytes: Buffer, calls: readonly SeenCall[]) => Promise<Seen>;
}

/** An answer from the network without one: the client's own machinery reads our bytes in pieces. */
const answerWith = (bytes: Buffer): typeof fetch => {
	const pieceBytes = 61;
	return async () => {
		const pieces = Array.from(
			{length: Math.ceil(bytes.length / pieceBytes)},
			(_, index) => new Uint8Array(bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes)),
		);
		return new Response(ReadableStream.from(pieces), {headers: {'content-type': 'text/event-stream'}});
	};
};

const connection = (bytes: Buffer) => ({
	apiKey: 'none',
	baseURL: 'http://127.0.0.1:9/v1',
	fetch: answerWith(bytes),
	maxRetries: 0,
});

const plain = (value: unknown): JsonObject => {
	const copy: unknown = JSON.parse(JSON.stringify(value));
	return isJsonObject(copy) ? copy : {};
};

const openAiResponses: Accumulator = {
	name: 'the Responses accumulator of openai',
	dialect: 'responses',
	readsReasoning: true,
	read: async bytes => {
		const stream = new OpenAI(connection(bytes)).responses.stream({model: 'm', input: 'x'});
		const response = plain(await stream.finalResponse());
		if (response['status'] === 'failed') {
			throw new Error(textField(objectField(response, 'error'), 'message'));
		}

		return readItems(objectsIn(response['output']), isJsonObject(response['usage']) ? response['usage'] : undefined);
	},
};

const openAiChat: Accumulator = {
	name: 'the Chat stream runner of openai',
	dialect: 'chat',
	readsReasoning: true,
	read: async bytes => {
		const client = new OpenAI(connection(bytes));
		const messages = [{role: 'user' as const, content: 'x'}];
		const stream = client.chat.completions.stream({model: 'm', messages, stream_options: {include_usage: true}});
		let reasoning = '';
		stream.on('chunk', chunk => {
			const delta = plain(chunk.choices[0]?.delta ?? {});
			reasoning += textField(delta, 'reasoning_content') ?? '';
		});
		const {choices, usage} = await stream.finalChatCompletion();
		const message = choices[0]?.message;
		return {
			text: `${message?.content ?? ''}${message?.refusal ?? ''}`,
			reasoning,
			calls: (message?.tool_calls ?? []).flatMap(call =>
				call.type === 'function' ? [{name: call.function.name, input: inputOf(call.function.arguments)}] : [],
			),
			usage: usage && {
				input: usage.prompt_tokens,
				cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
				output: usage.completion_tokens,
				reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
			},
		};
	},
};

const anthropicMessages: Accumulator = {
	name: 'MessageStream of @anthropic-ai/sdk',
	dialect: 'messages',
	readsReasoning: true,
	read: async bytes => {
		const messages = [{role: 'user' as const, content: 'x'}];
		const client = new Anthropic(connection(bytes));
		const {content, usage} = await client.messages.stream({model: 'm', max_tokens: 9, messages}).finalMessage();
		const cache = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
		return {
			text: content.map(block => (block.type === 'text' ? block.text : '')).join(''),
			reasoning: content.map(block => (block.type === 'thinking' ? block.thinking : '')).join(''),
			calls: content.flatMap(block => (block.type === 'tool_use' ? [{name: block.name, input: block.input}] : [])),
			usage: {
				input: usage.input_tokens + cache,
				cached: usage.cache_read_input_tokens ?? 0,
				output: usage.output_tokens,
				reasoning: 0,
			},
		};
	},
};

/** The AI SDK wraps what the typed tools of Responses get, together with the id of the call. */
const unwrapped = (name: string, input: unknown): unknown => {
	const {arguments: searched, operation, callId, call_id: id} = objectField({input}, 'input');
	return callId === undefined && id === undefined ? input : name === 'tool_search' ? searched : operation;
};

const readAiSdk = async (model: LanguageModel, calls: readonly SeenCall[]): Promise<Seen> => {
	const tools = Object.fromEntries(
		calls.map(({name}) => [name, tool({inputSchema: jsonSchema<JsonObject>({type: 'object'})})]),
	);
	const failures: unknown[] = [];
	const onError = ({error}: {readonly error: unknown}): void => {
		failures.push(error);
	};
	const result = streamText({model, prompt: 'x', tools, maxRetries: 0, onError});
	await result.consumeStream({onError: error => failures.push(error)});
	if (failures.length > 0) {
		throw failures[0];
	}

	const usage = await result.usage;
	return {
		text: await result.text,
		reasoning: (await result.reasoningText) ?? '',
		calls: (await result.toolCalls).flatMap(({toolName, input, providerExecuted}) =>
			providerExecuted === true ? [] : [{name: toolName, input: unwrapped(toolName, input)}],
		),
		usage:
			usage.inputTokens === undefined
				? undefined
				: {
						input: usage.inputTokens,
						cached: usage.inputTokenDetails.cacheReadTokens ?? 0,
						output: usage.outputTokens ?? 0,
						reasoning: usage.outputTokenDetails.reasoningTokens ?? 0,
					},
	};
};

const aiSdkResponses: Accumulator = {
	name: 'the AI SDK over Responses',
	dialect: 'responses',
	readsReasoning: true,
	read: (bytes, calls) => readAiSdk(createOpenAI(connection(bytes)).responses('m'), calls),
};

const aiSdkChat: Accumulator = {
	name: 'the AI SDK over Chat',
	dialect: 'chat',
	// OpenAI's own Chat interface has none.
	readsReasoning: false,
	read: (bytes, calls) => readAiSdk(createOpenAI(connection(bytes)).chat('m'), calls),
};

/** The official clients of all dialects. */
export const accumulators: readonly Accumulator[] = [
	openAiResponses,
	openAiChat,
	anthropicMessages,
	aiSdkResponses,
	aiSdkChat,
];
