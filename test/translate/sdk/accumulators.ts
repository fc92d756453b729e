import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type {ClientDialect} from '../../../source/translate/codec/codec.ts';
import {isJsonObject, objectField, textField} from '../../../source/wire/json-value.ts';
import {connection, plain} from './answer-with.ts';
import {objectsIn} from './recordings.ts';
import {inputOf, readItems, type Seen, type SeenCall} from './seen.ts';

/** What an official client makes of the bytes of an answer to it. Rejects where the client does. */
export interface Accumulator {
	readonly name: string;
	readonly dialect: ClientDialect;
	/** Whether this client has eyes for reasoning. */
	readonly readsReasoning: boolean;
	/** Takes a whole stream; `calls` are those that it will ask for, because some clients know declared tools only. */
	readonly read: ReadAnswer;
	/** Takes the one object that a client gets which asked for no stream. */
	readonly readWhole: ReadAnswer;
}

type ReadAnswer = (bytes: Buffer, calls: readonly SeenCall[]) => Promise<Seen>;

const question = {model: 'm', messages: [{role: 'user' as const, content: 'x'}]};

const seenInResponse = (value: unknown): Seen => {
	const response = plain(value);
	if (response['status'] === 'failed') {
		throw new Error(textField(objectField(response, 'error'), 'message'));
	}

	return readItems(objectsIn(response['output']), isJsonObject(response['usage']) ? response['usage'] : undefined);
};

/** The Responses side of OpenAI's SDK. */
export const openAiResponses: Accumulator = {
	name: 'the Responses accumulator of openai',
	dialect: 'responses',
	readsReasoning: true,
	read: async bytes =>
		seenInResponse(await new OpenAI(connection(bytes)).responses.stream({model: 'm', input: 'x'}).finalResponse()),
	readWhole: async bytes =>
		seenInResponse(await new OpenAI(connection(bytes)).responses.create({model: 'm', input: 'x'})),
};

const seenInCompletion = ({choices, usage}: OpenAI.ChatCompletion, reasoning: string): Seen => {
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
};

const reasoningIn = (value: unknown): string => textField(plain(value ?? {}), 'reasoning_content') ?? '';

/** The Chat side of OpenAI's SDK. */
export const openAiChat: Accumulator = {
	name: 'the Chat stream runner of openai',
	dialect: 'chat',
	readsReasoning: true,
	read: async bytes => {
		const {completions} = new OpenAI(connection(bytes)).chat;
		const stream = completions.stream({...question, stream_options: {include_usage: true}});
		let reasoning = '';
		stream.on('chunk', chunk => {
			reasoning += reasoningIn(chunk.choices[0]?.delta);
		});
		return seenInCompletion(await stream.finalChatCompletion(), reasoning);
	},
	readWhole: async bytes => {
		const completion = await new OpenAI(connection(bytes)).chat.completions.create(question);
		return seenInCompletion(completion, reasoningIn(completion.choices[0]?.message));
	},
};

const seenInMessage = ({content, usage}: Anthropic.Message): Seen => {
	const cached = usage.cache_read_input_tokens ?? 0;
	return {
		text: content.map(block => (block.type === 'text' ? block.text : '')).join(''),
		reasoning: content.map(block => (block.type === 'thinking' ? block.thinking : '')).join(''),
		calls: content.flatMap(block => (block.type === 'tool_use' ? [{name: block.name, input: block.input}] : [])),
		usage: {
			input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
			cached,
			output: usage.output_tokens,
			reasoning: 0,
		},
	};
};

/** Anthropic's SDK. */
export const anthropicMessages: Accumulator = {
	name: 'MessageStream of @anthropic-ai/sdk',
	dialect: 'messages',
	readsReasoning: true,
	read: async bytes => {
		const {messages} = new Anthropic(connection(bytes));
		return seenInMessage(await messages.stream({...question, max_tokens: 9}).finalMessage());
	},
	readWhole: async bytes =>
		seenInMessage(await new Anthropic(connection(bytes)).messages.create({...question, max_tokens: 9})),
};
