import * as fc from 'fast-check';
import type {JsonObject} from '../../../source/wire/json-value.ts';

/* Conversations as clients of each dialect write them, for the properties of requests. */

/** Words with everything that JSON and UTF-8 stumble over; never blank. */
const words = fc
	.array(fc.constantFrom('a', 'é', '🌍', '"', '\\', '{', '<b>', ' c', '\n', '\u2028'), {maxLength: 5})
	.map(pieces => `w${pieces.join('')}`);

const args = fc.dictionary(fc.constantFrom('a', 'bc', 'é'), fc.oneof(words, fc.nat(99), fc.boolean()), {maxKeys: 2});

const turn = fc.record({
	thought: fc.option(words, {nil: undefined}),
	said: fc.option(words, {nil: undefined}),
	calls: fc.array(args, {maxLength: 3}),
	isSigned: fc.boolean(),
	authority: fc.option(fc.constantFrom('system', 'developer'), {nil: undefined}),
	asked: words,
});

/** A Chat history: authority anywhere between turns, every call answered at once. */
export const chatHistory: fc.Arbitrary<readonly JsonObject[]> = fc.array(turn, {maxLength: 5}).map(turns => [
	{role: 'user', content: 'begin'},
	...turns.flatMap(({thought, said, calls, authority, asked}, number): readonly JsonObject[] => {
		const called = calls.map((input, index) => ({
			id: `call_${number}_${index}`,
			type: 'function',
			function: {name: 'f', arguments: JSON.stringify(input)},
		}));
		const spoken = said ?? (called.length === 0 ? 'so' : null);
		return [
			{
				role: 'assistant',
				content: spoken,
				...(thought !== undefined && {reasoning_content: thought}),
				...(called.length > 0 && {tool_calls: called}),
			},
			...called.map(({id}) => ({role: 'tool', tool_call_id: id, content: `result of ${id}`})),
			...(authority === undefined ? [] : [{role: authority, content: asked}]),
			{role: 'user', content: asked},
		];
	}),
]);

/** A generateContent history: roles alternate, the first call of a turn may be signed, results in the order of the calls. */
export const geminiHistory: fc.Arbitrary<readonly JsonObject[]> = fc.array(turn, {maxLength: 5}).map(turns => [
	{role: 'user', parts: [{text: 'begin'}]},
	...turns.flatMap(({thought, said, calls, isSigned, asked}, number): readonly JsonObject[] => {
		const ids = calls.map((_, index) => `call_${number}_${index}`);
		const spoken = said ?? (calls.length === 0 ? 'so' : undefined);
		const signature = `c2ln${number}`;
		return [
			{
				role: 'model',
				parts: [
					// Without its signature a thought is shown, and never sent back.
					...(thought === undefined ? [] : [{text: thought, thought: true, thoughtSignature: signature}]),
					...(spoken === undefined ? [] : [{text: spoken}]),
					...calls.map((input, index) => ({
						functionCall: {id: ids[index], name: 'f', args: input},
						...(isSigned && index === 0 && {thoughtSignature: signature}),
					})),
				],
			},
			{
				role: 'user',
				parts: [
					...ids.map(id => ({functionResponse: {id, name: 'f', response: {output: `result of ${id}`}}})),
					...(calls.length > 0 && isSigned ? [] : [{text: asked}]),
				],
			},
		];
	}),
]);

const callId = fc.constantFrom('c1', 'c2', 'c3');

/** Any items of Responses, calls and results in any order, behind a question. */
export const responsesInput: fc.Arbitrary<readonly JsonObject[]> = fc
	.array(
		fc.oneof(
			fc.record({
				type: fc.constant('message'),
				role: fc.constantFrom('user', 'assistant', 'developer'),
				content: words.map(text => [{type: 'input_text', text}]),
			}),
			callId.map(id => ({type: 'function_call', call_id: id, name: 'f', arguments: '{}'})),
			callId.map(id => ({type: 'custom_tool_call', call_id: id, name: 'patch', input: 'raw "text"'})),
			callId.map(id => ({type: 'function_call_output', call_id: id, output: 'ok'})),
			callId.map(id => ({type: 'custom_tool_call_output', call_id: id, output: 'ok'})),
			words.map(text => ({type: 'reasoning', summary: [{type: 'summary_text', text}], encrypted_content: 'gAAAA'})),
			fc.constant({type: 'mystery'}),
		),
		{maxLength: 8},
	)
	.map(items => [{type: 'message', role: 'user', content: 'begin'}, ...items]);
