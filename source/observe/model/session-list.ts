import {LastUsed} from '../../base/last-used.ts';
import type {CallIdentified, EngineEvent} from '../../event/catalogue.ts';
import type {RequestView, SessionView, Usage} from '../../event/view.ts';

/** Sessions that the model keeps; the one that was quiet for longest goes first. */
export const maxSessions = 500;

/** A session without its number of threads, which is counted from the requests. */
type Session = Omit<SessionView, 'threads'>;

/** A title, a review or a sub-agent shares the session, but does not speak for it: its model and text would hide the turn's. */
const sessionAfterCall = (old: Session | undefined, sessionId: string, event: CallIdentified): Session => {
	const speaksForSession = old === undefined || event.kind === 'turn';
	return {
		sessionId,
		client: event.client,
		model: speaksForSession ? (event.model ?? old?.model) : old.model,
		effort: speaksForSession ? (event.effort ?? old?.effort) : old.effort,
		cwd: event.cwd ?? old?.cwd,
		endpointKey: old?.endpointKey,
		firstSeenAtMs: old?.firstSeenAtMs ?? event.atMs,
		lastSeenAtMs: event.atMs,
		requests: (old?.requests ?? 0) + 1,
		liveRequests: (old?.liveRequests ?? 0) + 1,
		inputTokens: old?.inputTokens ?? 0,
		outputTokens: old?.outputTokens ?? 0,
		lastRequestId: speaksForSession ? event.requestId : old.lastRequestId,
	};
};

const sessionAfterEnd = (session: Session, usage: Usage | undefined, atMs: number): Session => ({
	...session,
	lastSeenAtMs: atMs,
	liveRequests: Math.max(0, session.liveRequests - 1),
	inputTokens: session.inputTokens + (usage?.inputTokens ?? 0),
	outputTokens: session.outputTokens + (usage?.outputTokens ?? 0),
});

const threadsBySession = (requests: Iterable<RequestView>): ReadonlyMap<string, ReadonlySet<string>> => {
	const threads = new Map<string, Set<string>>();
	for (const {sessionId, threadId} of requests) {
		if (sessionId !== undefined && threadId !== undefined) {
			threads.set(sessionId, (threads.get(sessionId) ?? new Set()).add(threadId));
		}
	}

	return threads;
};

/** The sessions, the one that was active last first. */
export class SessionList {
	readonly #sessions = new LastUsed<Session>();

	constructor(sessions: readonly SessionView[] = []) {
		for (const {threads: _threads, ...session} of sessions.toReversed()) {
			this.#sessions.touch(session.sessionId, session);
		}
	}

	/** `request` is the row of the event's request after this event. */
	apply(event: EngineEvent, request: RequestView | undefined): void {
		if (event.type === 'engine-restarting') {
			for (const [sessionId, session] of this.#sessions) {
				this.#sessions.set(sessionId, {...session, liveRequests: 0});
			}

			return;
		}

		const sessionId = request?.sessionId;
		const session = sessionId === undefined ? undefined : this.#sessions.get(sessionId);
		if (sessionId === undefined) {
			return;
		}

		if (event.type === 'call-identified') {
			this.#touch(sessionAfterCall(session, sessionId, event));
		} else if (session !== undefined && event.type === 'attempt-start') {
			this.#sessions.set(sessionId, {...session, endpointKey: event.endpointKey});
		} else if (session !== undefined && event.type === 'reply-end') {
			this.#touch(sessionAfterEnd(session, request?.usage, event.atMs));
		}
	}

	toArray(requests: Iterable<RequestView>): SessionView[] {
		const threads = threadsBySession(requests);
		return [...this.#sessions.values()]
			.toReversed()
			.map(session => ({...session, threads: Math.max(1, threads.get(session.sessionId)?.size ?? 1)}));
	}

	#touch(session: Session): void {
		this.#sessions.touch(session.sessionId, session);
		const [quietest] = this.#sessions.keys();
		if (this.#sessions.size > maxSessions && quietest !== undefined) {
			this.#sessions.delete(quietest);
		}
	}
}
