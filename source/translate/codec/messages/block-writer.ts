import type {JsonObject} from '../../../wire/json-value.ts';

/** Sends one event of the stream. */
export type SendEvent = (type: string, fields: JsonObject) => void;

/** The kinds of blocks that grow, and the delta that each of them takes. */
const deltas = {
	text: {type: 'text_delta', field: 'text'},
	thinking: {type: 'thinking_delta', field: 'thinking'},
	tool_use: {type: 'input_json_delta', field: 'partial_json'},
} as const;

/** A kind of block that grows. */
export type GrowingKind = keyof typeof deltas;

interface OpenBlock {
	readonly kind: GrowingKind;
	readonly start: JsonObject;
	readonly index: number;
	readonly pieces: string[];
	signature: string | undefined;
}

const whole = ({kind, start, pieces, signature}: OpenBlock): JsonObject => {
	const text = pieces.join('');
	switch (kind) {
		case 'text': {
			return {...start, text};
		}

		case 'thinking': {
			return {...start, thinking: text, signature: signature ?? ''};
		}

		case 'tool_use': {
			return start;
		}
	}
};

/** The content blocks of one answer: dense indices from 0, at most one of them open (translation.md 4.1). */
export class BlockWriter {
	readonly #send: SendEvent;
	readonly #content: JsonObject[] = [];
	#open: OpenBlock | undefined;
	#nextIndex = 0;

	constructor(send: SendEvent) {
		this.#send = send;
	}

	/** The finished blocks, as they stand in a whole answer. */
	get content(): readonly JsonObject[] {
		return this.#content;
	}

	/** The kind of the open block. */
	get openKind(): GrowingKind | undefined {
		return this.#open?.kind;
	}

	/** What the open block has said. */
	get text(): string {
		return this.#open?.pieces.join('') ?? '';
	}

	open(kind: GrowingKind, start: JsonObject): void {
		this.#open = {kind, start, index: this.#nextIndex, pieces: [], signature: undefined};
		this.#nextIndex += 1;
		this.#send('content_block_start', {index: this.#open.index, content_block: start});
	}

	/** Adds to the open block; an empty text only shows that somebody is there. */
	delta(text: string): void {
		if (this.#open !== undefined) {
			const {type, field} = deltas[this.#open.kind];
			this.#open.pieces.push(text);
			this.#send('content_block_delta', {index: this.#open.index, delta: {type, [field]: text}});
		}
	}

	sign(signature: string): void {
		if (this.#open !== undefined) {
			this.#open.signature = signature;
			const delta = {type: 'signature_delta', signature};
			this.#send('content_block_delta', {index: this.#open.index, delta});
		}
	}

	/** Closes the open block; `block` is what a whole answer says in its place. */
	close(block?: JsonObject): void {
		if (this.#open !== undefined) {
			this.#content.push(block ?? whole(this.#open));
			this.#send('content_block_stop', {index: this.#open.index});
			this.#open = undefined;
		}
	}

	/** A block that does not grow. */
	add(block: JsonObject): void {
		this.#content.push(block);
		this.#send('content_block_start', {index: this.#nextIndex, content_block: block});
		this.#send('content_block_stop', {index: this.#nextIndex});
		this.#nextIndex += 1;
	}
}
