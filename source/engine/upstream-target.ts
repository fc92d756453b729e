import {RelayError} from '../base/errors.ts';
import type {Endpoint} from '../config/config.ts';

/** Where a call goes at an endpoint. */
export interface UpstreamTarget {
	/** Scheme, host and port as configured. */
	readonly origin: string;
	/** Path and query. */
	readonly path: string;
}

/** Each endpoint's last answer: a client asks for the same path again and again, and reading two URLs is slow. */
const lastTargets = new WeakMap<
	Endpoint,
	{readonly relative: string; readonly query: string; readonly target: UpstreamTarget}
>();

const versionAtEnd = /\/v\d+[a-z0-9]*$/i;

/**
 * Configured base URL + mapped path + the client's query, by concatenation; never by resolving what the client sent (SEC-08).
 * Codex puts its paths right behind the base URL; Anthropic's clients put `/v1` between, so it is added where the base URL has no version.
 * Throws RelayError `foreign-origin` if the result left the configured origin.
 */
export const upstreamTarget = (
	endpoint: Endpoint,
	{relative, query}: {readonly relative: string; readonly query: string},
): UpstreamTarget => {
	const known = lastTargets.get(endpoint);
	if (known?.relative === relative && known.query === query) {
		return known.target;
	}

	const base = endpoint.baseUrl.replace(/\/+$/, '');
	const version = endpoint.dialect === 'messages' && !versionAtEnd.test(base) ? '/v1' : '';
	const url = new URL(`${base}${version}${relative}${query}`);
	const configured = new URL(endpoint.baseUrl);
	if (url.origin !== configured.origin || url.username !== '') {
		throw new RelayError('foreign-origin', `${endpoint.key}: the request would leave ${configured.origin}.`);
	}

	const target = {origin: configured.origin, path: `${url.pathname}${url.search}`};
	lastTargets.set(endpoint, {relative, query, target});
	return target;
};
