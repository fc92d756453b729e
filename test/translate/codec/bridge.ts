import {AnswerReader} from '../../../source/translate/codec/answer-reader.ts';
import {ChatAnswerDecoder} from '../../../source/translate/codec/chat/decode-answer.ts';
import {encodeChatRequest} from '../../../source/translate/codec/chat/encode-request.ts';
import {createIdSource} from '../../../source/translate/codec/ids.ts';
import type {AnswerDecoder, AnswerEvent, WireEvent} from '../../../source/translate/codec/ir-event.ts';
import {LossLog} from '../../../source/translate/codec/loss.ts';
import {
	codexOutput,
	genericQuirks,
	type ClientOutput,
	type ProviderQuirks,
} from '../../../source/translate/codec/quirks.ts';
import {ResponsesAnswerDecoder} from '../../../source/translate/codec/responses/decode-answer.ts';
import {GeminiAnswerDecoder} from '../../../source/translate/codec/gemini/decode-answer.ts';
import {encodeGeminiRequest} from '../../../source/translate/codec/gemini/encode-request.ts';
import {MessagesAnswerDecoder} from '../../../source/translate/codec/messages/decode-answer.ts';
import {encodeMessagesRequest} from '../../../source/translate/codec/messages/encode-request.ts';
import {decodeResponsesRequest} from '../../../source/translate/codec/responses/decode-request.ts';
import {ResponsesAnswerEncoder} from '../../../source/translate/codec/responses/encode-answer.ts';
import {createToolMap, type ToolMap} from '../../../source/translate/codec/tool-map.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';

/** Parts of a row of quirks over the generic ones. */
export interface QuirkChanges {
	readonly family?: string;
	readonly names?: Partial<ProviderQuirks['names']>;
	readonly answer?: Partial<ProviderQuirks['answer']>;
	readonly chat?: Partial<ProviderQuirks['chat']>;
	readonly responses?: Partial<ProviderQuirks['responses']>;
	readonly messages?: Partial<ProviderQuirks['messages']>;
	readonly gemini?: Partial<ProviderQuirks['gemini']>;
}

/** The generic quirks with some changed. */
export const quirksWith = (changes: QuirkChanges = {}): ProviderQuirks => ({
	family: changes.family ?? genericQuirks.family,
	names: {...genericQuirks.names, ...changes.names},
	answer: {...genericQuirks.answer, ...changes.answer},
	chat: {...genericQuirks.chat, ...changes.chat},
	responses: {...genericQuirks.responses, ...changes.responses},
	messages: {...genericQuirks.messages, ...changes.messages},
	gemini: {...genericQuirks.gemini, ...changes.gemini},
});

/** A Responses body as a Chat body. */
export const toChat = (body: JsonObject, changes: QuirkChanges = {}) => {
	const {request, losses} = decodeResponsesRequest({model: 'm', ...body});
	const encoded = encodeChatRequest(request, {model: 'upstream', stream: true, quirks: quirksWith(changes)});
	return {...encoded, losses: [...losses, ...encoded.losses]};
};

/** The messages of a Chat body. */
export const chatMessages = (body: JsonObject, changes: QuirkChanges = {}): readonly JsonObject[] => {
	const {messages} = toChat(body, changes).body;
	return Array.isArray(messages) ? messages : [];
};

/** The tool map of declared tools. */
export const mapOf = (tools: readonly JsonObject[] = []): ToolMap =>
	createToolMap(decodeResponsesRequest({model: 'm', input: 'x', tools}).request, genericQuirks.names, new LossLog());

/** A decoder for a Chat answer. */
export const chatDecoder = (tools: readonly JsonObject[] = [], changes: QuirkChanges = {}): ChatAnswerDecoder =>
	new ChatAnswerDecoder({tools: mapOf(tools), quirks: quirksWith(changes), ids: createIdSource('t')});

/** A decoder for a Responses answer. */
export const responsesDecoder = (tools: readonly JsonObject[] = []): ResponsesAnswerDecoder =>
	new ResponsesAnswerDecoder({tools: mapOf(tools), quirks: quirksWith(), ids: createIdSource('t')});

/** A decoder for a Messages answer of Anthropic. */
export const messagesDecoder = (tools: readonly JsonObject[] = []): MessagesAnswerDecoder =>
	new MessagesAnswerDecoder({tools: mapOf(tools), quirks: quirksWith({family: 'anthropic'}), ids: createIdSource('t')});

/** A decoder for an answer of Gemini. */
export const geminiDecoder = (tools: readonly JsonObject[] = []): GeminiAnswerDecoder =>
	new GeminiAnswerDecoder({tools: mapOf(tools), quirks: quirksWith({family: 'gemini'}), ids: createIdSource('t')});

/** A Responses body as a generateContent body. */
export const toGemini = (body: JsonObject, changes: QuirkChanges = {}): JsonObject => {
	const {request} = decodeResponsesRequest({model: 'm', ...body});
	return encodeGeminiRequest(request, {model: 'upstream', quirks: quirksWith({family: 'gemini', ...changes})}).body;
};

/** A Responses body as a Messages body. */
export const toMessages = (body: JsonObject, changes: QuirkChanges = {}) => {
	const {request} = decodeResponsesRequest({model: 'm', ...body});
	const quirks = quirksWith({family: 'anthropic', ...changes, messages: {cacheControl: false, ...changes.messages}});
	return encodeMessagesRequest(request, {model: 'upstream', stream: true, quirks});
};

/** Payloads as the bytes of a stream of server-sent events. */
export const sse = (chunks: readonly unknown[], done = true): Buffer =>
	Buffer.from(
		chunks.map(chunk => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join('') +
			(done ? 'data: [DONE]\n\n' : ''),
	);

/** Caps that no test reaches by accident. */
export const readerLimits = {eventBytes: 8 * 1024 * 1024, wholeBytes: 16 * 1024 * 1024};

/** All events of the bytes of an answer, fed in the given pieces. */
export const readAnswer = (decoder: AnswerDecoder, pieces: readonly Buffer[]): readonly AnswerEvent[] => {
	const reader = new AnswerReader(decoder, readerLimits);
	return [...pieces.flatMap(piece => reader.push(piece)), ...reader.end()];
};

/** A Responses encoder with fixed ids and time. */
export const responsesEncoder = (output: ClientOutput = codexOutput): ResponsesAnswerEncoder =>
	new ResponsesAnswerEncoder({
		head: {id: 'resp_t', createdAtS: 1_700_000_000, model: 'm', request: undefined},
		output,
		ids: createIdSource('t'),
	});

/** What a Responses client gets of an answer. */
export const asResponses = (
	events: readonly AnswerEvent[],
	output: ClientOutput = codexOutput,
): readonly WireEvent[] => {
	const encoder = responsesEncoder(output);
	return events.flatMap(event => encoder.push(event));
};

/** A Chat stream as a Codex client gets it. */
export const chatToResponses = (
	chunks: readonly unknown[],
	{tools = [], changes = {}, done = true}: {tools?: readonly JsonObject[]; changes?: QuirkChanges; done?: boolean} = {},
): readonly WireEvent[] => asResponses(readAnswer(chatDecoder(tools, changes), [sse(chunks, done)]));

/** A chunk of a Chat stream. */
export const chunk = (delta: JsonObject, more: JsonObject = {}): JsonObject => ({
	id: 'c1',
	object: 'chat.completion.chunk',
	model: 'upstream',
	choices: [{index: 0, delta, finish_reason: null, ...more}],
});
