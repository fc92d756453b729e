import {createRedactor} from '../../source/base/redact.ts';
import type {Transcript, TranscriptItem} from '../../source/event/view.ts';
import {Capture} from '../../source/observe/capture.ts';
import {Transcripts} from '../../source/observe/transcript.ts';
import type {TranscriptScope} from '../../source/observe/transcript.ts';
import type {Dialect} from '../../source/wire/names.ts';

/** A secret that the redactor of {@link readExchange} knows; put together so that no scanner takes this file for a leak. */
export const secret = ['hidden', 'Qw9', 'Er8', 'Ty7', 'Ui6'].join('-');

/** One captured exchange; each reply is one attempt, given as bytes or as events. */
export interface Exchange {
	readonly dialect?: Dialect;
	readonly body: unknown;
	readonly replies?: ReadonlyArray<string | readonly unknown[]>;
	readonly isLive?: boolean;
}

/** Events as an event stream. */
export const sse = (events: readonly unknown[]): string =>
	events.map(event => `data: ${JSON.stringify(event)}\n\n`).join('');

/** The transcript of an exchange that went through a real capture. */
export const readExchange = (
	{dialect = 'responses', body, replies = [], isLive = false}: Exchange,
	scope: TranscriptScope = 'session',
): Transcript => {
	const capture = new Capture();
	capture.begin('r1', {dialect, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))});
	for (const [index, reply] of replies.entries()) {
		capture.reply('r1', Buffer.from(typeof reply === 'string' ? reply : sse(reply)), index + 1);
	}

	if (!isLive) {
		capture.end('r1');
	}

	const transcript = new Transcripts(capture, createRedactor([secret])).read({requestId: 'r1', scope});
	if (!('items' in transcript)) {
		throw new Error('The exchange that was just captured is not there.');
	}

	return transcript;
};

/** `kind title: text` of each item, with ` …` where it is live. */
export const short = (items: readonly TranscriptItem[]): string[] =>
	items.map(
		({kind, title, text, isLive}) => `${kind}${title === undefined ? '' : ` ${title}`}: ${text}${isLive ? ' …' : ''}`,
	);
