import type {Credentials, Endpoint, RouteLeaf} from '../../source/config/config.ts';

/** A Responses endpoint `codex/<provider>/default` without any credential, unless told otherwise. */
export const endpoint = (provider: string, fields: Partial<Endpoint> = {}): Endpoint => ({
	key: `codex/${provider}/default`,
	service: 'codex',
	provider,
	endpoint: 'default',
	alias: undefined,
	enabled: true,
	baseUrl: `https://${provider}.example/v1`,
	dialect: 'responses',
	credentials: noCredentials,
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
