import {objectField, parseJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {AnswerBuilder, OpenItem} from '../answer-builder.ts';
import {CallStream} from '../call-stream.ts';
import {objectsField} from '../field.ts';
import type {ItemStatus} from '../ir.ts';
import type {ToolMap} from '../tool-map.ts';
import {readCitation} from './citation.ts';

/** One content block of an upstream answer while it streams. */
export interface AnswerBlock {
	/** Takes one `delta` of a `content_block_delta`; false for a kind that the block does not have. */
	delta(delta: JsonObject): boolean;
	/** The block is whole. */
	stop(): void;
}

/** The message that consecutive text blocks share; each block is a part of it (translation.md 3.2). */
export class MessageSlot {
	readonly #builder: AnswerBuilder;
	#item: OpenItem | undefined;
	#parts = 0;
	/** Blank text before the first word: it opens no message (translation.md 2.4). */
	#blank = '';

	constructor(builder: AnswerBuilder) {
		this.#builder = builder;
	}

	/** Whether a message is open. */
	get isOpen(): boolean {
		return this.#item !== undefined;
	}

	/** A new part; its number is settled by its first word. */
	part(): {
		readonly say: (text: string, channel?: 'text' | 'refusal') => void;
		readonly cite: (cited: JsonObject) => void;
	} {
		let number: number | undefined;
		return {
			say: (text, channel = 'text') => {
				const whole = this.#item === undefined ? this.#blank + text : text;
				if (text === '' || (this.#item === undefined && whole.trim() === '')) {
					this.#blank = whole;
					return;
				}

				this.#blank = '';
				this.#item ??= this.#builder.open({type: 'message'});
				if (number === undefined) {
					number = this.#parts;
					this.#parts += 1;
				}

				this.#builder.delta(this.#item, {channel, part: number}, whole);
			},
			cite: annotation => {
				if (this.#item !== undefined && number !== undefined) {
					this.#builder.annotate(this.#item, number, annotation);
				}
			},
		};
	}

	/** Another kind of block follows, or the answer is over. */
	close(status: ItemStatus = 'completed'): void {
		if (this.#item !== undefined) {
			this.#builder.close(this.#item, {status});
			this.#item = undefined;
			this.#parts = 0;
		}

		this.#blank = '';
	}
}

/** M `text` block. */
export class TextBlock implements AnswerBlock {
	readonly #part: ReturnType<MessageSlot['part']>;
	readonly #builder: AnswerBuilder;
	readonly #citations: JsonObject[] = [];
	#length = 0;

	constructor(builder: AnswerBuilder, message: MessageSlot, block: JsonObject) {
		this.#builder = builder;
		this.#part = message.part();
		this.#say(textField(block, 'text') ?? '');
		this.#citations.push(...objectsField(block, 'citations'));
	}

	delta(delta: JsonObject): boolean {
		if (delta['type'] === 'citations_delta') {
			this.#citations.push(objectField(delta, 'citation'));
			return true;
		}

		this.#say(textField(delta, 'text') ?? '');
		return delta['type'] === 'text_delta';
	}

	/** Citations come before the text that they belong to: only now is known where it ends. */
	stop(): void {
		for (const citation of this.#citations) {
			const annotation = readCitation(citation, {start: 0, end: this.#length});
			if (annotation === undefined) {
				this.#builder.losses.add('citation', 'A citation of a document has no twin here and was left out.');
			} else {
				this.#part.cite(annotation);
			}
		}
	}

	#say(text: string): void {
		this.#length += text.length;
		this.#part.say(text);
	}
}

/** M `thinking` or `redacted_thinking` block: a reasoning item that closes with the block that must come back (cases 85, 86). */
export class ThinkingBlock implements AnswerBlock {
	readonly #builder: AnswerBuilder;
	readonly #family: string;
	readonly #item: OpenItem;
	readonly #redacted: string | undefined;
	#text = '';
	#signature: string;

	constructor(builder: AnswerBuilder, family: string, block: JsonObject) {
		this.#builder = builder;
		this.#family = family;
		this.#item = builder.open({type: 'reasoning'});
		this.#redacted = block['type'] === 'redacted_thinking' ? (textField(block, 'data') ?? '') : undefined;
		this.#signature = textField(block, 'signature') ?? '';
		this.#think(textField(block, 'thinking') ?? '');
	}

	/** All that was thought. */
	get text(): string {
		return this.#text;
	}

	delta(delta: JsonObject): boolean {
		if (delta['type'] === 'signature_delta') {
			// A later one replaces (translation.md 3.2).
			this.#signature = textField(delta, 'signature') ?? this.#signature;
			return true;
		}

		this.#think(textField(delta, 'thinking') ?? '');
		return delta['type'] === 'thinking_delta';
	}

	stop(): void {
		const family = this.#family;
		if (this.#redacted !== undefined) {
			this.#builder.close(this.#item, {hidden: {kind: 'redacted', family, data: this.#redacted}});
		} else if (this.#signature === '') {
			this.#builder.close(this.#item, {hidden: {kind: 'text', family, text: ''}});
		} else {
			const signed = {kind: 'signed' as const, family, text: this.#text, signature: this.#signature};
			this.#builder.close(this.#item, {hidden: signed});
		}
	}

	#think(text: string): void {
		this.#text += text;
		this.#builder.delta(this.#item, {channel: 'summary'}, text);
	}
}

/** M `tool_use` block. It closes by itself only when its JSON is whole: the stop reason decides about any other (case 64). */
export class CallBlock implements AnswerBlock {
	readonly #stream: CallStream;
	/** The `input` of the block's start, for servers that send no deltas (case 87). */
	readonly #initial: JsonObject;
	readonly #isRaw: boolean;
	#hasDeltas = false;
	#isStopped = false;
	#isClosed = false;

	constructor(builder: AnswerBuilder, tools: ToolMap, start: {readonly callId: string; readonly block: JsonObject}) {
		const wireName = (textField(start.block, 'name') ?? '').trim();
		this.#stream = new CallStream(builder, tools, {callId: start.callId, wireName});
		this.#initial = objectField(start.block, 'input');
		this.#isRaw = tools.find(wireName)?.tool.kind === 'custom';
	}

	/** Whether the JSON round a raw input is cut: a client would run half of it, so nobody may have it. */
	get isInputCut(): boolean {
		return this.#isRaw && this.#hasDeltas && !this.#stream.isWhole;
	}

	/** Whether the call went out whole. */
	get isClosed(): boolean {
		return this.#isClosed;
	}

	delta(delta: JsonObject): boolean {
		const text = textField(delta, 'partial_json') ?? '';
		if (text !== '') {
			this.#hasDeltas = true;
			this.#stream.push(text);
		}

		return delta['type'] === 'input_json_delta';
	}

	stop(): void {
		this.#isStopped = true;
		if (!this.#hasDeltas && Object.keys(this.#initial).length > 0) {
			this.delta({type: 'input_json_delta', partial_json: JSON.stringify(this.#initial)});
		}

		if (this.#hasDeltas && this.#stream.isWhole) {
			this.#close();
		}
	}

	/** The model went on with another block: what it stopped before that was no cut. */
	pass(): void {
		if (this.#isStopped) {
			this.#close();
		}
	}

	/** The answer is over: `isDone` says that the model ended it. False for half a call, which nobody may run. */
	finish(isDone: boolean): boolean {
		if (isDone) {
			this.#close();
		}

		return this.#isClosed;
	}

	#close(): void {
		if (!this.#isClosed && !this.isInputCut) {
			this.#isClosed = true;
			this.#stream.close();
		}
	}
}

/** M `server_tool_use` of a web search with its result, as R `web_search_call` (translation.md 3.2). */
export class SearchBlock implements AnswerBlock {
	readonly #builder: AnswerBuilder;
	readonly #item: OpenItem;
	#input: string;
	#isClosed = false;

	constructor(builder: AnswerBuilder, block: JsonObject) {
		this.#builder = builder;
		const input = objectField(block, 'input');
		this.#input = Object.keys(input).length === 0 ? '' : JSON.stringify(input);
		const raw = {type: 'web_search_call', status: 'in_progress', action: {type: 'search', query: ''}};
		this.#item = builder.open({type: 'hosted', name: 'web_search_call', raw});
	}

	delta(delta: JsonObject): boolean {
		this.#input += textField(delta, 'partial_json') ?? '';
		return delta['type'] === 'input_json_delta';
	}

	/** The query is known, but the item closes with its result. */
	stop(): void {
		this.#input = this.#input.trim();
	}

	/** Closes with the result block, or without one at the end of the answer. */
	close(result: JsonObject = {}): void {
		if (this.#isClosed) {
			return;
		}

		this.#isClosed = true;
		const query = textField(parseJsonObject(this.#input), 'query') ?? '';
		const sources = objectsField(result, 'content').flatMap((entry): readonly JsonObject[] => {
			const url = textField(entry, 'url');
			return url === undefined ? [] : [{type: 'url', url, title: textField(entry, 'title') ?? ''}];
		});
		const action = {type: 'search', query, ...(sources.length > 0 && {sources})};
		this.#builder.close(this.#item, {raw: {type: 'web_search_call', status: 'completed', action}});
	}
}

/** A block that no other protocol has a place for. */
export const ignoredBlock: AnswerBlock = {delta: () => true, stop: () => undefined};
