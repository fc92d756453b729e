import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {AnswerBuilder} from '../answer-builder.ts';
import {answerError, brokenAnswer, cutInput, findAnswerError} from '../answer-error.ts';
import {objectsField} from '../field.ts';
import type {DecodeOptions} from '../decode-options.ts';
import type {AnswerDecoder, AnswerError, AnswerEvent, FinishReason} from '../ir-event.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {parsePayload} from '../payload.ts';
import {CallAssembly} from './assemble-calls.ts';
import {DeltaTemplate} from './delta-template.ts';
import {readFinishReason} from './finish-reason.ts';
import {findChatUsage} from './read-usage.ts';
import {SpokenAnswer} from './spoken.ts';

const maxBrokenEvents = 3;

/** Chat Completions answers, streamed or whole, as {@link AnswerEvent}s (translation.md 2). */
export class ChatAnswerDecoder implements AnswerDecoder {
	readonly #builder = new AnswerBuilder();
	readonly #quirks: ProviderQuirks;
	readonly #calls: CallAssembly;
	readonly #spoken: SpokenAnswer;
	readonly #template = new DeltaTemplate();
	#finish: string | undefined;
	#brokenEvents = 0;
	#isDone = false;
	#hasEvents = false;

	constructor(options: DecodeOptions) {
		this.#quirks = options.quirks;
		this.#spoken = new SpokenAnswer(this.#builder, options.quirks);
		this.#calls = new CallAssembly({
			builder: this.#builder,
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

	push(data: string, eventName?: string): readonly AnswerEvent[] {
		if (this.#isDone || this.#builder.isEnded || data === '') {
			return [];
		}

		this.#hasEvents = true;
		const known = this.#template.read(data);
		if (known) {
			this.#brokenEvents = 0;
			this.#spoken.take(known.field === 'content', known.text);
			return this.#builder.take();
		}

		if (data.trim() === '[DONE]') {
			this.#isDone = true;
			return this.#builder.take();
		}

		const chunks = parsePayload(data);
		if (chunks.length === 1 && chunks[0] && eventName === undefined) {
			this.#template.learn(data, chunks[0]);
		}

		if (chunks.length === 0) {
			this.#noteBroken();
		}

		for (const chunk of chunks) {
			this.#brokenEvents = 0;
			this.#pushChunk(eventName === 'error' && !('error' in chunk) ? {error: chunk} : chunk);
		}

		return this.#builder.take();
	}

	pushWhole(body: JsonObject): readonly AnswerEvent[] {
		this.#hasEvents = true;
		this.#pushChunk(body);
		return this.#builder.take();
	}

	fail(error: AnswerError): readonly AnswerEvent[] {
		this.#fail(error);
		return this.#builder.take();
	}

	end(): readonly AnswerEvent[] {
		if (!this.#builder.isEnded) {
			this.#conclude();
		}

		return this.#builder.take();
	}

	#noteBroken(): void {
		this.#brokenEvents += 1;
		this.#builder.losses.add('broken-event', 'An event of the upstream was no JSON and was left out.');
		if (this.#brokenEvents >= maxBrokenEvents) {
			this.#fail(brokenAnswer('The upstream sent events that are no JSON.'));
		}
	}

	#pushChunk(chunk: JsonObject): void {
		const error = findAnswerError(chunk);
		if (error) {
			this.#fail(error);
			return;
		}

		this.#builder.start(textField(chunk, 'id'), textField(chunk, 'model'));
		const choices = objectsField(chunk, 'choices');
		const choice = choices.find(one => one['index'] === 0) ?? choices[0] ?? {};
		this.#builder.usage(findChatUsage(chunk, choice));
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

	#conclude(): void {
		if (this.#finish === undefined && !this.#isEndOfAnswer()) {
			this.#fail(brokenAnswer(this.#hasEvents ? 'The stream ended early.' : 'The upstream sent an empty answer.'));
			return;
		}

		const meaning = readFinishReason(this.#finish ?? '');
		const wasInside = this.#spoken.end();
		if (meaning === 'error') {
			this.#fail(answerError(this.#finish, `The upstream ended its answer with "${this.#finish ?? ''}".`));
			return;
		}

		this.#calls.release();
		if (meaning !== 'length' && this.#calls.isInputCut) {
			this.#fail(cutInput());
			return;
		}

		this.#closeAll(meaning, wasInside);
	}

	/** Without a finish reason `[DONE]` ends an answer, and for servers that never send one the end of the stream (translation.md 2.10). */
	#isEndOfAnswer(): boolean {
		const hasOutput = this.#spoken.hasMessage || this.#calls.hasCalls;
		return this.#calls.isWhole && ((this.#isDone && hasOutput) || (this.#quirks.answer.eofIsStop && this.#hasEvents));
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
			this.#builder.fail(
				brokenAnswer(
					'The upstream announced a tool call but sent none that can be used.',
					'upstream_tool_call_dropped',
				),
			);
		} else if (meaning === 'stop' && calls === 0 && !this.#spoken.hasMessage && !this.#quirks.answer.allowEmpty) {
			this.#builder.fail(brokenAnswer('The upstream sent an answer without content.', 'empty_response'));
		} else {
			this.#builder.finish(calls > 0 && meaning === 'stop' ? 'calls' : meaning, this.#finish);
		}
	}

	/** A failure that the client answers by asking again leaves half items open; any other lets it keep the text (translation.md 2.9). */
	#fail(error: AnswerError): void {
		if (!error.isRetryable && this.#spoken.hasMessage) {
			this.#spoken.closeReasoning();
			this.#spoken.closeMessage('incomplete');
		}

		this.#builder.fail(error);
	}
}
