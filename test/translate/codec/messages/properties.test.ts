import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createIdSource} from '../../../../source/translate/codec/ids.ts';
import type {AnswerEvent} from '../../../../source/translate/codec/ir-event.ts';
import type {CallItem} from '../../../../source/translate/codec/ir.ts';
import {MessagesAnswerDecoder} from '../../../../source/translate/codec/messages/decode-answer.ts';
import type {JsonObject} from '../../../../source/wire/json-value.ts';
import {asResponses, quirksWith, readAnswer} from '../bridge.ts';
import {checkResponsesStream, joinDeltas} from '../check-stream.ts';
import {checkMessagesRequest, checkMessagesStream, readMessagesStream} from './check-messages.ts';
import {inputOf, meantAnswer, messagesHistory, mixedAnswer, streamOf, type MeantBlock} from './generate.ts';
import {
	anthropic,
	asMessages,
	eventsOf,
	messagesDecoder,
	messagesSse,
	recorded,
	throughMessages,
	toMessages,
} from './kit.ts';
import {propertyRuns} from '../../../support/property-runs.ts';

const runs = propertyRuns(10_000);
/** Ten thousand cases take seconds on an idle machine and a minute on a busy one. */
const patient = {timeout: 180_000};

const names = ['f', 'g', 'apply_patch'];

const namespaced = {type: 'namespace', name: 'mcp__x', tools: [{type: 'function', name: 'do it!'}]};
const codexTools: readonly JsonObject[] = [
	{type: 'function', name: 'f'},
	namespaced,
	{type: 'custom', name: 'notes', format: {type: 'text'}},
];

const callsIn = (events: readonly AnswerEvent[]): readonly CallItem[] =>
	events.flatMap(event => (event.type === 'item-close' && event.item.type === 'call' ? [event.item] : []));

const meantCalls = (blocks: readonly MeantBlock[]) => blocks.filter(block => block.kind === 'call');

describe('bytes', () => {
	test.each(['text', 'thinking', 'tools', 'refusal', 'web-search'])(
		'invariant 8: splitting %s at any byte changes nothing',
		name => {
			const bytes = messagesSse(recorded(name));
			const whole = readAnswer(messagesDecoder(), [bytes]);
			const split = (at: number) => readAnswer(messagesDecoder(), [bytes.subarray(0, at), bytes.subarray(at)]);
			for (let at = 0; at <= bytes.length; at += 1) {
				expect(split(at)).toEqual(whole);
			}

			expect(
				readAnswer(
					messagesDecoder(),
					[...bytes].map(byte => Buffer.from([byte])),
				),
			).toEqual(whole);
		},
	);

	test('case 74: CRLF and a byte order mark change nothing', () => {
		const bytes = messagesSse(recorded('tools'));
		const other = Buffer.from(`\uFEFF${bytes.toString().replaceAll('\n', '\r\n')}`);
		expect(readAnswer(messagesDecoder(), [other])).toEqual(readAnswer(messagesDecoder(), [bytes]));
	});
});

describe('requests', () => {
	test('invariant 7: a Messages history comes back as it was', patient, () => {
		fc.assert(
			fc.property(messagesHistory, messages => {
				const tools = [{name: 'f', description: 'd', input_schema: {type: 'object', properties: {}}}];
				const changes = {...anthropic, messages: {cacheControl: false}};
				const {body, losses} = throughMessages({model: 'claude', max_tokens: 100, messages, tools}, changes);
				expect(body['messages']).toEqual(messages);
				expect(body['tools']).toEqual(tools);
				expect(losses).toEqual([]);
			}),
			runs,
		);
	});

	test('invariants 6 and 9: any Responses history becomes a valid request, twice the same bytes', patient, () => {
		const item = fc.oneof(
			fc.record({
				type: fc.constant('message'),
				role: fc.constantFrom('user', 'developer', 'assistant'),
				content: fc.string(),
			}),
			fc.record({
				type: fc.constant('function_call'),
				call_id: fc.constantFrom('a', 'b', 'c|1'),
				name: fc.constantFrom('f', 'gone'),
				arguments: fc.constantFrom('{}', '{"a":1}', '', '{no'),
			}),
			fc.record({
				type: fc.constant('function_call_output'),
				call_id: fc.constantFrom('a', 'b', 'd'),
				output: fc.string(),
			}),
			fc.record({
				type: fc.constant('reasoning'),
				summary: fc.constant([]),
				encrypted_content: fc.constantFrom(null, 'gAAA'),
			}),
		);
		fc.assert(
			fc.property(fc.array(item, {minLength: 1, maxLength: 8}), fc.boolean(), (input, midSystem) => {
				const changes = {family: 'anthropic', messages: {midSystem}};
				const more = {input, tools: codexTools, reasoning: {effort: 'high'}};
				const first = toMessages(more, changes);
				checkMessagesRequest(first.body);
				expect(JSON.stringify(toMessages(more, changes).body)).toBe(JSON.stringify(first.body));
			}),
			runs,
		);
	});
});

describe('answers', () => {
	test(
		'invariants 1-5: Responses to Messages and back gives a valid dense stream with the declared tools',
		patient,
		() => {
			const {tools} = toMessages({input: 'x', tools: codexTools});
			const wireNames = tools.list().map(({wireName}) => wireName);
			const options = {tools, quirks: quirksWith(anthropic)};
			fc.assert(
				fc.property(meantAnswer, blocks => {
					const decoder = new MessagesAnswerDecoder({...options, ids: createIdSource('t')});
					const events = readAnswer(decoder, [messagesSse(streamOf(blocks, wireNames))]);
					checkResponsesStream(asResponses(events));
					const expected = meantCalls(blocks).map(block => ({
						tool: [
							{kind: 'function', namespace: undefined, name: 'f'},
							{kind: 'function', namespace: 'mcp__x', name: 'do it!'},
							{kind: 'custom', namespace: undefined, name: 'notes'},
						][block.tool],
						payload: block.tool === 2 ? inputOf(block)['input'] : JSON.stringify(block.input),
					}));
					expect(callsIn(events).map(({tool, payload}) => ({tool, payload}))).toEqual(expected);
				}),
				runs,
			);
		},
	);

	test('Messages to Messages keeps every block', patient, () => {
		fc.assert(
			fc.property(meantAnswer, blocks => {
				const read = checkMessagesStream(asMessages(eventsOf(streamOf(blocks, names))));
				const expected = blocks.map(block => {
					switch (block.kind) {
						case 'text': {
							return ['text', block.text];
						}

						case 'thinking': {
							return ['thinking', block.text];
						}

						case 'redacted': {
							return ['redacted_thinking', ''];
						}

						case 'call': {
							return ['tool_use', JSON.stringify(inputOf(block))];
						}
					}
				});
				expect(read.map(({type, text}) => [type, text])).toEqual(expected);
			}),
			runs,
		);
	});

	test('a stream that is cut anywhere never gives half a call, in either dialect', patient, () => {
		fc.assert(
			fc.property(meantAnswer, fc.nat(1000), (blocks, cut) => {
				const bytes = messagesSse(streamOf(blocks, names).slice(0, -2));
				const events = readAnswer(messagesDecoder(), [bytes.subarray(0, cut % (bytes.length + 1))]);
				expect(events.at(-1)?.type).toBe('error');
				checkResponsesStream(asResponses(events));
				const meant = meantCalls(blocks).map(block => JSON.stringify(inputOf(block)));
				const read = readMessagesStream(asMessages(events)).filter(({type}) => type === 'tool_use');
				const stopped = read.filter(({isStopped}) => isStopped).map(({text}) => text);
				expect(stopped).toEqual(meant.slice(0, stopped.length));
			}),
			runs,
		);
	});

	test('items that come mixed stand one after the other, each with all of its text', patient, () => {
		fc.assert(
			fc.property(mixedAnswer, ({items, events}) => {
				const read = checkMessagesStream(asMessages(events));
				expect(read.every(({isStopped}) => isStopped)).toBe(true);
				const textsOf = (type: string) => read.filter(block => block.type === type).map(({text}) => text);
				const meant = (kind: string) => items.filter(item => item.kind === kind).map(({pieces}) => pieces.join(''));
				expect(textsOf('tool_use').toSorted()).toEqual(meant('call').toSorted());
				expect(textsOf('thinking').toSorted()).toEqual(meant('reasoning').toSorted());
				expect(textsOf('text').join('').split('').toSorted()).toEqual(meant('message').join('').split('').toSorted());
			}),
			runs,
		);
	});

	test('joined deltas are what the item says', () => {
		const events = joinDeltas(readAnswer(messagesDecoder(), [messagesSse(recorded('tools'))]));
		const deltas = events.flatMap(event => (event.type === 'delta' ? [event.text] : []));
		expect(deltas).toEqual(['I will look.', String.raw`{"path": "a\u00e9.txt"}`, '{}']);
	});
});
