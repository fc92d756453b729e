import type {Redact} from '../base/redact.ts';
import type {EngineQuery, QueryAnswers} from '../event/protocol.ts';
import type {SessionView} from '../event/view.ts';
import {BodyPages} from '../observe/body-pages.ts';
import type {Capture} from '../observe/capture.ts';
import {Transcripts} from '../observe/transcript.ts';

/** A question about what requests carried. */
export type TextQuery = Extract<EngineQuery, {readonly type: 'transcript' | 'body'}>;

/** What requests carried, for whoever looks: as conversations, and as bodies page by page. */
export class Texts {
	readonly #transcripts: Transcripts;
	readonly #bodies: BodyPages;
	readonly #sessions: () => readonly SessionView[];

	constructor(capture: Capture, redact: Redact, sessions: () => readonly SessionView[]) {
		this.#transcripts = new Transcripts(capture, redact);
		this.#bodies = new BodyPages(capture, redact);
		this.#sessions = sessions;
	}

	/** Answers out of the capture. */
	ask(query: TextQuery): QueryAnswers[TextQuery['type']] {
		if (query.type === 'body') {
			return this.#bodies.read(query);
		}

		const {of, knownVersion} = query;
		if ('requestId' in of) {
			return this.#transcripts.read({...of, scope: 'request', knownVersion});
		}

		const session = this.#sessions().find(({sessionId}) => sessionId === of.sessionId);
		return session
			? this.#transcripts.read({requestId: session.lastRequestId, ...of, scope: 'session', knownVersion})
			: {missing: `No request of session ${of.sessionId} was seen since the engine started.`};
	}
}
