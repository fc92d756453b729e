import {expect, test} from 'vitest';
import {mergeUsage, readUsage} from '../../source/wire/usage.ts';

test('the spelling of Responses is read', () => {
	expect(
		readUsage({
			input_tokens: 10,
			input_tokens_details: {cached_tokens: 4},
			output_tokens: 3,
			output_tokens_details: {reasoning_tokens: 2},
			total_tokens: 13,
		}),
	).toEqual({
		inputTokens: 10,
		outputTokens: 3,
		totalTokens: 13,
		cachedInputTokens: 4,
		cacheCreationInputTokens: undefined,
		reasoningTokens: 2,
	});
});

test('the spelling of Chat is read', () => {
	expect(
		readUsage({
			prompt_tokens: 16,
			completion_tokens: 300,
			total_tokens: 316,
			prompt_tokens_details: {cached_tokens: 0},
			completion_tokens_details: {reasoning_tokens: 7},
		}),
	).toMatchObject({inputTokens: 16, outputTokens: 300, totalTokens: 316, cachedInputTokens: 0, reasoningTokens: 7});
});

test('the spelling of Messages is read', () => {
	expect(
		readUsage({input_tokens: 69, cache_creation_input_tokens: 5, cache_read_input_tokens: 400, output_tokens: 1}),
	).toMatchObject({inputTokens: 69, cachedInputTokens: 400, cacheCreationInputTokens: 5, outputTokens: 1});
});

test('what is no usage is none', () => {
	for (const value of [null, undefined, 5, 'x', [], {}, {input_tokens: '5'}, {input_tokens: Number.NaN}]) {
		expect(readUsage(value)).toBeUndefined();
	}
});

test('the later part wins where it states a number, and what it leaves out stays', () => {
	const start = readUsage({input_tokens: 69, output_tokens: 1});
	const delta = readUsage({output_tokens: 88, cache_read_input_tokens: 3});
	expect(mergeUsage(start, delta)).toMatchObject({inputTokens: 69, outputTokens: 88, cachedInputTokens: 3});
	expect(mergeUsage(undefined, delta)).toBe(delta);
	expect(mergeUsage(start, undefined)).toBe(start);
});
