import {messageOf} from '../../base/errors.ts';
import type {ClientSessionsLink, ClientSessionsView} from '../../event/client-session.ts';
import type {ExplainQuestion, ExplainView} from '../../event/explain.ts';
import type {BrainAction, EngineLink} from '../../event/protocol.ts';
import {periodOf} from '../../observe/usage/calendar.ts';
import type {UsageView} from '../../observe/usage/usage-view.ts';
import {QuestionReader} from './question-reader.ts';
import type {ScreenState} from './screen-state.ts';
import {listOf} from './selectors.ts';
import type {SessionPageState} from './session-page.ts';
import type {UndoControls} from './undo-desk.ts';
import type {LookUsage} from './usage-page.ts';

/** A change of one session that can be taken back. */
export interface SessionChange {
	/** Done one after the other. */
	readonly actions: readonly BrainAction[];
	/** What makes them undone, in their order. */
	readonly undo: readonly BrainAction[];
	/** What is said when all are done. */
	readonly done: string;
}

/** What keys may do to sessions. */
export interface SessionControls {
	readonly change: (change: SessionChange) => void;
}

/** What a {@link SessionDesk} works with. */
export interface SessionDeskOptions {
	readonly link: EngineLink;
	/** Undefined: the clients' files are not on this machine, or not to be looked at. */
	readonly sessions: ClientSessionsLink | undefined;
	/** Undefined: the ledger is not on this machine. */
	readonly lookUsage: LookUsage | undefined;
	readonly update: (change: (state: ScreenState) => ScreenState) => void;
	readonly state: () => ScreenState;
	readonly say: (text: string, tone: 'ok' | 'warn' | 'error') => void;
	readonly undo: Pick<UndoControls, 'remember'>;
	/** The routing has changed: it is to be asked for again at once. */
	readonly expire: () => void;
}

/** Reads what the page Sessions shows while it is shown, and changes sessions so that each change can be taken back. */
export class SessionDesk implements SessionControls {
	readonly #options: SessionDeskOptions;
	readonly #files: QuestionReader<string, ClientSessionsView> | undefined;
	readonly #usage: QuestionReader<Parameters<LookUsage>[0], UsageView> | undefined;
	readonly #next: QuestionReader<ExplainQuestion, {readonly sessionId: string; readonly answer: ExplainView}>;

	constructor(options: SessionDeskOptions) {
		this.#options = options;
		const {sessions, lookUsage, link} = options;
		this.#files =
			sessions &&
			new QuestionReader(
				() => sessions.look(),
				news => this.#tell('view' in news ? {files: news.view, notice: undefined} : news),
			);
		this.#usage =
			lookUsage && new QuestionReader(lookUsage, news => this.#tell({usage: 'view' in news ? news.view : undefined}));
		this.#next = new QuestionReader(
			async question => ({
				sessionId: question.sessionId ?? '',
				answer: await link.ask({type: 'explain', question}),
			}),
			news => this.#tell({next: 'view' in news ? news.view : undefined}),
		);
	}

	/** Asks what the page shows, where it is shown. */
	show(state: ScreenState): void {
		if (state.page !== 'sessions') {
			return;
		}

		const {nowMs} = state;
		this.#files?.show('', nowMs);
		this.#usage?.show({period: periodOf('all', nowMs), grouping: 'session'}, nowMs);
		const {selected} = listOf(state, 'sessions');
		if (selected !== undefined) {
			const {service, sessionId, model} = selected;
			this.#next.show({service, sessionId, model}, nowMs);
		}
	}

	readonly change = (change: SessionChange): void => void this.#change(change);

	async #change({actions, undo, done}: SessionChange): Promise<void> {
		const {say, undo: desk} = this.#options;
		try {
			await this.#perform(actions);
			say(done, 'ok');
			desk.remember({label: done, take: () => this.#perform(undo)});
		} catch (error) {
			say(messageOf(error), 'error');
		}
	}

	async #perform(actions: readonly BrainAction[]): Promise<undefined> {
		const {link, expire} = this.#options;
		try {
			for (const action of actions) {
				await link.act(action);
			}
		} finally {
			expire();
		}
	}

	#tell(news: Partial<SessionPageState>): void {
		this.#options.update(state => ({...state, sessionPage: {...state.sessionPage, ...news}}));
	}
}
