import type {Service} from '../../source/wire/names.ts';
import {endpointDefaults, soleAccount} from '../../source/config/endpoint-defaults.ts';
import {noProfiles} from '../../source/config/profiles.ts';
import {defaultHistory} from '../../source/config/history.ts';
import {defaultRetry} from '../../source/config/retry.ts';
import {orderedGraph} from '../../source/config/routing.ts';
import {defaultResetClock} from '../../source/provider/balance/exhaustion.ts';
import type {Config, Credentials, Endpoint, RouteLeaf, ServiceConfig} from '../../source/config/config.ts';

/** A Responses endpoint `codex/<provider>/default` without any credential, unless told otherwise. */
export const endpoint = (
	provider: string,
	{credentials = noCredentials, ...fields}: Partial<Endpoint> & {readonly credentials?: Credentials} = {},
): Endpoint => ({
	...endpointDefaults,
	key: `codex/${provider}/default`,
	service: 'codex',
	provider,
	endpoint: 'default',
	alias: undefined,
	enabled: true,
	baseUrl: `https://${provider}.example/v1`,
	dialect: 'responses',
	accounts: [soleAccount('codex', credentials)],
	headers: {},
	tags: {},
	supportedModels: new Map(),
	modelMapping: new Map(),
	continuityDomain: undefined,
	location: undefined,
	...fields,
});

/** Credentials of nobody. */
export const noCredentials: Credentials = {bearer: undefined, apiKey: undefined, passesClientAuth: false};

/** Leaves in this order, each in a preference group of its own, below the route `main`. */
export const leavesOf = (...endpoints: readonly Endpoint[]): readonly RouteLeaf[] =>
	endpoints.map((leaf, preferenceGroup) => ({endpoint: leaf, preferenceGroup, routePath: ['main', leaf.provider]}));

const serviceOf = (service: Service, endpoints: readonly Endpoint[]): ServiceConfig => ({
	service,
	endpoints,
	graph: orderedGraph(
		service,
		endpoints.map(only => ({name: only.provider, endpoints: [only]})),
	),
	leaves: leavesOf(...endpoints),
	profiles: noProfiles,
});

/** A configuration of the demo's kind with these endpoints for Codex and nothing for Claude Code. */
export const configOf = (...endpoints: readonly Endpoint[]): Config => ({
	path: undefined,
	hash: '',
	listen: {host: '127.0.0.1', port: 0, claudePort: undefined, controlPort: 0, auth: 'token', remoteActions: false},
	clocks: {idleCodexMs: 1, heartbeatMs: 1, firstByteBaseMs: 1, connectMs: 1},
	retry: defaultRetry,
	history: defaultHistory,
	services: {codex: serviceOf('codex', endpoints), claude: serviceOf('claude', [])},
	resetClock: defaultResetClock,
	clientPatch: {},
	warnings: [],
});
