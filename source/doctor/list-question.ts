import type {Account, Endpoint} from '../config/config.ts';
import {credentialHeaders} from '../config/credential-headers.ts';
import {resolveCredentials, type CredentialContext} from '../config/credentials.ts';
import {modelListUrl, modelSourceOf} from '../provider/presets/model-list.ts';
import {findPreset} from '../provider/presets/presets.ts';

/** The cheapest question that a credential must answer for: the list of models. */
export interface ListQuestion {
	readonly url: URL;
	/** Names in lower case; they hold the credential. */
	readonly headers: Readonly<Record<string, string>>;
	/** All that must not be seen in a text. */
	readonly secrets: readonly string[];
}

/** The secrets of an account as they are now, and what an endpoint adds to every request. */
export const secretsOf = (
	{headers}: Endpoint,
	{bearer, apiKey}: {readonly bearer: string | undefined; readonly apiKey: string | undefined},
): readonly string[] => [bearer, apiKey, ...Object.values(headers)].filter(secret => secret !== undefined);

/** The question for an endpoint's list of models with the key of one account; undefined where it has no list. */
export const listQuestion = (
	endpoint: Endpoint,
	account: Account,
	context: CredentialContext,
): ListQuestion | undefined => {
	const source = modelSourceOf(endpoint.dialect, findPreset(endpoint.preset ?? ''));
	const url = modelListUrl(source, endpoint.baseUrl);
	if (url === undefined) {
		return undefined;
	}

	const credentials = resolveCredentials(account, context);
	return {
		url,
		headers: {
			accept: 'application/json',
			'accept-encoding': 'identity',
			...(source === 'anthropic' && {'anthropic-version': '2023-06-01'}),
			...credentialHeaders(endpoint, credentials),
			...endpoint.headers,
		},
		secrets: secretsOf(endpoint, credentials),
	};
};
