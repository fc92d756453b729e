import {credentialHeaders} from '../config/credential-headers.ts';
import type {Account, Endpoint} from '../config/config.ts';

/* Which headers cross the proxy, in both directions (reliability-security.md SEC-06, SEC-07, SEC-10). */

/** The credential of an endpoint, resolved for one request. Secrets: never logged, never shown. */
export interface ResolvedCredential {
	readonly bearer: string | undefined;
	readonly apiKey: string | undefined;
}

/** Inbound headers that never go upstream: framing, hop by hop, the client's own credentials, ours. */
const neverForwarded: ReadonlySet<string> = new Set([
	'host',
	'connection',
	'content-length',
	'content-encoding',
	'transfer-encoding',
	'keep-alive',
	'te',
	'trailer',
	'upgrade',
	'expect',
	'accept-encoding',
	'authorization',
	'x-api-key',
	'api-key',
	'x-goog-api-key',
	'cookie',
	'chatgpt-account-id',
	'openai-organization',
	'openai-project',
	'x-codex-turn-state',
]);

const isNeverForwarded = (name: string): boolean =>
	neverForwarded.has(name) || name.startsWith('proxy-') || name.startsWith('x-codex-tui-');

/** What {@link upstreamHeaders} builds from. */
export interface UpstreamHeaderInput {
	readonly client: Readonly<Record<string, string | undefined>>;
	/** Whether a header's value is the local token, which no upstream ever sees. */
	readonly isLocalToken: (value: string) => boolean;
	readonly endpoint: Endpoint;
	readonly account: Account;
	readonly credential: ResolvedCredential;
	readonly turnState: string | undefined;
	readonly hasBody: boolean;
}

/** The headers for an upstream, names in lower case. */
export const upstreamHeaders = (input: UpstreamHeaderInput): Record<string, string> => {
	const {client, endpoint, account, credential} = input;
	const named = namedIn(client['connection']);
	const headers: Record<string, string> = {};
	for (const name in client) {
		const value = client[name];
		if (value !== undefined && !isNeverForwarded(name) && !named.has(name)) {
			headers[name] = value;
		}
	}

	headers['accept-encoding'] = 'identity';
	if (input.hasBody) {
		headers['content-type'] ??= 'application/json';
	}

	if (input.turnState !== undefined) {
		headers['x-codex-turn-state'] = input.turnState;
	}

	if (account.credentials.passesClientAuth) {
		passClientAuth(headers, input);
	}

	return Object.assign(headers, credentialHeaders(endpoint, credential), endpoint.headers);
};

/** The client's own login, where it is not the local token. A secret: only its fingerprint may be kept. */
export const clientLogin = (client: {
	readonly headers: Readonly<Record<string, string | undefined>>;
	readonly isLocalToken: (value: string) => boolean;
}): string | undefined =>
	['authorization', 'x-api-key'].flatMap(name => client.headers[name] ?? []).find(value => !client.isLocalToken(value));

/** The client's own login goes to a provider that is marked for it, but never the local token. */
const passClientAuth = (headers: Record<string, string>, {client, isLocalToken}: UpstreamHeaderInput): void => {
	for (const name of ['authorization', 'x-api-key', 'chatgpt-account-id']) {
		const value = client[name];
		if (value !== undefined && !isLocalToken(value)) {
			headers[name] = value;
		}
	}
};

/** The headers that a `Connection` header binds to one hop. */
const namedIn = (connection: string | undefined): ReadonlySet<string> =>
	new Set((connection ?? '').split(',').map(name => name.trim().toLowerCase()));

/** More of a client's headers are not kept; Codex and Claude Code send about twenty. */
const keptHeaderChars = 4096;

/**
 * What of a client's headers may be kept to send its request again: nothing of one hop, no credential. Goes by the names alone, since this
 * runs before every send; whoever takes them out of the engine looks into the values.
 */
export const keptHeaders = (client: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> => {
	const named = namedIn(client['connection']);
	const kept: Record<string, string> = {};
	let room = keptHeaderChars;
	for (const name in client) {
		const value = client[name];
		if (value !== undefined && !isNeverForwarded(name) && !named.has(name)) {
			room -= name.length + value.length;
			if (room < 0) {
				break;
			}

			kept[name] = value;
		}
	}

	return kept;
};

/** Upstream headers that never reach the client: framing, hop by hop, cookies, challenges. */
const neverReturned: ReadonlySet<string> = new Set([
	'connection',
	'keep-alive',
	'proxy-authenticate',
	'proxy-connection',
	'transfer-encoding',
	'te',
	'trailer',
	'upgrade',
	'content-length',
	'content-encoding',
	'set-cookie',
	'set-cookie2',
	'www-authenticate',
	'alt-svc',
	'strict-transport-security',
]);

const isNeverReturned = (name: string): boolean => neverReturned.has(name) || name.startsWith('access-control-');

/** A header value that Node would refuse to write, or that could end a line. */
const unsafeValue = /[^\t\u0020-\u007E\u0080-\u00FF]/;

/** What {@link clientHeaders} decides by. */
export interface ClientHeaderInput {
	readonly upstream: Readonly<Record<string, string | string[] | undefined>>;
	readonly requestedModel: string | undefined;
	/** A relay that echoes its key in a header must not tell it to the client (SEC-07). */
	readonly holdsSecret: (text: string) => boolean;
}

/** The headers for the client. `openai-model` stays only when it is the model that was asked for (codex-wire.md 2). */
export const clientHeaders = (input: ClientHeaderInput): Record<string, string | string[]> => {
	const {upstream, requestedModel, holdsSecret} = input;
	const named = namedIn([upstream['connection'] ?? ''].flat().join(','));
	const headers: Record<string, string | string[]> = {};
	for (const name in upstream) {
		const value = upstream[name];
		const isRerouted = name === 'openai-model' && value !== requestedModel;
		if (value === undefined || isRerouted || isNeverReturned(name) || named.has(name)) {
			continue;
		}

		if (![value].flat().some(text => unsafeValue.test(text) || holdsSecret(text))) {
			headers[name] = value;
		}
	}

	return headers;
};
