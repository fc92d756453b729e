import type {EngineLink} from '../../event/protocol.ts';
import {BrainReader} from './brain-reader.ts';
import {ExplainDesk} from './explain-desk.ts';
import {QuestionReader} from './question-reader.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from './screen-state.ts';
import {usageQuestionOf, withUsage, type LookUsage} from './usage-page.ts';

/** What pages that ask for their data ask with. */
export interface PageReadersOptions {
	readonly link: EngineLink;
	/** Undefined: the ledger is not on this machine. */
	readonly lookUsage: LookUsage | undefined;
	readonly state: () => ScreenState;
	/** An answer came. */
	readonly change: (change: (state: ScreenState) => ScreenState) => void;
}

/** Asks what the shown page needs and the model does not have, while it is shown. */
export class PageReaders {
	readonly #desk: ExplainDesk;
	readonly #brain: BrainReader;
	readonly #usage: QuestionReader<Parameters<LookUsage>[0], Awaited<ReturnType<LookUsage>>>;

	constructor({link, lookUsage, state: shown, change}: PageReadersOptions) {
		this.#desk = new ExplainDesk(link, news => change(state => ({...state, explain: {...state.explain, ...news}})));
		this.#brain = new BrainReader(link, brain => change(state => ({...state, brain})));
		const refuse = (): Promise<never> => Promise.reject(new Error(wordsOf(shown()).notices.noLedger));
		this.#usage = new QuestionReader(lookUsage ?? refuse, news =>
			change(state =>
				withUsage(state, 'view' in news ? {view: news.view, notice: undefined} : {view: undefined, ...news}),
			),
		);
	}

	/** The next {@link show} asks for the routing at once: the user has changed something. */
	expire(): void {
		this.#brain.expire();
	}

	/** Asks what the state shows; the state after it. */
	show(state: ScreenState): ScreenState {
		const {page, nowMs} = state;
		if (page === 'routes' || page === 'dash' || page === 'usage' || page === 'sessions') {
			this.#brain.show(nowMs);
		}

		if (page === 'usage') {
			this.#usage.show(usageQuestionOf(state), nowMs);
		}

		return page === 'explain' ? this.#desk.show(state) : state;
	}
}
