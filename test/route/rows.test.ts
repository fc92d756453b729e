import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import type {ErrorClass} from '../../source/attempt/classify/error-class.ts';
import type {AffinityConfig, RouteNode} from '../../source/config/graph.ts';
import type {BlockedReason, NoteCode, SkipCode} from '../../source/route/route-plan.ts';

/*
 * No row of a table is without its test. The lists of codes are the types' own, so that a new code does not compile without a row here; the
 * tables of codex-helper.md stand here word by word. A row without a test by its name fails.
 */

const titlesOf = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

/** Whether a file has a test that is called so, or a row of one that begins so. */
const hasTest = (file: string, name: string): boolean =>
	[`'${name}`, `\`${name}`, `"${name}`].some(opening => titlesOf(file).includes(opening));

const rows = <Code extends string>(codes: Readonly<Record<Code, true>>): readonly string[] => Object.keys(codes);

const skipCodes = rows<SkipCode>({
	...{unsupported_model: true, runtime_disabled: true, cooldown: true, breaker_open: true, usage_exhausted: true},
	...{missing_auth: true, auth_failed: true, concurrency_saturated: true, dialect_mismatch: true},
	...{capability_missing: true, probe_running: true, state_bound: true, not_pinned: true, account_paused: true},
	...{quota_group: true, condition_not_met: true},
});
const strategies = rows<RouteNode['strategy']>({
	...{'ordered-failover': true, 'tag-preferred': true, 'manual-sticky': true, conditional: true, weighted: true},
	...{'round-robin': true, 'least-used': true, cheapest: true, fastest: true, 'quota-aware': true},
});
const policies = rows<AffinityConfig['policy']>({
	...{off: true, 'preferred-group': true, 'fallback-sticky': true, hard: true, 'hard-compact': true},
});
const classes = rows<ErrorClass>({
	...{upstream_transport_error: true, cloudflare_timeout: true, cloudflare_challenge: true},
	...{routing_mismatch_capability: true, upstream_overloaded: true, upstream_rate_limited: true, quota_exhausted: true},
	...{auth: true, region_blocked: true, stale_previous_response_id: true, foreign_encrypted_content: true},
	...{context_length_exceeded: true, content_policy: true, client_error_non_retryable: true},
});
const notes = rows<NoteCode>({
	...{pinned: true, affinity: true, state_home: true, needs_repair: true, attempt_avoided: true},
});
const blocked = rows<BlockedReason>({
	...{state_bound_compact_missing_affinity: true, provider_state_bound: true, hard_affinity: true},
	hard_first_attempt: true,
});

describe('each skip code has its test', () => {
	test.each(skipCodes)('%s', code => expect(hasTest('route/plan.test.ts', code)).toBe(true));
});

describe('each note and each reason to forbid is expected somewhere', () => {
	const files = ['plan', 'affinity', 'continuity', 'explain', 'reason-text'].map(name => `route/${name}.test.ts`);
	test.each([...notes, ...blocked])('%s', code => expect(files.some(file => hasTest(file, code))).toBe(true));
});

describe('each strategy has its test', () => {
	test.each(strategies)('%s', strategy => expect(hasTest('route/strategies.test.ts', strategy)).toBe(true));
});

describe('each affinity policy has its test', () => {
	test.each(policies)('%s', policy => expect(hasTest('route/affinity.test.ts', `${policy} `)).toBe(true));
});

describe('each class is a label of the corpus', () => {
	const labels = titlesOf('fixture/error-bodies/bodies.jsonl').replaceAll('": "', '":"');
	// A failed connection has no body.
	test.each(classes.filter(name => name !== 'upstream_transport_error'))('%s', name =>
		expect(labels).toContain(`"class":"${name}"`),
	);
	test('upstream_transport_error', () =>
		expect(hasTest('engine/search/verdict.test.ts', 'upstream_transport_error')).toBe(true));
});

describe('each row of the classifier (codex-helper.md 2.4) has its test', () => {
	test.each([
		...['(1) a 524 is a timeout', '(2) a challenge page', '(3) a model that is not there', '(4) a throttle word'],
		...['(5) what is left of a 400', '(3) 400, 404, 409 and 422 about a model, a tier or a reasoning setting'],
		...['The server is overloaded', 'no capacity', 'no available channel', 'the model is at capacity'],
		...['concurrency limit', 'too many pending requests', 'queue full', 'websocket_connection_limit_reached'],
		...['当前并发', '前面还有人排队', 'rate_limit_', 'too many requests', 'usage limit', 'usage_limit_'],
		...['insufficient_quota', 'quota exhausted', 'RESOURCE_EXHAUSTED', 'billing_error', 'insufficient balance'],
		...['model_cooldown', '额度不足', '余额不足', '(4) a 429 is a limit, strongly; a 503 and a 529'],
		...['invalid_request_error', 'validation_error', 'bad_request', 'context_limit', 'context_length_exceeded'],
		...['token_limit', 'content_filter', '`tool_use` ids', 'messages must have non-empty content', 'Invalid JSON'],
		'does not match the schema',
	])('%s', row => expect(hasTest('attempt/classify/order.test.ts', row)).toBe(true));
});

describe('each row of the continuity table (codex-helper.md 2.9) has its test', () => {
	test.each([
		'ordinary: through the graph, failover allowed',
		'compact, not state-bound, affinity known: it first, then the graph',
		'compact, not state-bound, no affinity: graph order, failover allowed',
		'state-bound, affinity known: it first, then the graph as it is',
		'state-bound, no affinity: allowed, a bootstrap through the graph',
		'compact, not state-bound, affinity known, no shared domain: only that endpoint',
		'compact, not state-bound, affinity known, shared domain: that endpoint, then its domain',
		'compact, not state-bound, no affinity: the first candidate, no failover from the first attempt',
		'state-bound, affinity known, no shared domain: only that endpoint',
		'state-bound, affinity known, shared domain: failover inside the domain only',
		'state-bound, no affinity, one endpoint: allowed',
		'state-bound, no affinity, several endpoints: blocked',
	])('%s', row => expect(hasTest('route/continuity.test.ts', row)).toBe(true));
});

describe('each row of health (codex-helper.md 8.3, 43 to 50) has its test', () => {
	const files = ['attempt/retry-rows', 'attempt/retry-config', 'attempt/breaker', 'attempt/health'].map(
		name => `${name}.test.ts`,
	);
	test.each([43, 44, 46, 47, 49, 50])('row %d', row =>
		expect(files.some(file => hasTest(file, `row ${row}: `))).toBe(true),
	);
});
