import type {ClientSessionsLink} from '../../event/client-session.ts';
import type {EngineLink} from '../../event/protocol.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from './screen-state.ts';
import {focusOf, listOf, selectedRequest} from './selectors.ts';
import type {TranscriptLink, TranscriptTarget} from './transcript-reader.ts';

/** How long after its last line a client's file is looked at for more. */
const restlessMs = 60_000;

/** What stands before the thread's id where its client's file is asked and not the engine; no session is called so. */
const mark = 'file\n';

/** What the conversation pane of the page Sessions is about, and whether it may still grow; undefined: it is not shown, or nothing is selected. */
export const threadTarget = (
	state: ScreenState,
): {readonly target: {readonly sessionId: string}; readonly isRunning: boolean} | undefined => {
	const row =
		state.page === 'sessions' && focusOf(state) === 'transcript' ? listOf(state, 'sessions').selected : undefined;
	return (
		row && {
			target: {sessionId: row.file === undefined ? row.sessionId : mark + row.key},
			isRunning: row.liveRequests > 0 || state.nowMs - row.lastSeenAtMs < restlessMs,
		}
	);
};

/** What the conversation pane of the page Requests is about, and whether it still grows; undefined: it is not shown, or nothing is selected. */
export const requestTarget = (
	state: ScreenState,
): {readonly target: TranscriptTarget; readonly isRunning: boolean} | undefined => {
	const request = state.page === 'requests' ? selectedRequest(state) : undefined;
	if (request === undefined) {
		return undefined;
	}

	const {sessionId, requestId} = request;
	return state.transcript.scope === 'session' && sessionId !== undefined
		? {
				target: {sessionId},
				isRunning: state.requests.some(row => row.sessionId === sessionId && row.state === 'running'),
			}
		: {target: {requestId}, isRunning: request.state === 'running'};
};

interface TranscriptSources {
	readonly link: EngineLink;
	readonly sessions: ClientSessionsLink | undefined;
	readonly state: () => ScreenState;
}

/** Conversations of the engine, and those of {@link threadTarget} out of the client's file. */
export const withClientTranscripts = ({link, sessions, state}: TranscriptSources): TranscriptLink => ({
	ask: async query => {
		const {of, knownVersion} = query;
		if (!('sessionId' in of) || !of.sessionId.startsWith(mark)) {
			return await link.ask(query);
		}

		const threadId = of.sessionId.slice(mark.length);
		const found = await sessions?.transcript(threadId, knownVersion);
		return found === undefined
			? {missing: wordsOf(state()).sessionPage.nothingToTranscribe}
			: 'unchanged' in found
				? found
				: {requestId: '', sessionId: threadId, isLive: false, ...found};
	},
});
