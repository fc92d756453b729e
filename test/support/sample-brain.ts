import type {AccountView} from '../../source/event/account-view.ts';
import type {BrainView, LoadView, RouteNodeView} from '../../source/event/route-view.ts';

/* What the engine would tell about the upstreams of sample-screen.ts: accounts in every state, every kind of route. */

const keyOf = (provider: string): string => `codex/${provider}/default`;

const account = (provider: string, label: string, change: Partial<AccountView> = {}): AccountView => ({
	service: 'codex',
	provider,
	account: label,
	enabled: true,
	isPaused: false,
	weight: 1,
	quotaGroup: undefined,
	authSource: 'env RELAY_KEY',
	hasAuth: true,
	fingerprint: 'ab12cd34',
	quotaUsed: undefined,
	exhausted: undefined,
	endpoints: [
		{
			endpointKey: keyOf(provider),
			phase: 'closed',
			untilMs: undefined,
			cause: undefined,
			reason: undefined,
			active: 0,
			limit: undefined,
		},
	],
	...change,
});

const cooling = (provider: string, untilMs: number | undefined): Pick<AccountView, 'endpoints'> => ({
	endpoints: [
		{
			...{endpointKey: keyOf(provider), phase: 'open', untilMs, cause: 'limit', reason: 'answered 429'},
			...{active: 0, limit: undefined},
		},
	],
});

const load = (provider: string, label: string, change: Partial<LoadView> = {}): LoadView => ({
	endpointKey: keyOf(provider),
	account: label,
	...{active: 0, accountActive: 0, max: undefined, limitGroup: undefined, window: undefined, waiting: 0, queue: 0},
	...change,
});

const node = (
	name: string,
	strategy: string,
	change: Partial<RouteNodeView> & Pick<RouteNodeView, 'children'>,
): RouteNodeView => ({name, strategy, settings: [], when: [], location: undefined, ...change});

const leaf = (provider: string, weight?: number): RouteNodeView['children'][number] => ({
	...{kind: 'endpoints', name: provider, endpointKeys: [keyOf(provider)]},
	part: {weight},
});

const nodes: readonly RouteNodeView[] = [
	node('main', 'conditional', {
		children: [
			{kind: 'node', name: 'eu', part: {branch: 'then'}},
			{kind: 'node', name: 'paid', part: {branch: 'default'}},
		],
		when: [
			['model', 'gpt-5*'],
			['time', '22:00-06:00 Sat Sun'],
		],
		location: 'config.toml:60',
	}),
	node('eu', 'manual-sticky', {children: [leaf('azure-eu')], location: 'config.toml:70'}),
	node('paid', 'ordered-failover', {
		children: [leaf('relay-a'), {kind: 'node', name: 'pair', part: {}}, leaf('中转站-东京'), leaf('spare')],
		settings: [['hedge after', '2s']],
		location: 'config.toml:74',
	}),
	node('pair', 'weighted', {children: [leaf('relay-b', 3), leaf('openai', 1)], location: 'config.toml:80'}),
];

const accountsAt = (nowMs: number): readonly AccountView[] => [
	account('relay-a', 'work', {weight: 3, quotaUsed: 0.31, quotaGroup: 'team'}),
	account('relay-a', 'home', {isPaused: true, quotaUsed: 0.92}),
	account('relay-a', 'old', {hasAuth: false, authSource: 'missing env OLD_KEY'}),
	account('relay-a', 'spent', {exhausted: 'balance $0.00'}),
	account('relay-a', 'limited', cooling('relay-a', nowMs + 41_000)),
	account('relay-a', 'refused', cooling('relay-a', undefined)),
	account('relay-a', 'unused', {enabled: false}),
	account('relay-b', 'default', {quotaUsed: 0.97, ...cooling('relay-b', nowMs + 41_000)}),
	account('openai', 'default', {exhausted: 'daily quota spent'}),
	account('中转站-东京', 'default', {isPaused: true}),
	account('local-vllm', 'default'),
	account('azure-eu', 'default'),
	account('spare', 'default', {hasAuth: false, authSource: 'missing env SPARE_KEY'}),
];

const balancesAt = (nowMs: number): BrainView['balances'] => [
	{
		endpointKey: keyOf('relay-a'),
		account: 'work',
		providerId: 'auto:balance:relay-a',
		source: 'usage_provider:new_api',
		fetchedAtMs: nowMs - 60_000,
		staleAfterMs: 180_000,
		status: 'ok',
		exhaustionAffectsRouting: true,
		alerts: [{kind: 'low_balance', text: '$4.20 of the balance are left.'}],
		error: undefined,
		suppressedUntilMs: undefined,
		totalBalanceUsd: 4.2,
		quota: {
			period: 'daily',
			usedUsd: 5.8,
			limitUsd: 10,
			remainingUsd: 4.2,
			resetsAtMs: nowMs + 43_000_000,
			isUnlimited: false,
		},
	},
];

const loads: readonly LoadView[] = [
	load('relay-a', 'work', {
		active: 2,
		accountActive: 2,
		max: 8,
		limitGroup: 'relays',
		window: 6,
		waiting: 1,
		queue: 4,
	}),
	load('relay-a', 'home', {active: 2, max: 8, limitGroup: 'relays', waiting: 1, queue: 4}),
	load('relay-b', 'default', {window: 5}),
	load('openai', 'default', {active: 1, accountActive: 1}),
];

const actionsAt = (nowMs: number): BrainView['actions'] => [
	{
		...{id: 'a1', scope: 'account', endpointKey: keyOf('relay-a'), account: 'limited', model: undefined},
		...{cause: 'limit', reason: 'answered 429', expiresAtMs: nowMs + 41_000, isExtended: true},
	},
	{
		...{id: 'a2', scope: 'account', endpointKey: keyOf('relay-a'), account: 'refused', model: undefined},
		...{cause: 'auth', reason: 'answered 401', expiresAtMs: undefined, isExtended: false},
	},
	{
		...{id: 'a3', scope: 'account', endpointKey: keyOf('relay-b'), account: 'default', model: undefined},
		...{cause: 'limit', reason: 'status-429: rate limited', expiresAtMs: nowMs + 41_000, isExtended: false},
	},
];

/** The routing of the sample upstreams at a moment. */
export const sampleBrain = (nowMs: number): BrainView => ({
	graphs: [
		{
			...{service: 'codex', entry: 'main', lastResort: 'earliest', affinityPolicy: 'fallback-sticky'},
			...{fallbackTtlMs: 600_000, reprobePreferredAfterMs: undefined, nodes},
		},
	],
	seats: ['relay-a', 'relay-b', 'openai', '中转站-东京', 'spare'].map((provider, index) => ({
		...{endpointKey: keyOf(provider), preferenceGroup: index < 2 ? index : index - 1},
		...{continuityDomain: index < 2 ? 'relays' : undefined, tiedSessions: index === 0 ? 3 : 0},
	})),
	accounts: accountsAt(nowMs),
	loads,
	models: [
		{
			...{endpointKey: keyOf('relay-a'), account: 'work', model: 'gpt-5.5', phase: 'open', failures: 2},
			...{untilMs: nowMs + 30_000, reason: 'model_not_found'},
		},
	],
	actions: actionsAt(nowMs),
	balances: balancesAt(nowMs),
	pins: [
		{
			service: 'codex',
			sessionId: '01a9e3f0-7c11-7000-8000-00000000007c',
			pin: {endpointKey: keyOf('relay-a'), mode: 'only', setAtMs: nowMs - 1000, untilMs: nowMs + 1_800_000},
		},
	],
	capabilities: [
		{
			...{endpointKey: keyOf('relay-a'), model: 'gpt-5.5', need: 'vision', has: true, source: 'traffic'},
			...{atMs: nowMs - 3_600_000, isLearned: true},
		},
		{
			...{endpointKey: keyOf('relay-a'), model: undefined, need: 'websocket', has: false, source: 'probe'},
			...{atMs: nowMs - 60_000, isLearned: false},
		},
	],
	overrides: [
		{
			...{service: 'codex', sessionId: '5b20aaaa-0000-7000-8000-00000000009d', model: 'gpt-5.5', effort: 'xhigh'},
			...{tier: undefined, profile: 'deep'},
		},
	],
	affinities: [
		{
			...{service: 'codex', sessionId: '01a9e3f0-7c11-7000-8000-00000000007c', endpointKey: keyOf('relay-a')},
			...{account: 'work', lastSelectedAtMs: nowMs - 12_000, lastChangedAtMs: nowMs - 600_000},
			changeReason: 'failover_after_status_503',
		},
	],
	choices: [
		{
			...{service: 'codex', models: ['gpt-5.3-codex', 'gpt-5.5'], defaultProfile: undefined},
			profiles: [{name: 'deep', about: 'gpt-5.5, xhigh'}],
		},
	],
});
