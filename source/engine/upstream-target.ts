import {RelayError} from '../base/errors.ts';
import type {Endpoint} from '../config/config.ts';
import type {Call} from '../identify/call.ts';

/** Where a call goes at an endpoint. */
export interface UpstreamTarget {
	/** Scheme, host and port as configured. */
	readonly origin: string;
	/** Path and query. */
	readonly path: string;
}

const versionAtEnd = /\/v\d+[a-z0-9]*$/i;

/**
 * Configured base URL + mapped path + the client's query, by concatenation; never by resolving what the client sent (SEC-08).
 * Codex puts its paths right behind the base URL; Anthropic's clients put `/v1` between, so it is added where the base URL has no version.
 * Throws RelayError `foreign-origin` if the result left the configured origin.
 */
export const upstreamTarget = (endpoint: Endpoint, call: Call): UpstreamTarget => {
	const base = endpoint.baseUrl.replace(/\/+$/, '');
	const version = endpoint.dialect === 'messages' && !versionAtEnd.test(base) ? '/v1' : '';
	const url = new URL(`${base}${version}${call.target.relative}${call.query}`);
	const configured = new URL(endpoint.baseUrl);
	if (url.origin !== configured.origin || url.username !== '') {
		throw new RelayError('foreign-origin', `${endpoint.key}: the request would leave ${configured.origin}.`);
	}

	return {origin: configured.origin, path: `${url.pathname}${url.search}`};
};
