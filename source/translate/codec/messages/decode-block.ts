import {isJsonObject, objectField, parseJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {AnswerBuilder, OpenItem} from '../answer-builder.ts';
import {CallStream} from '../call-stream.ts';
import type {HiddenState} from '../envelope.ts';
import type {ToolMap} from '../tool-map.ts';

/** What reading a block needs besides its events. */
export interface BlockReaderContext {
	readonly builder: AnswerBuilder;
	readonly tools: ToolMap;
	readonly family: string;
}

/** One content block of an upstream Messages answer. */
export interface BlockReader {
	delta(delta: JsonObject): void;
	/** The block is whole. False where it must stay open: a call whose arguments were cut (translation.md 2.8). */
	stop(): boolean;
	/** Whether a raw input ends in the middle. */
	readonly isInputCut: boolean;
	/** Closes a call that `stop` left open: its arguments are what they are. */
	force(): void;
}

/** A `thinking` block: a reasoning item of its own, with the block itself as hidden state. */
export class ThinkingBlock implements BlockReader {
	readonly isInputCut = false;
	readonly #context: BlockReaderContext;
	readonly #item: OpenItem;
	#signature: string;

	constructor(block: JsonObject, context: BlockReaderContext) {
		this.#context = context;
		this.#item = context.builder.open({type: 'reasoning'});
		this.#signature = textField(block, 'signature') ?? '';
		this.#think(textField(block, 'thinking') ?? '');
	}

	delta(delta: JsonObject): void {
		if (delta['type'] === 'signature_delta') {
			// Replaced, not joined (translation.md 3.2).
			this.#signature = textField(delta, 'signature') ?? this.#signature;
		} else {
			this.#think(textField(delta, 'thinking') ?? '');
		}
	}

	stop(): boolean {
		const {builder, family} = this.#context;
		const hidden: HiddenState =
			this.#signature === ''
				? {kind: 'text', family, text: ''}
				: {kind: 'signed', family, text: '', signature: this.#signature};
		builder.close(this.#item, {hidden});
		return true;
	}

	force(): void {
		this.stop();
	}

	#think(text: string): void {
		this.#context.builder.delta(this.#item, {channel: 'summary'}, text);
	}
}

/** A `tool_use` block. Some gateways send the whole input with the start and no deltas (case 87). */
export class ToolUseBlock implements BlockReader {
	readonly #stream: CallStream;
	readonly #input: unknown;
	#hasDeltas = false;

	constructor(block: JsonObject, {builder, tools}: BlockReaderContext) {
		this.#input = block['input'];
		const start = {callId: textField(block, 'id') ?? '', wireName: textField(block, 'name') ?? ''};
		this.#stream = new CallStream(builder, tools, start);
	}

	get isInputCut(): boolean {
		return this.#hasDeltas && this.#stream.isInputCut;
	}

	delta(delta: JsonObject): void {
		const text = textField(delta, 'partial_json') ?? '';
		this.#hasDeltas ||= text !== '';
		this.#stream.push(text);
	}

	stop(): boolean {
		if (!this.#hasDeltas && isJsonObject(this.#input) && Object.keys(this.#input).length > 0) {
			this.#stream.push(JSON.stringify(this.#input));
		}

		const {isWhole} = this.#stream;
		if (isWhole) {
			this.#stream.close();
		}

		return isWhole;
	}

	force(): void {
		this.#stream.close();
	}
}

/** A web search that the provider ran itself. */
export class SearchBlock implements BlockReader {
	readonly isInputCut = false;
	readonly #builder: AnswerBuilder;
	readonly #item: OpenItem;
	readonly #input: JsonObject;
	#text = '';

	constructor(block: JsonObject, {builder}: BlockReaderContext) {
		this.#builder = builder;
		this.#input = objectField(block, 'input');
		const raw = {type: 'web_search_call', status: 'in_progress', action: {type: 'search', query: ''}};
		this.#item = builder.open({type: 'hosted', name: 'web_search_call', raw});
	}

	delta(delta: JsonObject): void {
		this.#text += textField(delta, 'partial_json') ?? '';
	}

	stop(): boolean {
		const input = parseJsonObject(this.#text) ?? this.#input;
		const action = {type: 'search', query: textField(input, 'query') ?? ''};
		this.#builder.close(this.#item, {raw: {type: 'web_search_call', status: 'completed', action}});
		return true;
	}

	force(): void {
		this.stop();
	}
}

/** A `text` block: one part of the message that is open (translation.md 3.2). */
export class TextBlock implements BlockReader {
	readonly isInputCut = false;
	readonly #builder: AnswerBuilder;
	readonly #message: OpenItem;
	readonly #part: number;
	#length = 0;

	constructor(block: JsonObject, builder: AnswerBuilder, message: OpenItem) {
		this.#builder = builder;
		this.#message = message;
		this.#part = new Set(message.parts.map(({part}) => part)).size;
		this.#say(textField(block, 'text') ?? '');
	}

	delta(delta: JsonObject): void {
		if (delta['type'] === 'citations_delta') {
			this.#cite(objectField(delta, 'citation'));
		} else {
			this.#say(textField(delta, 'text') ?? '');
		}
	}

	stop(): boolean {
		return true;
	}

	force(): void {
		this.stop();
	}

	#say(text: string): void {
		this.#length += text.length;
		this.#builder.delta(this.#message, {channel: 'text', part: this.#part}, text);
	}

	/** The cited text comes before its citation or after it: the annotation covers what stands there so far. */
	#cite(citation: JsonObject): void {
		const url = textField(citation, 'url');
		if (url !== undefined) {
			const place = {start_index: 0, end_index: this.#length};
			const title = textField(citation, 'title') ?? url;
			this.#builder.annotate(this.#message, this.#part, {type: 'url_citation', ...place, url, title});
		}
	}
}
