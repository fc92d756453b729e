import {describe, expect, test} from 'vitest';
import {
	freshMemory,
	pollBalance,
	type PollContext,
	type PollOutcome,
} from '../../../source/engine/balance/balance-poll.ts';
import {
	type Answers,
	balanceKey,
	type BalanceFarEnd,
	balanceTarget,
	json,
	startBalanceFarEnd,
	startFetch,
	usageEntry,
} from '../../support/balance.ts';

const nowMs = Date.UTC(2026, 6, 1, 12);

const context = (fetch: PollContext['fetch'], more: Partial<PollContext> = {}): PollContext => ({
	fetch,
	readEnv: name => (name === 'ADMIN' ? 'admin-token-value' : undefined),
	nowMs,
	monotonicMs: 1000,
	isForced: false,
	timeoutMs: 300,
	...more,
});

const byEntry = async (far: BalanceFarEnd, entry: Record<string, unknown>): Promise<PollOutcome> => {
	await using source = startFetch();
	const target = balanceTarget(far.origin, {usage: usageEntry(entry)});
	return await pollBalance(target, freshMemory(), context(source.fetch));
};

/** Each kind: where it is asked, an answer that is fine, one that is exhausted, and one without a limit where the kind has such. */
const cases: ReadonlyArray<{
	readonly kind: string;
	readonly path: string;
	readonly entry?: Record<string, unknown>;
	readonly ok: unknown;
	readonly exhausted: unknown;
	readonly unlimited?: unknown;
}> = [
	{
		kind: 'budget_http_json',
		path: '/budget',
		entry: {endpoint: '{{base_url}}/budget'},
		ok: {monthly_budget_usd: 10, monthly_spent_usd: 1},
		exhausted: {monthly_budget_usd: 10, monthly_spent_usd: 11},
		unlimited: {monthly_budget_usd: 0, monthly_spent_usd: 11},
	},
	{
		kind: 'yescode_profile',
		path: '/api/v1/auth/profile',
		entry: {endpoint: '{{base_url}}/api/v1/auth/profile'},
		ok: {subscription_balance: 1, pay_as_you_go_balance: 0},
		exhausted: {subscription_balance: 0, pay_as_you_go_balance: 0},
	},
	{kind: 'openai_balance_http_json', path: '/user/balance', ok: {balance: 5}, exhausted: {balance: '0.00'}},
	{
		kind: 'sub2api_usage',
		path: '/v1/usage',
		ok: {mode: 'quota_limited', quota: {limit: 5, used: 1, remaining: 4}},
		exhausted: {mode: 'quota_limited', quota: {limit: 5, used: 5, remaining: 0}},
		unlimited: {mode: 'unrestricted', subscription: {daily_usage_usd: 3, daily_limit_usd: 0}},
	},
	{
		kind: 'sub2api_auth_me',
		path: '/api/v1/auth/me',
		ok: {code: 0, data: {balance: 5}},
		exhausted: {code: 0, data: {balance: 0}},
	},
	{
		kind: 'new_api_token_usage',
		path: '/api/usage/token/',
		ok: {code: true, data: {total_available: 500_000}},
		exhausted: {code: true, data: {total_available: 0}},
		unlimited: {code: true, data: {total_available: 0, unlimited_quota: true}},
	},
	{
		kind: 'new_api_user_self',
		path: '/api/user/self',
		ok: {success: true, data: {quota: 500_000}},
		exhausted: {success: true, data: {quota: 0}},
	},
	{
		kind: 'rightcode_account_summary',
		path: '/account/summary',
		entry: {endpoint: '{{base_url}}/account/summary'},
		ok: {balance: 5},
		exhausted: {balance: 0, subscriptions: []},
	},
	{
		kind: 'openai_organization_costs',
		path: '/v1/organization/costs',
		entry: {token_env: 'ADMIN'},
		ok: {data: [{results: [{amount: {value: 3, currency: 'usd'}}]}]},
		exhausted: undefined,
	},
];

describe.each(cases)('$kind over HTTP', ({kind, path, entry = {}, ok, exhausted, unlimited}) => {
	const poll = async (answer: Answers[string]): Promise<PollOutcome> => {
		await using far = await startBalanceFarEnd({[path]: answer});
		return await byEntry(far, {kind, ...entry});
	};

	test('ok', async () => {
		expect(await poll(json(ok))).toMatchObject({kind: 'reading', source: kind, reading: {isExhausted: false}});
	});

	test.runIf(exhausted !== undefined)('exhausted', async () => {
		expect(await poll(json(exhausted))).toMatchObject({kind: 'reading', reading: {isExhausted: true}});
	});

	test.runIf(unlimited !== undefined)('unlimited is never exhausted', async () => {
		expect(await poll(json(unlimited))).toMatchObject({kind: 'reading', reading: {isExhausted: false}});
	});

	test('an error is a failure', async () => {
		expect(await poll(json({error: {message: 'database is down'}}, 500))).toMatchObject({
			kind: 'failure',
			isTerminal: false,
			text: expect.stringMatching(/^status 500: .*database is down/),
		});
	});

	test('a terminal error is marked, and the key never shown', async () => {
		const outcome = await poll(json({message: `Invalid API key ${balanceKey}`}, 401));
		expect(outcome).toMatchObject({kind: 'failure', isTerminal: true});
		expect(JSON.stringify(outcome)).not.toContain(balanceKey);
	});

	test('garbage, a page and an empty object are failures', async () => {
		for (const body of ['\u0000\u0001garbage', '<html></html>', '{}', '[[[]]]']) {
			expect(await poll((_, response) => void response.end(body))).toMatchObject({kind: 'failure', isTerminal: false});
		}
	});

	test('slow, huge and redirecting are failures', async () => {
		expect(await poll(() => undefined)).toMatchObject({kind: 'failure', text: expect.stringContaining('no answer')});
		expect(await poll((_, response) => void response.end(`"${'x'.repeat(400_000)}"`))).toMatchObject({
			kind: 'failure',
			text: 'its answer is longer than 256 KiB',
		});
		expect(
			await poll((_, response) => void response.writeHead(307, {location: 'http://127.0.0.1:9/'}).end()),
		).toMatchObject({kind: 'failure', text: expect.stringContaining('redirects')});
	});
});

test('a key that the answer repeats in a plan’s name is masked', async () => {
	await using far = await startBalanceFarEnd({
		'/api/usage/token/': json({code: true, data: {name: `\u001B[2Jplan ${balanceKey}`, total_available: 5}}),
	});
	const outcome = await byEntry(far, {kind: 'new_api_token_usage'});
	expect(outcome).toMatchObject({reading: {planName: expect.stringMatching(/^plan \[redacted:/)}});
});

describe('the automatic probe', () => {
	const newApi = {'/api/usage/token/': json({code: true, data: {total_available: 500_000}})};

	test('goes through the kinds in order and remembers the one that worked', async () => {
		await using far = await startBalanceFarEnd(newApi);
		await using source = startFetch();
		const memory = freshMemory();
		const target = balanceTarget(far.origin);
		expect(await pollBalance(target, memory, context(source.fetch))).toMatchObject({source: 'new_api_token_usage'});
		expect(far.asked).toEqual(['/v1/usage', '/api/usage/token/']);
		await pollBalance(target, memory, context(source.fetch));
		expect(far.asked.slice(2)).toEqual(['/api/usage/token/']);
	});

	test('leaves a failed kind alone for 10 minutes, unless a person asks', async () => {
		await using far = await startBalanceFarEnd({});
		await using source = startFetch();
		const memory = freshMemory();
		const target = balanceTarget(far.origin);
		const all = ['/v1/usage', '/api/usage/token/', '/api/user/self', '/user/balance'];
		expect(await pollBalance(target, memory, context(source.fetch))).toMatchObject({kind: 'unsupported'});
		expect(far.asked.splice(0)).toEqual(all);
		await pollBalance(target, memory, context(source.fetch, {monotonicMs: 600_999}));
		expect(far.asked.splice(0)).toEqual([]);
		await pollBalance(target, memory, context(source.fetch, {monotonicMs: 601_000}));
		expect(far.asked.splice(0)).toEqual(all);
		await pollBalance(target, memory, context(source.fetch, {monotonicMs: 601_001, isForced: true}));
		expect(far.asked).toEqual(all);
	});

	test('does not doubt the kind that worked because its server has a bad minute', async () => {
		await using far = await startBalanceFarEnd(newApi);
		await using source = startFetch();
		const memory = freshMemory();
		const target = balanceTarget(far.origin);
		await pollBalance(target, memory, context(source.fetch));
		far.answers = {'/api/usage/token/': json({}, 503)};
		far.asked.splice(0);
		expect(await pollBalance(target, memory, context(source.fetch))).toMatchObject({
			kind: 'failure',
			isTerminal: false,
		});
		expect(far.asked).toEqual(['/api/usage/token/']);
		expect(memory.workingKind).toBe('new_api_token_usage');
	});

	test('takes an invalid key for terminal, but not what the dashboard says about a key that is not its own', async () => {
		await using source = startFetch();
		const refusal = json({message: 'invalid token'}, 401);
		await using dashboard = await startBalanceFarEnd({'/api/user/self': refusal});
		expect(await pollBalance(balanceTarget(dashboard.origin), freshMemory(), context(source.fetch))).toMatchObject({
			kind: 'unsupported',
		});
		await using relay = await startBalanceFarEnd({'/v1/usage': refusal});
		expect(await pollBalance(balanceTarget(relay.origin), freshMemory(), context(source.fetch))).toMatchObject({
			kind: 'failure',
			isTerminal: true,
		});
	});

	test('stops at a host that does not answer at all', async () => {
		await using far = await startBalanceFarEnd({'/v1/usage': () => undefined});
		await using source = startFetch();
		expect(await pollBalance(balanceTarget(far.origin), freshMemory(), context(source.fetch))).toMatchObject({
			kind: 'failure',
		});
		expect(far.asked).toEqual(['/v1/usage']);
	});

	test('asks api.openai.com nothing', async () => {
		let asked = 0;
		const outcome = await pollBalance(
			balanceTarget('https://api.openai.com'),
			freshMemory(),
			context(() => {
				asked += 1;
				return Promise.resolve({kind: 'failed', code: 'x', reason: 'x'});
			}),
		);
		expect(outcome.kind).toBe('unsupported');
		expect(asked).toBe(0);
	});
});
