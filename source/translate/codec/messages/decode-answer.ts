import {isJsonObject, numberField, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import {AnswerBuilder, type OpenItem} from '../answer-builder.ts';
import {answerError, brokenAnswer, cutInput, findAnswerError} from '../answer-error.ts';
import type {DecodeOptions} from '../decode-options.ts';
import {objectsField} from '../field.ts';
import type {AnswerDecoder, AnswerError, AnswerEvent, FinishReason} from '../ir-event.ts';
import {parsePayload} from '../payload.ts';
import {SearchBlock, TextBlock, ThinkingBlock, ToolUseBlock, type BlockReader} from './decode-block.ts';
import {MessagesUsage} from './read-usage.ts';

/** What a `stop_reason` means (translation.md 3.2); unknown ones are `stop`. */
const stopReasons: Readonly<Record<string, FinishReason>> = {
	tool_use: 'calls',
	max_tokens: 'length',
	refusal: 'filter',
	pause_turn: 'pause',
};

/** Messages answers, streamed or whole, as {@link AnswerEvent}s (translation.md 3.2). */
export class MessagesAnswerDecoder implements AnswerDecoder {
	readonly #builder = new AnswerBuilder();
	readonly #options: DecodeOptions;
	readonly #blocks = new Map<number, BlockReader>();
	readonly #usage = new MessagesUsage();
	#message: OpenItem | undefined;
	#stopReason: string | undefined;
	#hasEvents = false;

	constructor(options: DecodeOptions) {
		this.#options = options;
	}

	push(data: string, eventName?: string): readonly AnswerEvent[] {
		if (this.#builder.isEnded || data.trim() === '') {
			return [];
		}

		this.#hasEvents = true;
		const events = parsePayload(data);
		if (events.length === 0) {
			this.#builder.losses.add('broken-event', 'An event of the upstream was no JSON and was left out.');
		}

		for (const event of events) {
			this.#take(event, textField(event, 'type') ?? eventName ?? '');
		}

		return this.#builder.take();
	}

	pushWhole(body: JsonObject): readonly AnswerEvent[] {
		this.#hasEvents = true;
		const error = body['type'] === 'message' ? undefined : findAnswerError(body);
		if (error) {
			this.#fail(error);
			return this.#builder.take();
		}

		this.#start(body);
		for (const [index, block] of objectsField(body, 'content').entries()) {
			this.#openBlock(index, block);
			this.#stopBlock(index);
		}

		this.#stopReason = textField(body, 'stop_reason') ?? 'end_turn';
		this.#finish();
		return this.#builder.take();
	}

	fail(error: AnswerError): readonly AnswerEvent[] {
		this.#fail(error);
		return this.#builder.take();
	}

	end(): readonly AnswerEvent[] {
		if (!this.#builder.isEnded) {
			if (this.#stopReason === undefined) {
				this.#fail(brokenAnswer(this.#hasEvents ? 'The stream ended early.' : 'The upstream sent an empty answer.'));
			} else {
				this.#finish();
			}
		}

		return this.#builder.take();
	}

	#take(event: JsonObject, type: string): void {
		const index = numberField(event, 'index') ?? this.#blocks.size - 1;
		switch (type) {
			case 'message_start': {
				this.#start(objectField(event, 'message'));
				break;
			}

			case 'content_block_start': {
				this.#openBlock(index, objectField(event, 'content_block'));
				break;
			}

			case 'content_block_delta': {
				this.#blocks.get(index)?.delta(objectField(event, 'delta'));
				break;
			}

			case 'content_block_stop': {
				this.#stopBlock(index);
				break;
			}

			case 'message_delta': {
				this.#stopReason = textField(objectField(event, 'delta'), 'stop_reason') ?? this.#stopReason;
				this.#usage.add(event['usage']);
				break;
			}

			case 'message_stop': {
				this.#finish();
				break;
			}

			case 'ping': {
				break;
			}

			default: {
				this.#takeOther(event, type);
			}
		}
	}

	#takeOther(event: JsonObject, type: string): void {
		const isError = type === 'error' && !isJsonObject(event['error']);
		const error = findAnswerError(isError ? {error: event} : event);
		if (error) {
			this.#fail(error);
		} else {
			this.#builder.losses.add('unknown-event', `An event of type ${type} was left out.`);
		}
	}

	#start(message: JsonObject): void {
		this.#builder.start(textField(message, 'id'), textField(message, 'model'));
		this.#usage.add(message['usage']);
	}

	#openBlock(index: number, block: JsonObject): void {
		const {tools, quirks} = this.#options;
		const context = {builder: this.#builder, tools, family: quirks.family};
		this.#replaceBlock(index);
		switch (block['type']) {
			case 'text': {
				this.#message ??= this.#builder.open({type: 'message'});
				this.#blocks.set(index, new TextBlock(block, this.#builder, this.#message));
				break;
			}

			case 'thinking': {
				this.#closeMessage();
				this.#blocks.set(index, new ThinkingBlock(block, context));
				break;
			}

			case 'redacted_thinking': {
				this.#closeMessage();
				const item = this.#builder.open({type: 'reasoning'});
				const data = textField(block, 'data') ?? '';
				this.#builder.close(item, {hidden: {kind: 'redacted', family: quirks.family, data}});
				break;
			}

			case 'tool_use': {
				this.#closeMessage();
				const id = textField(block, 'id') || this.#options.ids.next('call');
				this.#blocks.set(index, new ToolUseBlock({...block, id}, context));
				break;
			}

			default: {
				this.#openHosted(index, block);
			}
		}
	}

	#openHosted(index: number, block: JsonObject): void {
		const {tools, quirks} = this.#options;
		if (block['type'] === 'server_tool_use' && block['name'] === 'web_search') {
			this.#closeMessage();
			this.#blocks.set(index, new SearchBlock(block, {builder: this.#builder, tools, family: quirks.family}));
		} else if (block['type'] !== 'web_search_tool_result') {
			this.#builder.losses.add('unknown-block', `A block of type ${textField(block, 'type')} was left out.`);
		}
	}

	/** An index that is used again ends the block that had it. */
	#replaceBlock(index: number): void {
		const block = this.#blocks.get(index);
		if (block?.stop() === false) {
			block.force();
		}

		this.#blocks.delete(index);
	}

	/** A message holds adjacent text blocks; another kind of block ends it. */
	#closeMessage(): void {
		if (this.#message) {
			this.#builder.close(this.#message);
			this.#message = undefined;
		}
	}

	#stopBlock(index: number): void {
		if (this.#blocks.get(index)?.stop() === true) {
			this.#blocks.delete(index);
		}
	}

	#finish(): void {
		this.#builder.usage(this.#usage.total());
		const raw = this.#stopReason ?? 'end_turn';
		if (raw === 'model_context_window_exceeded') {
			this.#fail(answerError('context_length_exceeded', 'The answer reached the end of the model’s context window.'));
			return;
		}

		const reason = stopReasons[raw] ?? 'stop';
		if (reason !== 'length' && [...this.#blocks.values()].some(block => block.isInputCut)) {
			this.#fail(cutInput());
			return;
		}

		this.#closeBlocks(reason);
		if (this.#message) {
			this.#builder.close(this.#message, {status: reason === 'length' ? 'incomplete' : 'completed'});
		}

		if (this.#builder.itemCount === 0 && reason === 'stop' && !this.#options.quirks.answer.allowEmpty) {
			this.#builder.fail(brokenAnswer('The upstream sent an answer without content.', 'empty_response'));
		} else {
			this.#builder.finish(reason, raw);
		}
	}

	/** Blocks without an end of their own; a call that the limit cut stays open (case 64). */
	#closeBlocks(reason: FinishReason): void {
		for (const block of this.#blocks.values()) {
			if (!block.stop() && reason !== 'length') {
				block.force();
			}
		}

		this.#blocks.clear();
	}

	/** What is open stays open where the client will ask again; else it may keep the text (translation.md 2.9). */
	#fail(error: AnswerError): void {
		if (!error.isRetryable && this.#message) {
			this.#builder.close(this.#message, {status: 'incomplete'});
		}

		this.#builder.fail(error);
	}
}
