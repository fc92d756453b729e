import type {RequestView} from '../../source/event/view.ts';

/* Invented requests in every state; see sample-screen.ts. */

const request = (index: number, nowMs: number, change: Partial<RequestView> = {}): RequestView => ({
	requestId: `req_0mi9x3f8a000${String(index).padStart(4, '0')}`,
	startedAtMs: nowMs - index * 9000,
	method: 'POST',
	path: '/v1/responses',
	bodyBytes: 48_213,
	client: 'codex',
	service: 'codex',
	kind: 'turn',
	stream: true,
	sessionId: '01a9e3f0-7c11-7000-8000-00000000007c',
	threadId: undefined,
	model: 'gpt-5.3-codex',
	effort: 'high',
	state: 'success',
	statusCode: 200,
	endpointKey: 'codex/relay-a/default',
	attempts: [
		{
			attempt: 1,
			endpointKey: 'codex/relay-a/default',
			startedAtMs: nowMs - index * 9000,
			outcome: 'success',
			code: 'completed',
			reason: undefined,
			status: 200,
			durationMs: 6200,
		},
	],
	ttfbMs: 410 + index * 7,
	durationMs: 6200,
	replyEvents: 214,
	replyBytes: 88_123,
	silentMs: undefined,
	silentSinceMs: undefined,
	usage: {
		inputTokens: 18_200,
		outputTokens: 612 + index,
		totalTokens: 18_812,
		cachedInputTokens: 16_700,
		reasoningTokens: 212,
	},
	note: undefined,
	...change,
});

const failedOver = (index: number, nowMs: number): RequestView =>
	request(index, nowMs, {
		endpointKey: 'codex/openai/default',
		note: 'failed over from relay-b',
		attempts: [
			{
				attempt: 1,
				endpointKey: 'codex/relay-b/default',
				startedAtMs: nowMs - index * 9000,
				outcome: 'soft',
				code: 'status-429',
				reason: 'rate limited',
				status: 429,
				durationMs: 120,
			},
			{
				attempt: 2,
				endpointKey: 'codex/openai/default',
				startedAtMs: nowMs - index * 9000 + 130,
				outcome: 'success',
				code: 'completed',
				reason: undefined,
				status: 200,
				durationMs: 9800,
			},
		],
		durationMs: 9920,
		ttfbMs: 12_345,
	});

/** `count` requests, newest last; the newest runs, others failed, were cut or left, one is a CJK upstream's. */
export const sampleRequests = (nowMs: number, count = 40): readonly RequestView[] =>
	Array.from({length: count}, (_, index): RequestView => {
		switch (index % 10) {
			case 0: {
				return index === 0
					? request(index, nowMs, {state: 'running', statusCode: undefined, durationMs: undefined, usage: undefined})
					: request(index, nowMs);
			}

			case 1: {
				return failedOver(index, nowMs);
			}

			case 3: {
				return request(index, nowMs, {
					endpointKey: 'codex/中转站-东京/default',
					model: '通义千问-3-coder-plus',
					durationMs: 125_000,
				});
			}

			case 4: {
				return request(index, nowMs, {
					state: 'failed',
					statusCode: 502,
					note: 'answered 502: 上游 relay-b 不可用',
					usage: undefined,
					ttfbMs: undefined,
				});
			}

			case 6: {
				return request(index, nowMs, {state: 'cancelled', statusCode: 499, usage: undefined});
			}

			case 7: {
				return request(index, nowMs, {state: 'cut', note: 'broke off: it closed the connection'});
			}

			default: {
				return request(index, nowMs, {
					client: 'claude-code',
					model: 'claude-opus-4.6',
					sessionId: 'c3f1aa00-1111-7000-8000-0000000000aa',
				});
			}
		}
	}).toReversed();
