import {messageOf} from '../../base/errors.ts';
import type {ExplainQuestion, ExplainView} from '../../event/explain.ts';
import type {EngineLink} from '../../event/protocol.ts';

/** An answer, or why there is none. */
export type ExplainNews = {readonly view: ExplainView} | {readonly notice: string};

const refreshMs = 1000;

/** Asks the engine for one explanation again and again while it is shown: health and time change it. Never two questions at once. */
export class ExplainReader {
	readonly #link: EngineLink;
	readonly #tell: (news: ExplainNews) => void;
	#key = '';
	#askedAtMs = 0;
	#isAsking = false;

	constructor(link: EngineLink, tell: (news: ExplainNews) => void) {
		this.#link = link;
		this.#tell = tell;
	}

	/** Asks, where the question is another one or its answer is a second old. */
	show(question: ExplainQuestion, nowMs: number): void {
		const key = JSON.stringify(question);
		if (this.#isAsking || (key === this.#key && nowMs - this.#askedAtMs < refreshMs)) {
			return;
		}

		this.#key = key;
		this.#askedAtMs = nowMs;
		this.#isAsking = true;
		void this.#read(question);
	}

	async #read(question: ExplainQuestion): Promise<void> {
		try {
			this.#tell({view: await this.#link.ask({type: 'explain', question})});
		} catch (error) {
			this.#tell({notice: messageOf(error)});
		} finally {
			this.#isAsking = false;
		}
	}
}
