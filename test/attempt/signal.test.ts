import {describe, expect, test} from 'vitest';
import {signalOf, type SignalFacts} from '../../source/attempt/signal.ts';
import {judgedInBand, judgedStatus, judgedSuccess, judgedTransport} from '../support/judged.ts';

const nowMs = 1_700_000_000_000;
const transport: SignalFacts = {
	...judgedTransport(),
	fault: {errorClass: 'upstream_transport_error', scope: 'endpoint', confidence: 'high'},
};

test.for<[string, SignalFacts, object]>([
	[
		'a rate limit',
		judgedStatus(429, {}, 7000),
		{
			kind: 'rate_limit',
			code: 'upstream_rate_limited',
			source: 'upstream_response',
			confidence: 'high',
			scope: 'account',
			isRouteFacing: true,
			retryAfterMs: 7000,
			resetAfterMs: undefined,
		},
	],
	['a wait in a header', {...judgedStatus(429, {}, 7000), isWaitFromHeader: true}, {source: 'response_headers'}],
	[
		'a spent quota with its reset',
		judgedStatus(429, {error: {type: 'usage_limit_reached'}}, 90_000),
		{kind: 'quota', scope: 'account', retryAfterMs: undefined, resetAfterMs: 90_000},
	],
	[
		'an overload that says so',
		judgedStatus(503, {error: {code: 'server_is_overloaded'}}),
		{kind: 'capacity', confidence: 'high', scope: 'endpoint'},
	],
	['a bare 503', judgedStatus(503), {kind: 'capacity', confidence: 'low'}],
	['a failed connection', transport, {kind: 'transport', source: 'route_attempt', confidence: 'high', baseMs: 30_000}],
	[
		'a model that is not there',
		judgedStatus(404, {error: {code: 'model_not_found', message: 'no'}}),
		{kind: 'capability', scope: 'model', isRouteFacing: false},
	],
	['a refused key', judgedStatus(401), {kind: 'unknown', code: 'auth', scope: 'account', isRouteFacing: true}],
	['a server error without a name', judgedStatus(500), {kind: 'unknown', code: 'status-500', confidence: 'medium'}],
	['an error inside a stream', judgedInBand('rate_limit_exceeded', 'slow'), {kind: 'rate_limit'}],
])('%s is a signal', ([, facts, signal]) => {
	expect(signalOf(facts, nowMs)).toMatchObject({...signal, observedAtMs: nowMs, reason: facts.reason});
});

describe('no signal comes of', () => {
	test.each([
		['a success', judgedSuccess],
		['a fault of the request', judgedStatus(422, {error: {message: 'no'}})],
		['a context that is too long', judgedStatus(400, {error: {code: 'context_length_exceeded'}})],
		['a client that left', {...judgedTransport(), outcome: 'cancelled'} as const],
	])('%s', (_, facts) => {
		expect(signalOf(facts, nowMs)).toBeUndefined();
	});
});
