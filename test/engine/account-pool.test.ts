import {describe, expect, onTestFinished, test} from 'vitest';
import {playStream, startFarEnd, type RawArrival} from '../support/raw-http.ts';
import {recordedStreams} from '../support/recorded-streams.ts';
import {call, settled, startEngine, type RunningEngine} from '../support/running-engine.ts';
import {answerWith, sleep} from '../support/switched-far-end.ts';

/* Several accounts of one provider on the road (routing.md 6): each has a breaker, a window and a credential of its own. */

const stream = recordedStreams[0]?.bytes ?? Buffer.alloc(0);
const serve = playStream(stream);
const one = 'sk-account-one-1';
const two = 'sk-account-two-2';
const pool = `accounts = [{label = "one", auth_token = "${one}"}, {label = "two", auth_token = "${two}"}]`;

const keyIn = ({head}: RawArrival): string => /authorization: Bearer (\S+)/i.exec(head)?.[1] ?? '';
const keysOf = (arrivals: readonly RawArrival[]): readonly string[] => arrivals.map(keyIn);

/** Serves the second account and answers the first with a status. */
const startPool = (status: number, headers: Readonly<Record<string, string>> = {}) =>
	startFarEnd(arrival => (keyIn(arrival) === one ? answerWith(status, headers) : serve)(arrival));

/** The skip codes of the newest plan by provider and account. */
const skipsOf = (engine: RunningEngine): Readonly<Record<string, string>> => {
	settled(engine);
	const planned = engine.events.findLast(event => event.type === 'route-planned');
	return Object.fromEntries(
		(planned?.plan.candidates ?? []).map(({endpointKey, account, reasons}) => [
			`${endpointKey.split('/')[1] ?? ''}${account === undefined ? '' : ` ${account}`}`,
			reasons
				.map(({code}) => code)
				.filter(code => code !== 'affinity')
				.join(),
		]),
	);
};

describe('of two accounts of one endpoint', () => {
	test('a 429 on the first goes to the second at the same endpoint, which stays usable', async () => {
		await using far = await startPool(429, {'retry-after': '30'});
		await using other = await startFarEnd(serve);
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: far.url, extra: pool},
				{name: 'b', url: other.url},
			],
		});
		expect((await call(engine, {session: 's1'})).body.equals(stream)).toBe(true);
		expect((await call(engine, {session: 's2'})).body.equals(stream)).toBe(true);
		expect(keysOf(far.arrivals)).toEqual([one, two, two]);
		expect(other.arrivals).toHaveLength(0);
		expect(engine.ledger()[0]?.retry?.upstream_chain).toEqual(['codex/a/default', 'codex/a/default']);
		expect(engine.ledger()[0]?.retry?.route_attempts.map(({provider_signals}) => provider_signals)).toMatchObject([
			[{kind: 'rate_limit', source: 'response_headers', target: 'provider', retry_after_secs: 30, route_facing: true}],
			undefined,
		]);
		expect(skipsOf(engine)).toEqual({'a one': 'cooldown', 'a two': '', b: ''});
	});

	test.each([401, 403])('one whose key is refused with %i rests alone, and its key goes nowhere else', async status => {
		await using far = await startPool(status);
		await using engine = await startEngine({providers: [{name: 'a', url: far.url, extra: pool}]});
		for (const session of ['s1', 's2', 's3']) {
			expect((await call(engine, {session})).body.equals(stream)).toBe(true);
		}

		expect(keysOf(far.arrivals)).toEqual([one, two, two, two]);
		expect(skipsOf(engine)).toEqual({'a one': 'auth_failed', 'a two': ''});
	});

	test('one whose variable is not set is skipped with its name, and nothing is sent without a key', async () => {
		await using far = await startFarEnd(serve);
		const extra = `accounts = [{label = "one", auth_token_env = "POOL_NOT_SET"}, {label = "two", auth_token = "${two}"}]`;
		await using engine = await startEngine({providers: [{name: 'a', url: far.url, extra}]});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect(keysOf(far.arrivals)).toEqual([two]);
		expect(skipsOf(engine)).toEqual({'a one': 'missing_auth', 'a two': ''});
	});

	test('one that the user pauses gets nothing until it is resumed', async () => {
		await using far = await startFarEnd(serve);
		await using engine = await startEngine({providers: [{name: 'a', url: far.url, extra: pool}]});
		const account = {type: 'account', service: 'codex', provider: 'a', account: 'one'} as const;
		await engine.engine.act({...account, isPaused: true});
		await call(engine, {session: 's1'});
		await engine.engine.act({...account, isPaused: false});
		await call(engine, {session: 's2'});
		expect(keysOf(far.arrivals)[0]).toBe(two);
		expect(skipsOf(engine)).toEqual({'a one': '', 'a two': ''});
	});

	test('a server error is about the endpoint: its other account is not asked, the next endpoint is', async () => {
		await using far = await startPool(503);
		await using other = await startFarEnd(serve);
		await using engine = await startEngine({
			providers: [
				{name: 'a', url: far.url, extra: pool},
				{name: 'b', url: other.url},
			],
		});
		expect((await call(engine)).body.equals(stream)).toBe(true);
		expect([keysOf(far.arrivals), other.arrivals.length]).toEqual([[one], 1]);
	});
});

test('a variable that is set later makes its account usable without a restart', async () => {
	onTestFinished(() => {
		delete process.env['POOL_SET_LATER'];
	});
	await using far = await startFarEnd(serve);
	const extra = 'accounts = [{label = "one", auth_token_env = "POOL_SET_LATER"}]';
	await using engine = await startEngine({providers: [{name: 'a', url: far.url, extra}]});
	expect((await call(engine, {session: 's1'})).text).toContain('a: POOL_SET_LATER is not set');
	expect(far.arrivals).toHaveLength(0);
	process.env['POOL_SET_LATER'] = one;
	// A view of the credentials is a second old at most.
	await sleep(1100);
	expect((await call(engine, {session: 's2'})).body.equals(stream)).toBe(true);
	expect(keysOf(far.arrivals)).toEqual([one]);
});
