import {describe, expect, test} from 'vitest';
import {Problem} from '../support/control-api.ts';
import {routingNowMs as nowMs, refusedRouting as refused, runRoutingAt as run} from '../support/routing-command.ts';

describe('routing pin and unpin', () => {
	const done = {'POST /api/v1/pin': {done: true}};

	test.for([
		['team', 'codex/team/default', ['--codex']],
		['team.backup', 'codex/team/backup', []],
		['spare', 'codex/spare/east', []],
		['claude/team/default', 'claude/team/default', []],
		['anthropic', 'claude/anthropic/default', []],
	] as const)('%s is %s', async ([name, endpoint, flags]) => {
		const {changes} = await run(['pin', name, ...flags], done);
		expect(changes).toEqual([{service: endpoint.split('/')[0], endpoint, mode: 'only'}]);
	});

	test('--prefer, --session and --for reach the engine', async () => {
		const {text, changes} = await run(['pin', 'spare', '--prefer', '--session', 's1', '--for', '2h'], done);
		expect(changes).toEqual([
			{service: 'codex', session: 's1', endpoint: 'codex/spare/east', mode: 'prefer', until_ms: nowMs + 7_200_000},
		]);
		expect(text).toBe('Pin: the session s1 of codex prefers codex/spare/east for 2 h more.');
	});

	test('--until takes a date, or the next such time of day', async () => {
		const byDate = await run(['pin', 'spare', '--until', '2026-12-24T18:30:00Z'], done);
		expect(byDate.changes).toMatchObject([{until_ms: Date.UTC(2026, 11, 24, 18, 30)}]);
		const {changes} = await run(['pin', 'spare', '--until', '18:30'], done);
		const [change] = changes;
		const until = new Date(Number(Object(change)['until_ms']));
		expect([until.getHours(), until.getMinutes()]).toEqual([18, 30]);
		expect(until.getTime() - nowMs).toBeGreaterThan(0);
		expect(until.getTime() - nowMs).toBeLessThanOrEqual(86_400_000);
	});

	test.for([
		[['pin'], /takes the name of a provider/],
		[['pin', 'team'], /fits more than one endpoint: codex\/team\/default, claude\/team\/default; name one/],
		[['pin', 'nobody'], /no provider or endpoint "nobody"; there is team, spare, anthropic\./],
		[['pin', 'spare', '--for', 'soon'], /--for: "soon" is no time/],
		[['pin', 'spare', '--until', 'noon'], /--until: "noon" is no time: write 18:30/],
		[['pin', 'spare', '--until', '2020-01-01'], /must be in the future/],
		[['pin', 'spare', '--for', '1h', '--until', '2h'], /say the same/],
		[['pin', 'spare', 'team'], /routing pin takes no "team"/],
	] as const)('%j is wrong usage', async ([args, sentence]) => {
		expect(await refused(args, done)).toMatchObject({exitCode: 2, message: expect.stringMatching(sentence)});
	});

	test('a pin that the engine refuses is its own sentence and exit code 1', async () => {
		const error = await refused(['pin', 'spare'], {
			'POST /api/v1/pin': new Problem(409, 'endpoint-disabled', 'codex/spare/east is disabled.'),
		});
		expect(error).toMatchObject({code: 'endpoint-disabled', message: 'codex/spare/east is disabled.'});
		expect(error).not.toHaveProperty('exitCode');
	});

	test('unpin takes the one pin away, of whichever service', async () => {
		const pins = [{service: 'claude', endpoint: 'claude/team/default', mode: 'only'}];
		const {changes, text} = await run(['unpin'], {...done, 'GET /api/v1/pins': {pins}});
		expect(changes).toEqual([{service: 'claude', endpoint: null}]);
		expect(text).toBe('The pin of claude to claude/team/default is gone; the routes decide again.');
	});

	test('unpin of a session leaves the others alone, and of both services asks which', async () => {
		const pins = [
			{service: 'codex', endpoint: 'codex/team/default', mode: 'only'},
			{service: 'claude', endpoint: 'claude/team/default', mode: 'only'},
			{service: 'codex', session: 's1', endpoint: 'codex/spare/east', mode: 'only'},
		];
		const answers = {...done, 'GET /api/v1/pins': {pins}};
		expect((await run(['unpin', '--session', 's1'], answers)).changes).toEqual([
			{service: 'codex', session: 's1', endpoint: null},
		]);
		expect(await refused(['unpin'], answers)).toMatchObject({exitCode: 2});
	});

	test('unpin without a pin changes nothing', async () => {
		const {changes, text, code} = await run(['unpin', '--codex'], {...done, 'GET /api/v1/pins': {pins: []}});
		expect({changes, text, code}).toEqual({changes: [], code: 0, text: 'Nothing to change: there is no pin of codex.'});
	});
});

describe('routing override', () => {
	const done = {'POST /api/v1/overrides': {done: true}};

	test('sets fields, gives one back and applies a profile', async () => {
		const args = ['--session', 's1', '--model', 'gpt-5.5', '--effort', 'high', '--tier', '-', '--profile', 'deep'];
		const {changes, text} = await run(['override', ...args], done);
		expect(changes).toEqual([
			{service: 'codex', session: 's1', model: 'gpt-5.5', effort: 'high', tier: null, profile: 'deep'},
		]);
		expect(text).toBe(
			"From the next request of the session s1 on: model is gpt-5.5, effort is high, tier is the client's own, profile is deep.",
		);
	});

	test('--clear takes everything away', async () => {
		const {changes} = await run(['override', '--session', 's1', '--clear'], done);
		expect(changes).toEqual([{service: 'codex', session: 's1', clear: true, profile: null}]);
	});

	test('without a field it lists what is overridden', async () => {
		const overrides = [{service: 'codex', session: 's1', effort: 'low'}];
		const answers = {'GET /api/v1/overrides': {overrides}};
		expect((await run(['override'], answers)).text).toBe('Override: the session s1 of codex has effort low.');
		expect((await run(['override', '--session', 'other'], answers)).text).toBe('Nothing is overridden.');
	});

	test.for([
		[['--model', 'm'], /name it with --session/],
		[['--session', 's1', '--clear', '--model', 'm'], /takes all overrides away/],
	] as const)('%j is wrong usage', async ([args, sentence]) => {
		expect(await refused(['override', ...args], done)).toMatchObject({
			exitCode: 2,
			message: expect.stringMatching(sentence),
		});
	});
});

describe('routing actions, dismiss and extend', () => {
	const action = {
		...{id: 'a1', kind: 'cooldown', scope: 'account', endpointKey: 'codex/team/default', account: 'work'},
		...{cause: 'limit', reason: '429', createdAtMs: nowMs, expiresAtMs: nowMs + 41_000, generation: 2},
	};
	const refusedKey = {...action, id: 'a2', account: 'spare', cause: 'auth', reason: '401', expiresAtMs: undefined};
	const ofModel = {...action, id: 'a3', scope: 'model', model: 'gpt-5.5'};
	const answers = {
		'GET /api/v1/actions': {actions: [action, refusedKey, ofModel]},
		'POST /api/v1/actions': {done: true},
	};

	test('lists every cooldown with its cause and its end', async () => {
		const {text} = await run(['actions'], answers);
		expect(text).toMatch(/codex\/team\/default │ work +│ all +│ limit: 429 │ in 41 s +│ 2/);
		expect(text).toMatch(/codex\/team\/default │ spare +│ all +│ auth: 401 +│ when its key changes/);
		expect(text).toMatch(/codex\/team\/default │ work +│ gpt-5\.5 │/);
		expect((await run(['actions', '--claude'], answers)).text).toBe('No upstream cools down.');
	});

	test('dismiss asks once for every cooling account that is meant', async () => {
		const {changes, text} = await run(['dismiss', 'team', '--codex'], answers);
		expect(changes).toEqual([
			{action: 'dismiss', endpoint: 'codex/team/default', account: 'work'},
			{action: 'dismiss', endpoint: 'codex/team/default', account: 'spare'},
		]);
		expect(text).toBe('codex/team/default (work) may serve again.\ncodex/team/default (spare) may serve again.');
	});

	test('extend moves the end of one account’s cooldown', async () => {
		const {changes} = await run(['extend', 'team.default', 'work', '--codex', '--for', '1h'], answers);
		expect(changes).toEqual([
			{action: 'extend', endpoint: 'codex/team/default', account: 'work', until_ms: nowMs + 3_600_000},
		]);
	});

	test('where nothing cools down nothing changes', async () => {
		const {changes, text} = await run(['dismiss', 'spare'], answers);
		expect({changes, text}).toEqual({changes: [], text: 'Nothing to dismiss: spare does not cool down.'});
	});

	test.for([
		[['dismiss'], /takes the name of a provider/],
		[['dismiss', 'nobody'], /no provider or endpoint "nobody"/],
		[['extend', 'team'], /takes --for or --until/],
	] as const)('%j is wrong usage', async ([args, sentence]) => {
		expect(await refused(args, answers)).toMatchObject({exitCode: 2, message: expect.stringMatching(sentence)});
	});
});
