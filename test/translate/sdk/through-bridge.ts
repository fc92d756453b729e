import {quirksOf} from '../../../source/provider/profiles/profiles.ts';
import {AnswerReader} from '../../../source/translate/codec/answer-reader.ts';
import {ChatAnswerEncoder} from '../../../source/translate/codec/chat/encode-answer.ts';
import {
	createAnswerDecoder,
	decodeRequest,
	encodeRequest,
	type ClientDialect,
} from '../../../source/translate/codec/codec.ts';
import {createIdSource} from '../../../source/translate/codec/ids.ts';
import {encodeWireEvents, type AnswerEncoder, type AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import {MessagesAnswerEncoder} from '../../../source/translate/codec/messages/encode-answer.ts';
import {sdkOutput} from '../../../source/translate/codec/quirks.ts';
import {ResponsesAnswerEncoder} from '../../../source/translate/codec/responses/encode-answer.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {readerLimits} from '../codec/bridge.ts';
import type {Recording} from './recordings.ts';
import {seenIn} from './seen.ts';

/** A request of an SDK that declares what the recorded answer calls. */
const requestOf = (dialect: ClientDialect, names: readonly string[]): JsonObject => {
	const schema = {type: 'object', properties: {}};
	const messages = [{role: 'user', content: 'x'}];
	const head = {model: 'm', stream: true};
	switch (dialect) {
		case 'responses': {
			return {...head, input: 'x', tools: names.map(name => ({type: 'function', name, parameters: schema}))};
		}

		case 'chat': {
			const tools = names.map(name => ({type: 'function', function: {name, parameters: schema}}));
			return {...head, messages, tools, stream_options: {include_usage: true}};
		}

		case 'messages': {
			return {...head, messages, max_tokens: 9, tools: names.map(name => ({name, input_schema: schema}))};
		}
	}
};

interface ClientSide {
	readonly encoder: AnswerEncoder;
	readonly whole: () => JsonObject | undefined;
}

const clientSide = (dialect: ClientDialect, request: JsonObject): ClientSide => {
	const createdAtS = 1_700_000_000;
	switch (dialect) {
		case 'responses': {
			const head = {id: 'resp_t', createdAtS, model: 'm', request};
			const encoder = new ResponsesAnswerEncoder({head, output: sdkOutput, ids: createIdSource('t')});
			return {encoder, whole: () => encoder.response};
		}

		case 'chat': {
			const encoder = new ChatAnswerEncoder({id: 'chatcmpl-t', createdAtS, model: 'm', streamUsage: true});
			return {encoder, whole: () => encoder.completion};
		}

		case 'messages': {
			const encoder = new MessagesAnswerEncoder({id: 'msg_t', model: 'm'});
			return {encoder, whole: () => encoder.message};
		}
	}
};

interface Translated extends ClientSide {
	readonly events: readonly AnswerEvent[];
}

const translate = (recording: Recording, dialect: ClientDialect, pieces: readonly Buffer[]): Translated => {
	const names = [...new Set(seenIn(recording).calls.map(({name}) => name))];
	const body = requestOf(dialect, names);
	const quirks = quirksOf(recording.profile, 'upstream');
	const {request} = decodeRequest(dialect, body);
	const {tools} = encodeRequest(recording.dialect, request, {model: 'upstream', stream: true, quirks});
	const decoder = createAnswerDecoder(recording.dialect, {tools, quirks, ids: createIdSource('t')});
	const reader = new AnswerReader(decoder, readerLimits);
	const events = [...pieces.flatMap(piece => reader.push(piece)), ...reader.end()];
	return {...clientSide(dialect, body), events};
};

/** What a client of this dialect gets as a stream where the provider answers as recorded; `pieces` are the recorded bytes, cut somewhere. */
export const throughBridge = (
	recording: Recording,
	dialect: ClientDialect,
	pieces: readonly Buffer[] = [recording.bytes],
): Buffer => {
	const {encoder, events} = translate(recording, dialect, pieces);
	return Buffer.from(events.map(event => encodeWireEvents(encoder.push(event))).join(''));
};

/** What a client that asked for no stream gets; undefined where the answer failed. */
export const wholeThroughBridge = (recording: Recording, dialect: ClientDialect): Buffer | undefined => {
	const {encoder, whole, events} = translate(recording, dialect, [recording.bytes]);
	for (const event of events) {
		encoder.push(event);
	}

	const answer = whole();
	return answer && Buffer.from(JSON.stringify(answer));
};
