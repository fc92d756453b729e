import {isJsonObject, objectField, parseJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {fitCall} from '../../text-tools/fit/fit-call.ts';
import {readMalformedCall} from '../../text-tools/read/python-call.ts';
import {joinedText, type OpenItem} from '../answer-builder.ts';
import {brokenAnswer} from '../answer-error.ts';
import type {DecodeOptions} from '../decode-options.ts';
import type {HiddenState, SignedPart} from '../envelope.ts';
import {objectsField} from '../field.ts';
import type {AnswerError, AnswerEvent, AnswerUsage, FinishReason} from '../ir-event.ts';
import {PayloadDecoder} from '../payload-decoder.ts';
import type {ProviderQuirks} from '../quirks.ts';
import type {ToolMap} from '../tool-map.ts';
import {GeminiCalls} from './assemble-calls.ts';
import {unwrapCodeAssist} from './code-assist.ts';
import {readEnding} from './finish-reason.ts';
import {findGeminiError} from './read-error.ts';
import {readGeminiUsage} from './usage.ts';

const fence = (word: string, text: string): string => `\n\`\`\`${word}\n${text.replace(/\n$/, '')}\n\`\`\`\n`;

/** generateContent answers, streamed or whole, also inside Code Assist's envelope, as {@link AnswerEvent}s (translation.md 3.6). */
export class GeminiAnswerDecoder extends PayloadDecoder {
	readonly #quirks: ProviderQuirks;
	readonly #calls: GeminiCalls;
	readonly #tools: ToolMap;
	#message: OpenItem | undefined;
	#reasoning: OpenItem | undefined;
	/** The signature of the open thought. */
	#thoughtSignature: string | undefined;
	/** Signatures that came with texts: their items follow the message, so that they come back behind it. */
	#textSignatures: ReadonlyArray<{readonly text: string; readonly signature: string}> = [];
	#leadingSpace = '';
	#hasThoughts = false;
	#hasImage = false;
	#usage: AnswerUsage | undefined;
	#finish: string | undefined;
	#finishMessage = '';
	#block: string | undefined;

	constructor(options: DecodeOptions) {
		super();
		this.#quirks = options.quirks;
		this.#calls = new GeminiCalls(this.builder, options);
		this.#tools = options.tools;
	}

	/** Whether the provider said why it ended: after that only usage may follow. */
	get hasFinishReason(): boolean {
		return this.#finish !== undefined || this.#block !== undefined;
	}

	override push(data: string): readonly AnswerEvent[] {
		return this.builder.isEnded || data.trim() === '' || data.trim() === '[DONE]' ? [] : this.pushPayload(data);
	}

	protected override takeEvent(chunk: JsonObject): void {
		this.takeWhole(chunk);
	}

	protected override takeWhole(raw: JsonObject): void {
		const chunk = unwrapCodeAssist(raw);
		const error = findGeminiError(chunk);
		if (error) {
			this.abort(error);
			return;
		}

		this.builder.start(textField(chunk, 'responseId'), textField(chunk, 'modelVersion'));
		this.#usage = readGeminiUsage(chunk['usageMetadata']) ?? this.#usage;
		this.#block = textField(objectField(chunk, 'promptFeedback'), 'blockReason') ?? this.#block;
		const candidates = objectsField(chunk, 'candidates');
		const candidate = candidates.find(one => (one['index'] ?? 0) === 0) ?? {};
		for (const part of objectsField(objectField(candidate, 'content'), 'parts')) {
			this.#pushPart(part);
		}

		this.#finish = textField(candidate, 'finishReason') ?? this.#finish;
		this.#finishMessage = textField(candidate, 'finishMessage') ?? this.#finishMessage;
	}

	#pushPart(part: JsonObject): void {
		const signature = textField(part, 'thoughtSignature');
		const text = textField(part, 'text');
		if (isJsonObject(part['functionCall'])) {
			this.#pushCall(part['functionCall'], signature);
		} else if (text !== undefined && part['thought'] === true) {
			this.#think(text, signature);
		} else if (text !== undefined) {
			this.#say(text, signature);
		} else if (isJsonObject(part['inlineData'])) {
			this.#showImage(part['inlineData']);
		} else if (isJsonObject(part['executableCode'])) {
			const {executableCode} = part;
			this.#say(
				fence(textField(executableCode, 'language')?.toLowerCase() ?? '', textField(executableCode, 'code') ?? ''),
			);
		} else if (isJsonObject(part['codeExecutionResult'])) {
			this.#say(fence('', textField(part['codeExecutionResult'], 'output') ?? ''));
		} else if (signature !== undefined) {
			this.#say('', signature);
		} else {
			this.builder.losses.add('unknown-part', 'A part of an answer that the bridge does not know was left out.');
		}
	}

	#pushCall(call: JsonObject, signature: string | undefined): void {
		if (!this.#calls.continues(call)) {
			this.#carry(signature);
		}

		this.#calls.push(call, signature);
	}

	/** A call's signature travels in the reasoning right before it; one is opened where the model gave no thought (translation.md 3.5). */
	#carry(signature: string | undefined): void {
		if (signature !== undefined) {
			if (this.#thoughtSignature !== undefined) {
				this.#closeReasoning();
			}

			this.#reasoning ??= this.builder.open({type: 'reasoning'});
			this.#closeReasoning(this.#hidden('call', signature));
		} else {
			this.#closeReasoning();
		}
	}

	#hidden(on: SignedPart, signature: string, text = ''): HiddenState {
		return {kind: 'thought', family: this.#quirks.family, on, signature, ...(text !== '' && {text})};
	}

	#think(text: string, signature: string | undefined): void {
		this.#calls.endGrowing();
		this.#reasoning ??= this.builder.open({type: 'reasoning'});
		this.#hasThoughts = true;
		this.builder.delta(this.#reasoning, {channel: 'summary'}, text);
		this.#thoughtSignature = signature ?? this.#thoughtSignature;
	}

	#say(text: string, signature?: string): void {
		if (signature !== undefined) {
			this.#textSignatures = [...this.#textSignatures, {text, signature}];
		}

		if (this.#message === undefined && text.trim() === '') {
			// Blank text beside tool calls opens no message (translation.md 2.4).
			this.#leadingSpace += text;
			return;
		}

		this.builder.delta(this.#openMessage(), {channel: 'text'}, text);
	}

	#openMessage(): OpenItem {
		this.#calls.endGrowing();
		this.#closeReasoning();
		if (this.#message === undefined) {
			this.#message = this.builder.open({type: 'message'});
			this.builder.delta(this.#message, {channel: 'text'}, this.#hasThoughts ? '' : this.#leadingSpace);
		}

		return this.#message;
	}

	#showImage(inlineData: JsonObject): void {
		this.#calls.endGrowing();
		this.#closeReasoning();
		this.#hasImage = true;
		const name = 'image_generation_call';
		const item = this.builder.open({type: 'hosted', name, raw: {type: name, status: 'in_progress'}});
		const result = textField(inlineData, 'data') ?? '';
		this.builder.close(item, {raw: {type: name, status: 'completed', result}});
	}

	/** Closes the open thought; a later one opens a new item (translation.md 2.4). */
	#closeReasoning(hidden?: HiddenState): void {
		if (this.#reasoning) {
			const own =
				this.#thoughtSignature === undefined
					? undefined
					: this.#hidden('thought', this.#thoughtSignature, joinedText(this.#reasoning, 'summary'));
			this.builder.close(this.#reasoning, {hidden: hidden ?? own});
			this.#reasoning = undefined;
			this.#thoughtSignature = undefined;
		}
	}

	protected override conclude(): void {
		const isStop = this.#quirks.answer.eofIsStop && this.hasEvents;
		if (!this.hasFinishReason && !isStop) {
			this.abort(this.#missingEnd());
			return;
		}

		const raw = this.#block ?? this.#finish ?? '';
		const ending = this.#block === undefined ? readEnding(raw) : 'filter';
		if (ending === 'error' && this.#readMalformed(raw)) {
			this.#closeAll('stop', raw);
		} else if (ending === 'error') {
			this.#failBy(raw);
		} else {
			this.#closeAll(ending, raw);
		}
	}

	/** A call that the model wrote as Python and Google could not read (translation.md 5.1, T19), where it is one that the client offers. */
	#readMalformed(raw: string): boolean {
		const written = raw === 'MALFORMED_FUNCTION_CALL' ? readMalformedCall(this.#finishMessage) : undefined;
		const fitted = written === undefined || this.#calls.hasCalls ? 'wrong-arguments' : fitCall(written, this.#tools);
		if (typeof fitted === 'string') {
			return false;
		}

		this.#calls.push({name: fitted.wireName, args: parseJsonObject(fitted.arguments)}, undefined);
		this.builder.losses.add('text-tool-call', 'A tool call that the provider could not read (T19) was recovered.');
		return true;
	}

	/** Nothing at all after a good beginning is an empty answer (`candidates: []`, seen after a corrupted history), else the stream was cut. */
	#missingEnd(): AnswerError {
		if (!this.hasEvents) {
			return brokenAnswer('The upstream sent an empty answer.');
		}

		return this.builder.itemCount === 0
			? brokenAnswer('The upstream sent an answer without content.', 'empty_response')
			: brokenAnswer('The stream ended early.');
	}

	#failBy(raw: string): void {
		const why = this.#finishMessage === '' ? '' : `: ${this.#finishMessage.slice(0, 300)}`;
		this.abort({...brokenAnswer(`The upstream ended its answer with ${raw}${why}.`), upstreamCode: raw});
	}

	#closeAll(ending: FinishReason, raw: string): void {
		this.#closeReasoning();
		if (ending === 'filter') {
			const text = `[blocked by provider: ${raw}]`;
			this.builder.delta(this.#openMessage(), {channel: 'refusal', part: 1}, text);
		}

		if (this.#message) {
			this.builder.close(this.#message, {status: ending === 'length' ? 'incomplete' : 'completed'});
		}

		for (const {text, signature} of this.#textSignatures) {
			const item = this.builder.open({type: 'reasoning'});
			this.builder.close(item, {hidden: this.#hidden('text', signature, text)});
		}

		const count = this.#calls.close(ending === 'length');
		this.builder.usage(this.#usage);
		const isEmpty = count === 0 && this.#message === undefined && !this.#hasImage;
		if (ending === 'stop' && isEmpty && !this.#quirks.answer.allowEmpty) {
			this.builder.fail(brokenAnswer('The upstream sent an answer without content.', 'empty_response'));
		} else {
			this.builder.finish(count > 0 && ending === 'stop' ? 'calls' : ending, raw);
		}
	}

	protected override abort(error: AnswerError): void {
		if (!error.isRetryable && this.#message) {
			this.#closeReasoning();
			this.builder.close(this.#message, {status: 'incomplete'});
		}

		this.builder.usage(this.builder.isEnded ? undefined : this.#usage);
		this.builder.fail(error);
	}
}
