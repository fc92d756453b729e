import type {Config, Endpoint, RouteLeaf, ServiceConfig} from '../config/config.ts';
import {noProfiles} from '../config/profiles.ts';
import {defaultRetry} from '../config/retry.ts';
import {orderedGraph} from '../config/routing.ts';
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
	},
	clocks: {
		idleCodexMs: limits.idleCodexMs,
		heartbeatMs: limits.heartbeatMs,
		firstByteBaseMs: limits.firstByteBaseMs,
		connectMs: limits.connectMs,
	},
	retry: defaultRetry,
	services: {codex: demoService('codex', upstreams), claude: demoService('claude', upstreams)},
	clientPatch: {},
	warnings: [],
});

/** The healthy one comes last: a demo in which nothing ever fails would show nothing. */
const order = ['moody', 'brittle', 'slow', 'steady'];

const demoService = (service: Service, upstreams: readonly DemoUpstream[]): ServiceConfig => {
	const dialect = service === 'codex' ? 'responses' : 'messages';
	const endpoints = upstreams
		.filter(upstream => upstream.dialect === dialect)
		.toSorted((one, other) => order.indexOf(one.name) - order.indexOf(other.name))
		.map(upstream => demoEndpoint(service, upstream));
	const leaves = endpoints.map((endpoint, preferenceGroup): RouteLeaf => ({
		endpoint,
		preferenceGroup,
		routePath: ['main', endpoint.provider],
	}));
	const providers = endpoints.map(endpoint => ({name: endpoint.provider, endpoints: [endpoint]}));
	return {service, endpoints, graph: orderedGraph(service, providers), leaves, profiles: noProfiles};
};

const demoEndpoint = (service: Service, {name, baseUrl, dialect, key}: DemoUpstream): Endpoint => ({
	key: `${service}/${name}/default`,
	service,
	provider: name,
	endpoint: 'default',
	alias: undefined,
	enabled: true,
	baseUrl,
	dialect,
	...endpointDefaults,
	accounts: [soleAccount(service, {bearer: {kind: 'inline', value: key}, apiKey: undefined, passesClientAuth: false})],
	headers: {},
	tags: {demo: 'yes'},
	supportedModels: new Map(),
	modelMapping: new Map(),
	continuityDomain: undefined,
	location: undefined,
});
