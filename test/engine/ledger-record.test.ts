import {signalOf} from '../../source/attempt/signal.ts';
import {IncomingMessage, ServerResponse} from 'node:http';
import {Socket} from 'node:net';
import {describe, expect, test} from 'vitest';
import type {Exchange} from '../../source/engine/door/accept.ts';
import {Journey} from '../../source/engine/journey.ts';
import {ledgerRecord, phaseOf, type JourneyFacts, type Try} from '../../source/engine/ledger-record.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {identify} from '../../source/identify/identify.ts';
import {findServedPath, type ServedPath} from '../../source/identify/paths.ts';
import type {RouteCandidate} from '../../source/route/route-plan.ts';
import {fakeClock} from '../support/clock.ts';
import {configOf} from '../support/endpoint.ts';
import {judgedStatus, judgedSuccess, judgedTransport} from '../support/judged.ts';
import {candidate as planned, planOf, skip} from '../support/plans.ts';

const target: ServedPath = findServedPath('/v1/responses') ?? {
	service: 'codex',
	relative: '',
	dialect: undefined,
	operation: 'other',
};
const request = new IncomingMessage(new Socket());
request.method = 'POST';
const headers = {
	authorization: 'Bearer sk-client-secret',
	'x-codex-turn-metadata': JSON.stringify({turn_id: 'turn-1', reasoning_effort: 'high', workspaces: {'/work': {}}}),
	'session-id': 's1',
	'thread-id': 't1',
};
const exchange: Exchange = {
	request,
	response: new ServerResponse(request),
	target,
	path: '/v1/responses',
	query: '?key=secret',
	headers,
	isLocalToken: () => false,
};
const call = identify({
	method: 'POST',
	path: '/v1/responses',
	query: '?key=secret',
	target,
	headers,
	body: Buffer.from('{"model":"gpt-5.5","stream":true,"service_tier":"priority"}'),
});

const candidate = (provider: string, preferenceGroup: number): RouteCandidate => ({
	...planned(provider),
	preferenceGroup,
});
const head = (status: number) => ({status, headers: {}, headersMs: 42});
const failed: Try = {
	candidate: candidate('a', 0),
	startedMs: 100,
	endedMs: 150,
	model: 'gpt-5.5',
	repairs: ['foreign-reasoning:2'],
	report: {...judgedStatus(503), willRetry: true, result: {kind: 'status', head: head(503), body: Buffer.alloc(0)}},
};
const served: Try = {
	candidate: candidate('b', 1),
	startedMs: 160,
	endedMs: 900,
	model: 'big',
	repairs: [],
	report: {
		...judgedSuccess,
		usage: {
			inputTokens: 10,
			outputTokens: 5,
			totalTokens: 15,
			cachedInputTokens: 4,
			cacheCreationInputTokens: 1,
			reasoningTokens: 2,
		},
		tier: 'default',
		willRetry: false,
		result: {kind: 'verdict', verdict: {kind: 'unary', body: Buffer.alloc(0)}, head: head(200)},
	},
};
const recordOf = (fields: Partial<JourneyFacts> = {}) =>
	ledgerRecord({
		exchange,
		call,
		tries: [failed, served],
		end: {outcome: 'success', statusCode: 200, ending: undefined},
		requestId: 'req_1',
		startedAtMs: 1000,
		decidedAtMs: 1001,
		durationMs: 950,
		ttfbMs: 300,
		clean: text => text,
		...fields,
	});

describe('the record of a request that failed over', () => {
	test('says who asked for what, and how it ended', () => {
		expect(recordOf()).toMatchObject({
			timestamp_ms: 1000,
			request_id: 'req_1',
			trace_id: 'codex-req_1',
			service: 'codex',
			method: 'POST',
			path: '/v1/responses',
			status_code: 200,
			duration_ms: 950,
			ttfb_ms: 300,
			outcome: 'success',
			session_id: 's1',
			session_identity_source: 'header',
			thread_id: 't1',
			turn_id: 'turn-1',
			request_kind: 'turn',
			client: 'codex',
			cwd: '/work',
			model: 'gpt-5.5',
			reasoning_effort: 'high',
			service_tier: {requested: 'priority', effective: 'priority', actual: 'default'},
		});
	});

	test('names the endpoint that served in old and new spellings', () => {
		expect(recordOf()).toMatchObject({
			config_name: 'b',
			station_name: 'b',
			provider_id: 'b',
			endpoint_id: 'default',
			provider_endpoint_key: 'codex/b/default',
			upstream_base_url: 'https://b.example/v1',
			route_decision: {
				decided_at_ms: 1001,
				provider_id: 'b',
				endpoint_id: 'default',
				route_path: ['main', 'b'],
				effective_model: {value: 'big', source: 'model_mapping'},
			},
		});
	});

	test('counts the tokens of the answer that the client got', () => {
		expect(recordOf().usage).toEqual({
			input_tokens: 10,
			output_tokens: 5,
			total_tokens: 15,
			cached_input_tokens: 4,
			cache_creation_input_tokens: 1,
			reasoning_tokens: 2,
		});
	});

	test('tells every attempt, the thrown-away ones marked', () => {
		expect(recordOf().retry).toMatchObject({
			attempts: 2,
			upstream_chain: ['codex/a/default', 'codex/b/default'],
			route_attempts: [
				{
					attempt_index: 0,
					provider_id: 'a',
					endpoint_id: 'default',
					preference_group: 0,
					decision: 'failed_status',
					code: 'status-503',
					reason: 'answered 503',
					status_code: 503,
					error_class: 'hard',
					model: 'gpt-5.5',
					upstream_headers_ms: 42,
					duration_ms: 50,
					discarded: true,
					repairs: ['foreign-reasoning:2'],
				},
				{
					attempt_index: 1,
					provider_id: 'b',
					preference_group: 1,
					decision: 'completed',
					code: 'completed',
					status_code: 200,
					error_class: 'success',
					model: 'gpt-5.5->big',
					duration_ms: 740,
					discarded: undefined,
					repairs: undefined,
				},
			],
		});
	});

	test('has neither credential nor query', () => {
		expect(JSON.stringify(recordOf())).not.toContain('secret');
	});
});

test.for<[string, Try['report'], string]>([
	['a client that left', undefined, 'cancelled'],
	[
		'no connection',
		{
			...judgedTransport(),
			willRetry: false,
			result: {kind: 'transport', phase: 'connect', code: 'x', reason: 'x', isReusedSocket: false, head: undefined},
		},
		'failed_transport',
	],
	[
		'a broken stream',
		{
			...judgedTransport('stream-cut'),
			willRetry: false,
			result: {kind: 'transport', phase: 'stream', code: 'x', reason: 'x', isReusedSocket: false, head: head(200)},
		},
		'failed_stream',
	],
	[
		'a stream without its end',
		{
			...judgedTransport('stream-cut'),
			willRetry: false,
			result: {kind: 'verdict', verdict: {kind: 'cut'}, head: head(200)},
		},
		'failed_stream',
	],
	[
		'a spent quota',
		{...judgedStatus(402), willRetry: false, result: {kind: 'status', head: head(402), body: Buffer.alloc(0)}},
		'failed_status',
	],
])('%s is written as a decision', ([, report, decision]) => {
	expect(recordOf({tries: [{...failed, report}]}).retry?.route_attempts[0]?.decision).toBe(decision);
});

test('a request that went nowhere has no route and no attempts', () => {
	const record = recordOf({
		call: undefined,
		tries: [],
		end: {outcome: 'failed', statusCode: 400, ending: 'bad-request'},
	});
	expect(record).toMatchObject({outcome: 'failed', status_code: 400, ending: 'bad-request', path: '/v1/responses'});
	expect([record.route_decision, record.retry, record.provider_id, record.usage]).toEqual([
		undefined,
		undefined,
		undefined,
		undefined,
	]);
});

test('how far an attempt came', () => {
	expect(phaseOf({kind: 'status', head: head(500), body: Buffer.alloc(0)})).toBe('headers');
	expect(phaseOf({kind: 'aborted', phase: 'connect', head: undefined})).toBe('connect');
});

test('nothing of a client’s words reaches a screen uncleaned, the reasons of a plan included (SEC-17)', () => {
	const events: EngineEvent[] = [];
	const clock = fakeClock();
	const journey = new Journey(exchange, {
		config: () => configOf(),
		clock,
		...{announce: (event: EngineEvent) => events.push(event), fault: () => undefined},
		clean: text => text.replaceAll('\u001B', ''),
	});
	const dirty = {...call, model: 'x\u001B[2J', effort: '\u001B]0;', tier: '\u001B', cwd: '/\u001Bw'};
	journey.identified(dirty);
	const unsupported = skip('unsupported_model', undefined, 'x\u001B[2J');
	journey.planned(planOf(planned('a', unsupported)), dirty);
	journey.tryStarted(candidate('a', 0), 'x', 'first');
	journey.tryEnded(journey.started, {
		...judgedTransport(),
		reason: 'failed (\u001B[31m)',
		willRetry: false,
		result: {kind: 'aborted', phase: 'connect', head: undefined},
	});
	clock.advance(70);
	const record = journey.ended({outcome: 'failed', statusCode: 200, ending: 'hopeless'});
	expect(record).toMatchObject({duration_ms: 70, ending: 'hopeless'});
	expect(events.map(({type}) => type)).toEqual([
		'call-identified',
		'route-planned',
		'attempt-start',
		'attempt-end',
		'reply-end',
	]);
	expect(JSON.stringify(events)).not.toContain(String.raw`\u001b`);
});

test('what a failure tells of its upstream stands beside it, in codex-helper’s words', () => {
	const signal = signalOf(judgedStatus(429, {error: {type: 'usage_limit_reached'}}, 90_001), 7);
	expect(recordOf({tries: [{...failed, signal}]}).retry?.route_attempts[0]?.provider_signals).toEqual([
		{
			...{kind: 'quota', code: 'quota_exhausted', source: 'upstream_response', target: 'provider', confidence: 'high'},
			...{route_facing: true, observed_at_ms: 7, reset_after_secs: 91},
		},
	]);
	const about = signalOf(judgedStatus(404, {error: {code: 'model_not_found', message: 'no'}}), 7);
	expect(recordOf({tries: [{...failed, signal: about}]}).retry?.route_attempts[0]?.provider_signals).toMatchObject([
		{kind: 'capability', target: 'endpoint', model: 'gpt-5.5', route_facing: false},
	]);
	expect(recordOf({tries: [failed]}).retry?.route_attempts[0]?.provider_signals).toBeUndefined();
});
