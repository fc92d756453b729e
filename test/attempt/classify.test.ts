import {describe, expect, test} from 'vitest';
import {classifyInBand, classifyStatus, readErrorBody} from '../../source/attempt/classify.ts';

const classify = (status: number, body: string) => classifyStatus(status, readErrorBody(Buffer.from(body)));
const error = (fields: object): string => JSON.stringify({error: fields});

describe('a status', () => {
	test.for<[number, string, string, string, number]>([
		[500, '', 'hard', 'status-500', 30_000],
		[502, '<html>', 'hard', 'status-502', 30_000],
		[503, '', 'hard', 'status-503', 30_000],
		[529, '', 'hard', 'status-529', 30_000],
		[504, '', 'hard', 'status-504', 60_000],
		[524, '', 'hard', 'status-524', 60_000],
		[403, '<!doctype html>', 'hard', 'bot-challenge', 300_000],
		[503, ' <html>', 'hard', 'bot-challenge', 300_000],
		[307, '', 'hard', 'status-307', 30_000],
		[408, '', 'soft', 'status-408', 15_000],
		[429, '', 'soft', 'status-429', 15_000],
		[402, '', 'soft', 'quota-exhausted', 3_600_000],
		[429, error({code: 'insufficient_quota'}), 'soft', 'quota-exhausted', 3_600_000],
		[429, error({type: 'usage_limit_reached'}), 'soft', 'quota-exhausted', 3_600_000],
		[403, error({code: 'usage_not_included'}), 'soft', 'quota-exhausted', 3_600_000],
		[401, '', 'auth', 'status-401', 30_000],
		[403, error({message: 'forbidden'}), 'auth', 'status-403', 30_000],
	])('%d with %j is %s (%s) and another candidate may serve', ([status, body, outcome, code, baseMs]) => {
		const classified = classify(status, body);
		expect(classified).toMatchObject({outcome, code, baseMs, canMove: true});
		expect(classified.requestFault).toBeUndefined();
		expect(classified.reason).toContain(`answered ${status}`);
	});

	test.each([400, 405, 413, 415, 422])('%d is the request’s fault and ends it', status => {
		expect(classify(status, error({code: 'x', message: 'no'}))).toMatchObject({
			outcome: 'neutral',
			canMove: false,
			requestFault: {status, code: 'x', message: 'no'},
		});
	});

	test('404 says nothing about the others, but what to say if they do not have it either', () => {
		expect(classify(404, error({code: 'model_not_found', message: 'no such model'}))).toMatchObject({
			outcome: 'neutral',
			canMove: true,
			requestFault: {status: 404, code: 'model_not_found', message: 'no such model'},
		});
	});

	test.each(['context_length_exceeded', 'invalid_prompt', 'cyber_policy'])(
		'with the code %s is the request’s fault, even as a 500',
		code => {
			expect(classify(500, error({code, message: 'no'}))).toMatchObject({
				outcome: 'neutral',
				canMove: false,
				requestFault: {code},
			});
		},
	);

	test('400 about encrypted content may be healed by leaving that out', () => {
		expect(classify(400, error({message: 'The encrypted content could not be verified.'}))).toMatchObject({
			isForeignState: true,
		});
		expect(classify(400, error({code: 'invalid_encrypted_content'}))).toMatchObject({isForeignState: true});
	});
});

describe('an error inside a stream', () => {
	test.each([
		['context_length_exceeded', 'neutral', false],
		['insufficient_quota', 'soft', true],
		['rate_limit_exceeded', 'soft', true],
		['slow_down', 'soft', true],
		['rate_limit_error', 'soft', true],
		['server_error', 'hard', true],
		['overloaded_error', 'hard', true],
		[undefined, 'hard', true],
	])('%s is %s', (code, outcome, canMove) => {
		expect(classifyInBand({code, message: 'x'})).toMatchObject({outcome, canMove});
	});

	test('about encrypted content is nobody’s failure', () => {
		expect(classifyInBand({code: 'invalid_encrypted_content', message: 'x'})).toMatchObject({
			outcome: 'neutral',
			canMove: true,
			isForeignState: true,
		});
	});
});

test.each([
	[error({code: 'a', type: 'b', message: 'c'}), {code: 'a', type: 'b', message: 'c', isHtml: false}],
	['{"error":"plain"}', {code: undefined, type: undefined, message: 'plain', isHtml: false}],
	['{"message":"m","code":"k"}', {code: 'k', type: undefined, message: 'm', isHtml: false}],
	['{"detail":"d"}', {code: undefined, type: undefined, message: 'd', isHtml: false}],
	['{"error":{"code":429,"message":"n"}}', {code: undefined, type: undefined, message: 'n', isHtml: false}],
	['upstream connect error', {code: undefined, type: undefined, message: 'upstream connect error', isHtml: false}],
	[' <html><body>blocked', {code: undefined, type: undefined, message: undefined, isHtml: true}],
	['', {code: undefined, type: undefined, message: undefined, isHtml: false}],
	['[1]', {code: undefined, type: undefined, message: '[1]', isHtml: false}],
])('the error body %j is read leniently', (text, body) => {
	expect(readErrorBody(Buffer.from(text))).toMatchObject(body);
});

test('a page of plain text is cut', () => {
	expect(readErrorBody(Buffer.from('x'.repeat(10_000))).message).toHaveLength(300);
});
