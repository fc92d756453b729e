import {describe, expect, test} from 'vitest';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import type {CandidateView} from '../../source/event/plan-view.ts';
import {eventToTrace} from '../../source/observe/trace.ts';
import {attemptEnd, attemptStart, callIdentified, configLoaded, endpointInfo, replyEnd} from '../support/events.ts';

const candidate = (name: string, reasons: CandidateView['reasons'] = []): CandidateView => ({
	endpointKey: `codex/${name}/default`,
	preferenceGroup: 0,
	routePath: ['main'],
	eligible: reasons.length === 0,
	reasons,
});

const requestId = 'req_1';
const ofPlace = {requestId, atMs: 5, endpointKey: 'codex/relay-b/default', account: 'work', limitKey: 'codex/team'};
const lines: ReadonlyArray<readonly [line: string, event: EngineEvent]> = [
	[
		'plan: relay-a, relay-b; skipped relay-c: cooldown 41 s left',
		{
			type: 'route-planned',
			requestId,
			atMs: 1000,
			plan: {
				service: 'codex',
				model: undefined,
				pin: undefined,
				candidates: [
					candidate('relay-a'),
					candidate('relay-b'),
					candidate('relay-c', [{code: 'cooldown', text: 'cooling down', untilMs: 42_000}]),
				],
			},
		},
	],
	[
		'plan: no candidate; skipped relay-a: missing_auth; pinned to relay-a (only)',
		{
			type: 'route-planned',
			requestId,
			atMs: 1000,
			plan: {
				service: 'codex',
				model: undefined,
				pin: {endpointKey: 'codex/relay-a/default', mode: 'only', setAtMs: 1},
				candidates: [candidate('relay-a', [{code: 'missing_auth', text: 'no key'}])],
			},
		},
	],
	[
		'waits for a place at relay-b (account work), 2 before it (4 of 4 taken, codex/team)',
		{type: 'candidate-saturated', ...ofPlace, active: 4, limit: 4, ahead: 2},
	],
	[
		'no place at relay-b: passed over (4 of 4 taken, codex/team)',
		{type: 'candidate-saturated', ...ofPlace, account: 'default', active: 4, limit: 4},
	],
	['a place at relay-b (account work) after 3.1 s', {type: 'wait-end', ...ofPlace, waitedMs: 3100, result: 'place'}],
	[
		'no place at relay-b (account work) after 30 s: passed over',
		{type: 'wait-end', ...ofPlace, waitedMs: 30_000, result: 'timeout'},
	],
	[
		'the wait for a place at relay-b (account work) was ended after 2 s',
		{type: 'wait-end', ...ofPlace, waitedMs: 2000, result: 'stopped'},
	],
	[
		'relay-b answered 429 (retry-after 41 s) → next candidate',
		attemptEnd(requestId, 5, {
			endpointKey: 'codex/relay-b/default',
			outcome: 'soft',
			status: 429,
			retryAfterMs: 41_000,
			willRetry: true,
		}),
	],
	[
		'relay-a failed: the stream ended before its terminal event',
		attemptEnd(requestId, 5, {
			outcome: 'hard',
			status: 200,
			code: 'stream-cut',
			reason: 'the stream ended before its terminal event',
		}),
	],
	['relay-a completed in 0.9 s', attemptEnd(requestId, 5)],
	['the client left relay-a after 0.9 s', attemptEnd(requestId, 5, {outcome: 'cancelled'})],
	[
		'attempt 2 at relay-a/eu: first in the plan',
		attemptStart(requestId, 5, {attempt: 2, endpointKey: 'codex/relay-a/eu'}),
	],
	['codex turn for gpt-5.3-codex, session session-1', callIdentified(requestId, 5)],
	[
		'failed (503) after 1 s, 2 attempts, ending no-candidate',
		replyEnd(requestId, 5, {
			outcome: 'failed',
			status_code: 503,
			ending: 'no-candidate',
			retry: {attempts: 2, upstream_chain: [], route_attempts: []},
		}),
	],
	[
		'body changed for relay-a: effort low → high (session override), tier unset → flex (profile)',
		{
			...{type: 'body-translated', requestId, atMs: 5, attempt: 1, endpointKey: 'codex/relay-a/default', losses: []},
			overrides: [
				{field: 'effort', from: 'low', to: 'high', source: 'session_override'},
				{field: 'tier', from: undefined, to: 'flex', source: 'profile'},
			],
		},
	],
	[
		'answer of relay-a changed: it came compressed (gzip) and was unpacked (1)',
		{
			...{type: 'body-translated', requestId, atMs: 5, attempt: 1, endpointKey: 'codex/relay-a/default'},
			isAnswer: true,
			losses: [{code: 'compressed-answer', count: 1, text: 'it came compressed (gzip) and was unpacked'}],
		},
	],
	['config loaded: 1 endpoint, 0 warnings', configLoaded(5, [endpointInfo('relay-a')])],
	[
		'breaker of relay-a open for 30 s: 3 failures in a row',
		{
			type: 'breaker-changed',
			atMs: 1000,
			endpointKey: 'codex/relay-a/default',
			phase: 'open',
			untilMs: 31_000,
			failures: 3,
			reason: '3 failures in a row',
		},
	],
	[
		'breaker of relay-a (account work) open for 30 s: answered 429',
		{
			type: 'breaker-changed',
			atMs: 1000,
			endpointKey: 'codex/relay-a/default',
			account: 'work',
			phase: 'open',
			untilMs: 31_000,
			failures: 0,
			reason: 'answered 429',
		},
	],
	[
		'cooldown of the quota of relay-a (account work) created for 30 s: no quota left',
		{
			...{type: 'policy-action-changed', atMs: 1000, id: 'quota x', scope: 'quota', change: 'created', cause: 'quota'},
			...{endpointKey: 'codex/relay-a/default', account: 'work', model: undefined, untilMs: 31_000},
			reason: 'no quota left',
		},
	],
	[
		'cooldown of relay-a, model big, dismissed: you dismissed it',
		{
			...{type: 'policy-action-changed', atMs: 1000, id: 'model x', scope: 'model', change: 'dismissed'},
			...{endpointKey: 'codex/relay-a/default', account: 'default', model: 'big', cause: undefined, untilMs: undefined},
			reason: 'you dismissed it',
		},
	],
	[
		'account spare of codex/team paused',
		{type: 'account-changed', atMs: 1, service: 'codex', provider: 'team', account: 'spare', isPaused: true},
	],
	[
		'session s1 of codex pinned to relay-a (account work) (only) for 60 s',
		{
			...{type: 'pin-changed', atMs: 1000, service: 'codex', sessionId: 's1'},
			pin: {endpointKey: 'codex/relay-a/default', account: 'work', mode: 'only', setAtMs: 1000, untilMs: 61_000},
		},
	],
	[
		'session s1 of codex is no longer pinned: its time is over',
		{type: 'pin-changed', atMs: 1, service: 'codex', sessionId: 's1', pin: undefined, hasExpired: true},
	],
	['state.db is gone', {type: 'state-lost', atMs: 1, problem: 'unusable', message: 'state.db is gone'}],
	[
		'requests.jsonl cannot be written: ENOSPC',
		{type: 'log-changed', atMs: 1, path: 'requests.jsonl', isWritable: false, lostLines: 1, code: 'ENOSPC'},
	],
	[
		'balance of relay-a (main): ok, $4.00 are left',
		{
			type: 'balance-changed',
			atMs: 1,
			balance: {
				endpointKey: 'codex/relay-a/default',
				account: 'main',
				providerId: 'auto:balance:relay-a',
				source: 'usage_provider:sub2api_usage',
				fetchedAtMs: 1,
				staleAfterMs: 2,
				status: 'ok',
				exhaustionAffectsRouting: true,
				alerts: [{kind: 'low_balance', text: '$4.00 are left'}],
				error: undefined,
				suppressedUntilMs: undefined,
			},
		},
	],
];

describe('the control trace', () => {
	test.each(lines)('says: %s', (line, event) => {
		expect(eventToTrace(event, 1)?.what).toBe(line);
	});

	test("keeps the request, the endpoint and the event's own fields beside the line", () => {
		expect(eventToTrace(attemptEnd(requestId, 5), 7)).toMatchObject({
			sequence: 7,
			atMs: 5,
			kind: 'attempt-end',
			requestId,
			endpointKey: 'codex/relay-a/default',
			detail: {outcome: 'success', code: 'completed', durationMs: 900},
		});
	});

	test('leaves out progress and figures', () => {
		expect(eventToTrace({type: 'reply-delta', requestId, atMs: 1, events: 1, bytes: 1}, 1)).toBeUndefined();
	});
});
