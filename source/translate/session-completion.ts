/*
 * Session completion (codex-helper.md 2.2(6)): relays look for a session's id under different names, so the header names that a Codex
 * request leaves out are filled in from those that it has. Nothing is invented, nothing that is there is changed, and the body stays as
 * it is: its `prompt_cache_key` is the client's business.
 */

/** What a request says of its session. */
export interface SessionEvidence {
	/** The id by the order of identify; undefined: nothing is filled in. */
	readonly sessionId: string | undefined;
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** The body's; undefined where it has none. */
	readonly promptCacheKey: string | undefined;
}

const safeValue = /^[A-Za-z0-9_.:-]{1,256}$/;
const isSafe = (value: string | undefined): value is string => value !== undefined && safeValue.test(value);

/** The missing ones of `session_id`, `x-session-id`, `session-id` and `thread-id`, which prefers the body's `prompt_cache_key`. */
export const completeSession = (evidence: SessionEvidence): Readonly<Record<string, string>> => {
	const {sessionId, headers, promptCacheKey} = evidence;
	if (!isSafe(sessionId)) {
		return {};
	}

	const wanted = {
		session_id: sessionId,
		'x-session-id': sessionId,
		'session-id': sessionId,
		'thread-id': isSafe(promptCacheKey) ? promptCacheKey : sessionId,
	};
	return Object.fromEntries(Object.entries(wanted).filter(([name]) => headers[name] === undefined));
};
