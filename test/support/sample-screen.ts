import type {EngineView, Snapshot} from '../../source/event/protocol.ts';
import type {IncidentView, RouteView, SessionView, TraceEntry} from '../../source/event/view.ts';
import {sampleRequests} from './sample-requests.ts';

/* Invented data for screens: every state an upstream, request, session and incident can have, with names in CJK. */

/** The moment that the sample data is about. */
export const sampleNowMs = new Date(2026, 10, 21, 12, 4, 31).getTime();

const route = (order: number, provider: string, change: Partial<RouteView> = {}): RouteView => ({
	endpointKey: `codex/${provider}/default`,
	service: 'codex',
	provider,
	endpoint: 'default',
	alias: undefined,
	baseUrl: `https://${provider}.example/v1`,
	dialect: 'responses',
	enabled: true,
	order,
	routePath: ['main', 'primary'],
	authSource: `env ${provider.toUpperCase().replaceAll('-', '_')}_KEY`,
	hasAuth: true,
	tags: {tier: 'paygo'},
	location: `config.toml:${10 + order * 6}`,
	phase: 'closed',
	cooldownUntilMs: undefined,
	failures: 0,
	lastReason: undefined,
	liveRequests: 0,
	recentAttempts: 60,
	recentSuccesses: 60,
	ttfbMs: 412,
	isPinned: false,
	...change,
});

/** Seven upstreams. */
const sampleRoutes = (nowMs: number): readonly RouteView[] => [
	route(0, 'relay-a', {liveRequests: 2, recentSuccesses: 59}),
	route(1, 'relay-b', {
		phase: 'open',
		cooldownUntilMs: nowMs + 41_000,
		failures: 3,
		lastReason: 'status-429: rate limited, retry after 41s',
		recentSuccesses: 43,
		ttfbMs: 1900,
	}),
	route(2, 'openai', {liveRequests: 1, ttfbMs: 780, authSource: 'client'}),
	route(3, '中转站-东京', {recentSuccesses: 58, ttfbMs: 610, authSource: 'inline'}),
	route(4, 'local-vllm', {
		enabled: false,
		recentAttempts: 0,
		recentSuccesses: 0,
		ttfbMs: undefined,
		authSource: 'none',
	}),
	route(5, 'azure-eu', {phase: 'half-open', ttfbMs: 902}),
	route(6, 'spare', {
		hasAuth: false,
		authSource: 'missing env SPARE_KEY',
		recentAttempts: 0,
		recentSuccesses: 0,
		ttfbMs: undefined,
	}),
];

/** Three sessions. */
export const sampleSessions = (nowMs: number): readonly SessionView[] =>
	[
		{
			id: '01a9e3f0-7c11-7000-8000-00000000007c',
			cwd: '/home/me/src/api',
			live: 1,
			model: 'gpt-5.3-codex',
			key: 'codex/relay-a/default',
		},
		{
			id: '5b20aaaa-0000-7000-8000-00000000009d',
			cwd: '/home/me/漢字/リポ',
			live: 0,
			model: '通义千问-3-coder',
			key: 'codex/中转站-东京/default',
		},
		{
			id: 'c3f1aa00-1111-7000-8000-0000000000aa',
			cwd: '/home/me/notes',
			live: 0,
			model: 'claude-opus-4.6',
			key: undefined,
		},
	].map(({id, cwd, live, model, key}, index) => ({
		sessionId: id,
		client: index === 2 ? 'claude-code' : 'codex',
		model,
		effort: index === 2 ? undefined : 'high',
		cwd,
		endpointKey: key,
		firstSeenAtMs: nowMs - 3_600_000,
		lastSeenAtMs: nowMs - index * 840_000,
		requests: 41 - index,
		liveRequests: live,
		threads: 1,
		inputTokens: 1_180_000,
		outputTokens: 22_000,
		lastRequestId: `req_0mi9x3f8a000${String(index).padStart(4, '0')}`,
	}));

/** One open and one closed incident. */
export const sampleIncidents = (nowMs: number): readonly IncidentView[] => [
	{
		id: 'INC-11',
		rule: 'stream-cut',
		scope: 'codex/中转站-东京/default',
		title: 'stream cut mid-answer (中转站-东京)',
		state: 'closed',
		openedAtMs: nowMs - 9_000_000,
		updatedAtMs: nowMs - 8_000_000,
		closedAtMs: nowMs - 8_000_000,
		count: 1,
		evidence: [{atMs: nowMs - 9_000_000, requestId: 'req_0mi9x3f8a0000007', text: 'cut after 12 events'}],
		effect: '1 request was repeated unseen',
		advice: 'Nothing to do unless it comes back.',
		closesWhen: '10 answers in a row end well',
	},
	{
		id: 'INC-12',
		rule: 'rate-limited',
		scope: 'codex/relay-b/default',
		title: 'relay-b is rate limited',
		state: 'open',
		openedAtMs: nowMs - 480_000,
		updatedAtMs: nowMs - 20_000,
		closedAtMs: undefined,
		count: 14,
		evidence: [1, 2, 3, 4].map(index => ({
			atMs: nowMs - 480_000 + index * 60_000,
			requestId: `req_0mi9x3f8a000000${index}`,
			text: '429 Too Many Requests: tokens per min',
		})),
		effect: '14 requests moved to openai, 380ms later than usual',
		advice: 'Put relay-b behind openai in the order, or add a second key.',
		closesWhen: 'relay-b answers 5 requests without a 429',
	},
];

/** The engine in good health. */
const sampleEngine = (nowMs: number, change: Partial<EngineView> = {}): EngineView => ({
	state: 'ready',
	url: 'http://127.0.0.1:3211',
	claudeUrl: 'http://127.0.0.1:3210',
	controlUrl: 'http://127.0.0.1:4211',
	isDemo: false,
	version: '0.1.0',
	startedAtMs: nowMs - 3_600_000,
	loopP99Ms: 2.31,
	rssMb: 96,
	droppedEvents: 0,
	configPath: '/home/me/.codex-tui/config.toml',
	configLoadedAtMs: nowMs - 204_000,
	configProblem: undefined,
	configWarnings: [],
	pins: {codex: {endpointKey: 'codex/relay-a/default', mode: 'prefer', setAtMs: nowMs - 60_000}},
	switched: {codex: 'on'},
	...change,
});

/** The decisions of one request that failed over. */
const sampleTrace = (nowMs: number, requestId: string): readonly TraceEntry[] => {
	const plan = {
		service: 'codex',
		model: 'gpt-5.3-codex',
		candidates: [
			{
				endpointKey: 'codex/relay-b/default',
				eligible: false,
				reasons: [{code: 'cooldown', text: 'cools down for 41s after 3 hard failures'}],
			},
			{endpointKey: 'codex/openai/default', eligible: true, reasons: [{code: 'order', text: 'third in the order'}]},
			{endpointKey: 'codex/中转站-东京/default', eligible: true, reasons: []},
		],
	};
	const entries: ReadonlyArray<
		readonly [kind: string, key: string | undefined, what: string, detail: Record<string, unknown>]
	> = [
		[
			'request-start',
			undefined,
			'POST /v1/responses, 48 kB',
			{method: 'POST', path: '/v1/responses', bodyBytes: 48_213},
		],
		[
			'call-identified',
			undefined,
			'codex turn, gpt-5.3-codex high, session 01a9…7c',
			{client: 'codex', kind: 'turn', model: 'gpt-5.3-codex'},
		],
		['route-planned', undefined, 'openai, then 中转站-东京; relay-b cools down', {plan}],
		['attempt-start', 'codex/relay-b/default', 'probe: the cooldown is over', {attempt: 1}],
		[
			'attempt-end',
			'codex/relay-b/default',
			'429 after 120ms, retry after 41s; the next candidate takes over unseen',
			{attempt: 1, outcome: 'soft', status: 429, code: 'status-429', willRetry: true},
		],
		['breaker-changed', 'codex/relay-b/default', 'open until 12:05:12 after 3 failures', {phase: 'open', failures: 3}],
		['attempt-start', 'codex/openai/default', 'next in the order', {attempt: 2}],
		['reply-start', 'codex/openai/default', 'first byte after 790ms', {ttfbMs: 790}],
		['attempt-end', 'codex/openai/default', 'completed after 9.8s', {attempt: 2, outcome: 'success', status: 200}],
		['reply-end', 'codex/openai/default', '200, 612 tokens out', {status_code: 200}],
	];
	return entries.map(([kind, endpointKey, what, detail], index) => ({
		sequence: 100 + index,
		atMs: nowMs - 12_000 + index * 137,
		kind,
		requestId,
		endpointKey,
		what,
		detail,
	}));
};

/** Everything at once. */
export const sampleSnapshot = (nowMs: number, engine: Partial<EngineView> = {}): Snapshot => ({
	batch: 0,
	engine: sampleEngine(nowMs, engine),
	routes: sampleRoutes(nowMs),
	requests: sampleRequests(nowMs),
	sessions: sampleSessions(nowMs),
	incidents: sampleIncidents(nowMs),
	trace: sampleRequests(nowMs).flatMap(({requestId}) => sampleTrace(nowMs, requestId)),
});

/** A fresh engine that nothing has happened in. */
export const emptySnapshot = (nowMs: number): Snapshot => ({
	batch: 0,
	engine: sampleEngine(nowMs, {
		pins: {},
		switched: {},
		configLoadedAtMs: undefined,
		loopP99Ms: undefined,
		rssMb: undefined,
	}),
	routes: [],
	requests: [],
	sessions: [],
	incidents: [],
	trace: [],
});
