/*
 * What an upstream's error is about. The names are codex-helper's where it has one (codex-helper.md 1.7 and 2.4): they stand in users'
 * `on_class` and `never_on_class` lists, so that they are stable.
 */

/** The class of an error; the README's table of classes says what each does. */
export type ErrorClass =
	| 'upstream_transport_error'
	| 'cloudflare_timeout'
	| 'cloudflare_challenge'
	| 'routing_mismatch_capability'
	| 'upstream_overloaded'
	| 'upstream_rate_limited'
	| 'quota_exhausted'
	| 'auth'
	| 'region_blocked'
	| 'stale_previous_response_id'
	| 'foreign_encrypted_content'
	| 'context_length_exceeded'
	| 'content_policy'
	| 'client_error_non_retryable';

/** Whom an error is about: this request anywhere, this model there, this account, the whole endpoint. */
export type FaultScope = 'request' | 'model' | 'account' | 'endpoint';

/** How sure a classification is: a code or the status says it, a sentence says it, a bare status hints at it. */
export type Confidence = 'low' | 'medium' | 'high';

/** What was recognised in a failure. */
export interface Fault {
	/** Undefined: nothing that has a name; the status alone decides. */
	readonly errorClass: ErrorClass | undefined;
	readonly scope: FaultScope;
	readonly confidence: Confidence;
}

/**
 * codex-helper knows fewer classes: a list that names one of these covers the finer one as well. Not so for hidden state that one upstream
 * cannot read: another one may be able to (routing.md 4), so that only its own name forbids that.
 */
const coveredBy: Partial<Readonly<Record<ErrorClass, string>>> = {
	quota_exhausted: 'upstream_rate_limited',
	context_length_exceeded: 'client_error_non_retryable',
	content_policy: 'client_error_non_retryable',
};

/** The names under which a config's `on_class` and `never_on_class` may mean a class. */
export const classNames = (errorClass: ErrorClass | undefined): readonly string[] => {
	if (errorClass === undefined) {
		return [];
	}

	const wider = coveredBy[errorClass];
	return wider === undefined ? [errorClass] : [errorClass, wider];
};
