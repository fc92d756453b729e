import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {startFarEnd} from '../support/raw-http.ts';
import {call, type RunningEngine, startEngine} from '../support/running-engine.ts';
import {answerWith} from '../support/switched-far-end.ts';

/* What control_trace.jsonl says of hidden state, in codex-helper's fields and under its names (codex-helper.md 2.9 and 3.3). */

const compactPath = '/v1/responses/compact';
const bound = {model: 'gpt-5.5', input: [], previous_response_id: 'resp_1'};
const strict = '[codex.routing]\naffinity_policy = "hard"\n[codex.routing.routes.main]\nchildren = ["a", "b"]\n';
const compacted = answerWith(200, {}, JSON.stringify({output: [{type: 'compaction', encrypted_content: 'x'}]}));

/** The plans of an engine that has ended, in their order. */
const plansOf = async (engine: RunningEngine): Promise<readonly unknown[]> => {
	await engine.stop();
	return readFileSync(engine.home.traceLog, 'utf8')
		.trim()
		.split('\n')
		.map((line): {kind: string} => JSON.parse(line))
		.filter(({kind}) => kind === 'route-planned');
};

describe('the control trace of a compaction', () => {
	test('that needs an affinity which nobody has: blocked with its reason, and no upstream is asked', async () => {
		await using a = await startFarEnd(compacted);
		await using b = await startFarEnd(compacted);
		const providers = [a, b].map(({url}, index) => ({name: ['a', 'b'][index] ?? '', url}));
		await using engine = await startEngine({providers, more: '[listen]\n', routing: strict});
		const sentence = expect.stringContaining('state-bound compact request requires existing route affinity');
		// A plain client gets codex-helper's 503; Codex, which would ask 30 times, the contract's 400 (reliability-security.md 8, f and g).
		const plain = await call(engine, {client: 'sdk', path: compactPath, body: bound});
		expect([plain.status, plain.text]).toEqual([503, sentence]);
		const answer = await call(engine, {path: compactPath, body: bound});
		expect([answer.status, answer.text]).toEqual([400, sentence]);
		expect([a.arrivals.length, b.arrivals.length]).toEqual([0, 0]);
		const plans = await plansOf(engine);
		expect(plans).toHaveLength(2);
		for (const plan of plans) {
			expect(plan).toMatchObject({
				event: 'route_continuity_blocked',
				service: 'codex',
				payload: {
					plan: {
						continuity: {
							continuity_class: 'provider_state_bound',
							provider_failover_allowed: false,
							provider_failover_blocked_reason: 'state_bound_compact_missing_affinity',
							balance_signal_authoritative: false,
						},
						affinity: {policy: 'hard', source: 'none'},
					},
				},
			});
		}
	});

	test('of a session that was served before: its affinity, and that it was followed; then an upstream that cools', async () => {
		let isLimited = false;
		await using a = await startFarEnd(arrival =>
			(isLimited ? answerWith(429, {'retry-after': '60'}) : compacted)(arrival),
		);
		await using engine = await startEngine({providers: [{name: 'a', url: a.url}]});
		await call(engine, {path: compactPath, body: bound});
		await call(engine, {path: compactPath, body: bound});
		isLimited = true;
		await call(engine, {path: compactPath, body: bound});
		await call(engine, {path: compactPath, body: bound});
		const affinity = {
			policy: 'fallback-sticky',
			source: 'session_route_affinity',
			provider_endpoint_key: 'codex/a/default',
		};
		const [first, second, third, last] = await plansOf(engine);
		expect(first).toMatchObject({
			event: 'route_graph_selection_explain',
			payload: {plan: {affinity: {source: 'none'}}},
		});
		for (const plan of [second, third]) {
			expect(plan).toMatchObject({
				event: 'route_graph_selection_explain',
				payload: {plan: {affinity: {...affinity, selected_matches_affinity: true}}},
			});
		}

		expect(last).toMatchObject({event: 'route_graph_unavailable', payload: {plan: {affinity}}});
	});
});
