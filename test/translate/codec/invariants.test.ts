import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {decodeChatRequest} from '../../../source/translate/codec/chat/decode-request.ts';
import {encodeChatRequest} from '../../../source/translate/codec/chat/encode-request.ts';
import {decodeGeminiRequest} from '../../../source/translate/codec/gemini/decode-request.ts';
import {encodeGeminiRequest} from '../../../source/translate/codec/gemini/encode-request.ts';
import {sdkOutput} from '../../../source/translate/codec/quirks.ts';
import {decodeResponsesRequest} from '../../../source/translate/codec/responses/decode-request.ts';
import {encodeResponsesRequest} from '../../../source/translate/codec/responses/encode-request.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {asResponses, quirksWith, readAnswer, sse, toGemini} from './bridge.ts';
import {checkResponsesStream} from './check-stream.ts';
import {chatHistory, geminiHistory, responsesInput} from './generate-histories.ts';
import {declaredTools, upstreams} from './upstream-events.ts';

/*
 * The sanity invariants of translation.md 7 where property.test.ts (Chat), gemini-property.test.ts and messages/properties.test.ts do not have
 * them: 10,000 cases of each, as that section asks.
 */

const runs = propertyRuns(10_000);
const patient = {timeout: 120_000};

const cutAt = (bytes: Buffer, cuts: readonly number[]): readonly Buffer[] => {
	const places = cuts.map(cut => cut % (bytes.length + 1)).toSorted((left, right) => left - right);
	const edges = [0, ...places, bytes.length];
	return edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
};

describe.each(upstreams.filter(([name]) => name === 'responses' || name === 'messages'))(
	'answers of a %s upstream',
	(_, decoder, event) => {
		const answer = fc.array(event, {maxLength: 10});

		test('invariants 1-5: complete, dense and ordered whatever it sends', patient, () => {
			fc.assert(
				fc.property(answer, events => {
					checkResponsesStream(asResponses(readAnswer(decoder(), [sse(events, false)]), sdkOutput));
				}),
				runs,
			);
		});

		test('invariant 8: splitting its bytes anywhere gives the same events', patient, () => {
			fc.assert(
				fc.property(answer, fc.array(fc.nat(), {minLength: 1, maxLength: 4}), (events, cuts) => {
					const bytes = sse(events, false);
					const whole = readAnswer(decoder(), [bytes]);
					expect(JSON.stringify(readAnswer(decoder(), cutAt(bytes, cuts)))).toBe(JSON.stringify(whole));
				}),
				runs,
			);
		});
	},
);

describe('requests', () => {
	const {family, chat, ...others} = quirksWith({family: 'kimi'});
	const keeping = {
		...others,
		family,
		chat: {...chat, system: 'keep', developerRole: true, prefill: true, reasoningIn: 'reasoning_content'},
	} as const;

	test('invariant 7: a Chat history comes back as it was', patient, () => {
		fc.assert(
			fc.property(chatHistory, messages => {
				const {request, losses} = decodeChatRequest({model: 'm', messages});
				const encoded = encodeChatRequest(request, {model: 'm', stream: false, quirks: keeping});
				expect(encoded.body['messages']).toEqual(messages);
				expect([...losses, ...encoded.losses]).toEqual([]);
			}),
			runs,
		);
	});

	test('invariant 7: a Gemini history comes back as it was', patient, () => {
		// Where the model thinks by budget no signature has to be made up.
		const quirks = quirksWith({family: 'gemini', gemini: {thinking: 'budget'}});
		fc.assert(
			fc.property(geminiHistory, contents => {
				const {request, losses} = decodeGeminiRequest({contents}, {model: 'm', stream: false});
				const encoded = encodeGeminiRequest(request, {model: 'm', quirks});
				expect(encoded.body['contents']).toEqual(contents);
				expect([...losses, ...encoded.losses]).toEqual([]);
			}),
			runs,
		);
	});

	test(
		'invariants 6 and 9 for Responses: every call has its one result behind it, twice the same bytes',
		patient,
		() => {
			const quirks = quirksWith({family: 'openai'});
			const encode = (input: readonly object[]) => {
				const {request} = decodeResponsesRequest({model: 'm', input, tools: declaredTools});
				return encodeResponsesRequest(request, {model: 'm', stream: true, quirks}).body;
			};
			fc.assert(
				fc.property(responsesInput, input => {
					const body = encode(input);
					expect(JSON.stringify(encode(structuredClone(input)))).toBe(JSON.stringify(body));
					const items = Array.isArray(body['input']) ? body['input'] : [];
					const idsOf = (suffix: string): readonly string[] =>
						items.filter(({type}) => String(type).endsWith(suffix)).map(({call_id: id}) => String(id));
					const calls = idsOf('_call');
					expect(new Set(calls).size).toBe(calls.length);
					expect(idsOf('_call_output').toSorted()).toEqual(calls.toSorted());
				}),
				runs,
			);
		},
	);

	test(
		'invariant 9 for Gemini: the same request gives the same bytes, a longer one the same beginning',
		patient,
		() => {
			fc.assert(
				fc.property(responsesInput, responsesInput, (input, more) => {
					const user = {type: 'message', role: 'user', content: 'go on'};
					const before = toGemini({input: [...input, user], tools: declaredTools});
					const again = toGemini({input: structuredClone([...input, user]), tools: structuredClone(declaredTools)});
					expect(JSON.stringify(again)).toBe(JSON.stringify(before));
					const answer = {type: 'message', role: 'assistant', content: [{type: 'output_text', text: 'so'}]};
					const later = more.filter(({type}) => type === 'message');
					const after = toGemini({input: [...input, user, answer, ...later, user], tools: declaredTools});
					const bytes = JSON.stringify(before['contents']).slice(0, -1);
					expect(JSON.stringify(after['contents']).startsWith(bytes)).toBe(true);
				}),
				runs,
			);
		},
	);
});
