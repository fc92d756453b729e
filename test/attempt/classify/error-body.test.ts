import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {classifyStatus} from '../../../source/attempt/classify.ts';
import {readErrorBody, wordOf} from '../../../source/attempt/classify/error-body.ts';
import {withoutQuotations} from '../../../source/attempt/classify/phrases.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const read = (body: unknown) => readErrorBody(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

test('one word has one spelling', () => {
	expect(['RateLimitExceeded', 'rate_limit_exceeded', 'rate-limit-exceeded'].map(wordOf)).toEqual(
		Array.from({length: 3}, () => 'ratelimitexceeded'),
	);
	expect(wordOf('Throttling.RateQuota')).toBe('throttling.ratequota');
});

test.for<[string, unknown, readonly string[]]>([
	['numbers of a vendor', {error: {code: '1302'}}, ['business:1302']],
	['MiniMax', {base_resp: {status_code: 1008, status_msg: 'x'}}, ['minimax:1008']],
	['nothing for a zero', {base_resp: {status_code: 0, status_msg: 'success'}}, []],
	['Google’s reason', {error: {details: [{reason: 'API_KEY_INVALID'}]}}, ['apikeyinvalid']],
	['JSON in a message', {message: 'said: {"error":{"code":"slow_down"}}'}, ['slowdown']],
	['JSON twice in strings', {message: JSON.stringify({message: JSON.stringify({code: 'slow_down'})})}, ['slowdown']],
	['an event frame', 'event: error\ndata: {"error":{"code":"slow_down"}}', ['slowdown']],
	['a word as the error', {error: 'slow_down'}, ['slowdown']],
	['the refused parameter', {error: {param: 'reasoning.effort'}}, ['param:reasoning.effort']],
	['nothing of an echoed request', {request: {error: {code: 'slow_down'}}, input: [{code: 'slow_down'}]}, []],
])('words of a body: %s', ([, body, words]) => {
	expect(read(body).words).toEqual(words);
});

test('a status that the body states is no word', () => {
	expect(read({error: {code: 429, message: 'x'}})).toMatchObject({innerStatus: 429, words: []});
	expect(read({error: {code: '503'}})).toMatchObject({innerStatus: 503, words: []});
});

test.each([
	[{msg: 'a'}, 'a'],
	[{detail: [{msg: 'b'}]}, 'b'],
	[{base_resp: {status_msg: 'c', status_code: 1}}, 'c'],
	[{errors: [{message: 'd'}]}, 'd'],
	[{error: {error_message: 'e'}}, 'e'],
])('the message of %j is found', (body, message) => {
	expect(read(body).message).toBe(message);
});

test.each([
	['Invalid value: "rate limit" here', 'Invalid value:   here'],
	["Unknown parameter: 'rate_limit'.", 'Unknown parameter:  .'],
	["You've reached the limit, don't ask", "You've reached the limit, don't ask"],
	['参数错误：“余额不足”', '参数错误：'],
	['failed. input: too many requests', 'failed.'],
	['bad `tool_use` block', 'bad   block'],
])('the quotations of %j are cut out', (text, left) => {
	expect(withoutQuotations(text)).toBe(left);
});

test('whatever an upstream answers, it is read and classified without a fault of ours', () => {
	const body = fc.oneof(
		fc.string(),
		fc.json(),
		fc.jsonValue().map(value => JSON.stringify({error: value})),
	);
	fc.assert(
		fc.property(fc.integer({min: 300, max: 599}), body, (status, text) => {
			const classified = classifyStatus(status, read(text));
			return classified.code !== '' && (classified.outcome === 'neutral' || classified.canMove);
		}),
		propertyRuns(2000),
	);
});

test('a hostile body is read in no time', () => {
	const bodies = [
		'"'.repeat(60_000),
		`{"message":${'"{'.repeat(20_000)}`,
		"' ".repeat(30_000),
		'model '.repeat(10_000),
		`{"error":`.repeat(6000),
	];
	const startedAt = performance.now();
	for (const body of bodies) {
		classifyStatus(400, read(body));
		classifyStatus(500, read({error: {message: body}}));
	}

	expect(performance.now() - startedAt).toBeLessThan(500);
});
