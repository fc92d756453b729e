import {describe, expect, test} from 'vitest';
import {encodeChatRequest} from '../../../source/translate/codec/chat/encode-request.ts';
import {asksForCompaction, CompactionDecoder, toSummaryRequest} from '../../../source/translate/codec/compaction.ts';
import {objectsField} from '../../../source/translate/codec/field.ts';
import {decodeResponsesRequest} from '../../../source/translate/codec/responses/decode-request.ts';
import {objectField, type JsonObject} from '../../../source/wire/json-value.ts';
import {asResponses, chatDecoder, chatMessages, quirksWith, readAnswer, sse} from './bridge.ts';
import {checkResponsesStream, lastOf} from './check-stream.ts';
import {calls, finish, part, say, stop} from './chunks.ts';
import {call, developer, f, output, user} from './items.ts';

const trigger = {type: 'compaction_trigger'};
const summaryRequest = (body: JsonObject): JsonObject => {
	const {request} = decodeResponsesRequest({model: 'm', ...body});
	return encodeChatRequest(toSummaryRequest(request), {model: 'm', stream: true, quirks: quirksWith()}).body;
};

const answer = (chunks: readonly unknown[]) => {
	const wire = asResponses(readAnswer(new CompactionDecoder(chatDecoder([f])), [sse(chunks)]));
	checkResponsesStream(wire);
	return lastOf(wire);
};

describe('compaction through a provider that has none (translation.md 2.13)', () => {
	test('case 39: the trigger makes a request without tools that ends with the instruction', () => {
		const input = [developer('rules'), user('go'), call('a'), output('a', 'found'), trigger];
		expect(asksForCompaction(decodeResponsesRequest({input}).request)).toBe(true);
		const body = summaryRequest({input, tools: [f], tool_choice: 'auto', reasoning: {effort: 'high'}});
		expect(body).not.toHaveProperty('tools');
		expect(body).toMatchObject({max_tokens: 16_000, reasoning_effort: 'low'});
		const messages = objectsField(body, 'messages');
		expect(messages.slice(0, 4)).toEqual([
			{role: 'system', content: 'rules'},
			{role: 'user', content: 'go'},
			{role: 'assistant', content: '[called f with {"a":1}]'},
			{role: 'user', content: '[result: found]'},
		]);
		expect(messages.at(-1)?.['content']).toContain('handoff summary');
	});

	test('the answer is exactly one compaction item, and the next request reads it', () => {
		const last = answer([say('We '), say('did it.'), stop]);
		const items = objectsField(objectField(last, 'response'), 'output');
		expect(items).toMatchObject([{type: 'compaction', encrypted_content: expect.stringMatching(/^ctui1\.cmp\./)}]);
		expect(chatMessages({input: [...items, user('on')]})).toEqual([
			{role: 'user', content: 'Summary of earlier work: We did it.'},
			{role: 'user', content: 'on'},
		]);
	});

	test('an empty summary or a tool call is a failure, never an empty compaction', () => {
		expect(answer([say('  '), stop])['type']).toBe('response.failed');
		expect(answer([calls(part(0, 'a', 'f', '{}')), finish('tool_calls')])['type']).toBe('response.failed');
	});

	test('a request without the trigger is an ordinary one', () => {
		expect(asksForCompaction(decodeResponsesRequest({input: [trigger, user('x')]}).request)).toBe(false);
	});
});
