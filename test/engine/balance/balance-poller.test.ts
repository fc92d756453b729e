import {describe, expect, test} from 'vitest';
import {balanceKey, balanceTarget, json, usageEntry} from '../../support/balance.ts';
import {startMs, startPoller, until} from '../../support/balance-poller.ts';

const owner = {endpointKey: 'codex/relay/default', account: 'default'};
const path = '/user/balance';
const exhausted = json({balance: 0});
const full = json({balance: 50});
const fullDay = (used: number) =>
	json({mode: 'unrestricted', subscription: {daily_usage_usd: used, daily_limit_usd: 10}});

describe('the poller', () => {
	test('looks at once and then every 600 s by default', async () => {
		const {far, step, poller} = await startPoller({[path]: full});
		await step(0);
		expect(far.asked).toEqual([path]);
		expect(poller.snapshots()).toMatchObject([{...owner, status: 'ok', totalBalanceUsd: 50, providerId: 'entry'}]);
		await step(599_000);
		expect(far.asked).toHaveLength(1);
		await step(1000);
		expect(far.asked).toHaveLength(2);
	});

	test('honours an interval of 30 s, and 0 is off', async () => {
		const quick = await startPoller({[path]: full}, {entry: {poll_interval_secs: 30}});
		await quick.step(0);
		await quick.step(30_000);
		expect(quick.far.asked).toHaveLength(2);
		const off = await startPoller({[path]: full}, {entry: {poll_interval_secs: 0}});
		await off.step(0);
		await off.step(86_400_000);
		expect(off.far.asked).toEqual([]);
		await off.poller.refresh();
		expect(off.far.asked).toHaveLength(1);
	});

	test('a request’s look comes 60 s later, once for all requests of that account', async () => {
		const {far, step, poller} = await startPoller({[path]: full});
		await step(0);
		poller.requestPolls([owner]);
		await step(30_000);
		poller.requestPolls([owner, owner]);
		expect(far.asked).toHaveLength(1);
		await step(30_000);
		expect(far.asked).toHaveLength(2);
		await step(60_000);
		expect(far.asked).toHaveLength(2);
	});

	test('refresh_on_request = false takes no request for a reason to look', async () => {
		const {far, step, poller} = await startPoller({[path]: full}, {entry: {refresh_on_request: false}});
		await step(0);
		poller.requestPolls([owner]);
		await step(120_000);
		expect(far.asked).toHaveLength(1);
	});

	test('never has more than six looks running', async () => {
		let open = 0;
		let most = 0;
		const {poller, setTargets, far} = await startPoller({
			[path]: (_, response) => {
				open += 1;
				most = Math.max(most, open);
				setTimeout(() => {
					open -= 1;
					response.end('{"balance": 1}');
				}, 20);
			},
		});
		const usage = usageEntry({kind: 'openai_balance_http_json'});
		setTargets(Array.from({length: 20}, (_, index) => balanceTarget(far.origin, {usage, account: `a${index}`})));
		expect(await poller.refresh()).toHaveLength(20);
		expect(most).toBe(6);
		expect(far.asked).toHaveLength(20);
	});

	test('a snapshot is stale after three intervals', async () => {
		const {far, step, poller, clock} = await startPoller({[path]: full}, {entry: {poll_interval_secs: 100}});
		await step(0);
		far.answers = {[path]: json({}, 500)};
		await step(299_000);
		expect(poller.snapshots()[0]).toMatchObject({status: 'ok', totalBalanceUsd: 50, alerts: [{kind: 'error'}]});
		clock.advance(1000);
		poller.tick();
		expect(poller.snapshots()[0]).toMatchObject({status: 'stale', staleAfterMs: startMs + 300_000});
	});

	test('a terminal error suppresses for six hours, unless a person asks', async () => {
		const {far, step, poller} = await startPoller({[path]: json({message: '无效的令牌'}, 401)});
		await step(0);
		expect(poller.snapshots()[0]).toMatchObject({status: 'error', suppressedUntilMs: startMs + 6 * 3_600_000});
		poller.requestPolls([owner]);
		await step(6 * 3_600_000 - 1000);
		expect(far.asked).toHaveLength(1);
		await poller.refresh();
		expect(far.asked).toHaveLength(2);
		await step(6 * 3_600_000);
		expect(far.asked).toHaveLength(3);
	});

	test('forgets what it learned when the key changes, the suppression too', async () => {
		const {far, step, poller, setTargets, usage, standings} = await startPoller({[path]: exhausted});
		await step(0);
		expect(standings.at(-1)?.exhausted).toBeDefined();
		far.answers = {[path]: full};
		setTargets([balanceTarget(far.origin, {usage, identity: 'two'})]);
		poller.reload();
		expect(standings.at(-1)).toEqual({...owner, exhausted: undefined, quotaUsed: undefined});
		await step(0);
		expect(poller.snapshots()[0]).toMatchObject({status: 'ok'});
	});

	test('drops an account that left the configuration, with its demotion', async () => {
		const {step, poller, setTargets, standings} = await startPoller({[path]: exhausted});
		await step(0);
		setTargets([]);
		await step(15_000);
		expect(poller.snapshots()).toEqual([]);
		expect(standings.at(-1)?.exhausted).toBeUndefined();
	});
});

describe('exhaustion', () => {
	test('demotes, and a fresh snapshot that is not exhausted clears it', async () => {
		const {far, step, standings} = await startPoller({[path]: exhausted}, {entry: {poll_interval_secs: 60}});
		await step(0);
		expect(standings).toEqual([
			{...owner, exhausted: {untilMs: startMs + 6 * 3_600_000, text: 'its balance is $0.00'}, quotaUsed: undefined},
		]);
		far.answers = {[path]: full};
		await step(60_000);
		expect(standings.at(-1)?.exhausted).toBeUndefined();
	});

	test('is neither made nor cleared by a failure', async () => {
		const {far, step, standings} = await startPoller({[path]: json({}, 402)}, {entry: {poll_interval_secs: 60}});
		await step(0);
		expect(standings).toEqual([]);
		far.answers = {[path]: exhausted};
		await step(60_000);
		expect(standings).toHaveLength(1);
		for (const answer of [json({}, 500), json({nothing: true}), json({message: 'balance: 0'}, 400)]) {
			far.answers = {[path]: answer};
			await step(60_000);
		}

		expect(standings).toHaveLength(1);
	});

	test('that is not trusted demotes nobody and is still shown', async () => {
		const {step, standings, poller} = await startPoller(
			{[path]: exhausted},
			{entry: {trust_exhaustion_for_routing: false}},
		);
		await step(0);
		expect(standings).toEqual([]);
		expect(poller.snapshots()[0]).toMatchObject({status: 'exhausted', exhaustionAffectsRouting: false});
	});

	test('of a day ends at the configured reset, even if nobody answers then', async () => {
		const subscription = {daily_usage_usd: 10, daily_limit_usd: 10, daily_window_start: '2026-07-01T08:00:00Z'};
		const {far, step, standings} = await startPoller(
			{'/v1/usage': json({mode: 'unrestricted', subscription})},
			{entry: {kind: 'sub2api_usage'}},
		);
		await step(0);
		expect(standings).toEqual([
			{
				...owner,
				exhausted: {untilMs: Date.UTC(2026, 6, 1, 16), text: 'the daily quota has $0.00 of $10.00 left'},
				quotaUsed: 1,
			},
		]);
		far.answers = {};
		await step(4 * 3_600_000);
		expect(standings.at(-1)?.exhausted).toBeUndefined();
	});

	test('of a day that the relay has not cleared after its reset does not demote for another day', async () => {
		const {far, step, standings, poller} = await startPoller(
			{'/v1/usage': fullDay(10.5)},
			{entry: {kind: 'sub2api_usage'}},
		);
		await step(0);
		expect(standings.at(-1)?.exhausted?.untilMs).toBe(Date.UTC(2026, 6, 1, 16));
		for (const pause of [4 * 3_600_000, 600_000, 600_000]) {
			await step(pause);
			expect(standings.at(-1)?.exhausted).toBeUndefined();
		}

		expect(poller.snapshots()[0]?.status).toBe('ok');
		far.answers = {'/v1/usage': fullDay(10)};
		await step(600_000);
		expect(standings.at(-1)?.exhausted?.untilMs).toBe(Date.UTC(2026, 6, 2, 16));
	});

	test('ends on time when the wall clock jumps ahead, and looks do not hurry for it', async () => {
		const {far, step, standings, clock} = await startPoller({[path]: exhausted});
		await step(0);
		clock.setWall(startMs + 7 * 3_600_000);
		await step(1000);
		expect(standings.at(-1)?.exhausted).toBeUndefined();
		expect(far.asked).toHaveLength(1);
	});
});

describe('balance-changed', () => {
	test('is announced when something is new, not at every look, and holds no key', async () => {
		const {far, step, events} = await startPoller({[path]: full}, {entry: {poll_interval_secs: 60}});
		await step(0);
		await step(60_000);
		expect(events).toHaveLength(1);
		far.answers = {[path]: json({balance: 9.5})};
		await step(60_000);
		expect(events).toHaveLength(2);
		expect(events[1]).toMatchObject({
			type: 'balance-changed',
			balance: {totalBalanceUsd: 9.5, alerts: [{kind: 'low_balance', text: '$9.50 are left'}]},
		});
		expect(JSON.stringify(events)).not.toContain(balanceKey);
	});

	test('the last 64 readings are kept', async () => {
		const {step, poller} = await startPoller({[path]: full}, {entry: {poll_interval_secs: 30}});
		for (let look = 0; look < 70; look += 1) {
			await step(30_000);
		}

		expect(poller.history(owner)).toHaveLength(64);
	});
});

test('close ends a running look at once and nothing is told afterwards', async () => {
	const {poller, far, events, standings} = await startPoller({[path]: () => undefined});
	poller.start();
	await until(() => far.asked.length === 1);
	const startedMs = performance.now();
	await poller.close();
	expect(performance.now() - startedMs).toBeLessThan(300);
	expect([events, standings]).toEqual([[], []]);
});
