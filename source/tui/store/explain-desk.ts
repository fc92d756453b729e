import type {ExplainQuestion, ExplainView} from '../../event/explain.ts';
import type {EngineLink} from '../../event/protocol.ts';
import {hasWhatIf, questionOf, whatIfOf} from './explain-form.ts';
import {QuestionReader} from './question-reader.ts';
import type {ExplainState, ScreenState} from './screen-state.ts';

/** Asks the two questions of the page Explain, the upper pane's and the form's, and gives what changes. */
export class ExplainDesk {
	readonly #upper: QuestionReader<ExplainQuestion, ExplainView>;
	readonly #form: QuestionReader<ExplainQuestion, ExplainView>;

	constructor(link: EngineLink, change: (change: Partial<ExplainState>) => void) {
		const ask = (question: ExplainQuestion): Promise<ExplainView> => link.ask({type: 'explain', question});
		this.#upper = new QuestionReader(ask, news =>
			change('view' in news ? {answer: news.view, notice: undefined} : {answer: undefined, notice: news.notice}),
		);
		this.#form = new QuestionReader(ask, news =>
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
