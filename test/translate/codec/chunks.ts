import type {AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {chatDecoder, chunk, readAnswer, sse, type QuirkChanges} from './bridge.ts';
import {joinDeltas} from './check-stream.ts';

/** The last chunk of an ordinary answer. */
export const stop = chunk({}, {finish_reason: 'stop'});
/** A last chunk with a reason. */
export const finish = (reason: string): JsonObject => chunk({}, {finish_reason: reason});
/** A chunk of text. */
export const say = (text: string): JsonObject => chunk({content: text});
/** A chunk of reasoning. */
export const think = (text: string): JsonObject => chunk({reasoning_content: text});
/** A declared function. */
export const f: JsonObject = {type: 'function', name: 'f'};
/** Another declared function. */
export const g: JsonObject = {type: 'function', name: 'g'};
/** A chunk of call deltas. */
export const calls = (...toolCalls: readonly JsonObject[]): JsonObject => chunk({tool_calls: toolCalls});
/** One call delta: index, id, name and arguments, as far as they are sent. */
export const part = (
	...[index, id, name, args]: readonly [number | undefined, string | undefined, string | undefined, unknown?]
): JsonObject => ({
	...(index !== undefined && {index}),
	...(id !== undefined && {id}),
	function: {...(name !== undefined && {name}), ...(args !== undefined && {arguments: args})},
});

/** All events of a Chat stream, deltas joined. */
export const eventsOf = (chunks: readonly unknown[], changes: QuirkChanges = {}, done = true): readonly AnswerEvent[] =>
	joinDeltas(readAnswer(chatDecoder([f, g], changes), [sse(chunks, done)]));

/** The closed items of a Chat stream. */
export const itemsOf = (chunks: readonly unknown[], changes: QuirkChanges = {}): readonly unknown[] =>
	eventsOf(chunks, changes).flatMap(event => (event.type === 'item-close' ? [event.item] : []));

/** Id, name and arguments of the closed calls. */
export const callsOf = (chunks: readonly unknown[], changes: QuirkChanges = {}): readonly unknown[] =>
	eventsOf(chunks, changes).flatMap(event =>
		event.type === 'item-close' && event.item.type === 'call'
			? [[event.item.callId, event.item.tool.name, event.item.payload]]
			: [],
	);

/** The code of the failure, or the type of the last event. */
export const errorOf = (chunks: readonly unknown[], changes: QuirkChanges = {}, done = true): unknown => {
	const last = eventsOf(chunks, changes, done).at(-1);
	return last?.type === 'error' ? last.error.code : last?.type;
};

/** The failure of an answer. */
export const failedWith = (events: readonly AnswerEvent[]): unknown => {
	const last = events.at(-1);
	return last?.type === 'error' ? last.error : undefined;
};
