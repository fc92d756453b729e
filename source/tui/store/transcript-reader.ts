import {messageOf} from '../../base/errors.ts';
import type {EngineQuery, QueryAnswers} from '../../event/protocol.ts';
import type {Transcript, TranscriptItem} from '../../event/view.ts';
import type {Words} from '../language/words.ts';
import type {ScreenState} from './screen-state.ts';
import type {TranscriptState} from './transcript-state.ts';

/** What the conversation pane is about. */
export type TranscriptTarget = {readonly requestId: string} | {readonly sessionId: string};

/** Who answers: an engine's link, or what stands before one. */
export interface TranscriptLink {
	readonly ask: (query: Extract<EngineQuery, {readonly type: 'transcript'}>) => Promise<QueryAnswers['transcript']>;
}

/** What a reader tells: a new version, or why there is none. */
export type TranscriptNews = {readonly transcript: Transcript} | {readonly notice: string};

const refreshMs = 400;
const keyOf = (target: TranscriptTarget): string =>
	'requestId' in target ? `request ${target.requestId}` : `session ${target.sessionId}`;

/** Asks the engine for the conversation that is shown, and again while it may change; never two questions at once. */
export class TranscriptReader {
	readonly #link: TranscriptLink;
	readonly #tell: (news: TranscriptNews) => void;
	readonly #prepare: () => Promise<void>;
	#key = '';
	#version: number | undefined;
	#isSettled = false;
	#isAsking = false;
	#askedAtMs = 0;

	/** `prepare` loads what the first conversation is read with. */
	constructor(
		link: TranscriptLink,
		tell: (news: TranscriptNews) => void,
		prepare: () => Promise<void> = () => Promise.resolve(),
	) {
		this.#link = link;
		this.#tell = tell;
		this.#prepare = prepare;
	}

	/**
	 * Shows this conversation; `isRunning` says that it is worth asking again. True where the target is another one than before. An answer that is on its way
	 * is waited for: a selection that follows the traffic would otherwise never show any.
	 */
	show(target: TranscriptTarget, isRunning: boolean, nowMs: number): boolean {
		if (this.#isAsking) {
			return false;
		}

		const key = keyOf(target);
		const isNew = key !== this.#key;
		const isFirst = this.#key === '';
		if (isNew) {
			this.#key = key;
			this.#version = undefined;
			this.#isSettled = false;
		}

		if (isRunning) {
			this.#isSettled = false;
		}

		if (!this.#isSettled && (isNew || nowMs - this.#askedAtMs >= refreshMs)) {
			this.#ask(target, isRunning, nowMs);
		}

		// What was pressed before the first one was asked for holds for it.
		return isNew && !isFirst;
	}

	#ask(target: TranscriptTarget, isRunning: boolean, nowMs: number): void {
		this.#isAsking = true;
		this.#askedAtMs = nowMs;
		void this.#read(target, isRunning);
	}

	async #read(target: TranscriptTarget, isRunning: boolean): Promise<void> {
		try {
			const question = {type: 'transcript', of: target, knownVersion: this.#version} as const;
			const [answer] = await Promise.all([this.#link.ask(question), this.#prepare()]);
			this.#take(answer, isRunning);
		} catch (error) {
			this.#tell({notice: messageOf(error)});
		} finally {
			this.#isAsking = false;
		}
	}

	#take(answer: QueryAnswers['transcript'], isRunning: boolean): void {
		// The last words may come between the answer and the end: a conversation is settled by an answer after its end.
		this.#isSettled = !isRunning && !('items' in answer && answer.isLive);
		if ('missing' in answer) {
			this.#tell({notice: answer.missing});
		} else if ('items' in answer) {
			this.#version = answer.version;
			this.#tell({transcript: answer});
		}
	}
}

/** What stands for a thought or a history that nobody can read (source/observe/transcript), not what was thought. */
const placeholder = /^\([^()]{1,60}\)$/;

const isOurs = ({kind, text}: TranscriptItem): boolean =>
	kind === 'note' || ((kind === 'reasoning' || kind === 'compaction') && placeholder.test(text));

const saidItem = (item: TranscriptItem, say: (text: string) => string): TranscriptItem => {
	const {kind, title, text} = item;
	const said = isOurs(item) ? {...item, text: say(text)} : item;
	return kind === 'compaction' && title !== undefined ? {...said, title: say(title)} : said;
};

/** The conversation pane after news. */
export const withTranscript = (
	before: TranscriptState,
	news: TranscriptNews,
	{notices, engine}: Words,
): TranscriptState => {
	if ('notice' in news) {
		before.layout.update(undefined);
		return {...before, notice: engine.note(news.notice), isStale: false};
	}

	const {isLive, isTruncated, items} = news.transcript;
	const said = items.map(item => saidItem(item, engine.note));
	before.layout.update({...news.transcript, items: said});
	const notice = items.length === 0 ? notices.nothingSaid : undefined;
	return {...before, isLive, isTruncated, notice, isStale: false};
};

/** The old conversation stays until the new one is there: a page that blinks cannot be read. */
export const withStaleTranscript = (state: ScreenState): ScreenState => {
	state.transcript.layout.startAnew();
	return {
		...state,
		transcript: {
			...state.transcript,
			notice: undefined,
			isFollowing: true,
			selected: undefined,
			hit: undefined,
			isTruncated: false,
			isStale: true,
		},
	};
};
