import {GeminiAnswerDecoder} from '../../../source/translate/codec/gemini/decode-answer.ts';
import {encodeGeminiRequest} from '../../../source/translate/codec/gemini/encode-request.ts';
import {createIdSource} from '../../../source/translate/codec/ids.ts';
import type {AnswerEvent, WireEvent} from '../../../source/translate/codec/ir-event.ts';
import {decodeResponsesRequest} from '../../../source/translate/codec/responses/decode-request.ts';
import {isJsonObject, type JsonObject} from '../../../source/wire/json-value.ts';
import {quirksOf} from '../../../source/provider/profiles/profiles.ts';
import {changeQuirks} from '../../../source/provider/profiles/profile.ts';
import type {ProviderQuirks} from '../../../source/translate/codec/quirks.ts';
import {asResponses, mapOf, readAnswer, sse, type QuirkChanges} from './bridge.ts';
import {joinDeltas} from './check-stream.ts';

/** The model that tests speak to where it makes no difference. */
export const model = 'gemini-3-flash';

/** The quirks of a model of Google's, with some changed. */
export const googleQuirks = (name = model, changes: QuirkChanges = {}): ProviderQuirks =>
	changeQuirks(quirksOf('gemini', name), changes);

/** A Responses body as a generateContent body. */
export const toGemini = (body: JsonObject, name = model, changes: QuirkChanges = {}) => {
	const {request, losses} = decodeResponsesRequest({model: 'm', ...body});
	const encoded = encodeGeminiRequest(request, {model: name, quirks: googleQuirks(name, changes)});
	return {...encoded, losses: [...losses, ...encoded.losses]};
};

const objects = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);

/** Role and parts of every turn. */
export const turnsOf = (body: JsonObject): ReadonlyArray<readonly [role: unknown, parts: readonly JsonObject[]]> =>
	objects(body['contents']).map(({role, parts}) => [role, objects(parts)]);

/** The parts of all turns. */
export const partsOf = (body: JsonObject): readonly JsonObject[] => turnsOf(body).flatMap(([, parts]) => parts);

/** The declarations of functions. */
export const functionsOf = (body: JsonObject): readonly JsonObject[] =>
	objects(body['tools']).flatMap(tool => objects(tool['functionDeclarations']));

/** A chunk of a stream with these parts. */
export const chunk = (parts: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
	candidates: [{content: {role: 'model', parts}, index: 0, ...more}],
	responseId: 'r1',
	modelVersion: model,
});

/** A part of text. */
export const say = (text: string, signature?: string): JsonObject => ({
	text,
	...(signature !== undefined && {thoughtSignature: signature}),
});

/** A thought. */
export const think = (text: string): JsonObject => ({text, thought: true});

/** A call. */
export const callPart = (name: string, args: JsonObject, signature?: string): JsonObject => ({
	functionCall: {name, args},
	...(signature !== undefined && {thoughtSignature: signature}),
});

/** The last chunk. */
export const finish = (reason = 'STOP', parts: readonly JsonObject[] = [], more: JsonObject = {}): JsonObject => ({
	...chunk(parts, {finishReason: reason}),
	...more,
});

/** A decoder for an answer of Google's. */
export const geminiDecoder = (tools: readonly JsonObject[] = [], changes: QuirkChanges = {}): GeminiAnswerDecoder =>
	new GeminiAnswerDecoder({tools: mapOf(tools), quirks: googleQuirks(model, changes), ids: createIdSource('t')});

/** All events of a stream, deltas joined. */
export const eventsOf = (
	chunks: readonly unknown[],
	tools: readonly JsonObject[] = [],
	changes: QuirkChanges = {},
): readonly AnswerEvent[] => joinDeltas(readAnswer(geminiDecoder(tools, changes), [sse(chunks, false)]));

/** The closed items of a stream. */
export const itemsOf = (chunks: readonly unknown[], tools: readonly JsonObject[] = []): readonly JsonObject[] =>
	eventsOf(chunks, tools).flatMap(event => (event.type === 'item-close' ? [{...event.item}] : []));

/** What a Responses client gets of a stream. */
export const geminiToResponses = (
	chunks: readonly unknown[],
	tools: readonly JsonObject[] = [],
): readonly WireEvent[] => asResponses(readAnswer(geminiDecoder(tools), [sse(chunks, false)]));
