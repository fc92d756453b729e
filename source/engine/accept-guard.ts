import {hash, timingSafeEqual} from 'node:crypto';

/*
 * Who may talk to us: the checks of reliability-security.md SEC-01 to SEC-08 that need no body. Pure over raw headers (Node merges
 * or drops duplicates, so the parsed ones cannot be trusted for this).
 */

/** A refusal before anything was read: what the client gets. */
export interface Refusal {
	readonly status: 400 | 403 | 404 | 405 | 415 | 431;
	readonly code: string;
	/** One sentence for the answer's body. */
	readonly sentence: string;
}

/** What the guard needs of a listener. */
export interface GuardOptions {
	/** Values that the Host header may have: host names with our port. */
	readonly hosts: ReadonlySet<string>;
	/** SHA-256 of the local token; undefined where `listen.auth = "none"`. */
	readonly tokenHash: Buffer | undefined;
}

/** What the guard reads of a request. */
export interface GuardedRequest {
	readonly method: string;
	/** The request target as it came. */
	readonly target: string;
	/** Name, value, name, value, … as they came. */
	readonly rawHeaders: readonly string[];
}

// oxlint-disable-next-line no-control-regex -- refusing control characters is what it is for
const controlOrSpace = /[\u0000-\u0020\u007F]/;

/** The values of a header, compared without case. */
export const headerValues = (rawHeaders: readonly string[], name: string): readonly string[] => {
	const values: string[] = [];
	for (let index = 0; index < rawHeaders.length; index += 2) {
		if (rawHeaders[index]?.toLowerCase() === name) {
			values.push(rawHeaders[index + 1] ?? '');
		}
	}

	return values;
};

/** Host, Origin and target; the token is checked apart, since some paths need none. */
export const guardRequest = (request: GuardedRequest, options: GuardOptions): Refusal | undefined =>
	guardHost(request, options) ?? guardOrigin(request) ?? guardTarget(request);

const guardHost = ({rawHeaders}: GuardedRequest, {hosts}: GuardOptions): Refusal | undefined => {
	const values = headerValues(rawHeaders, 'host');
	if (values.length !== 1) {
		return {status: 400, code: 'bad-host', sentence: 'a request needs exactly one Host header.'};
	}

	return hosts.has((values[0] ?? '').toLowerCase())
		? undefined
		: {
				status: 403,
				code: 'foreign-host',
				sentence: 'this Host is not served here; use the address that `codex-tui switch status` shows.',
			};
};

/** A page in a browser always sends one of these; no client of ours does (claude-wire.md 2, codex-wire.md 1). */
const guardOrigin = ({method, rawHeaders}: GuardedRequest): Refusal | undefined => {
	const fetchSites = headerValues(rawHeaders, 'sec-fetch-site');
	const isCrossSite = fetchSites.some(site => site !== 'none' && site !== 'same-origin');
	return headerValues(rawHeaders, 'origin').length > 0 || isCrossSite || method === 'OPTIONS'
		? {status: 403, code: 'browser-request', sentence: 'requests from web pages are refused.'}
		: undefined;
};

const guardTarget = ({target}: GuardedRequest): Refusal | undefined =>
	!target.startsWith('/') ||
	target.startsWith('//') ||
	target.includes('\\') ||
	target.includes('#') ||
	controlOrSpace.test(target)
		? {status: 400, code: 'bad-target', sentence: 'the request target must be a plain path, for example /v1/responses.'}
		: undefined;

/** SHA-256 of the local token, for {@link GuardOptions}. */
export const hashToken = (token: string): Buffer => hash('sha256', token, 'buffer');

/** Where the local token was found, or undefined where it is missing or wrong. The first right one ends the search (SEC-04). */
export const findToken = (
	rawHeaders: readonly string[],
	tokenHash: Buffer,
): 'x-codex-tui-token' | 'authorization' | 'x-api-key' | undefined => {
	const isRight = (value: string): boolean => timingSafeEqual(hashToken(value), tokenHash);
	if (headerValues(rawHeaders, 'x-codex-tui-token').some(isRight)) {
		return 'x-codex-tui-token';
	}

	if (headerValues(rawHeaders, 'authorization').some(value => isRight(value.replace(/^Bearer /i, '')))) {
		return 'authorization';
	}

	return headerValues(rawHeaders, 'x-api-key').some(isRight) ? 'x-api-key' : undefined;
};
