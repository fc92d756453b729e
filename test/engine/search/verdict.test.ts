import {expect, test} from 'vitest';
import type {AttemptResult} from '../../../source/attempt/sink.ts';
import type {ReplyVerdict} from '../../../source/engine/reply/reply.ts';
import {judge} from '../../../source/engine/search/verdict.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const head = (status: number, headers: Readonly<Record<string, string>> = {}) => ({status, headers, headersMs: 12});
const verdict = (value: ReplyVerdict): AttemptResult<ReplyVerdict> => ({
	kind: 'verdict',
	verdict: value,
	head: head(200),
});
const transport = (code: string, status?: number): AttemptResult<ReplyVerdict> => ({
	kind: 'transport',
	phase: 'stream',
	code,
	reason: 'why',
	isReusedSocket: false,
	head: status === undefined ? undefined : head(status),
});
const refusal = (
	status: number,
	body: string,
	headers: Readonly<Record<string, string>> = {},
): AttemptResult<ReplyVerdict> => ({
	kind: 'status',
	head: head(status, headers),
	body: Buffer.from(body),
});

test.for<[string, AttemptResult<ReplyVerdict>, object]>([
	['a client that left', {kind: 'aborted', phase: 'stream', head: undefined}, {outcome: 'cancelled', canMove: false}],
	[
		'a failed connection',
		transport('connect-refused'),
		{outcome: 'hard', code: 'connect-refused', reason: 'why', isTransport: true, canMove: true, status: undefined},
	],
	[
		'a stream that broke',
		transport('connection-reset', 200),
		{outcome: 'hard', code: 'stream-cut', reason: 'broke off: why', status: 200},
	],
	['silence in the stream', transport('idle-timeout', 200), {outcome: 'hard', code: 'idle-timeout'}],
	[
		'a head without a byte',
		transport('first-byte-timeout', 200),
		{outcome: 'hard', code: 'first-byte-timeout', reason: 'why'},
	],
	['a limit in seconds', refusal(429, '', {'retry-after': '7'}), {outcome: 'soft', retryAfterMs: 7000, status: 429}],
	[
		'a limit until a date',
		refusal(503, '', {'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT'}),
		{outcome: 'hard', retryAfterMs: 30_000},
	],
	['a limit in its text', refusal(429, '{"error":{"message":"Please try again in 1.5s."}}'), {retryAfterMs: 1500}],
	[
		'a previous response that is gone',
		refusal(404, '{"error":{"message":"Previous response with id \'resp_1\' not found."}}'),
		{outcome: 'neutral', repair: 'previous-response', status: 404},
	],
	[
		'the same in its stream, which is no fault of the upstream',
		verdict({
			kind: 'in-band-error',
			code: 'previous_response_not_found',
			message: 'no',
			event: Buffer.alloc(0),
		}),
		{outcome: 'neutral', repair: 'previous-response'},
	],
	[
		'encrypted content that it cannot read',
		refusal(400, '{"error":{"code":"invalid_encrypted_content"}}'),
		{outcome: 'neutral', repair: 'encrypted'},
	],
	['a server error with the same words', refusal(500, 'previous response not found'), {repair: undefined}],
	[
		'a whole answer with what it states',
		verdict({kind: 'unary', body: Buffer.alloc(0), model: 'm', tier: 'flex', usage: undefined}),
		{outcome: 'success', model: 'm', tier: 'flex'},
	],
	[
		'a quota with its reset',
		refusal(429, '{"error":{"type":"usage_limit_reached","resets_in_seconds":90}}'),
		{isQuota: true, retryAfterMs: 90_000},
	],
	[
		'a complete stream',
		verdict({
			kind: 'completed',
			event: 'response.completed',
			model: undefined,
			usage: {inputTokens: 3},
			tier: 'priority',
		}),
		{outcome: 'success', usage: {inputTokens: 3}, tier: 'priority', status: 200},
	],
	['a whole answer', verdict({kind: 'unary', body: Buffer.from('{}')}), {outcome: 'success'}],
	[
		'an error in the stream',
		verdict({kind: 'in-band-error', code: 'rate_limit_exceeded', message: 'try again in 20ms', event: Buffer.alloc(0)}),
		{outcome: 'soft', retryAfterMs: 20},
	],
	['a stream without its end', verdict({kind: 'cut'}), {outcome: 'hard', code: 'stream-cut', canMove: true}],
	[
		'nonsense',
		verdict({kind: 'garbage', message: 'it answered text/html instead of an event stream'}),
		{outcome: 'hard', code: 'bad-answer', canMove: true},
	],
	[
		'the wait in a field of an error in the stream',
		verdict({
			kind: 'in-band-error',
			code: '429',
			message: 'slow',
			event: Buffer.from('data: {"error":{"code":429,"message":"slow","retry_after":3}}\n\n'),
		}),
		{outcome: 'soft', code: 'in-band-failed', retryAfterMs: 3000, status: 200},
	],
	[
		'a window of a plan that is used up',
		refusal(429, '', {
			'retry-after': '30',
			'anthropic-ratelimit-unified-status': 'rejected',
			'anthropic-ratelimit-unified-reset': String(nowMs / 1000 + 7200),
		}),
		{
			isQuota: true,
			code: 'quota-exhausted',
			retryAfterMs: 7_200_000,
			resetAtMs: nowMs + 7_200_000,
			isWaitFromHeader: true,
		},
	],
	[
		'a limit of one model',
		refusal(429, '{"error":{"code":"model_cooldown","reset_seconds":40}}'),
		{isAboutModel: true, retryAfterMs: 40_000},
	],
	['a limit of all models', refusal(429, ''), {isAboutModel: false}],
	[
		'a failed connection as a class',
		transport('connect-refused'),
		{fault: {errorClass: 'upstream_transport_error', scope: 'endpoint', confidence: 'high'}},
	],
	[
		'limit headers beside a sick server',
		refusal(500, '', {'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '60s'}),
		{outcome: 'hard', retryAfterMs: undefined},
	],
	[
		'a challenge in a header',
		refusal(403, '', {'cf-mitigated': 'challenge'}),
		{code: 'bot-challenge', baseMs: 300_000},
	],
])('%s', ([, result, judged]) => {
	expect(judge(result, nowMs, text => text)).toMatchObject(judged);
});
