import {parseJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import type {HiddenState} from '../envelope.ts';
import type {ItemHead} from '../ir-event.ts';
import type {OutputItem} from '../ir.ts';
import {shimArguments} from '../shim.ts';

/** Where blocks go. */
export interface BlockSink {
	send(type: string, fields: JsonObject): void;
	keep(block: JsonObject): void;
	seal(hidden: HiddenState | undefined): string;
}

interface QueuedItem {
	readonly head: ItemHead;
	/** Texts that wait for their block. */
	readonly waiting: string[];
	/** Texts of the block that is open. */
	readonly sent: string[];
	closed: OutputItem | undefined;
	hasText: boolean;
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/**
 * Puts items that may overlap into blocks that may not (translation.md 4.1): the first open item has the floor, others wait for its
 * end. A message gives the floor up as soon as something else opens; its later text becomes a block of its own.
 */
export class BlockQueue {
	readonly #sink: BlockSink;
	readonly #items = new Map<number, QueuedItem>();
	#current: number | undefined;
	#index = 0;

	constructor(sink: BlockSink) {
		this.#sink = sink;
	}

	open(index: number, head: ItemHead): void {
		const current = this.#current === undefined ? undefined : this.#items.get(this.#current);
		if (current?.head.type === 'message') {
			this.#stop(current);
		}

		this.#items.set(index, {head, waiting: [], sent: [], closed: undefined, hasText: false});
		this.#advance();
	}

	delta(index: number, text: string): void {
		const item = this.#items.get(index);
		if (item) {
			item.waiting.push(text);
			this.#advance();
			this.#flush(index);
		}
	}

	close(index: number, closed: OutputItem): void {
		const item = this.#items.get(index);
		if (item) {
			item.closed = closed;
			this.#advance();
			this.#settle();
		}
	}

	/** The answer is over: blocks that nobody closed get their end. */
	end(): void {
		const current = this.#current === undefined ? undefined : this.#items.get(this.#current);
		if (current) {
			this.#stop(current);
		}
	}

	/** Gives the floor to the first item that has something to say. Messages without text wait: an empty block is 400 later. */
	#advance(): void {
		if (this.#current !== undefined) {
			return;
		}

		for (const [index, item] of this.#items) {
			const isReady = item.head.type !== 'message' || item.waiting.length > 0;
			if (isReady) {
				this.#current = index;
				this.#start(item);
				this.#flush(index);
				return;
			}
		}
	}

	/** Ends the blocks of closed items, one after the other. */
	#settle(): void {
		while (this.#current !== undefined) {
			const item = this.#items.get(this.#current);
			if (item?.closed === undefined) {
				return;
			}

			const index = this.#current;
			this.#flush(index);
			this.#stop(item);
			this.#items.delete(index);
			this.#advance();
		}
	}

	#start({head}: QueuedItem): void {
		this.#sink.send('content_block_start', {index: this.#index, content_block: this.#emptyBlock(head)});
	}

	#emptyBlock(head: ItemHead): JsonObject {
		if (head.type === 'call') {
			return {type: 'tool_use', id: head.callId, name: head.tool.name, input: {}};
		}

		return head.type === 'reasoning' ? {type: 'thinking', thinking: '', signature: ''} : {type: 'text', text: ''};
	}

	#flush(index: number): void {
		const item = this.#items.get(index);
		if (item && index === this.#current) {
			for (const text of item.waiting.splice(0)) {
				item.sent.push(text);
				this.#sendText(item, text);
			}
		}
	}

	#sendText(item: QueuedItem, text: string): void {
		const {head} = item;
		if (head.type === 'reasoning') {
			this.#delta({type: 'thinking_delta', thinking: text});
		} else if (head.type === 'call') {
			const isCustom = head.tool.kind === 'custom';
			const opening = isCustom && !item.hasText ? '{"input":"' : '';
			this.#delta({type: 'input_json_delta', partial_json: isCustom ? opening + escaped(text) : text});
		} else {
			this.#delta({type: 'text_delta', text});
		}

		item.hasText = true;
	}

	#stop(item: QueuedItem): void {
		this.#finishCall(item);
		if (item.head.type === 'reasoning') {
			const hidden = item.closed?.type === 'reasoning' ? item.closed.hidden : undefined;
			const signature = this.#sink.seal(hidden);
			this.#delta({type: 'signature_delta', signature});
			this.#sink.keep({type: 'thinking', thinking: item.sent.join(''), signature});
		} else if (item.head.type === 'message') {
			this.#sink.keep({type: 'text', text: item.sent.join('')});
		}

		item.sent.length = 0;
		this.#sink.send('content_block_stop', {index: this.#index});
		this.#index += 1;
		this.#current = undefined;
	}

	#finishCall(item: QueuedItem): void {
		const {head, closed} = item;
		if (head.type !== 'call' || closed?.type !== 'call') {
			return;
		}

		const isCustom = head.tool.kind === 'custom';
		if (!item.hasText) {
			this.#sendText(item, closed.payload);
		}

		if (isCustom) {
			this.#delta({type: 'input_json_delta', partial_json: '"}'});
		}

		const text = shimArguments(head.tool.kind, closed.payload);
		this.#sink.keep({type: 'tool_use', id: closed.callId, name: head.tool.name, input: parseJsonObject(text) ?? {}});
	}

	#delta(delta: JsonObject): void {
		this.#sink.send('content_block_delta', {index: this.#index, delta});
	}
}
