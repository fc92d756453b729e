import type {RunEvents, WireEvent} from '../../translate/codec/ir-event.ts';
import type {KnownRange} from '../gate/gate.ts';

/** Around the data: `event: …`, `data: `, the blank line. */
const frameBytes = 16;

/** Asking for the exact length of an ordinary text costs more than the room. */
const ordinaryText = 32 * 1024;
const mostUtf8 = 3;

const mostBytesOf = ({event = '', data}: WireEvent): number =>
	frameBytes + event.length + (data.length < ordinaryText ? data.length * mostUtf8 : Buffer.byteLength(data));

/** A block of its own for each tick would cost more than what is written to it; a large one lives only as long as its bytes are on their way. */
const slabBytes = 512 * 1024;
let slab: Buffer = Buffer.alloc(0);
let slabUsed = 0;

const roomFor = (mostBytes: number): Buffer => {
	if (mostBytes > slabBytes / 2) {
		return Buffer.allocUnsafeSlow(mostBytes);
	}

	if (slab.length - slabUsed < mostBytes) {
		slab = Buffer.allocUnsafeSlow(slabBytes);
		slabUsed = 0;
	}

	return slab.subarray(slabUsed, slabUsed + mostBytes);
};

const writeEvent = (target: Buffer, from: number, {event, data, pieces = [data]}: WireEvent): number => {
	let at = from + target.write(event === undefined ? 'data: ' : `event: ${event}\ndata: `, from, 'latin1');
	for (let index = 0; index < pieces.length; index += 1) {
		at += target.write(pieces[index] ?? '', at);
	}

	return at + target.write('\n\n', at, 'latin1');
};

/** What the gate need not find out by itself. */
const knownOf = (event: WireEvent | RunEvents, start: number, end: number): KnownRange | undefined => {
	if ('count' in event) {
		return {start, end, count: event.count};
	}

	const {event: type, value, isDelta} = event;
	return isDelta === true
		? {start, end, count: 1}
		: type === undefined || value === undefined
			? undefined
			: {start, end, count: 1, event: {type, value}};
};

/** The client's events of one tick: kept as they come and written at once, so that they are one block of bytes and never copied. */
export class BridgeOutput {
	#events: Array<WireEvent | RunEvents> = [];

	add(event: WireEvent | RunEvents): void {
		this.#events.push(event);
	}

	/** Drops it: nobody reads it as a stream. */
	forget(): void {
		this.#events = [];
	}

	/** All of it since the last call, in one piece, and what is known of its events. */
	take(): {readonly bytes: Buffer; readonly known: readonly KnownRange[]} {
		const events = this.#events;
		this.#events = [];
		let mostBytes = 0;
		for (let index = 0; index < events.length; index += 1) {
			const event = events[index];
			mostBytes += event === undefined ? 0 : 'count' in event ? event.mostBytes : mostBytesOf(event);
		}

		const bytes = roomFor(mostBytes);
		const known: KnownRange[] = [];
		let end = 0;
		for (let index = 0; index < events.length; index += 1) {
			const event = events[index];
			if (event !== undefined) {
				const start = end;
				end = 'count' in event ? event.write(bytes, start) : writeEvent(bytes, start, event);
				const range = knownOf(event, start, end);
				if (range !== undefined && range.count > 0) {
					known.push(range);
				}
			}
		}

		slabUsed += bytes.buffer === slab.buffer ? end : 0;
		return {bytes: bytes.subarray(0, end), known};
	}
}
