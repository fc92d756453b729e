import {describe, expect, test} from 'vitest';
import {decodeResponsesRequest} from '../../../source/translate/codec/responses/decode-request.ts';
import {nudged} from '../../../source/translate/text-tools/intent/nudge.ts';
import {assistant, call, output, user} from '../codec/items.ts';
import {midTurn, play} from './intent.ts';

/* Intent recovery, levels 0 to 2 (translation.md 5.5); numbers are rows of section 8. */

const stuck = 'Let me read the file first.';
const structured = {tool_calls: [{index: 0, id: 'call_9', function: {name: 'f', arguments: '{"a":"1"}'}}]};
const echo =
	'call:call_synth:{"cmd":"printf \'%s\\\\n\' \'codex-tui: no tool call was recognised; use the exec_command tool or finish\'"}';

describe('level 0', () => {
	test('the text is the answer', () => {
		expect(play({level: 0, answers: [{text: stuck}]})).toMatchObject({
			items: [`message::${stuck}`],
			asked: 0,
			end: 'stop',
		});
	});
});

describe('level 1, nudge', () => {
	test('the upstream is asked once more, and its call belongs to the same answer', () => {
		const result = play({
			level: 1,
			answers: [{text: stuck}, {text: 'Here.', deltas: [structured], finish: 'tool_calls'}],
		});
		expect(result).toMatchObject({
			asked: 1,
			end: 'calls',
			items: [`message:commentary:${stuck}`, 'message::Here.', 'call:call:{"a":"1"}'],
		});
		const opened = result.events.flatMap(event => (event.type === 'item-open' ? [event.index] : []));
		expect(opened).toEqual([0, 1, 2]);
		expect(result.events.filter(({type}) => type === 'start')).toHaveLength(1);
	});

	test('a model that is stuck again ends normally, and is not asked a third time', () => {
		const again = 'I will open it now.';
		expect(play({level: 1, answers: [{text: stuck}, {text: again}, {text: 'never'}]})).toMatchObject({
			asked: 1,
			end: 'stop',
			items: [`message:commentary:${stuck}`, `message::${again}`],
		});
	});

	test('an upstream that does not answer again leaves the answer as it was', () => {
		expect(play({level: 1, answers: [{text: stuck}]})).toMatchObject({items: [`message::${stuck}`], end: 'stop'});
		expect(play({level: 1, answers: [{text: stuck}, {text: '', finish: 'error'}]})).toMatchObject({
			asked: 1,
			end: 'stop',
		});
	});

	test('an answer that breaks off in the middle of its second part is a failure', () => {
		expect(play({level: 1, answers: [{text: stuck}, {text: 'Now I', finish: 'error'}]}).end).not.toBe('stop');
	});

	test.each([
		['it says that it is done', 'I will write nothing more: the task is finished.'],
		['it asks the user', 'Let me check: shall I run the tests?'],
		['it announces nothing', 'The function returns a number.'],
		['it makes an offer', 'Hello! Let me know which file I should read.'],
		['it waits for something', 'Once you send the log I will check it.'],
		['it is long', `Let me read it. ${'x'.repeat(1500)}`],
		['it says what it will not do', 'I should never run that.'],
	])('a model is left alone where %s', (_, text) => {
		expect(play({level: 1, answers: [{text}, {text: 'no'}]})).toMatchObject({asked: 0, end: 'stop'});
	});

	test('nobody is asked where no tool was offered, where a call was made, or where the length limit cut', () => {
		expect(play({level: 1, tools: [], answers: [{text: stuck}, {text: 'x'}]}).asked).toBe(0);
		expect(play({level: 1, answers: [{text: stuck, deltas: [structured]}, {text: 'x'}]}).asked).toBe(0);
		expect(play({level: 1, answers: [{text: stuck, finish: 'length'}, {text: 'x'}]}).asked).toBe(0);
		expect(play({level: 1, input: [user('hi'), assistant('hello')], answers: [{text: stuck}, {text: 'x'}]}).asked).toBe(
			0,
		);
	});

	test('the same words twice in a turn, or three recoveries in one, are not met again', () => {
		const input = [...midTurn, assistant(stuck), call('c2'), output('c2')];
		expect(play({level: 1, input, answers: [{text: stuck}, {text: 'x'}]}).asked).toBe(0);
		const commentary = [1, 2, 3].flatMap(count => [
			{...assistant(`Let me open file ${count}.`), phase: 'commentary'},
			call(`d${count}`),
			output(`d${count}`),
		]);
		expect(play({level: 1, input: [user('Go.'), ...commentary], answers: [{text: stuck}, {text: 'x'}]}).asked).toBe(0);
		expect(play({level: 1, input: [...commentary, user('Go.')], answers: [{text: stuck}, {text: 'x'}]}).asked).toBe(1);
	});

	test('101, 102: a block that cannot become a call is a reason to ask, not to guess', () => {
		for (const text of [
			'<tool_call>{"name":"exec_command","arguments":{"cmd":"{\\"x\\":1}"}}</tool_call>',
			'<bash>\nprefix_rule: ["git"]\n</bash>',
			'<explore_agent>messages: [{"content":"Look at https://example.org/r"}]</explore_agent>',
			'<request_escalation_permission/>',
			'{',
		]) {
			expect(play({level: 1, answers: [{text}, {text: 'Done.'}]})).toMatchObject({asked: 1, end: 'stop'});
		}
	});

	test('the usage of both answers is added up', () => {
		const usage = {prompt_tokens: 10, completion_tokens: 2, total_tokens: 12};
		const withUsage = {deltas: [], finish: 'stop'};
		const result = play({
			level: 1,
			answers: [
				{text: stuck, ...withUsage, usage},
				{text: 'Done.', ...withUsage, usage},
			],
		});
		const last = result.events.findLast(event => event.type === 'usage');
		expect(last).toMatchObject({usage: {inputTokens: 20, outputTokens: 4, totalTokens: 24}});
	});

	test('the request that asks again is the old one with two messages behind it', () => {
		const {request} = decodeResponsesRequest({model: 'm', input: 'hi'});
		const words = (readsText: boolean): unknown => nudged(request, stuck, readsText).items.slice(1);
		expect(words(false)).toEqual([
			{type: 'message', role: 'assistant', parts: [{type: 'text', text: stuck}]},
			{
				type: 'message',
				role: 'user',
				parts: [
					{
						type: 'text',
						text: 'Your last message contained no tool call. If you want to act, answer with a tool call; if you are finished, say so.',
					},
				],
			},
		]);
		expect(JSON.stringify(words(true))).toContain('in this format: <tool_call>');
	});
});

describe('level 2, echo', () => {
	test('a model that stays stuck gets one constant command, nothing of its own words', () => {
		expect(play({level: 2, answers: [{text: stuck}, {text: 'I will run `ls /etc`.'}]})).toMatchObject({
			end: 'calls',
			items: [`message:commentary:${stuck}`, 'message:commentary:I will run `ls /etc`.', echo],
		});
	});

	test('without a tool that runs commands nothing is made', () => {
		const tools = [{type: 'function', name: 'f', parameters: {type: 'object', properties: {}}}];
		expect(play({level: 2, tools, answers: [{text: stuck}, {text: 'I will run it.'}]})).toMatchObject({end: 'stop'});
	});

	test('every synthesised call is counted', () => {
		const {events} = play({level: 2, answers: [{text: stuck}, {text: 'I will run it.'}]});
		const losses = events.flatMap(event => (event.type === 'loss' ? [event.loss.code] : []));
		expect(losses.filter(code => code === 'recovery.intent')).toHaveLength(2);
	});
});
