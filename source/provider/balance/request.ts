import {RelayError} from '../../base/errors.ts';
import type {BalanceKind} from './kind.ts';
import {isRightcodeHost} from './kinds.ts';
import {expandTemplate, type TemplateContext} from './template.ts';
import {coversHost, type UsageProvider} from './usage-providers.ts';

/* What is sent to a balance endpoint. The endpoint's own key goes to its own host only, or where the user's entry says (SEC-06, SEC-08). */

/** Who is asked. */
export interface BalanceQuery {
	readonly kind: BalanceKind;
	/** Undefined: an automatic probe. */
	readonly provider: UsageProvider | undefined;
	/** The endpoint's base URL. */
	readonly baseUrl: string;
	/** The endpoint's own key, where it has one; a secret. */
	readonly key: string | undefined;
	readonly readEnv: (name: string) => string | undefined;
	readonly nowMs: number;
}

/** A request that may be sent. Its values are secret: never log or show them. */
export interface BalanceRequest {
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	/** Every value in it that must not come back in a text. */
	readonly secrets: readonly string[];
}

const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

const refuse = (phrase: string): RelayError => new RelayError('balance-request', phrase);

interface Token {
	readonly value: string;
	/** It is the endpoint's own key, not one that the entry names for this purpose. */
	readonly isOwnKey: boolean;
}

const tokenOf = ({provider, kind, key, readEnv}: BalanceQuery): Token => {
	const name = provider === undefined ? kind.tokenEnv : provider.tokenEnv;
	const named = name === undefined ? undefined : readEnv(name);
	if (named !== undefined && named !== '') {
		return {value: named, isOwnKey: false};
	}

	if (name !== undefined && (provider?.requiresTokenEnv ?? true)) {
		throw refuse(`the environment variable ${name} is not set`);
	}

	if (key === undefined) {
		throw refuse(name === undefined ? 'the endpoint has no key' : `neither ${name} nor a key of the endpoint is set`);
	}

	return {value: key, isOwnKey: true};
};

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host);

const checkTarget = (url: URL, query: BalanceQuery, token: Token): void => {
	const own = new URL(query.baseUrl);
	if (url.username !== '' || url.password !== '' || !/^https?:$/.test(url.protocol)) {
		throw refuse('its address is not plain http or https');
	}

	if (url.protocol === 'http:' && own.protocol === 'https:' && !isLoopback(url.hostname)) {
		throw refuse('its address is http although the endpoint is https; a key is not sent in the clear');
	}

	const isOwnHost = url.host === own.host;
	const isNamed = query.provider !== undefined && coversHost(query.provider, url.hostname.toLowerCase());
	const isOneRelay = isRightcodeHost(url.hostname) && isRightcodeHost(own.hostname);
	if (token.isOwnKey && !isOwnHost && !isNamed && !isOneRelay) {
		throw refuse(
			`the key of ${own.host} is not sent to ${url.host}: name that host under domains, or a token_env for it`,
		);
	}
};

const readAddress = (template: string, context: TemplateContext): URL => {
	const text = expandTemplate(template, context);
	const address = /^https?:\/\//i.test(text)
		? text
		: `${expandTemplate('{{base_url}}', context)}${text.startsWith('/') ? '' : '/'}${text}`;
	if (!URL.canParse(address)) {
		throw refuse('its address is not a URL');
	}

	return new URL(address);
};

const kindHeaders = (
	{kind, provider}: BalanceQuery,
	variables: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> =>
	new Map([
		...Object.entries(kind.headers).filter(([, template]) =>
			[...template.matchAll(/\{\{(\w+)\}\}/g)].every(([, name = '']) => variables.has(name)),
		),
		...(provider?.headers ?? []),
	]);

/**
 * The request for a query. Throws RelayError `balance-request` or `balance-template`, a phrase for people without any secret, where it must not or
 * cannot be sent.
 */
export const buildBalanceRequest = (query: BalanceQuery): BalanceRequest => {
	const {kind, provider, baseUrl, nowMs} = query;
	const token = tokenOf(query);
	const variables = provider?.variables ?? new Map<string, string>();
	// Whoever writes a token into a header or variable does not want to read it in an error either.
	const written = [...variables.values(), ...(provider?.headers.values() ?? [])].filter(text => text.length >= 12);
	const secrets = new Set([token.value, ...(query.key === undefined ? [] : [query.key]), ...written]);
	const readEnv = (name: string): string | undefined => {
		const value = query.readEnv(name);
		if (value !== undefined) {
			secrets.add(value);
		}

		return value;
	};

	const context: TemplateContext = {upstreamBaseUrl: baseUrl, token: token.value, nowMs, readEnv, variables};
	const url = readAddress(provider?.endpoint ?? kind.endpoint ?? '', context);
	checkTarget(url, query, token);
	const headers: Record<string, string> = {
		accept: 'application/json',
		'accept-encoding': 'identity',
		'user-agent': 'codex-tui',
		[kind.tokenHeader]: kind.tokenHeader === 'authorization' ? `Bearer ${token.value}` : token.value,
	};
	for (const [name, template] of kindHeaders(query, variables)) {
		headers[name] = expandTemplate(template, context);
	}

	const bad = Object.entries(headers).find(([, value]) => !headerValue.test(value))?.[0];
	if (bad !== undefined) {
		throw refuse(`the header ${bad} holds a character that HTTP does not allow`);
	}

	return {url, headers, secrets: [...secrets]};
};
