import {readFileSync} from 'node:fs';
import {createIdSource} from '../../../../source/translate/codec/ids.ts';
import type {AnswerEvent, WireEvent} from '../../../../source/translate/codec/ir-event.ts';
import {MessagesAnswerDecoder} from '../../../../source/translate/codec/messages/decode-answer.ts';
import {decodeMessagesRequest} from '../../../../source/translate/codec/messages/decode-request.ts';
import {MessagesAnswerEncoder} from '../../../../source/translate/codec/messages/encode-answer.ts';
import {encodeMessagesRequest} from '../../../../source/translate/codec/messages/encode-request.ts';
import {decodeResponsesRequest} from '../../../../source/translate/codec/responses/decode-request.ts';
import {isJsonObject, parseJsonObject, type JsonObject} from '../../../../source/wire/json-value.ts';
import {asResponses, mapOf, quirksWith, readAnswer, type QuirkChanges} from '../bridge.ts';
import {joinDeltas} from '../check-stream.ts';

const folder = new URL('../../../fixture/messages/', import.meta.url);

/** Anthropic's own row, as far as the tests need one. */
export const anthropic: QuirkChanges = {family: 'anthropic'};

/** The payloads of a recorded stream. */
export const recorded = (name: string): readonly JsonObject[] =>
	readFileSync(new URL(`${name}.jsonl`, folder), 'utf8')
		.trim()
		.split('\n')
		.map(line => parseJsonObject(line) ?? {});

/** A recorded request. */
export const recordedRequest = (name: string): JsonObject =>
	parseJsonObject(readFileSync(new URL(`${name}.json`, folder), 'utf8')) ?? {};

/** Payloads as the bytes of a Messages stream. */
export const messagesSse = (payloads: readonly JsonObject[]): Buffer =>
	Buffer.from(
		payloads.map(payload => `event: ${String(payload['type'])}\ndata: ${JSON.stringify(payload)}\n\n`).join(''),
	);

/** Functions f and g as a Responses client declares them. */
export const declared: readonly JsonObject[] = [
	{type: 'function', name: 'f'},
	{type: 'function', name: 'g'},
	{type: 'custom', name: 'apply_patch', format: {type: 'text'}},
];

/** A decoder for a Messages answer. */
export const messagesDecoder = (changes: QuirkChanges = anthropic): MessagesAnswerDecoder =>
	new MessagesAnswerDecoder({tools: mapOf(declared), quirks: quirksWith(changes), ids: createIdSource('t')});

/** All events of a Messages stream, deltas joined. */
export const eventsOf = (payloads: readonly JsonObject[], changes: QuirkChanges = anthropic): readonly AnswerEvent[] =>
	joinDeltas(readAnswer(messagesDecoder(changes), [messagesSse(payloads)]));

/** The closed items of a Messages stream. */
export const itemsOf = (payloads: readonly JsonObject[], changes: QuirkChanges = anthropic): readonly unknown[] =>
	eventsOf(payloads, changes).flatMap(event => (event.type === 'item-close' ? [event.item] : []));

/** The code of the failure, or the reason of the end. */
export const endOf = (payloads: readonly JsonObject[], changes: QuirkChanges = anthropic): unknown => {
	const last = eventsOf(payloads, changes).at(-1);
	return last?.type === 'error' ? last.error.code : last?.type === 'finish' ? last.reason : last?.type;
};

/** A Messages stream as a Codex client gets it. */
export const toResponses = (payloads: readonly JsonObject[], changes: QuirkChanges = anthropic): readonly WireEvent[] =>
	asResponses(readAnswer(messagesDecoder(changes), [messagesSse(payloads)]));

/** A Messages encoder with fixed ids. */
export const messagesEncoder = (): MessagesAnswerEncoder =>
	new MessagesAnswerEncoder({id: 'msg_t', model: 'claude', ids: createIdSource('t')});

/** What a Messages client gets of an answer. */
export const asMessages = (events: readonly AnswerEvent[]): readonly WireEvent[] => {
	const encoder = messagesEncoder();
	return events.flatMap(event => encoder.push(event));
};

/** A Responses body as a Messages request. */
export const toMessages = (body: JsonObject, changes: QuirkChanges = anthropic) => {
	const {request, losses} = decodeResponsesRequest({model: 'm', ...body});
	const encoded = encodeMessagesRequest(request, {model: 'upstream', stream: true, quirks: quirksWith(changes)});
	return {...encoded, losses: [...losses, ...encoded.losses]};
};

/** The messages of a Messages body. */
export const wireMessages = (body: JsonObject, changes: QuirkChanges = anthropic): readonly JsonObject[] => {
	const {messages} = toMessages(body, changes).body;
	return Array.isArray(messages) ? messages.filter(isJsonObject) : [];
};

/** A Messages body through the internal representation and back. */
export const throughMessages = (body: JsonObject, changes: QuirkChanges = anthropic) => {
	const {request, losses} = decodeMessagesRequest(body);
	const encoded = encodeMessagesRequest(request, {
		model: request.model,
		stream: request.stream,
		quirks: quirksWith(changes),
	});
	return {...encoded, losses: [...losses, ...encoded.losses]};
};

/** The head of a stream. */
export const start = (usage: JsonObject = {input_tokens: 3, output_tokens: 1}): JsonObject => ({
	type: 'message_start',
	message: {id: 'msg_up', type: 'message', role: 'assistant', model: 'claude-up', content: [], usage},
});
/** The end of a stream. */
export const stop = (reason: string, usage: JsonObject = {output_tokens: 5}): readonly JsonObject[] => [
	{type: 'message_delta', delta: {stop_reason: reason, stop_sequence: null}, usage},
	{type: 'message_stop'},
];
/** The start of a block. */
export const open = (index: number, block: JsonObject): JsonObject => ({
	type: 'content_block_start',
	index,
	content_block: block,
});
/** The end of a block. */
export const shut = (index: number): JsonObject => ({type: 'content_block_stop', index});
/** A delta of a block. */
export const grow = (index: number, delta: JsonObject): JsonObject => ({type: 'content_block_delta', index, delta});
/** A whole text block. */
export const text = (index: number, words: string): readonly JsonObject[] => [
	open(index, {type: 'text', text: ''}),
	grow(index, {type: 'text_delta', text: words}),
	shut(index),
];
/** A tool_use block that gets this JSON in these pieces. */
export const use = (index: number, name: string, pieces: readonly string[]): readonly JsonObject[] => [
	open(index, {type: 'tool_use', id: `toolu_${index}`, name, input: {}}),
	...pieces.map(piece => grow(index, {type: 'input_json_delta', partial_json: piece})),
	shut(index),
];
