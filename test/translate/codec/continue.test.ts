import {describe, expect, test} from 'vitest';
import {objectsField} from '../../../source/translate/codec/field.ts';
import type {AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import {codexOutput} from '../../../source/translate/codec/quirks.ts';
import {objectField, type JsonObject} from '../../../source/wire/json-value.ts';
import {
	asResponses,
	chatDecoder,
	chatMessages,
	geminiDecoder,
	messagesDecoder,
	readAnswer,
	sse,
	toMessages,
} from './bridge.ts';
import {checkResponsesStream, lastOf} from './check-stream.ts';
import {finish, say} from './chunks.ts';
import {finish as geminiFinish, say as geminiSay, toGemini} from './gemini.ts';
import {user} from './items.ts';
import {messagesSse, start, stop, text} from './messages/kit.ts';

/*
 * A text that the limit cut, where the provider's policy is to go on (`on_length = "endturn"`, translation.md 2.8): the answer is complete and
 * not the last, Codex asks again with what it has, and no upstream is left with a conversation that ends in an answer.
 */

const cut: ReadonlyArray<readonly [name: string, events: () => readonly AnswerEvent[]]> = [
	['case 65: Chat', () => readAnswer(chatDecoder(), [sse([say('Once upon'), say(' a time'), finish('length')])])],
	[
		'case 94: Gemini',
		() => readAnswer(geminiDecoder(), [sse([geminiFinish('MAX_TOKENS', [geminiSay('Once upon a time')])], false)]),
	],
	[
		'case 65: Messages',
		() =>
			readAnswer(messagesDecoder(), [messagesSse([start(), ...text(0, 'Once upon a time'), ...stop('max_tokens')])]),
	],
];

const answered = (events: readonly AnswerEvent[]): JsonObject => {
	const wire = asResponses(events, {...codexOutput, onLength: 'endturn'});
	checkResponsesStream(wire);
	return objectField(lastOf(wire), 'response');
};

describe.each(cut)('%s: a text that the limit cut', (_, events) => {
	test('is one whole message of a completed answer that is not the last of its turn', () => {
		expect(answered(events())).toMatchObject({
			status: 'completed',
			end_turn: false,
			output: [{type: 'message', content: [{text: 'Once upon a time'}]}],
		});
	});

	test('goes back whole with the next request, and a user asks for the rest', () => {
		const input = [user('tell'), ...objectsField(answered(events()), 'output')];
		expect(chatMessages({input})).toEqual([
			{role: 'user', content: 'tell'},
			{role: 'assistant', content: 'Once upon a time'},
			{role: 'user', content: 'Continue.'},
		]);
		expect(toGemini({input}).body['contents']).toMatchObject([
			{role: 'user'},
			{role: 'model', parts: [{text: 'Once upon a time'}]},
			{role: 'user', parts: [{text: 'Continue.'}]},
		]);
		expect(toMessages({input}).body['messages']).toMatchObject([
			{role: 'user'},
			{role: 'assistant', content: [{text: 'Once upon a time'}]},
			{role: 'user'},
		]);
	});
});
