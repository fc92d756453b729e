import type {JsonObject} from '../../../wire/json-value.ts';
import type {Packer} from '../envelope.ts';
import type {ClientOutput} from '../quirks.ts';

/* What the encoder of one item is given, and how it sends. */

/** Sends one event of the stream; the envelope adds the sequence number. `text` is the JSON of the fields without its braces, in pieces, where there is one. */
export type Send = (type: string, fields: JsonObject, text?: readonly string[]) => void;

/** The constant JSON text of a delta event: what stands before and behind its text. */
export interface DeltaFrame {
	readonly type: string;
	/** From the comma behind the sequence number up to the colon of `delta`. */
	readonly head: string;
	readonly tail: string;
}

/** Sends one delta; the same bytes as {@link Send} would write, without building the object. Returns the text as JSON. */
export type SendDelta = (frame: DeltaFrame, text: string) => string;

/** What encoding one item needs. */
export interface ItemOutput {
	readonly id: string;
	readonly index: number;
	readonly output: ClientOutput;
	readonly packer: Packer | undefined;
	readonly send: Send;
	readonly sendDelta: SendDelta;
}
