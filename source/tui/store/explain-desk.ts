import type {EngineLink} from '../../event/protocol.ts';
import {hasWhatIf, questionOf, whatIfOf} from './explain-form.ts';
import {ExplainReader} from './explain-reader.ts';
import type {ExplainState, ScreenState} from './screen-state.ts';

/** Asks the two questions of the page Explain, the upper pane's and the form's, and gives what changes. */
export class ExplainDesk {
	readonly #upper: ExplainReader;
	readonly #form: ExplainReader;

	constructor(link: EngineLink, change: (change: Partial<ExplainState>) => void) {
		this.#upper = new ExplainReader(link, news =>
			change('view' in news ? {answer: news.view, notice: undefined} : {answer: undefined, notice: news.notice}),
		);
		this.#form = new ExplainReader(link, news =>
			change(
				'view' in news
					? {imagined: news.view, formProblem: undefined}
					: {imagined: undefined, formProblem: news.notice},
			),
		);
	}

	/** Asks what the state shows; the state after it. */
	show(state: ScreenState): ScreenState {
		this.#upper.show(questionOf(state), state.nowMs);
		const question = hasWhatIf(state) ? whatIfOf(state) : undefined;
		if (question === undefined || typeof question === 'string') {
			return {...state, explain: {...state.explain, imagined: undefined, formProblem: question}};
		}

		this.#form.show(question, state.nowMs);
		return state;
	}
}
