import {isJsonObject, numberField, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import {answerError, brokenAnswer, findAnswerError} from '../answer-error.ts';
import type {DecodeOptions} from '../decode-options.ts';
import {objectsField} from '../field.ts';
import type {AnswerError, AnswerEvent, FinishReason} from '../ir-event.ts';
import {PayloadDecoder} from '../payload-decoder.ts';
import type {AnswerQuirks} from '../quirks.ts';
import {BlockList, type AnswerContent} from './block-list.ts';
import {mergeRawUsage, readMessagesUsage} from './read-usage.ts';
import {readStopReason} from './stop-reason.ts';

/** Messages answers, streamed or whole, as {@link AnswerEvent}s (translation.md 3.2). */
export class MessagesAnswerDecoder extends PayloadDecoder {
	readonly #quirks: AnswerQuirks;
	readonly #blocks: BlockList;
	#usage: JsonObject = {};
	#stopReason: string | undefined;
	#lastIndex = 0;

	constructor(options: DecodeOptions) {
		super();
		this.#quirks = options.quirks.answer;
		this.#blocks = new BlockList(this.builder, options);
	}

	/** Whether the provider said why it ended: nothing of the answer's content can follow. */
	get hasFinishReason(): boolean {
		return this.#stopReason !== undefined;
	}

	override push(data: string, eventName?: string): readonly AnswerEvent[] {
		const isEmpty = data.trim() === '' || data.trim() === '[DONE]';
		return this.builder.isEnded || isEmpty ? [] : this.pushPayload(data, eventName);
	}

	protected override takeEvent(event: JsonObject, eventName: string | undefined): void {
		this.#take(event, textField(event, 'type') ?? eventName ?? '');
	}

	protected override takeWhole(body: JsonObject): void {
		const error = findAnswerError(body);
		if (error) {
			this.abort(error);
			return;
		}

		this.#begin(body);
		this.#noteStop(body);
		// A whole answer is whole, also where a gateway forgot to say why it ended.
		this.#stopReason ??= Array.isArray(body['content']) ? 'end_turn' : undefined;
		this.conclude();
	}

	#take(event: JsonObject, type: string): void {
		const error = findAnswerError(type === 'error' && !isJsonObject(event['error']) ? {error: event} : event);
		if (error) {
			this.abort(error);
			return;
		}

		switch (type) {
			case 'message_start': {
				this.#begin(objectField(event, 'message'));
				break;
			}

			case 'content_block_start': {
				this.#blocks.open(this.#indexOf(event), objectField(event, 'content_block'));
				break;
			}

			case 'content_block_delta': {
				this.#blocks.delta(this.#indexOf(event), objectField(event, 'delta'));
				break;
			}

			case 'content_block_stop': {
				this.#blocks.stop(this.#indexOf(event));
				break;
			}

			case 'message_delta': {
				this.#noteUsage(objectField(event, 'usage'));
				this.#noteStop(objectField(event, 'delta'));
				break;
			}

			case 'message_stop': {
				this.conclude();
				break;
			}

			case 'ping': {
				break;
			}

			default: {
				this.builder.losses.add('unknown-event', 'An event of a type that the bridge does not know was left out.');
			}
		}
	}

	/** Some gateways leave the index out: then the latest block is meant. */
	#indexOf(event: JsonObject): number {
		this.#lastIndex = numberField(event, 'index') ?? this.#lastIndex;
		return this.#lastIndex;
	}

	/** The head of a stream, which may hold whole blocks already, or a whole answer. */
	#begin(message: JsonObject): void {
		this.builder.start(textField(message, 'id'), textField(message, 'model'));
		this.#noteUsage(objectField(message, 'usage'));
		for (const block of objectsField(message, 'content')) {
			this.#blocks.add(block);
		}
	}

	#noteUsage(raw: JsonObject): void {
		this.#usage = mergeRawUsage(this.#usage, raw);
		if (Object.keys(raw).length > 0) {
			this.builder.usage(readMessagesUsage(this.#usage));
		}
	}

	#noteStop(delta: JsonObject): void {
		this.#stopReason = textField(delta, 'stop_reason') ?? this.#stopReason;
		const refusal = textField(objectField(delta, 'stop_details'), 'explanation');
		if (this.#stopReason === 'refusal' && refusal !== undefined) {
			this.#blocks.refuse(refusal);
		}
	}

	protected override conclude(): void {
		const isSilentEnd = this.#quirks.eofIsStop && this.hasEvents && this.#blocks.areCallsWhole;
		if (this.#stopReason === undefined && !isSilentEnd) {
			this.abortUnended();
			return;
		}

		const meaning = readStopReason(this.#stopReason ?? '');
		if (meaning === 'too-long') {
			this.abort(answerError('context_length_exceeded', 'The conversation exceeds the context window of the model.'));
		} else {
			this.#endWith(meaning, this.#blocks.close(meaning));
		}
	}

	#endWith(meaning: FinishReason, {calls, hasText, hadNameless, isInputCut}: AnswerContent): void {
		if (isInputCut) {
			this.builder.fail(brokenAnswer('The upstream cut off the raw input of a tool call.'));
		} else if (calls === 0 && (meaning === 'calls' || (meaning === 'stop' && hadNameless))) {
			const text = 'The upstream announced a tool call but sent none that can be used.';
			this.builder.fail(brokenAnswer(text, 'upstream_tool_call_dropped'));
		} else if (meaning === 'stop' && calls === 0 && !hasText && !this.#quirks.allowEmpty) {
			this.builder.fail(brokenAnswer('The upstream sent an answer without content.', 'empty_response'));
		} else {
			this.builder.finish(calls > 0 && meaning === 'stop' ? 'calls' : meaning, this.#stopReason);
		}
	}

	protected override abort(error: AnswerError): void {
		if (!error.isRetryable) {
			this.#blocks.abandon();
		}

		this.builder.fail(error);
	}
}
