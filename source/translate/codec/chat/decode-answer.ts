import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {answerError, brokenAnswer, cutInput, findAnswerError} from '../answer-error.ts';
import {objectsField} from '../field.ts';
import type {DeltaRun, RunTexts} from '../delta-run.ts';
import type {RunShape} from '../run-shape.ts';
import type {DecodeOptions} from '../decode-options.ts';
import type {AnswerError, AnswerEvent, FinishReason} from '../ir-event.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {PayloadDecoder} from '../payload-decoder.ts';
import {CallAssembly} from './assemble-calls.ts';
import {DeltaTemplate} from './delta-template.ts';
import {readFinishReason} from './finish-reason.ts';
import {findChatUsage} from './read-usage.ts';
import {SpokenAnswer} from './spoken.ts';

/** Chat Completions answers, streamed or whole, as {@link AnswerEvent}s (translation.md 2). */
export class ChatAnswerDecoder extends PayloadDecoder {
	readonly #quirks: ProviderQuirks;
	readonly #calls: CallAssembly;
	readonly #spoken: SpokenAnswer;
	readonly #template = new DeltaTemplate();
	#finish: string | undefined;
	#isDone = false;

	constructor(options: DecodeOptions) {
		super();
		this.#quirks = options.quirks;
		this.#spoken = new SpokenAnswer(this.builder, options.quirks);
		this.#calls = new CallAssembly({
			builder: this.builder,
			tools: options.tools,
			ids: options.ids,
			knownCallIds: options.knownCallIds ?? new Set(),
			fragmentedNames: options.quirks.answer.fragmentedNames,
		});
	}

	/** Whether the provider said why it ended: after that only usage may follow, and a silence is the end (translation.md 2.7). */
	get hasFinishReason(): boolean {
		return this.#finish !== undefined;
	}

	override push(data: string, eventName?: string): readonly AnswerEvent[] {
		if (this.#isDone || this.builder.isEnded || data === '') {
			return [];
		}

		const known = this.#template.read(data);
		if (known) {
			this.hasEvents = true;
			this.noteReadable();
			this.#spoken.take(known.field === 'content', known.text);
			return this.builder.take();
		}

		if (data.trim() === '[DONE]') {
			this.hasEvents = true;
			this.#isDone = true;
			return this.builder.take();
		}

		return this.pushPayload(data, eventName);
	}

	runShape(): RunShape | undefined {
		const isOver = this.#isDone || this.builder.isEnded;
		return isOver || !this.#spoken.isOpen(this.#template.isContent) ? undefined : this.#template.shape;
	}

	takeRun(texts: RunTexts): DeltaRun {
		this.hasEvents = true;
		this.noteReadable();
		return this.#spoken.takeRun(texts);
	}

	protected override parse(data: string, eventName: string | undefined): readonly JsonObject[] {
		const chunks = super.parse(data, eventName);
		if (chunks.length === 1 && chunks[0] && eventName === undefined) {
			this.#template.learn(data, chunks[0]);
		}

		return chunks;
	}

	protected override takeEvent(chunk: JsonObject, eventName: string | undefined): void {
		this.takeWhole(eventName === 'error' && !('error' in chunk) ? {error: chunk} : chunk);
	}

	protected override takeWhole(chunk: JsonObject): void {
		const error = findAnswerError(chunk);
		if (error) {
			this.abort(error);
			return;
		}

		this.builder.start(textField(chunk, 'id'), textField(chunk, 'model'));
		const choices = objectsField(chunk, 'choices');
		const choice = choices.find(one => one['index'] === 0) ?? choices[0] ?? {};
		this.builder.usage(findChatUsage(chunk, choice));
		if (isJsonObject(choice['delta'])) {
			this.#pushDelta(choice['delta']);
		}

		if (isJsonObject(choice['message'])) {
			this.#pushMessage(choice['message']);
		}

		const finish = textField(choice, 'finish_reason')?.trim().toLowerCase();
		if (finish !== undefined && finish !== '') {
			this.#finish = finish;
		}
	}

	#pushDelta(delta: JsonObject): void {
		this.#spoken.push(delta);
		if (delta['tool_calls'] || delta['function_call']) {
			this.#spoken.closeReasoning();
			if (this.#quirks.answer.splitText) {
				this.#spoken.splitMessage();
			}

			this.#calls.push(delta);
		}
	}

	/** A whole message in a stream's last chunk or in a JSON answer. */
	#pushMessage(message: JsonObject): void {
		this.#spoken.pushWhole(message);
		if (!this.#calls.hasCalls && (Array.isArray(message['tool_calls']) || isJsonObject(message['function_call']))) {
			this.#spoken.closeReasoning();
			this.#calls.pushWhole(message);
		}
	}

	protected override conclude(): void {
		if (this.#finish === undefined && !this.#isEndOfAnswer()) {
			this.abortUnended();
			return;
		}

		const meaning = readFinishReason(this.#finish ?? '');
		const wasInside = this.#spoken.end();
		if (meaning === 'error') {
			this.abort(answerError(this.#finish, `The upstream ended its answer with "${this.#finish ?? ''}".`));
			return;
		}

		this.#calls.release();
		if (meaning !== 'length' && this.#calls.isInputCut) {
			this.abort(cutInput());
			return;
		}

		this.#closeAll(meaning, wasInside);
	}

	/** Without a finish reason `[DONE]` ends an answer, and for servers that never send one the end of the stream (translation.md 2.10). */
	#isEndOfAnswer(): boolean {
		const hasOutput = this.#spoken.hasMessage || this.#calls.hasCalls;
		return this.#calls.isWhole && ((this.#isDone && hasOutput) || (this.#quirks.answer.eofIsStop && this.hasEvents));
	}

	#closeAll(meaning: FinishReason, wasInside: boolean): void {
		const isCut = meaning === 'length';
		const isOnlyThought = this.#spoken.isOnlyThought && !this.#calls.hasCalls;
		if (isOnlyThought && !isCut && (wasInside || this.#quirks.answer.reasoningFallbackText)) {
			this.#spoken.promoteThoughts();
		}

		this.#spoken.closeReasoning();
		this.#spoken.closeMessage(isCut ? 'incomplete' : 'completed');
		this.#endWith(meaning, this.#calls.close(isCut));
	}

	#endWith(meaning: FinishReason, calls: number): void {
		const wantsCalls = meaning === 'calls' || (meaning === 'stop' && this.#calls.hasCalls);
		if (wantsCalls && calls === 0) {
			this.builder.fail(
				brokenAnswer(
					'The upstream announced a tool call but sent none that can be used.',
					'upstream_tool_call_dropped',
				),
			);
		} else if (meaning === 'stop' && calls === 0 && !this.#spoken.hasMessage && !this.#quirks.answer.allowEmpty) {
			this.builder.fail(brokenAnswer('The upstream sent an answer without content.', 'empty_response'));
		} else {
			this.builder.finish(calls > 0 && meaning === 'stop' ? 'calls' : meaning, this.#finish);
		}
	}

	protected override abort(error: AnswerError): void {
		if (!error.isRetryable && this.#spoken.hasMessage) {
			this.#spoken.closeReasoning();
			this.#spoken.closeMessage('incomplete');
		}

		this.builder.fail(error);
	}
}
