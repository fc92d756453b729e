import {describe, expect, test} from 'vitest';
import {classifyInBand, classifyStatus} from '../../../source/attempt/classify.ts';
import {readErrorBody} from '../../../source/attempt/classify/error-body.ts';
import {classNames} from '../../../source/attempt/classify/error-class.ts';

/* codex-helper.md 2.4, word by word: the order of its five points, and every word that it names. */

const classify = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return classifyStatus(status, readErrorBody(Buffer.from(text)), headers);
};
const classOf = (status: number, body: unknown) => classify(status, body).fault?.errorClass;
const message = (text: string) => ({error: {message: text, type: 'api_error'}});

describe('the order of the five points', () => {
	test('(1) a 524 is a timeout even with a challenge in its page', () => {
		expect(classify(524, '<html>Just a moment... cf-chl</html>')).toMatchObject({
			code: 'status-524',
			baseMs: 60_000,
			fault: {errorClass: 'cloudflare_timeout'},
		});
	});

	test('(2) a challenge page goes before whatever its text says', () => {
		expect(classOf(429, '<html><title>Just a moment...</title> too many requests</html>')).toBe('cloudflare_challenge');
	});

	test('(3) a model that is not there goes before the throttle words in the same text', () => {
		expect(classOf(404, message('The model x is not available, its channels are overloaded'))).toBe(
			'routing_mismatch_capability',
		);
	});

	test('(4) a throttle word goes before the type of a bad request', () => {
		expect(classOf(400, {error: {type: 'invalid_request_error', code: 'rate_limit_exceeded', message: 'x'}})).toBe(
			'upstream_rate_limited',
		);
	});

	test('(5) what is left of a 400 is the client’s, or has no class', () => {
		expect(classOf(400, {error: {type: 'validation_error', message: 'x'}})).toBe('client_error_non_retryable');
		expect(classOf(400, message('something else'))).toBeUndefined();
	});
});

describe('(3) 400, 404, 409 and 422 about a model, a tier or a reasoning setting', () => {
	const texts = [
		'The model x is unsupported',
		'model x is unavailable',
		'You have no access to the model x',
		'service tier flex is not supported',
		'reasoning effort xhigh is not supported',
	];
	test.for([400, 404, 409, 422].flatMap(status => texts.map(text => [status, text] as const)))(
		'%d %s: moves on and hurts nobody',
		([status, text]) => {
			expect(classify(status, message(text))).toMatchObject({
				outcome: 'neutral',
				canMove: true,
				fault: {errorClass: 'routing_mismatch_capability', scope: 'model'},
			});
		},
	);
});

test.each([
	'The server is overloaded',
	'no capacity left',
	'no available channel',
	'the model is at capacity',
	'concurrency limit reached',
	'too many pending requests',
	'queue full',
	'websocket_connection_limit_reached',
	'当前并发已达上限',
	'前面还有人排队',
])('(4) the overload words %j', text => {
	expect(classOf(500, message(text))).toBe('upstream_overloaded');
});

test.each([
	['rate_limit_exceeded_by_user', 'upstream_rate_limited'],
	['too many requests', 'upstream_rate_limited'],
	['usage limit reached', 'quota_exhausted'],
	['insufficient_quota', 'quota_exhausted'],
	['quota exhausted', 'quota_exhausted'],
	['insufficient balance', 'quota_exhausted'],
	['额度不足', 'quota_exhausted'],
	['余额不足', 'quota_exhausted'],
])('(4) the rate words %j', (text, errorClass) => {
	expect(classOf(500, message(text))).toBe(errorClass);
	expect(classNames(classOf(500, message(text)))).toContain('upstream_rate_limited');
});

test.each([
	['rate_limit_error', 'upstream_rate_limited'],
	['RESOURCE_EXHAUSTED', 'upstream_rate_limited'],
	['model_cooldown', 'upstream_rate_limited'],
	['billing_error', 'quota_exhausted'],
	['usage_limit_reached', 'quota_exhausted'],
])('(4) the rate code %j', (code, errorClass) => {
	expect(classOf(500, {error: {code, message: 'x'}})).toBe(errorClass);
});

test('(4) a 429 is a limit, strongly; a 503 and a 529 are overloads, weakly', () => {
	expect(classify(429, '').fault).toMatchObject({errorClass: 'upstream_rate_limited', confidence: 'high'});
	expect(classify(503, '').fault).toMatchObject({errorClass: 'upstream_overloaded', confidence: 'low'});
	expect(classify(529, '').fault).toMatchObject({errorClass: 'upstream_overloaded', confidence: 'low'});
});

describe('(5) what is the client’s, at 400, 409, 413, 415 and 422', () => {
	const types = [
		'invalid_request_error',
		'validation_error',
		'bad_request',
		'context_limit',
		'context_length_exceeded',
		'token_limit',
		'content_filter',
	];
	test.for([400, 409, 413, 415, 422].flatMap(status => types.map(type => [status, type] as const)))(
		'%d with the type %s',
		([status, type]) => {
			const classified = classify(status, {error: {type, message: 'x'}});
			expect(classified).toMatchObject({outcome: 'neutral', canMove: false, requestFault: {status}});
			expect(classNames(classified.fault?.errorClass)).toContain('client_error_non_retryable');
		},
	);

	test.each([
		'`tool_use` ids were found without `tool_result`',
		'messages must have non-empty content',
		'Invalid JSON in the body',
		'does not match the schema',
	])('the sentence %j', text => {
		expect(classOf(400, message(text))).toBe('client_error_non_retryable');
	});
});

test('a context that is too long keeps the code on which Codex compacts, whatever the upstream called it', () => {
	const body = {
		type: 'error',
		error: {type: 'invalid_request_error', message: 'prompt is too long: 9 tokens > 8 maximum'},
	};
	expect(classify(400, body).requestFault).toMatchObject({code: 'context_length_exceeded', status: 400});
});

test('a stale previous response may be repaired, or known to another', () => {
	expect(classify(404, message('previous_response_id resp_1 does not exist'))).toMatchObject({
		isStalePreviousResponse: true,
		outcome: 'neutral',
		canMove: true,
	});
});

test('a server error that speaks of a previous response is a fault of its own', () => {
	expect(classify(500, message('previous response not found'))).toMatchObject({outcome: 'hard', canMove: true});
});

test('encrypted content that cannot be read is known behind any status', () => {
	expect(classify(502, message('The encrypted content could not be verified'))).toMatchObject({
		outcome: 'neutral',
		isForeignState: true,
	});
});

test('Cloudflare’s header makes a challenge of any body', () => {
	expect(classify(403, {}, {'cf-mitigated': 'challenge'}).code).toBe('bot-challenge');
});

const inBand = (code: number) => classifyInBand({code: String(code), message: 'x'});

test('an error in a stream with a status of its own follows that status', () => {
	expect(inBand(429)).toMatchObject({outcome: 'soft', code: 'in-band-failed'});
	expect(inBand(401)).toMatchObject({outcome: 'auth'});
	expect(inBand(422)).toMatchObject({outcome: 'neutral', canMove: false, requestFault: {status: 422}});
	expect(inBand(502)).toMatchObject({outcome: 'hard', canMove: true});
});

describe('a relay’s failure over what it holds itself', () => {
	test('a key in a 5xx or a 429 is not ours: the account is not put away', () => {
		for (const status of [429, 500, 502]) {
			expect(
				classify(status, {error: {code: 'invalid_api_key', message: 'Incorrect API key provided'}}).outcome,
			).not.toBe('auth');
		}

		expect(classify(400, {error: {code: 'invalid_api_key', message: 'x'}}).outcome).toBe('auth');
	});

	test('a quota in a 5xx cools down shortly and is no sure signal', () => {
		expect(classify(500, {error: {code: 'insufficient_quota', message: 'x'}})).toMatchObject({
			isQuota: true,
			baseMs: 15_000,
			fault: {confidence: 'medium'},
		});
	});
});
