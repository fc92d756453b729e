import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import type {CutHow, Delivery} from './script.ts';

/*
 * Writes one HTTP answer with all the faults that a delivery can ask for. Bytes are counted in the body, before chunked framing.
 * Whoever calls owns the end: `deliver` returns when the last byte is written or the cut is done, and rejects with an
 * AbortError when the client goes first.
 */

/** An answer as bytes: one chunk is one event of a stream (rendered when it is written), or a whole body. */
export interface Outgoing {
	readonly status: number;
	readonly contentType: string | undefined;
	readonly headers: Readonly<Record<string, string>>;
	readonly chunks: ReadonlyArray<() => Buffer>;
	/** Whether the length is known and sent; otherwise the body is chunked. */
	readonly hasLength: boolean;
}

/** How long a reset waits, so that the bytes before it have left the machine's send queue. */
const resetAfterMs = 5;

/** Ends a socket in one of the ways of {@link CutHow}; `hang` does nothing. */
export const cutSocket = async (response: ServerResponse, how: CutHow, signal: AbortSignal): Promise<void> => {
	const {socket} = response;
	switch (how) {
		case 'fin': {
			socket?.destroySoon();
			return;
		}

		case 'rst': {
			await sleep(resetAfterMs, undefined, {signal});
			socket?.resetAndDestroy();
			return;
		}

		case 'bad-chunk': {
			socket?.write('zz\r\nthis is no chunk\r\n');
			socket?.destroySoon();
			return;
		}

		case 'hang': {
			await once(response, 'close', {signal});
		}
	}
};

const writeAll = async (response: ServerResponse, bytes: Buffer, signal: AbortSignal): Promise<void> => {
	signal.throwIfAborted();
	if (bytes.length > 0 && !response.write(bytes)) {
		await once(response, 'drain', {signal});
	}
};

/** Writes bytes in pieces of `bytesPerWrite`, or at once where that is left out. */
const writeDripped = async (
	bytes: Buffer,
	{bytesPerWrite, byteGapMs = 1}: Delivery,
	write: (piece: Buffer) => Promise<void>,
): Promise<void> => {
	const size = bytesPerWrite ?? bytes.length;
	for (let from = 0; from < bytes.length; from += size) {
		// No pause after the last piece: a client that has read it may leave, and that is not an abort.
		if (from > 0) {
			await sleep(byteGapMs);
		}

		await write(bytes.subarray(from, from + size));
	}
};

const pauseBefore = async (index: number, delivery: Delivery, signal: AbortSignal): Promise<void> => {
	const gapMs = index === 0 ? 0 : (delivery.gapMs ?? 0);
	const silenceMs = delivery.silence?.beforeEvent === index ? delivery.silence.ms : 0;
	if (gapMs + silenceMs > 0) {
		await sleep(gapMs + silenceMs, undefined, {signal});
	}
};

const writeInformational = (response: ServerResponse, status: 100 | 102 | 103): void => {
	switch (status) {
		case 100: {
			response.writeContinue();
			return;
		}

		case 102: {
			response.writeProcessing();
			return;
		}

		case 103: {
			response.writeEarlyHints({link: '</style.css>; rel=preload; as=style'});
		}
	}
};

const writeHead = async (
	response: ServerResponse,
	outgoing: Outgoing,
	{delivery, signal}: {delivery: Delivery; signal: AbortSignal},
): Promise<void> => {
	for (const status of delivery.informational ?? []) {
		writeInformational(response, status);
	}

	if (delivery.delayHeadMs !== undefined) {
		await sleep(delivery.delayHeadMs, undefined, {signal});
	}

	const contentType = delivery.contentType ?? outgoing.contentType;
	const length = outgoing.chunks.reduce((sum, chunk) => sum + chunk().length, 0);
	const isShort = delivery.framing === 'short-length';
	response.shouldKeepAlive = delivery.framing !== 'until-close' && response.shouldKeepAlive;
	response.useChunkedEncodingByDefault = delivery.framing !== 'until-close';
	response.writeHead(outgoing.status, {
		...(contentType === undefined ? {} : {'content-type': contentType}),
		...(delivery.claimEncoding === undefined ? {} : {'content-encoding': delivery.claimEncoding}),
		...((outgoing.hasLength && delivery.framing !== 'until-close') || isShort
			? {'content-length': String(length + (isShort ? 100 : 0))}
			: {}),
		...outgoing.headers,
		...delivery.headers,
	});
	response.flushHeaders();
};

/** Writes the chunks; resolves to true when a cut stopped it. */
const writeBody = async (
	response: ServerResponse,
	outgoing: Outgoing,
	{delivery, signal}: {delivery: Delivery; signal: AbortSignal},
): Promise<boolean> => {
	const {cut, garbage} = delivery;
	let left = cut !== undefined && 'atByte' in cut ? cut.atByte : Number.POSITIVE_INFINITY;
	const write = async (piece: Buffer): Promise<void> => {
		await writeAll(response, piece.subarray(0, Math.min(left, piece.length)), signal);
		left -= piece.length;
	};
	for (const [index, chunk] of outgoing.chunks.entries()) {
		await pauseBefore(index, delivery, signal);
		const before = garbage?.beforeEvent === index ? Buffer.from(garbage.text, 'latin1') : Buffer.alloc(0);
		await writeDripped(Buffer.concat([before, chunk()]), delivery, write);
		if (left <= 0 || (cut !== undefined && 'afterEvent' in cut && cut.afterEvent === index)) {
			return true;
		}
	}

	return left <= 0;
};

/**
 * Writes one answer. `onWritten` is called after the last byte that the script wants written, before the response is kept open
 * or ended, so that a client that leaves afterwards does not count as one that aborted.
 */
export const deliver = async (
	response: ServerResponse,
	outgoing: Outgoing,
	{delivery, signal, onWritten}: {delivery: Delivery; signal: AbortSignal; onWritten: () => void},
): Promise<void> => {
	await writeHead(response, outgoing, {delivery, signal});
	const isCutAtHead = delivery.cut !== undefined && 'atByte' in delivery.cut && delivery.cut.atByte <= 0;
	const isCut = isCutAtHead || (await writeBody(response, outgoing, {delivery, signal}));
	if (isCut && delivery.cut !== undefined) {
		if (delivery.cut.how !== 'hang') {
			onWritten();
		}

		await cutSocket(response, delivery.cut.how, signal);
		return;
	}

	onWritten();
	if (delivery.keepOpenMs === Number.POSITIVE_INFINITY) {
		await once(response, 'close', {signal});
	} else if (delivery.keepOpenMs !== undefined) {
		await sleep(delivery.keepOpenMs, undefined, {signal});
	}

	if (delivery.framing === 'short-length') {
		response.socket?.destroySoon();
		return;
	}

	response.end();
};

/** Writes raw bytes (latin1) to a socket instead of an HTTP answer, then ends it as asked. */
export const deliverRaw = async (
	response: ServerResponse,
	bytes: Buffer,
	{delivery, ending, signal}: {delivery: Delivery; ending: 'fin' | 'rst' | 'open'; signal: AbortSignal},
): Promise<void> => {
	const {socket} = response;
	if (delivery.delayHeadMs !== undefined) {
		await sleep(delivery.delayHeadMs, undefined, {signal});
	}

	await writeDripped(bytes, delivery, async piece => {
		signal.throwIfAborted();
		socket?.write(piece);
	});
	await cutSocket(response, ending === 'open' ? 'hang' : ending, signal);
};
