import {defaultResetClock} from '../provider/balance/exhaustion.ts';
import type {Config, Endpoint, ServiceConfig} from '../config/config.ts';
import type {RouteChild, RouteGraph, RouteNode} from '../config/graph.ts';
import {staticLeaves} from '../config/route-walk.ts';
import {noProfiles} from '../config/profiles.ts';
import {defaultHistory} from '../config/history.ts';
import {defaultRetry} from '../config/retry.ts';
import {graphOf, orderedGraph} from '../config/routing.ts';
import {endpointDefaults, soleAccount} from '../config/endpoint-defaults.ts';
import type {DemoUpstream} from '../demo/demo-upstreams.ts';
import {limits} from '../wire/limits.ts';
import type {Service} from '../wire/names.ts';
import type {EngineOptions} from './options.ts';

/** The configuration of the demo: the embedded upstreams with nothing read from any file. */
export const demoConfig = (
	upstreams: readonly DemoUpstream[],
	{port = 0, claudePort = 0, controlPort}: Pick<EngineOptions, 'port' | 'claudePort' | 'controlPort'>,
): Config => ({
	path: undefined,
	hash: 'demo',
	listen: {
		host: '127.0.0.1',
		port,
		claudePort,
		controlPort: controlPort ?? (port === 0 ? 0 : port + 1000),
		auth: 'token',
		remoteActions: false,
	},
	clocks: {
		idleCodexMs: limits.idleCodexMs,
		heartbeatMs: limits.heartbeatMs,
		firstByteBaseMs: limits.firstByteBaseMs,
		connectMs: limits.connectMs,
	},
	retry: defaultRetry,
	history: defaultHistory,
	services: {codex: demoService('codex', upstreams), claude: demoService('claude', upstreams)},
	resetClock: defaultResetClock,
	clientPatch: {},
	warnings: [],
});

/**
 * A share of the traffic goes to each of two that fail often, then comes a slow one that is not waited for for long; the healthy one comes
 * last: a demo in which nothing ever fails would show nothing.
 */
const order = ['moody', 'brittle', 'slow', 'steady'];

const demoService = (service: Service, upstreams: readonly DemoUpstream[]): ServiceConfig => {
	const dialect = service === 'codex' ? 'responses' : 'messages';
	const endpoints = upstreams
		.filter(upstream => upstream.dialect === dialect)
		.toSorted((one, other) => order.indexOf(one.name) - order.indexOf(other.name))
		.map(upstream => demoEndpoint(service, upstream));
	const providers = endpoints.map(endpoint => ({name: endpoint.provider, endpoints: [endpoint]}));
	const graph = service === 'codex' ? demoGraph(providers) : orderedGraph(service, providers);
	return {service, endpoints, graph, leaves: staticLeaves(graph), profiles: noProfiles};
};

interface DemoProvider {
	readonly name: string;
	readonly endpoints: readonly Endpoint[];
}

/** A route that stands in no file. */
const unwritten = {location: undefined, hedgeAfterMs: undefined} as const;

/** `main` tries `cheap`, by weight, and then `sure`, which starts the healthy upstream beside a slow one that stays silent. */
const demoGraph = (providers: readonly DemoProvider[]): RouteGraph => {
	const childrenOf = (names: readonly string[]): readonly RouteChild[] =>
		providers
			.filter(({name}) => names.includes(name))
			.map(({name, endpoints}) => ({kind: 'endpoints', name, endpoints}));
	const cheap: RouteNode = {
		...unwritten,
		...{name: 'cheap', strategy: 'weighted', weights: [3, 1], avoidBelow: undefined, stopBelow: undefined},
		children: childrenOf(['moody', 'brittle']),
	};
	const sure: RouteNode = {
		...unwritten,
		...{name: 'sure', strategy: 'ordered-failover', hedgeAfterMs: 2000},
		children: childrenOf(['slow', 'steady']),
	};
	const entry: RouteNode = {
		...unwritten,
		...{name: 'main', strategy: 'ordered-failover'},
		children: [
			{kind: 'node', node: cheap},
			{kind: 'node', node: sure},
		],
	};
	return graphOf(entry, {service: 'codex', providers});
};

const demoEndpoint = (service: Service, {name, baseUrl, dialect, key}: DemoUpstream): Endpoint => {
	const sole = soleAccount(service, {
		...{bearer: {kind: 'inline', value: key}, apiKey: undefined, passesClientAuth: false},
	});
	return {
		key: `${service}/${name}/default`,
		service,
		provider: name,
		endpoint: 'default',
		alias: undefined,
		enabled: true,
		baseUrl,
		dialect,
		...endpointDefaults,
		// Where one account is over its limit, the other goes on.
		accounts:
			name === 'moody'
				? [
						{...sole, label: 'work', weight: 3},
						{...sole, label: 'home'},
					]
				: [sole],
		limits:
			name === 'slow' ? {...endpointDefaults.limits, maxConcurrentRequests: 2, queue: 4} : endpointDefaults.limits,
		headers: {},
		tags: {demo: 'yes'},
		supportedModels: new Map(),
		modelMapping: new Map(),
		continuityDomain: undefined,
		location: undefined,
	};
};
