import {isJsonObject, numberField, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import {AnswerBuilder} from '../answer-builder.ts';
import {answerError, brokenAnswer, cutInput, findAnswerError} from '../answer-error.ts';
import {readChatUsage} from '../chat/read-usage.ts';
import type {DecodeOptions} from '../decode-options.ts';
import {booleanField, objectsField} from '../field.ts';
import type {AnswerDecoder, AnswerError, AnswerEvent, DeltaChannel, FinishReason} from '../ir-event.ts';
import {parsePayload} from '../payload.ts';
import {OutputSlot, partIndex} from './decode-output-item.ts';

/** Which text an event adds to. */
const deltaChannels: Readonly<Record<string, DeltaChannel>> = {
	'response.output_text': 'text',
	'response.refusal': 'refusal',
	'response.reasoning_text': 'reasoning',
	'response.reasoning_summary_text': 'summary',
	'response.function_call_arguments': 'payload',
	'response.custom_tool_call_input': 'payload',
};

const wholeFields: readonly string[] = ['text', 'refusal', 'arguments', 'input'];

const terminals: readonly string[] = [
	'response.completed',
	'response.incomplete',
	'response.failed',
	'response.cancelled',
];

/**
 * Responses answers, streamed or whole, as {@link AnswerEvent}s, from OpenAI as well as from servers that know a part of the
 * protocol: missing deltas, missing `output_item.done`, missing terminal events and ids that change are made good (translation.md 4.3).
 */
export class ResponsesAnswerDecoder implements AnswerDecoder {
	readonly #builder = new AnswerBuilder();
	readonly #options: DecodeOptions;
	readonly #slots = new Map<number, OutputSlot>();
	#isDone = false;
	#hasEvents = false;

	constructor(options: DecodeOptions) {
		this.#options = options;
	}

	push(data: string, eventName?: string): readonly AnswerEvent[] {
		if (this.#builder.isEnded || data.trim() === '') {
			return [];
		}

		this.#hasEvents = true;
		if (data.trim() === '[DONE]') {
			this.#isDone = true;
			return [];
		}

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
		const error = findAnswerError(body);
		if (error) {
			this.#fail(error);
		} else {
			this.#terminate(body);
		}

		return this.#builder.take();
	}

	fail(error: AnswerError): readonly AnswerEvent[] {
		this.#fail(error);
		return this.#builder.take();
	}

	end(): readonly AnswerEvent[] {
		if (!this.#builder.isEnded) {
			if (this.#isDone && this.#slots.size > 0 && [...this.#slots.values()].every(slot => slot.isWhole)) {
				this.#finish('stop', undefined);
			} else {
				this.#fail(brokenAnswer(this.#hasEvents ? 'The stream ended early.' : 'The upstream sent an empty answer.'));
			}
		}

		return this.#builder.take();
	}

	#take(event: JsonObject, type: string): void {
		if (type === 'error' || (type === '' && findAnswerError(event))) {
			const error = isJsonObject(event['error']) ? event : {error: event};
			this.#fail(findAnswerError(error) ?? brokenAnswer('The upstream reported an error.'));
		} else if (terminals.includes(type)) {
			this.#terminate(objectField(event, 'response'));
		} else if (type === 'response.created' || type === 'response.in_progress') {
			const response = objectField(event, 'response');
			this.#builder.start(textField(response, 'id'), textField(response, 'model'));
		} else if (type === 'response.output_item.added') {
			this.#slot(event, objectField(event, 'item'));
		} else if (type === 'response.output_item.done') {
			const item = objectField(event, 'item');
			this.#slot(event, item).close(item);
		} else if (type === 'response.output_text.annotation.added') {
			this.#slot(event, {type: 'message'}).annotate(partIndex(event), objectField(event, 'annotation'));
		} else {
			this.#takeText(event, type);
		}
	}

	#takeText(event: JsonObject, type: string): void {
		const dot = type.lastIndexOf('.');
		const channel = deltaChannels[type.slice(0, dot)];
		if (channel === undefined) {
			return;
		}

		const kind = type.slice(dot + 1);
		const slot = this.#slot(event, {
			type: channel === 'payload' ? 'function_call' : channel === 'text' ? 'message' : 'reasoning',
		});
		if (kind === 'delta') {
			slot.delta(channel, partIndex(event), textField(event, 'delta') ?? '');
		} else if (kind === 'done') {
			const text = wholeFields.map(name => textField(event, name)).find(value => value !== undefined);
			slot.whole(channel, partIndex(event), text ?? '');
		}
	}

	/** The slot of an event; opened with `raw` where the server left `output_item.added` out. */
	#slot(event: JsonObject, raw: JsonObject): OutputSlot {
		const index = numberField(event, 'output_index') ?? Math.max(0, this.#slots.size - 1);
		const known = this.#slots.get(index);
		if (known) {
			return known;
		}

		const slot = new OutputSlot(raw, {builder: this.#builder, tools: this.#options.tools, ids: this.#options.ids});
		this.#slots.set(index, slot);
		return slot;
	}

	#terminate(response: JsonObject): void {
		this.#builder.start(textField(response, 'id'), textField(response, 'model'));
		this.#builder.usage(readChatUsage(response['usage']));
		if (response['status'] === 'failed' || response['status'] === 'cancelled') {
			const error = objectField(response, 'error');
			const text = textField(error, 'message') ?? `The upstream ended its answer as ${textField(response, 'status')}.`;
			this.#fail(answerError(textField(error, 'code'), text));
			return;
		}

		this.#readOutput(objectsField(response, 'output'));
		const reason = textField(objectField(response, 'incomplete_details'), 'reason');
		const isCut = response['status'] === 'incomplete';
		this.#finish(
			isCut ? (reason === 'content_filter' ? 'filter' : 'length') : 'stop',
			reason,
			booleanField(response, 'end_turn'),
		);
	}

	/** Items that only the last event holds, and items whose own end was left out; half calls stay open. */
	#readOutput(output: readonly JsonObject[]): void {
		const isMissing = this.#slots.size < output.length;
		for (const [index, item] of output.entries()) {
			const slot = this.#slots.get(index) ?? (isMissing ? this.#slot({output_index: index}, item) : undefined);
			if (slot && (!slot.isCall || item['status'] !== 'incomplete')) {
				slot.close(item);
			}
		}
	}

	#finish(reason: FinishReason, raw: string | undefined, endTurn?: boolean): void {
		if (reason === 'stop' && [...this.#slots.values()].some(slot => slot.isInputCut)) {
			this.#fail(cutInput());
			return;
		}

		for (const slot of this.#slots.values()) {
			slot.closeUnfinished(reason === 'stop' ? 'completed' : 'incomplete');
		}

		const hasCalls = [...this.#slots.values()].some(slot => slot.isCall);
		this.#builder.finish(reason === 'stop' && hasCalls ? 'calls' : reason, raw, endTurn);
	}

	/** What is open stays open where the client will ask again; else it may keep the text (translation.md 2.9). */
	#fail(error: AnswerError): void {
		if (!error.isRetryable) {
			for (const slot of this.#slots.values()) {
				if (!slot.isCall) {
					slot.closeUnfinished('incomplete');
				}
			}
		}

		this.#builder.fail(error);
	}
}
