import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {AnswerBuilder, joinedText, type OpenItem} from '../answer-builder.ts';
import {answerError, brokenAnswer, findAnswerError} from '../answer-error.ts';
import {objectsField} from '../field.ts';
import type {DecodeOptions} from '../decode-options.ts';
import type {AnswerDecoder, AnswerError, AnswerEvent, FinishReason} from '../ir-event.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {parsePayload} from '../payload.ts';
import {CallAssembly} from './assemble-calls.ts';
import {readFinishReason} from './finish-reason.ts';
import {findChatUsage} from './read-usage.ts';
import {contentPieces, joinDetails, reasoningText} from './reasoning-source.ts';
import {ThinkTags, type ThinkPiece} from './think-tags.ts';

const maxBrokenEvents = 3;

/** Chat Completions answers, streamed or whole, as {@link AnswerEvent}s (translation.md 2). */
export class ChatAnswerDecoder implements AnswerDecoder {
	readonly #builder = new AnswerBuilder();
	readonly #quirks: ProviderQuirks;
	readonly #calls: CallAssembly;
	readonly #tags: ThinkTags;
	#message: OpenItem | undefined;
	#reasoning: OpenItem | undefined;
	#details: readonly JsonObject[] = [];
	#leadingSpace = '';
	#thoughts = '';
	#finish: string | undefined;
	#brokenEvents = 0;
	#isDone = false;
	#hasEvents = false;

	constructor(options: DecodeOptions) {
		this.#quirks = options.quirks;
		const {fragmentedNames, inlineThink, implicitThink} = options.quirks.answer;
		this.#tags = new ThinkTags(inlineThink, implicitThink);
		this.#calls = new CallAssembly({
			builder: this.#builder,
			tools: options.tools,
			ids: options.ids,
			knownCallIds: options.knownCallIds ?? new Set(),
			fragmentedNames,
		});
	}

	/** Whether the provider said why it ended: after that only usage may follow, and a silence is the end (translation.md 2.7). */
	get hasFinishReason(): boolean {
		return this.#finish !== undefined;
	}

	push(data: string, eventName?: string): readonly AnswerEvent[] {
		if (this.#isDone || this.#builder.isEnded || data.trim() === '') {
			return [];
		}

		this.#hasEvents = true;
		if (data.trim() === '[DONE]') {
			this.#isDone = true;
			return this.#builder.take();
		}

		const chunks = parsePayload(data);
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
		this.#details = joinDetails(this.#details, delta);
		const thought = reasoningText(delta);
		if (thought !== '') {
			this.#pushPieces(this.#tags.disable());
			this.#think(thought);
		}

		for (const piece of contentPieces(delta['content'])) {
			this.#pushPieces(piece.isReasoning ? [piece] : this.#tags.push(piece.text));
		}

		const refusal = textField(delta, 'refusal');
		if (refusal !== undefined && refusal !== '') {
			this.#builder.delta(this.#openMessage(), {channel: 'refusal', part: 1}, refusal);
		}

		if (delta['tool_calls'] || delta['function_call']) {
			this.#closeReasoning();
			this.#calls.push(delta);
		}
	}

	/** A whole message in a stream's last chunk or in a JSON answer: only what was not streamed counts (translation.md 2.4). */
	#pushMessage(message: JsonObject): void {
		const said = this.#message ? joinedText(this.#message, 'text') : '';
		const whole = contentPieces(message['content']);
		const text = whole.map(piece => (piece.isReasoning ? '' : piece.text)).join('');
		const isNew = said === '' && this.#thoughts === '';
		const content = isNew ? message['content'] : text.startsWith(said) ? text.slice(said.length) : '';
		const hidden = {
			reasoning_content: undefined,
			reasoning: undefined,
			thinking: undefined,
			reasoning_details: undefined,
		};
		this.#pushDelta({...message, ...(!isNew && hidden), content, tool_calls: undefined, function_call: undefined});
		if (!this.#calls.hasCalls && (Array.isArray(message['tool_calls']) || isJsonObject(message['function_call']))) {
			this.#closeReasoning();
			this.#calls.pushWhole(message);
		}
	}

	#pushPieces(pieces: readonly ThinkPiece[]): void {
		for (const piece of pieces) {
			if (piece.isReasoning) {
				this.#think(piece.text);
			} else {
				this.#say(piece.text);
			}
		}
	}

	#think(text: string): void {
		this.#reasoning ??= this.#builder.open({type: 'reasoning'});
		this.#thoughts += text;
		this.#builder.delta(this.#reasoning, {channel: 'summary'}, text);
	}

	#say(text: string): void {
		const isBlank = this.#message === undefined && text.trim() === '';
		if (isBlank) {
			// Blank text beside tool calls opens no message (translation.md 2.4).
			this.#leadingSpace += text;
			return;
		}

		this.#builder.delta(this.#openMessage(), {channel: 'text'}, text);
	}

	#openMessage(): OpenItem {
		this.#closeReasoning();
		if (this.#message === undefined) {
			this.#message = this.#builder.open({type: 'message'});
			// Only what follows thinking or nothing is blank for its own sake; a real answer keeps its indentation.
			const lead = this.#thoughts === '' ? this.#leadingSpace : '';
			this.#builder.delta(this.#message, {channel: 'text'}, lead);
		}

		return this.#message;
	}

	/** Closes the open reasoning; a later thought opens a new item (translation.md 2.4). */
	#closeReasoning(): void {
		if (this.#reasoning) {
			const {family} = this.#quirks;
			const hidden =
				this.#details.length > 0
					? {kind: 'details' as const, family, details: this.#details}
					: {kind: 'text' as const, family, text: ''};
			this.#builder.close(this.#reasoning, {hidden});
			this.#reasoning = undefined;
			this.#details = [];
		} else if (this.#details.length > 0) {
			// Signed or encrypted blocks without a readable text still have to come back.
			const item = this.#builder.open({type: 'reasoning'});
			this.#builder.close(item, {hidden: {kind: 'details', family: this.#quirks.family, details: this.#details}});
			this.#details = [];
		}
	}

	#conclude(): void {
		if (this.#finish === undefined && !this.#isEndOfAnswer()) {
			this.#fail(brokenAnswer(this.#hasEvents ? 'The stream ended early.' : 'The upstream sent an empty answer.'));
			return;
		}

		const meaning = readFinishReason(this.#finish ?? '');
		const wasInside = this.#tags.isInside;
		this.#pushPieces(this.#tags.end());
		if (meaning === 'error') {
			this.#fail(answerError(this.#finish, `The upstream ended its answer with "${this.#finish ?? ''}".`));
			return;
		}

		this.#closeAll(meaning, wasInside);
	}

	/** Without a finish reason `[DONE]` ends an answer, and for servers that never send one the end of the stream (translation.md 2.10). */
	#isEndOfAnswer(): boolean {
		const hasOutput = this.#message !== undefined || this.#calls.hasCalls;
		return this.#calls.isWhole && ((this.#isDone && hasOutput) || (this.#quirks.answer.eofIsStop && this.#hasEvents));
	}

	#closeAll(meaning: FinishReason, wasInside: boolean): void {
		const isOnlyThought = this.#thoughts !== '' && this.#message === undefined && !this.#calls.hasCalls;
		const promotes = isOnlyThought && (wasInside || this.#quirks.answer.reasoningFallbackText);
		this.#closeReasoning();
		if (promotes && meaning !== 'length') {
			this.#say(this.#thoughts);
		}

		const isCut = meaning === 'length';
		if (this.#message) {
			this.#builder.close(this.#message, {status: isCut ? 'incomplete' : 'completed'});
		}

		const count = this.#calls.close(isCut);
		this.#endWith(meaning, count);
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
		} else if (meaning === 'stop' && calls === 0 && this.#message === undefined && !this.#quirks.answer.allowEmpty) {
			this.#builder.fail(brokenAnswer('The upstream sent an answer without content.', 'empty_response'));
		} else {
			this.#builder.finish(calls > 0 && meaning === 'stop' ? 'calls' : meaning, this.#finish);
		}
	}

	/** A failure that the client answers by asking again leaves half items open; any other lets it keep the text (translation.md 2.9). */
	#fail(error: AnswerError): void {
		if (!error.isRetryable && this.#message) {
			this.#closeReasoning();
			this.#builder.close(this.#message, {status: 'incomplete'});
		}

		this.#builder.fail(error);
	}
}
