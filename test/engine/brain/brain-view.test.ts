import {writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {playStream, startFarEnd} from '../../support/raw-http.ts';
import {recordedStreams} from '../../support/recorded-streams.ts';
import {call, startEngine} from '../../support/running-engine.ts';
import {answerWith} from '../../support/switched-far-end.ts';

/* What the Routes page asks for, from a real engine with real upstreams. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);

const configFor = (busy: string, good: string): string => `version = 5

[codex.providers.busy]
base_url = "${busy}"
limits = {max_concurrent_requests = 3, limit_group = "slots"}
[[codex.providers.busy.accounts]]
label = "work"
auth_token = "sk-work-key-123456"
weight = 3
quota_group = "team"
[[codex.providers.busy.accounts]]
label = "home"
auth_token = "sk-home-key-123456"

[codex.providers.good]
base_url = "${good}"

[codex.routing]
entry = "main"
[codex.routing.routes.main]
strategy = "conditional"
when = {model = "tiny*", headers = {"x-team" = "secret-team-name"}}
then = "good"
default = "pair"
[codex.routing.routes.pair]
strategy = "ordered-failover"
children = ["busy", "good"]
hedge_after_ms = 60000
`;

test('an engine tells its graph, seats, accounts, loads, cooldowns, pins and ties in one answer without any secret', async () => {
	await using busy = await startFarEnd(answerWith(429));
	await using good = await startFarEnd(playStream(stream));
	await using engine = await startEngine({providers: [{name: 'good', url: good.url}]});
	writeFileSync(engine.home.config, configFor(busy.url, good.url));
	await engine.engine.act({type: 'reload-config'});
	await call(engine);
	const goodKey = 'codex/good/default';
	await engine.engine.act({
		...{type: 'pin', service: 'codex', sessionId: 'session-9', endpointKey: goodKey, mode: 'only'},
		untilMs: Date.now() + 60_000,
	});
	await engine.engine.act({type: 'account', service: 'codex', provider: 'busy', account: 'home', isPaused: true});
	const brain = engine.engine.ask({type: 'brain'});

	const [graph] = brain.graphs;
	expect(brain.graphs).toHaveLength(1);
	expect(graph).toMatchObject({service: 'codex', entry: 'main', affinityPolicy: 'fallback-sticky'});
	expect(graph?.nodes[0]).toMatchObject({
		...{name: 'main', strategy: 'conditional', location: 'config.toml:20'},
		when: [
			['model', 'tiny*'],
			['headers', 'x-team'],
		],
		children: [
			{kind: 'endpoints', endpointKeys: [goodKey], part: {branch: 'then'}},
			{kind: 'node', name: 'pair', part: {branch: 'default'}},
		],
	});
	expect(graph?.nodes[1]).toMatchObject({settings: [['hedge after', '60s']]});
	expect(brain.seats).toMatchObject([
		{endpointKey: 'codex/busy/default', preferenceGroup: 0, tiedSessions: 0},
		{endpointKey: goodKey, preferenceGroup: 1, tiedSessions: 1},
	]);
	expect(brain.accounts.find(({account}) => account === 'home')).toMatchObject({isPaused: true, weight: 1});
	expect(brain.accounts.find(({account}) => account === 'work')).toMatchObject({weight: 3, quotaGroup: 'team'});
	const load = brain.loads.find(({account}) => account === 'work');
	expect(load).toMatchObject({active: 0, max: 3, limitGroup: 'slots', waiting: 0});
	expect(load?.window).toBeGreaterThan(0);
	expect(brain.actions.filter(({endpointKey}) => endpointKey === 'codex/busy/default')).not.toEqual([]);
	expect(brain.pins).toMatchObject([{sessionId: 'session-9', pin: {endpointKey: goodKey, mode: 'only'}}]);
	expect(JSON.stringify(brain)).not.toMatch(/sk-|secret-team-name/);
});
