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
		const raw = rawHeaders[index] ?? '';
		// Names of another length are the rule, and need no copy in lower case.
		if (raw.length === name.length && raw.toLowerCase() === name) {
			values.push(rawHeaders[index + 1] ?? '');
		}
	}

	return values;
};

/** Whether a body says that it is JSON; a page's form cannot. */
export const isJson = (rawHeaders: readonly string[]): boolean =>
	/^application\/json\s*(?:;|$)/i.test(headerValues(rawHeaders, 'content-type')[0] ?? '');

/**
 * Host, Origin and target; the token is checked apart, since some paths need none. `hosts` are the values that the Host header
 * may have: host names with our port.
 */
export const guardRequest = (request: GuardedRequest, hosts: ReadonlySet<string>): Refusal | undefined =>
	guardHost(request, hosts) ?? guardOrigin(request) ?? guardTarget(request);

const guardHost = ({rawHeaders}: GuardedRequest, hosts: ReadonlySet<string>): Refusal | undefined => {
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

/** SHA-256 of the local token. By way of a string: asked for a buffer, Node takes four times as long. */
export const hashToken = (token: string): Buffer => Buffer.from(hash('sha256', token, 'hex'), 'hex');

/** Whether a value is the local token, plain or as `Bearer …`. */
export const isToken = (value: string, tokenHash: Buffer): boolean =>
	timingSafeEqual(hashToken(value.replace(/^Bearer /i, '')), tokenHash);

/** Whether a request carries the local token. The first header that does ends the search (SEC-04). */
export const carriesToken = (rawHeaders: readonly string[], tokenHash: Buffer): boolean =>
	['x-codex-tui-token', 'authorization', 'x-api-key'].some(name =>
		headerValues(rawHeaders, name).some(value => isToken(value, tokenHash)),
	);
