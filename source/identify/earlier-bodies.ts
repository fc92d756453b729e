import {LastUsed} from '../base/last-used.ts';
import type {ScannedBody} from '../wire/body-scan.ts';

/** What a piece takes in the heap, with what was found in it: an item of a few bytes takes more than its bytes. */
const pieceBytes = 256;

/** A body below this is scanned before a comparison has begun. */
const leastBytes = 2048;
const mostBytes = 4 * 1024 * 1024;
const totalBytes = 16 * 1024 * 1024;
const mostBodies = 32;

/** Beside a conversation its client asks small things under the same name (a title); so much smaller than the last body is none of its turns. */
const leastShare = 0.25;

/** Room for the body to grow by its next turns: made anew with each, it would be garbage that V8 collects its whole heap for. */
const roomToGrow = 1.25;

interface Kept extends ScannedBody {
	/** What `bytes` stand in. */
	readonly room: Buffer;
	readonly takenBytes: number;
}

/** The last body of each conversation, of those that were used last; at most 16 MiB with all that was found in them. */
export class EarlierBodies {
	readonly #bodies = new LastUsed<Kept>();
	#takenBytes = 0;

	/** Good until the next {@link keep}. */
	of(conversation: string): ScannedBody | undefined {
		return this.#bodies.get(conversation);
	}

	/** Copies it: the buffer that it came in can be let go. */
	keep(conversation: string, {bytes, held}: ScannedBody): void {
		const last = this.#bodies.get(conversation);
		if (bytes.length < Math.max(leastBytes, (last?.bytes.length ?? 0) * leastShare) || bytes.length > mostBytes) {
			return;
		}

		const room =
			last !== undefined && last.room.length >= bytes.length
				? last.room
				: Buffer.allocUnsafeSlow(Math.ceil(bytes.length * roomToGrow));
		bytes.copy(room);
		const takenBytes = room.length + pieceBytes * piecesOf(held);
		this.#bodies.touch(conversation, {room, bytes: room.subarray(0, bytes.length), held, takenBytes});
		this.#takenBytes += takenBytes - (last?.takenBytes ?? 0);
		this.#forgetOldest();
	}

	#forgetOldest(): void {
		for (const [conversation, {takenBytes}] of this.#bodies) {
			if (this.#takenBytes <= totalBytes && this.#bodies.size <= mostBodies) {
				return;
			}

			this.#bodies.delete(conversation);
			this.#takenBytes -= takenBytes;
		}
	}
}

const piecesOf = (held: ScannedBody['held']): number => {
	let count = held.size;
	for (const {pieces} of held.values()) {
		count += pieces.length;
	}

	return count;
};

/** The headers that name a conversation or a thread of it, the narrowest first (codex-wire.md 1, claude-wire.md 2). */
const names = [
	'thread-id',
	'x-claude-code-agent-id',
	'x-claude-code-session-id',
	'session-id',
	'session_id',
	'x-session-id',
	'conversation_id',
];

/** What a request's conversation is kept by. Two that share a key only cost each other time. */
export const conversationKey = (path: string, headers: Readonly<Record<string, string | undefined>>): string => {
	const name = names.find(candidate => headers[candidate] !== undefined);
	return name === undefined ? path : `${path} ${headers[name]}`;
};
