import {describe, expect, test} from 'vitest';
import type {AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import {codexOutput, sdkOutput} from '../../../source/translate/codec/quirks.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {asResponses, readAnswer, responsesDecoder, sse} from './bridge.ts';
import {checkResponsesStream, joinDeltas, lastOf, payloads, typesOf} from './check-stream.ts';

const created = {type: 'response.created', response: {id: 'resp_up', model: 'up'}};
const f = {type: 'function', name: 'f'};
const message = (text: string, more: JsonObject = {}): JsonObject => ({
	id: 'msg_up',
	type: 'message',
	role: 'assistant',
	status: 'completed',
	content: [{type: 'output_text', text, annotations: [], logprobs: []}],
	...more,
});
const call = (more: JsonObject = {}): JsonObject => ({
	id: 'fc_up',
	type: 'function_call',
	status: 'completed',
	call_id: 'c1',
	name: 'f',
	arguments: '{"a":1}',
	...more,
});
const added = (item: JsonObject, index = 0): JsonObject => ({
	type: 'response.output_item.added',
	output_index: index,
	item,
});
const done = (item: JsonObject, index = 0): JsonObject => ({
	type: 'response.output_item.done',
	output_index: index,
	item,
});
const completed = (more: JsonObject = {}): JsonObject => ({
	type: 'response.completed',
	response: {
		id: 'resp_up',
		status: 'completed',
		output: [],
		usage: {input_tokens: 1, output_tokens: 2, total_tokens: 3},
		...more,
	},
});

const eventsOf = (chunks: readonly unknown[], tools: readonly JsonObject[] = [f]): readonly AnswerEvent[] =>
	joinDeltas(readAnswer(responsesDecoder(tools), [sse(chunks, false)]));

const itemsOf = (chunks: readonly unknown[], tools: readonly JsonObject[] = [f]): readonly unknown[] =>
	eventsOf(chunks, tools).flatMap(event => (event.type === 'item-close' ? [event.item] : []));

describe('Responses answers of OpenAI', () => {
	test('a text whose last deltas never came is whole all the same, for the reader of deltas too', () => {
		const delta = {type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Got'};
		const wire = asResponses(eventsOf([created, added(message('')), delta, done(message('Got it')), completed()]));
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({response: {output: [{content: [{text: 'Got it'}]}]}});
	});

	test('a typed patch says what it is about when it opens', () => {
		const operation = {type: 'create_file', path: 'a', diff: ''};
		const item = {type: 'apply_patch_call', id: 'apc', call_id: 'c1', operation};
		const chunks = [created, added(item), done({...item, operation: {...operation, diff: '+x'}}), completed()];
		const wire = asResponses(eventsOf(chunks, [{type: 'apply_patch'}]), sdkOutput);
		const opened = payloads(wire).find(({type}) => type === 'response.output_item.added');
		expect(opened).toMatchObject({item: {operation}});
		expect(lastOf(wire)).toMatchObject({response: {output: [{operation: {...operation, diff: '+x'}}]}});
	});

	test('text, reasoning with ciphertext and a call keep ids, phase and hidden state', () => {
		const reasoning = {
			id: 'rs_up',
			type: 'reasoning',
			summary: [{type: 'summary_text', text: 's'}],
			encrypted_content: 'gAAA',
		};
		const events = [
			created,
			added({...reasoning, summary: [], encrypted_content: 'early'}),
			{type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 's'},
			done(reasoning),
			added(message('', {content: [], phase: 'commentary'}), 1),
			{type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'hi'},
			done(message('hi', {phase: 'commentary'}), 1),
			added(call({arguments: ''}), 2),
			{type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"a":1}'},
			done(call(), 2),
			completed({end_turn: false}),
		];
		const wire = asResponses(eventsOf(events), sdkOutput);
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({
			response: {
				id: 'resp_t',
				end_turn: false,
				usage: {input_tokens: 1, output_tokens: 2, total_tokens: 3},
				output: [
					{id: 'rs_up', summary: [{text: 's'}], encrypted_content: 'gAAA'},
					{id: 'msg_up', phase: 'commentary', content: [{text: 'hi'}]},
					{id: 'fc_up', call_id: 'c1', name: 'f', arguments: '{"a":1}'},
				],
			},
		});
	});

	test('a failure in the middle is a failure with its code, and its error event is not sent on', () => {
		const error = {type: 'error', error: {type: 'insufficient_quota', code: 'insufficient_quota', message: 'no'}};
		const wire = asResponses(eventsOf([created, error]), codexOutput);
		expect(typesOf(wire)).toEqual(['response.created', 'response.in_progress', 'response.failed']);
		expect(lastOf(wire)).toMatchObject({response: {error: {code: 'insufficient_quota', message: 'no'}}});
	});

	test('a namespaced call comes back with name and namespace', () => {
		const tools = [{type: 'namespace', name: 'ns', tools: [f]}];
		expect(itemsOf([created, done(call({namespace: 'ns'})), completed()], tools)).toMatchObject([
			{tool: {kind: 'function', namespace: 'ns', name: 'f'}},
		]);
	});

	test('an answer that the limit cut is incomplete, and its half call stays open', () => {
		const cut = {
			type: 'response.incomplete',
			response: {
				status: 'incomplete',
				incomplete_details: {reason: 'max_output_tokens'},
				output: [call({status: 'incomplete', arguments: '{"a'})],
			},
		};
		const events = eventsOf([
			created,
			added(call({arguments: ''})),
			{type: 'response.function_call_arguments.delta', output_index: 0, delta: '{"a'},
			cut,
		]);
		expect(events.some(({type}) => type === 'item-close')).toBe(false);
		expect(events.at(-1)).toMatchObject({type: 'finish', reason: 'length', raw: 'max_output_tokens'});
	});

	test('raw input that the limit cut is never half a patch', () => {
		const item = {type: 'custom_tool_call', call_id: 'c', name: 'p', input: ''};
		const half = {type: 'response.custom_tool_call_input.delta', output_index: 0, delta: '*** Begin'};
		const cut = {
			type: 'response.incomplete',
			response: {status: 'incomplete', incomplete_details: {reason: 'max_output_tokens'}},
		};
		expect(itemsOf([created, added(item), half, cut], [{type: 'custom', name: 'p'}])).toEqual([]);
	});

	test('a whole JSON answer is the same as its stream', () => {
		const body = {
			id: 'resp_up',
			object: 'response',
			model: 'up',
			status: 'completed',
			output: [message('hi'), call()],
			usage: {input_tokens: 1, output_tokens: 2, total_tokens: 3},
		};
		const whole = joinDeltas(readAnswer(responsesDecoder([f]), [Buffer.from(JSON.stringify(body))]));
		const streamed = eventsOf([created, done(message('hi')), done(call(), 1), completed()]);
		expect(whole.filter(({type}) => type !== 'usage')).toEqual(streamed.filter(({type}) => type !== 'usage'));
	});
});

describe('servers that know a part of Responses (translation.md 4.3)', () => {
	test('arguments.done without a delta (LM Studio) has its arguments', () => {
		const wholeArguments = {type: 'response.function_call_arguments.done', output_index: 0, arguments: '{"a":1}'};
		const events = [created, added(call({arguments: ''})), wholeArguments, done(call()), completed()];
		const wire = asResponses(eventsOf(events));
		checkResponsesStream(wire);
		expect(typesOf(wire).filter(type => type === 'response.function_call_arguments.delta')).toHaveLength(1);
	});

	test('ids that change between the events of an item do not matter', () => {
		const delta = {
			type: 'response.output_text.delta',
			item_id: 'other',
			output_index: 0,
			content_index: 0,
			delta: 'hi',
		};
		const events = [
			created,
			added(message('', {id: 'a', content: []})),
			delta,
			done(message('hi', {id: 'b'})),
			completed(),
		];
		checkResponsesStream(asResponses(eventsOf(events)));
		expect(itemsOf(events)).toMatchObject([{parts: [{text: 'hi'}]}]);
	});

	test('a missing output_item.done is rebuilt from the deltas', () => {
		const delta = {type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'hi'};
		expect(itemsOf([created, added(message('', {content: []})), delta, completed()])).toMatchObject([
			{parts: [{text: 'hi'}]},
		]);
	});

	test('items that only response.completed holds are sent as items', () => {
		const wire = asResponses(eventsOf([created, completed({output: [message('hi'), call()]})]));
		checkResponsesStream(wire);
		expect(typesOf(wire).filter(type => type === 'response.output_item.done')).toHaveLength(2);
	});

	test('a stream that ends with DONE instead of response.completed is complete, one that just ends is not', () => {
		const chunks = [created, done(message('hi'))];
		expect(eventsOf([...chunks, '[DONE]']).at(-1)).toMatchObject({type: 'finish', reason: 'stop'});
		expect(eventsOf(chunks).at(-1)).toMatchObject({type: 'error', error: {code: 'server_error'}});
	});

	test('usage in Chat names counts', () => {
		const usage = {prompt_tokens: 4, completion_tokens: 5, total_tokens: 9};
		expect(lastOf(asResponses(eventsOf([created, done(message('hi')), completed({usage})])))).toMatchObject({
			response: {usage: {input_tokens: 4, output_tokens: 5, total_tokens: 9}},
		});
	});

	test('a shim of a custom tool comes back as the custom tool', () => {
		const tools = [{type: 'custom', name: 'apply_patch'}];
		const patch = '*** Begin Patch\n*** End Patch';
		const item = call({name: 'apply_patch', arguments: JSON.stringify({input: patch})});
		expect(itemsOf([created, done(item), completed()], tools)).toMatchObject([
			{tool: {kind: 'custom'}, payload: patch},
		]);
	});

	test('the wrapper round parallel calls is unpacked', () => {
		const uses = {
			tool_uses: [
				{recipient_name: 'functions.f', parameters: {a: 1}},
				{recipient_name: 'functions.f', parameters: {a: 2}},
			],
		};
		const item = call({name: 'parallel', arguments: JSON.stringify(uses)});
		expect(itemsOf([created, done(item), completed()])).toMatchObject([{payload: '{"a":1}'}, {payload: '{"a":2}'}]);
	});

	test('a call whose id is another one when it is done has the later id', () => {
		const search = {
			id: 't',
			type: 'tool_search_call',
			execution: 'client',
			status: 'completed',
			arguments: {query: 'x'},
		};
		const events = [
			created,
			added({...search, call_id: 'early', arguments: {}}),
			done({...search, call_id: 'late'}),
			completed(),
		];
		expect(itemsOf(events, [{type: 'tool_search'}])).toMatchObject([{callId: 'late', payload: '{"query":"x"}'}]);
	});
});

const think = (channel: 'summary' | 'reasoning', text: string): AnswerEvent => ({
	type: 'delta',
	index: 0,
	channel,
	part: 0,
	text,
});

describe('the reasoning channel is the client’s choice (translation.md 2.3)', () => {
	const thought: readonly AnswerEvent[] = [
		{type: 'start', id: undefined, model: undefined},
		{type: 'item-open', index: 0, head: {type: 'reasoning'}},
		{type: 'delta', index: 0, channel: 'summary', part: 0, text: 'why'},
		{type: 'item-close', index: 0, item: {type: 'reasoning', summary: ['why'], content: [], hidden: undefined}},
		{type: 'finish', reason: 'stop', raw: 'stop', endTurn: undefined},
	];

	test.each([
		['summary', {summary: [{text: 'why'}], content: []}],
		['content', {summary: [], content: [{type: 'reasoning_text', text: 'why'}]}],
		['both', {summary: [{text: 'why'}], content: [{text: 'why'}]}],
		['hidden', {summary: [], content: []}],
	] as const)('%s', (reasoningChannel, item) => {
		const wire = asResponses(thought, {...sdkOutput, reasoningChannel});
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({response: {output: [item]}});
	});

	test('text that comes back to a summary part which has ended gets a part of its own: done is final', () => {
		const [start, open, , close, finish] = thought;
		const mixed = [start, open, think('summary', 'a'), think('reasoning', 'b'), think('summary', 'c'), close, finish];
		const wire = asResponses(
			mixed.filter(event => event !== undefined),
			{...sdkOutput, reasoningChannel: 'summary'},
		);
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({response: {output: [{summary: [{text: 'a'}, {text: 'b'}, {text: 'c'}]}]}});
	});
});
