import type {EndpointKey} from '../wire/names.ts';

/** What people call an endpoint: `codex/relay-a/default` is `relay-a`, `codex/relay-a/eu` is `relay-a/eu`. */
export const endpointLabel = (endpointKey: EndpointKey): string => {
	const [, provider = endpointKey, endpoint] = endpointKey.split('/');
	return endpoint === undefined || endpoint === 'default' ? provider : `${provider}/${endpoint}`;
};
