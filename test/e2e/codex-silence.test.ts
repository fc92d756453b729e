import {describe, expect, test} from 'vitest';
import type {Script} from '../../source/demo/script.ts';
import type {RequestView} from '../../source/event/view.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {localToken, startEngine, type TestEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {poll} from '../support/poll.ts';
import {expectNoRefusals} from '../support/upstream.ts';
import {codexSilentFor, codexSilentForEver} from '../upstreams/codex-silent.ts';
import {codexText} from '../upstreams/codex-text.ts';

/*
 * Silence in the middle of a text, longer than Codex itself would wait (REL-13, routing.md 11). Its own idle limit is set to 1.5 s, where its
 * default is 300 s; our heartbeats come every 0.5 s instead of every 15 s.
 */

const codexIdleMs = 1500;

const setUp = async (scriptOfA: Script, heartbeatMs = 500) => {
	const a = await startFar('a', scriptOfA);
	const b = await startFar('b', codexText);
	const engine = await startEngine({codex: [a, b], timeouts: {heartbeat_ms: heartbeatMs}});
	return {a, b, engine, codex: makeCodex({url: engine.url, provider: `stream_idle_timeout_ms = ${codexIdleMs}`})};
};

/** The running request, once it has been silent for longer than Codex would wait. */
const silentRequest = async ({control}: TestEngine): Promise<RequestView | undefined> => {
	const response = await fetch(`${control}/api/v1/requests`, {headers: {'x-codex-tui-token': localToken}});
	const requests: readonly RequestView[] = JSON.parse(await response.text());
	return requests.find(
		({state, silentMs = 0, replyEvents}) => state === 'running' && replyEvents > 10 && silentMs > codexIdleMs + 500,
	);
};

describe('an upstream that goes silent in the middle of its text', () => {
	test('for longer than Codex’s own idle limit, and then goes on: nothing is noticed', async () => {
		const {a, b, engine, codex} = await setUp(codexSilentFor(4000));
		const turn = await codex.exec('say hi');
		expectUnnoticed(turn, 'A long pause stands in the middle of this sentence.');
		expect(turn.tookMs).toBeGreaterThan(4000);
		expect([a.requests.length, b.requests.length]).toEqual([1, 0]);
		expectNoRefusals(a);
		const {ledger} = await engine.finish();
		expect(ledger).toMatchObject([{outcome: 'success', provider_id: 'a', retry: {attempts: 1}}]);
	});

	test('is noticed where no heartbeat comes in time: it is the heartbeat that helps', async () => {
		const once: Script = [...codexSilentFor(4000).map(rule => ({...rule, times: 1})), ...codexText];
		const {codex} = await setUp(once, 60_000);
		const turn = await codex.exec('say hi');
		expect(turn.errors.join()).toContain('Reconnecting');
	});

	test('move now during that silence: the next upstream answers, nothing is noticed, the ledger shows both attempts', async () => {
		const {a, b, engine, codex} = await setUp(codexSilentForEver);
		const turning = codex.exec('say hi');
		const request = await poll('a silent request', () => silentRequest(engine));
		await engine.tell('/api/v1/move', {request: request.requestId, to: null});
		expectUnnoticed(await turning, 'Hello from upstream.');
		expect([a.requests.length, b.requests.length]).toEqual([1, 1]);
		expectNoRefusals(a);
		expectNoRefusals(b);
		await expect(engine.tell('/api/v1/move', {request: request.requestId})).rejects.toThrow(/409.*unknown-request/);
		const {ledger} = await engine.finish();
		expect(ledger).toMatchObject([
			{
				outcome: 'success',
				provider_id: 'b',
				retry: {
					upstream_chain: ['codex/a/default', 'codex/b/default'],
					route_attempts: [
						{provider_id: 'a', code: 'moved-by-user', error_class: 'neutral', discarded: true},
						{provider_id: 'b', code: 'completed'},
					],
				},
			},
		]);
		expect(ledger).toHaveLength(1);
	});

	test('move now to a chosen upstream', async () => {
		const {engine, codex} = await setUp(codexSilentForEver);
		const turning = codex.exec('say hi');
		const {requestId} = await poll('a silent request', () => silentRequest(engine));
		await expect(engine.tell('/api/v1/move', {request: requestId, to: 'codex/a/default'})).rejects.toThrow(
			/endpoint-unusable.*runs on codex\/a\/default already/,
		);
		await engine.tell('/api/v1/move', {request: requestId, to: 'codex/b/default'});
		expectUnnoticed(await turning, 'Hello from upstream.');
	});
});
