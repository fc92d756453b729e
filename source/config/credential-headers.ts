import type {Endpoint} from './config.ts';
import type {ResolvedCredentials} from './credentials.ts';

/**
 * The headers that carry a credential to an endpoint, names in lower case. Secrets: never logged. Both kinds are sent where both are
 * set; an `api_key` that belongs into `authorization` gives way to a bearer token.
 */
export const credentialHeaders = (
	{apiKeyHeader}: Pick<Endpoint, 'apiKeyHeader'>,
	{bearer, apiKey}: Pick<ResolvedCredentials, 'bearer' | 'apiKey'>,
): Readonly<Record<string, string>> => ({
	...(apiKey !== undefined && {[apiKeyHeader]: apiKeyHeader === 'authorization' ? `Bearer ${apiKey}` : apiKey}),
	...(bearer !== undefined && {authorization: `Bearer ${bearer}`}),
});
