import type {Redact} from '../base/redact.ts';
import type {Transcript, TranscriptItem} from '../event/view.ts';
import type {Dialect} from '../wire/names.ts';
import type {Capture, CapturedExchange} from './capture.ts';
import {chatReader} from './transcript/chat.ts';
import {cleanItem} from './transcript/clean-item.ts';
import {item} from './transcript/dialect-reader.ts';
import type {DialectReader} from './transcript/dialect-reader.ts';
import {parseObject} from './transcript/json-value.ts';
import {messagesReader} from './transcript/messages.ts';
import {responsesReader} from './transcript/responses.ts';
import {streamEvents} from './transcript/stream-events.ts';

/*
 * Captured bytes → a conversation that a person can read. This is the only place of the product that parses bodies for a
 * screen, and it does so only when somebody looks. Everything that leaves it is sanitized and redacted.
 */

const readers: Readonly<Partial<Record<Dialect, DialectReader>>> = {
	responses: responsesReader,
	messages: messagesReader,
	chat: chatReader,
};

/** `request`: what the client added since the model's last word, and the answer. `session`: all that the request carried. */
export type TranscriptScope = 'request' | 'session';

const isFromModel = ({kind}: TranscriptItem): boolean =>
	kind === 'assistant' || kind === 'reasoning' || kind === 'tool-call';

const readerOf = (dialect: Dialect): DialectReader | undefined => readers[dialect];

/** The items of a request body, or a note that says why there are none. */
const readInput = (body: Buffer | undefined, dialect: Dialect): readonly TranscriptItem[] => {
	const reader = readerOf(dialect);
	if (reader === undefined) {
		return [item('note', `(a ${dialect} body cannot be shown)`, dialect)];
	}

	if (body === undefined) {
		return [item('note', '(the request is larger than what is kept for transcripts)', 'missing')];
	}

	const parsed = parseObject(body.toString());
	return parsed === undefined
		? [item('note', `(the request's ${body.length} bytes are no JSON object)`, 'unreadable')]
		: reader.inputItems(parsed);
};

/**
 * The items of an answer. Of several attempts only the last one counts: the client dropped what the others had begun
 * (codex-wire.md, Splicing).
 */
const readReply = (
	replies: readonly Buffer[],
	{dialect, isLive}: {readonly dialect: Dialect; readonly isLive: boolean},
): readonly TranscriptItem[] => {
	const reader = readerOf(dialect);
	const reply = replies.at(-1);
	if (reader === undefined || reply === undefined || reply.length === 0) {
		return [];
	}

	const isObject = /^\s*\{/.test(reply.subarray(0, 64).toString());
	if (!isObject) {
		return reader.replyItems(streamEvents(reply), isLive);
	}

	const parsed = parseObject(reply.toString());
	return parsed === undefined ? [] : reader.unaryItems(parsed);
};

/** Cuts what the model had already answered to. */
const sinceLastAnswer = (items: readonly TranscriptItem[]): readonly TranscriptItem[] =>
	items.slice(items.findLastIndex(isFromModel) + 1);

/** Makes transcripts of what the capture holds. */
export class Transcripts {
	readonly #capture: Capture;
	readonly #redact: Redact;
	/** The newest body that was read: a live answer is looked at many times, its request never changes. */
	#last: {readonly requestId: string; readonly bytes: number; readonly items: readonly TranscriptItem[]} | undefined;

	constructor(capture: Capture, redact: Redact) {
		this.#capture = capture;
		this.#redact = redact;
	}

	/**
	 * The transcript of a request, or of a session when `requestId` is the session's last request and the scope says so.
	 * `missing` is a sentence for the screen.
	 */
	read(query: {
		readonly requestId: string;
		readonly sessionId?: string | undefined;
		readonly scope: TranscriptScope;
		readonly knownVersion?: number | undefined;
	}): Transcript | {readonly unchanged: true} | {readonly missing: string} {
		const {requestId, sessionId, scope, knownVersion} = query;
		if (knownVersion !== undefined && this.#capture.versionOf(requestId) === knownVersion) {
			return {unchanged: true};
		}

		const exchange = this.#capture.read(requestId);
		if (exchange === undefined) {
			return {missing: 'The text of this request is no longer held: only the newest 64 MiB are.'};
		}

		const {isLive, isTruncated, version} = exchange;
		const input = this.#inputOf(exchange);
		const answer = readReply(exchange.replies, exchange).map(shown => cleanItem(shown, this.#redact));
		const items = [...(scope === 'session' ? input : sinceLastAnswer(input)), ...answer];
		return {requestId, sessionId, items, version, isLive, isTruncated};
	}

	#inputOf({requestId, body, dialect}: CapturedExchange): readonly TranscriptItem[] {
		const bytes = body?.length ?? 0;
		if (this.#last?.requestId === requestId && this.#last.bytes === bytes) {
			return this.#last.items;
		}

		const items = readInput(body, dialect).map(shown => cleanItem(shown, this.#redact));
		this.#last = {requestId, bytes, items};
		return items;
	}
}
