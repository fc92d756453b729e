import {describe, expect, test} from 'vitest';
import {type JsonObject} from '../../../source/wire/json-value.ts';
import {chatToResponses, chunk} from './bridge.ts';
import {checkResponsesStream, lastOf, typesOf} from './check-stream.ts';
import {errorOf, itemsOf, say, stop, think} from './chunks.ts';

const detail = (text: string, more: JsonObject = {}) =>
	chunk({reasoning_details: [{type: 'reasoning.text', index: 0, text, ...more}]});

describe('reasoning (translation.md 2.6)', () => {
	test('reasoning streams as a summary with all its events and closes before the text', () => {
		const wire = chatToResponses([think('a'), think('b'), say('c'), stop]);
		checkResponsesStream(wire);
		expect(typesOf(wire).slice(2, 9)).toEqual([
			'response.output_item.added',
			'response.reasoning_summary_part.added',
			'response.reasoning_summary_text.delta',
			'response.reasoning_summary_text.delta',
			'response.reasoning_summary_text.done',
			'response.reasoning_summary_part.done',
			'response.output_item.done',
		]);
		expect(lastOf(wire)).toMatchObject({
			response: {output: [{summary: [{text: 'ab'}], encrypted_content: expect.stringMatching(/^ctui1\.rc\./)}, {}]},
		});
	});

	test('case 66: think tags that are split anywhere become reasoning, and no tag leaks', () => {
		expect(itemsOf([say('<thi'), say('nk>a</th'), say('ink>b'), stop])).toMatchObject([
			{type: 'reasoning', summary: ['a']},
			{type: 'message', parts: [{text: 'b'}]},
		]);
	});

	test('case 67: <thinker> is text', () => {
		expect(itemsOf([say('<thinker>'), stop])).toMatchObject([{type: 'message', parts: [{text: '<thinker>'}]}]);
	});

	test('case 68: an answer of nothing but reasoning is promoted where the profile says so, else empty', () => {
		expect(errorOf([think('a'), stop])).toBe('empty_response');
		expect(itemsOf([think('a'), stop], {answer: {reasoningFallbackText: true}})).toMatchObject([
			{type: 'reasoning'},
			{type: 'message', parts: [{text: 'a'}]},
		]);
	});

	test('case 69: thinking that resumes is a second item', () => {
		expect(itemsOf([think('a'), say('b'), think('c'), stop])).toMatchObject([
			{type: 'reasoning', summary: ['a']},
			{type: 'reasoning', summary: ['c']},
			{type: 'message'},
		]);
	});

	test('case 70: Magistral’s content arrays are reasoning and text', () => {
		const thought = chunk({content: [{type: 'thinking', thinking: [{type: 'text', text: 'a'}]}]});
		const text = chunk({content: [{type: 'text', text: 'b'}]});
		expect(itemsOf([thought, text, stop])).toMatchObject([{summary: ['a']}, {parts: [{text: 'b'}]}]);
	});

	test('case 71: the same thought in two fields counts once', () => {
		const both = chunk({reasoning: 'a', reasoning_content: 'a'});
		expect(itemsOf([both, say('b'), stop])).toMatchObject([{summary: ['a']}, {}]);
	});

	test('case 77: xAI’s usage leaves reasoning out of the output; ours does not', () => {
		const usage = {
			prompt_tokens: 291,
			completion_tokens: 26,
			total_tokens: 513,
			completion_tokens_details: {reasoning_tokens: 196},
		};
		expect(lastOf(chatToResponses([say('a'), stop, {choices: [], usage}]))).toMatchObject({
			response: {
				usage: {
					input_tokens: 291,
					output_tokens: 222,
					total_tokens: 513,
					output_tokens_details: {reasoning_tokens: 196},
				},
			},
		});
	});

	test('reasoning_details are joined by type and index and come back as one envelope', () => {
		const [item] = itemsOf([detail('a'), detail('b', {signature: 's'}), say('x'), stop]);
		expect(item).toMatchObject({
			summary: ['ab'],
			hidden: {kind: 'details', details: [{type: 'reasoning.text', index: 0, text: 'ab', signature: 's'}]},
		});
	});

	test('a template that opens the thinking itself shows a closing tag only', () => {
		expect(itemsOf([say('hm'), say('</think>yes'), stop], {answer: {implicitThink: true}})).toMatchObject([
			{summary: ['hm']},
			{parts: [{text: 'yes'}]},
		]);
	});

	test('thinking that is never closed is also the text, or the turn would look empty', () => {
		expect(itemsOf([say('<think>all'), stop])).toMatchObject([{summary: ['all']}, {parts: [{text: 'all'}]}]);
	});
});
