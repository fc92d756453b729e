import {createServer, type Socket} from 'node:net';
import {announceServer, answerJobs} from './child-side.ts';
import {isMockJob, type MockMode} from './messages.ts';
import {
	chatEvents,
	chunk,
	deltaEvent,
	lastChunk,
	responseHead,
	stampDigits,
	stampMark,
	streamEvents,
} from './stream.ts';
import {chatPath} from './target.ts';

/*
 * The upstream of all targets: HTTP/1.1 by hand on node:net with prebuilt buffers, so that it is never the limit.
 * It reads no more of a request than its length, and answers every POST in the mode that the bench has set.
 */

/** One answer, ready to be written: as a whole, and event by event. */
interface Answer {
	readonly whole: Buffer;
	/** The head stands in front of the first event, the last chunk behind the last one. */
	readonly parts: readonly Buffer[];
}

/** A paced answer under way. */
interface Paced {
	readonly socket: Socket;
	next: number;
}

const notFound = Buffer.from('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
const refused = Buffer.from('HTTP/1.1 411 Length Required\r\ncontent-length: 0\r\n\r\n');
const stampText = `${stampMark}${'0'.repeat(stampDigits)} tick.`;
const stampedDelta = Buffer.from(chunk(deltaEvent(stampText, 4)), 'latin1');
const stampAt = stampedDelta.indexOf(stampText) + stampMark.length;

const createAnswer = (events: readonly string[]): Answer => {
	const chunks = events.map(chunk);
	const parts = chunks.map((text, index) =>
		Buffer.from(`${index === 0 ? responseHead : ''}${text}${index === chunks.length - 1 ? lastChunk : ''}`, 'latin1'),
	);
	return {whole: Buffer.concat(parts), parts};
};

let mode: MockMode = {kind: 'coalesced', deltas: 300};
let answer = createAnswer(streamEvents(300));
let chatAnswer = createAnswer(chatEvents(300));
let ticker: NodeJS.Timeout | undefined;
const paced = new Set<Paced>();

const nowUs = (): string => (process.hrtime.bigint() / 1000n).toString().padStart(stampDigits, '0');

const stamped = (): Buffer => {
	const bytes = Buffer.from(stampedDelta);
	bytes.write(nowUs(), stampAt, stampDigits, 'latin1');
	return bytes;
};

/** Deltas carry the time at which they are written; the events around them are the prebuilt ones. */
const writeNextPaced = (stream: Paced): void => {
	const {parts} = answer;
	const closesAt = parts.length - 4;
	stream.socket.write(stream.next < closesAt ? stamped() : Buffer.concat(parts.slice(closesAt)));
	stream.next = stream.next < closesAt ? stream.next + 1 : parts.length;
	if (stream.next === parts.length) {
		paced.delete(stream);
	}
};

const writeNextStepped = (socket: Socket, index: number): void => {
	const part = answer.parts[index];
	if (part !== undefined && !socket.destroyed) {
		socket.write(part);
		setImmediate(writeNextStepped, socket, index + 1);
	}
};

const reply = (socket: Socket, isChat: boolean): void => {
	switch (mode.kind) {
		case 'coalesced': {
			socket.write((isChat ? chatAnswer : answer).whole);
			break;
		}

		case 'stepped': {
			writeNextStepped(socket, 0);
			break;
		}

		case 'paced': {
			socket.write(Buffer.concat(answer.parts.slice(0, 4)));
			const stream = {socket, next: 4};
			paced.add(stream);
			socket.once('close', () => paced.delete(stream));
			break;
		}

		case 'idle': {
			socket.write(answer.parts[0] ?? '');
			break;
		}
	}
};

const setMode = (next: MockMode): void => {
	mode = next;
	const deltas = next.kind === 'idle' ? 1 : next.deltas;
	answer = createAnswer(streamEvents(deltas));
	chatAnswer = createAnswer(chatEvents(deltas));
	clearInterval(ticker);
	if (next.kind === 'paced') {
		ticker = setInterval(() => {
			for (const stream of paced) {
				writeNextPaced(stream);
			}
		}, next.gapMs);
	}
};

/** Answers a request as soon as its body is complete; only bodies with a content-length are understood. */
const serve = (socket: Socket): void => {
	let head: Buffer = Buffer.alloc(0);
	let missing = 0;
	let isChat = false;
	socket.setNoDelay(true);
	socket.on('error', () => socket.destroy());
	socket.on('data', (data: Buffer) => {
		if (missing > 0) {
			missing -= data.length;
			if (missing <= 0) {
				reply(socket, isChat);
			}

			return;
		}

		head = head.length === 0 ? data : Buffer.concat([head, data]);
		const end = head.indexOf('\r\n\r\n');
		if (end === -1) {
			return;
		}

		const text = head.toString('latin1', 0, end);
		isChat = text.startsWith(`POST ${chatPath} `);
		const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
		missing = Number(length ?? 0) - (head.length - end - 4);
		head = Buffer.alloc(0);
		if (!text.startsWith('POST ')) {
			socket.write(notFound);
		} else if (length === undefined) {
			socket.end(refused);
		} else if (missing <= 0) {
			reply(socket, isChat);
		}
	});
};

const server = createServer(serve);
announceServer(server);
answerJobs({
	isJob: isMockJob,
	run(job) {
		setMode(job.mode);
		return null;
	},
});
