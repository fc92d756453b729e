import {textField, type JsonObject} from '../../../wire/json-value.ts';
import type {AnswerBuilder} from '../answer-builder.ts';
import type {DecodeOptions} from '../decode-options.ts';
import type {FinishReason} from '../ir-event.ts';
import {
	CallBlock,
	ignoredBlock,
	MessageSlot,
	SearchBlock,
	TextBlock,
	ThinkingBlock,
	type AnswerBlock,
} from './answer-blocks.ts';

/** Blocks that a delta opens where a gateway left their start out. */
const impliedBlocks: Readonly<Record<string, JsonObject>> = {
	text_delta: {type: 'text'},
	thinking_delta: {type: 'thinking'},
};

/** What an answer consisted of when it ended. */
export interface AnswerContent {
	/** Calls that a client may run. */
	readonly calls: number;
	readonly hasText: boolean;
	/** A call without a name was dropped. */
	readonly hadNameless: boolean;
	/** The raw input of a call is cut although the model was done. */
	readonly isInputCut: boolean;
}

/** The content blocks of one answer by their wire index, which need not be contiguous (translation.md 3.2). */
export class BlockList {
	readonly #builder: AnswerBuilder;
	readonly #options: DecodeOptions;
	readonly #message: MessageSlot;
	readonly #blocks = new Map<number, AnswerBlock>();
	readonly #calls: CallBlock[] = [];
	readonly #searches: Array<{readonly id: string; readonly block: SearchBlock}> = [];
	readonly #thoughts: ThinkingBlock[] = [];
	readonly #usedIds: Set<string>;
	#hasText = false;
	#hadNameless = false;

	constructor(builder: AnswerBuilder, options: DecodeOptions) {
		this.#builder = builder;
		this.#options = options;
		this.#message = new MessageSlot(builder);
		this.#usedIds = new Set(options.knownCallIds);
	}

	/** Whether every call that began is complete. */
	get areCallsWhole(): boolean {
		return this.#calls.every(({isClosed}) => isClosed);
	}

	open(index: number, block: JsonObject): void {
		// A server that begins a new block under an old number has ended the old one.
		this.#blocks.get(index)?.stop();
		this.#calls.at(-1)?.pass();
		this.#blocks.set(index, this.#create(block));
	}

	delta(index: number, delta: JsonObject): void {
		const implied = impliedBlocks[textField(delta, 'type') ?? ''];
		if (!this.#blocks.has(index) && implied !== undefined) {
			this.open(index, implied);
		}

		if (this.#blocks.get(index)?.delta(delta) !== true) {
			this.#builder.losses.add('unknown-delta', 'A delta of a type that the bridge does not know was left out.');
		}
	}

	stop(index: number): void {
		this.#blocks.get(index)?.stop();
		this.#blocks.set(index, ignoredBlock);
	}

	/** A block that arrived whole. */
	add(block: JsonObject): void {
		const index = -1 - this.#blocks.size;
		this.open(index, block);
		this.stop(index);
	}

	/** The provider's own words for not answering. */
	refuse(text: string): void {
		this.#message.part().say(text, 'refusal');
		this.#hasText = true;
	}

	/** The answer is over: half a call is left open unless the provider says that the model was done. */
	close(meaning: FinishReason): AnswerContent {
		for (const block of this.#blocks.values()) {
			block.stop();
		}

		const isDone = meaning === 'stop' || meaning === 'calls';
		const calls = this.#calls.filter(call => call.finish(isDone)).length;
		for (const {block} of this.#searches) {
			block.close();
		}

		this.#promoteThoughts(meaning);
		this.#closeMessage(meaning === 'length' ? 'incomplete' : 'completed');
		return {
			calls,
			hasText: this.#hasText || this.#searches.length > 0,
			hadNameless: this.#hadNameless,
			isInputCut: isDone && this.#calls.some(call => call.isInputCut),
		};
	}

	/** The answer failed for good: the client keeps what it read, but no call. */
	abandon(): void {
		for (const block of this.#blocks.values()) {
			if (!(block instanceof CallBlock)) {
				block.stop();
			}
		}

		this.#closeMessage('incomplete');
	}

	#create(block: JsonObject): AnswerBlock {
		const type = textField(block, 'type') ?? '';
		if (type === 'text') {
			return new TextBlock(this.#builder, this.#message, block);
		}

		this.#closeMessage('completed');
		if (type === 'thinking' || type === 'redacted_thinking') {
			const thinking = new ThinkingBlock(this.#builder, this.#options.quirks.family, block);
			this.#thoughts.push(thinking);
			return thinking;
		}

		return type === 'tool_use' ? this.#createCall(block) : this.#createHosted(type, block);
	}

	#createCall(block: JsonObject): AnswerBlock {
		if ((textField(block, 'name') ?? '').trim() === '') {
			this.#hadNameless = true;
			this.#builder.losses.add('nameless-call', 'A tool call came without a usable name and was dropped.');
			return ignoredBlock;
		}

		const callId = this.#freeId(textField(block, 'id') ?? '');
		const call = new CallBlock(this.#builder, this.#options.tools, {callId, block});
		this.#calls.push(call);
		return call;
	}

	#createHosted(type: string, block: JsonObject): AnswerBlock {
		if (type === 'server_tool_use' && block['name'] === 'web_search') {
			const search = new SearchBlock(this.#builder, block);
			this.#searches.push({id: textField(block, 'id') ?? '', block: search});
			return search;
		}

		const search = this.#searches.findLast(({id}) => id === textField(block, 'tool_use_id'));
		if (type === 'web_search_tool_result' && search !== undefined) {
			search.block.close(block);
		} else {
			this.#builder.losses.add('unknown-block', `A block of type ${type} has no place in other protocols.`);
		}

		return ignoredBlock;
	}

	#freeId(id: string): string {
		const base = id === '' ? this.#options.ids.next('call') : id;
		let free = base;
		for (let count = 2; this.#usedIds.has(free); count += 1) {
			free = `${base}_${count}`;
		}

		this.#usedIds.add(free);
		return free;
	}

	#closeMessage(status: 'completed' | 'incomplete'): void {
		this.#hasText ||= this.#message.isOpen;
		this.#message.close(status);
	}

	/** An answer that is nothing but thoughts, where the provider's row says that these are the answer (translation.md 2.6). */
	#promoteThoughts(meaning: FinishReason): void {
		const hasOutput = this.#hasText || this.#message.isOpen || this.#calls.length > 0;
		if (!hasOutput && meaning === 'stop' && this.#options.quirks.answer.reasoningFallbackText) {
			this.#message.part().say(this.#thoughts.map(({text}) => text).join('\n\n'));
		}
	}
}
