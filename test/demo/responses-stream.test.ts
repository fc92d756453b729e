import {describe, expect, test} from 'vitest';
import {buildResponsesBody, buildResponsesStream} from '../../source/demo/responses-stream.ts';
import {
	applyPatch,
	execCommand,
	message,
	reasoning,
	reviewFindings,
	spawnAgent,
	waitAgent,
	type JsonObject,
	type ReplyPart,
	type StreamEnd,
} from '../../source/demo/script.ts';
import {createSeal} from '../../source/demo/seal.ts';
import {encodeEvent, type ReplyFacts} from '../../source/demo/stream-event.ts';
import {readEvents} from '../support/upstream.ts';

const seal = createSeal('a');
const facts = (parts: readonly ReplyPart[], end: StreamEnd = {type: 'completed'}): ReplyFacts => ({
	id: 'abc',
	model: 'gpt-5.5',
	parts,
	end,
	usage: {},
	deltaLength: 3,
	requestBytes: 400,
	seal,
});

const parts = [
	reasoning('**One**\n\nfirst', '**Two**'),
	message('混ぜた text 👩‍💻🎉 with 中文', 'commentary'),
	execCommand('ls -la'),
	spawnAgent('look'),
	waitAgent(['agent-1']),
	applyPatch('*** Begin Patch\n*** End Patch\n'),
];

const read = (wanted: ReplyFacts): readonly JsonObject[] =>
	readEvents(
		buildResponsesStream(wanted)
			.map(event => encodeEvent(event))
			.join(''),
	);

const joined = (events: readonly JsonObject[], type: string, index: number): string =>
	events
		.filter(event => event['type'] === type && event['output_index'] === index)
		.map(event => String(event['delta']))
		.join('');

describe('a Responses stream', () => {
	const events = read(facts(parts));

	test('is numbered densely and frames its items in order', () => {
		expect(events.map(event => event['sequence_number'])).toEqual(events.map((_, index) => index));
		expect(events.slice(0, 2).map(event => event['type'])).toEqual(['response.created', 'response.in_progress']);
		expect(events.at(-1)?.['type']).toBe('response.completed');
		const places = events.flatMap(event => event['output_index'] ?? []);
		expect(places).toEqual(places.toSorted((left, right) => Number(left) - Number(right)));
		for (const type of ['response.output_item.added', 'response.output_item.done']) {
			expect(events.filter(event => event['type'] === type).map(event => event['output_index'])).toEqual([
				0, 1, 2, 3, 4, 5,
			]);
		}
	});

	test('names each event in its event line as in its data', () => {
		for (const event of buildResponsesStream(facts(parts))) {
			expect(encodeEvent(event)).toMatch(new RegExp(`^event: ${event.event}\ndata: \\{"type":"${event.event}"`));
		}
	});

	test('has deltas that add up to the finished text, and never half a character', () => {
		expect(joined(events, 'response.output_text.delta', 1)).toBe('混ぜた text 👩‍💻🎉 with 中文');
		expect(joined(events, 'response.function_call_arguments.delta', 2)).toBe('{"cmd":"ls -la"}');
		expect(joined(events, 'response.custom_tool_call_input.delta', 5)).toBe('*** Begin Patch\n*** End Patch\n');
		expect(JSON.stringify(events)).not.toMatch(/\\ud[89a-f]/i);
	});

	test('carries sealed reasoning, unique ids and usage that adds up', () => {
		const done = events.filter(event => event['type'] === 'response.output_item.done').map(event => event['item']);
		expect(new Set(done.map(item => JSON.stringify(item, ['id']))).size).toBe(parts.length);
		expect(done[0]).toMatchObject({type: 'reasoning', summary: [{text: '**One**\n\nfirst'}, {text: '**Two**'}]});
		const [sealed] = JSON.stringify(done[0]).match(/gAAAA[^"]+/) ?? [''];
		expect([seal.verify('reasoning', sealed), createSeal('b').verify('reasoning', sealed)]).toEqual([true, false]);
		expect(done[3]).toMatchObject({type: 'function_call', name: 'spawn_agent', namespace: 'multi_agent_v1'});
		expect(events.at(-1)?.['response']).toMatchObject({
			output: done,
			usage: {input_tokens: 100, output_tokens: 44, total_tokens: 144},
		});
		expect(buildResponsesBody(facts(parts))).toMatchObject({status: 'completed', output: {length: 6}});
	});

	test.each<{end: StreamEnd; last: JsonObject}>([
		{end: {type: 'incomplete', reason: 'max_output_tokens'}, last: {type: 'response.incomplete'}},
		{
			end: {type: 'failed', code: 'server_error', message: 'x'},
			last: {type: 'response.failed', response: {status: 'failed', error: {code: 'server_error', message: 'x'}}},
		},
		{end: {type: 'error', code: 'slow_down', message: 'x'}, last: {type: 'error', code: 'slow_down'}},
		{end: {type: 'none'}, last: {type: 'response.output_item.done'}},
		{end: {type: 'completed', endTurn: false}, last: {type: 'response.completed', response: {end_turn: false}}},
	])('can end by $end.type', ({end, last}) => {
		expect(read(facts([message('x')], end)).at(-1)).toMatchObject(last);
	});

	test('can be a review', () => {
		const [part] = [reviewFindings('no', [{title: 'bug', body: 'b', file: '/f', line: 3}])];
		expect(JSON.parse(part.type === 'message' ? part.text : '')).toMatchObject({
			findings: [{title: '[P1] bug', code_location: {absolute_file_path: '/f', line_range: {start: 3, end: 3}}}],
			overall_correctness: 'patch is incorrect',
		});
	});
});
