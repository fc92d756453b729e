import {buildBridge} from '../../../source/engine/bridge.ts';
import {AnswerReader} from '../../../source/translate/codec/answer-reader.ts';
import type {ClientDialect} from '../../../source/translate/codec/codec.ts';
import {encodeWireEvents} from '../../../source/translate/codec/ir-event.ts';
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

/** What a client of this dialect gets where the provider answers as recorded; `pieces` are the recorded bytes, cut somewhere. */
export const throughBridge = (
	recording: Recording,
	dialect: ClientDialect,
	pieces: readonly Buffer[] = [recording.bytes],
): Buffer => {
	const names = [...new Set(seenIn(recording).calls.map(({name}) => name))];
	const bridge = buildBridge({
		call: {dialect, client: 'sdk', isStreaming: true, model: 'm'},
		body: Buffer.from(JSON.stringify(requestOf(dialect, names))),
		dialect: recording.dialect,
		profile: recording.profile,
		model: 'upstream',
		requestId: 'req-1',
		nowMs: 1_700_000_000_000,
	});
	if (bridge === undefined) {
		throw new Error(`There is no bridge from ${dialect} to ${recording.dialect}.`);
	}

	const {decoder, encoder} = bridge.machines();
	const reader = new AnswerReader(decoder, readerLimits);
	const events = [...pieces.flatMap(piece => reader.push(piece)), ...reader.end()];
	return Buffer.from(events.map(event => encodeWireEvents(encoder.push(event))).join(''));
};
