import {messageOf} from '../../base/errors.ts';

/** An answer, or why there is none. */
export type News<View> = {readonly view: View} | {readonly notice: string};

const refreshMs = 1000;

/** Asks one question again and again while it is shown: time changes the answer. Never two questions at once. */
export class QuestionReader<Question, View> {
	readonly #ask: (question: Question) => Promise<View>;
	readonly #tell: (news: News<View>) => void;
	#key = '';
	#askedAtMs = 0;
	#isAsking = false;

	constructor(ask: (question: Question) => Promise<View>, tell: (news: News<View>) => void) {
		this.#ask = ask;
		this.#tell = tell;
	}

	/** Asks, where the question is another one or its answer is a second old. */
	show(question: Question, nowMs: number): void {
		const key = JSON.stringify(question);
		if (this.#isAsking || (key === this.#key && nowMs - this.#askedAtMs < refreshMs)) {
			return;
		}

		this.#key = key;
		this.#askedAtMs = nowMs;
		this.#isAsking = true;
		void this.#read(question);
	}

	async #read(question: Question): Promise<void> {
		try {
			this.#tell({view: await this.#ask(question)});
		} catch (error) {
			this.#tell({notice: messageOf(error)});
		} finally {
			this.#isAsking = false;
		}
	}
}
