import type {TranscriptItem} from '../../event/view.ts';
import type {JsonObject} from './json-value.ts';

/** How one dialect's exchange is read; all of it is pure and lenient. */
export interface DialectReader {
	/** The items that a request body carries, oldest first. */
	readonly inputItems: (body: JsonObject) => readonly TranscriptItem[];
	/** The items of an answer from its stream events; unfinished ones are live while the reply is. */
	readonly replyItems: (events: readonly JsonObject[], isLive: boolean) => readonly TranscriptItem[];
	/** The items of an answer that came as one JSON object. */
	readonly unaryItems: (reply: JsonObject) => readonly TranscriptItem[];
}

/** A finished item. */
export const item = (kind: TranscriptItem['kind'], text: string, title?: string): TranscriptItem => ({
	kind,
	title,
	text,
	isLive: false,
});

/** What stands for reasoning that only the upstream can read. */
export const encryptedReasoning = '(reasoning, encrypted)';

/** What stands for an image: never its data. */
export const imageNote = (source: string | undefined): TranscriptItem => {
	if (source === undefined) {
		return item('note', '(image)', 'image');
	}

	const isData = source.startsWith('data:');
	return item('note', isData ? `(image, ${Math.ceil(source.length / 1024)} kB)` : `(image ${source})`, 'image');
};

/** The note under an answer that stopped before its end. */
export const cutNote = item('note', '(the answer was cut here)', 'cut');

/** The note that shows an error inside an answer. */
export const errorNote = (message: string | undefined, code: string | undefined): TranscriptItem =>
	item('note', message ?? code ?? 'the upstream reported an error', code ?? 'error');

/** How clients open the message that stands for a history they left out: Codex (codex-wire.md 5), Claude Code (its /compact). */
const summaryStart =
	/^\s*(?:Another language model started to solve this problem|This session is being continued from a previous conversation)/;

/** What a message says, as the kind that it is: a summary of a compacted history is nobody's word. */
export const messageItem = (kind: TranscriptItem['kind'], text: string): TranscriptItem =>
	kind === 'user' && summaryStart.test(text) ? item('compaction', text, 'summary') : item(kind, text);
