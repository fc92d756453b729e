import {numberField, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import {AnswerBuilder, type OpenItem} from '../answer-builder.ts';
import {answerError, brokenAnswer, findAnswerError} from '../answer-error.ts';
import {CallStream} from '../call-stream.ts';
import type {DecodeOptions} from '../decode-options.ts';
import type {SignedPart} from '../envelope.ts';
import {objectsField} from '../field.ts';
import type {AnswerDecoder, AnswerError, AnswerEvent, AnswerUsage} from '../ir-event.ts';
import {parsePayload} from '../payload.ts';

const blocked = /^(?:SAFETY|RECITATION|BLOCKLIST|PROHIBITED_CONTENT|SPII|LANGUAGE|IMAGE_\w+)$/;
const broken = /^(?:MALFORMED_FUNCTION_CALL|UNEXPECTED_TOOL_CALL|OTHER|NO_IMAGE)$/;

/** G `usageMetadata` with one meaning: output holds thoughts (translation.md 3.6). */
export const readGeminiUsage = (usage: JsonObject): AnswerUsage | undefined => {
	const prompt = numberField(usage, 'promptTokenCount');
	const thoughts = numberField(usage, 'thoughtsTokenCount');
	if (prompt === undefined) {
		return undefined;
	}

	const input = prompt + (numberField(usage, 'toolUsePromptTokenCount') ?? 0);
	const output = (numberField(usage, 'candidatesTokenCount') ?? 0) + (thoughts ?? 0);
	return {
		inputTokens: input,
		outputTokens: output,
		totalTokens: numberField(usage, 'totalTokenCount') ?? input + output,
		cachedInputTokens: numberField(usage, 'cachedContentTokenCount'),
		cacheCreationInputTokens: undefined,
		reasoningTokens: thoughts,
	};
};

/** generateContent answers, streamed, as an array or whole, also inside Code Assist's wrapper (translation.md 3.5-3.7). */
export class GeminiAnswerDecoder implements AnswerDecoder {
	readonly #builder = new AnswerBuilder();
	readonly #options: DecodeOptions;
	#message: OpenItem | undefined;
	#reasoning: OpenItem | undefined;
	#thoughtSignature: string | undefined;
	#textSignature: string | undefined;
	#callCount = 0;
	#finishReason: string | undefined;
	#hasEvents = false;
	#isRefused = false;

	constructor(options: DecodeOptions) {
		this.#options = options;
	}

	push(data: string): readonly AnswerEvent[] {
		if (this.#builder.isEnded || data.trim() === '' || data.trim() === '[DONE]') {
			return [];
		}

		this.#hasEvents = true;
		const chunks = parsePayload(data);
		if (chunks.length === 0) {
			this.#builder.losses.add('broken-event', 'An event of the upstream was no JSON and was left out.');
		}

		for (const chunk of chunks) {
			this.#pushChunk(chunk);
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

	#pushChunk(raw: JsonObject): void {
		// Code Assist wraps every chunk (case 96).
		const chunk = raw['response'] === undefined ? raw : objectField(raw, 'response');
		const error = findAnswerError(chunk);
		if (error) {
			this.#fail(error);
			return;
		}

		this.#builder.start(textField(chunk, 'responseId') ?? textField(raw, 'traceId'), textField(chunk, 'modelVersion'));
		this.#builder.usage(readGeminiUsage(objectField(chunk, 'usageMetadata')));
		const candidate = objectsField(chunk, 'candidates')[0] ?? {};
		for (const part of objectsField(objectField(candidate, 'content'), 'parts')) {
			this.#pushPart(part);
		}

		const reason = textField(objectField(chunk, 'promptFeedback'), 'blockReason');
		this.#finishReason = reason === undefined ? (textField(candidate, 'finishReason') ?? this.#finishReason) : 'SAFETY';
		if (!this.#isRefused && (reason !== undefined || blocked.test(this.#finishReason ?? ''))) {
			this.#isRefused = true;
			this.#refuse(reason ?? this.#finishReason ?? '');
		}
	}

	#pushPart(part: JsonObject): void {
		const signature = textField(part, 'thoughtSignature');
		if (part['functionCall'] !== undefined) {
			this.#call(objectField(part, 'functionCall'), signature);
		} else if (part['thought'] === true) {
			this.#reasoning ??= this.#builder.open({type: 'reasoning'});
			this.#thoughtSignature = signature ?? this.#thoughtSignature;
			this.#builder.delta(this.#reasoning, {channel: 'summary'}, textField(part, 'text') ?? '');
		} else if (part['inlineData'] !== undefined) {
			this.#image(objectField(part, 'inlineData'));
		} else if (typeof part['text'] === 'string') {
			this.#textSignature = signature ?? this.#textSignature;
			this.#say(part['text']);
		} else if (part['executableCode'] !== undefined) {
			this.#say(`\n\`\`\`\n${textField(objectField(part, 'executableCode'), 'code') ?? ''}\n\`\`\`\n`);
		} else {
			this.#builder.losses.add('unknown-part', 'A part of a type that the bridge does not know was left out.');
		}
	}

	#say(text: string): void {
		if (text !== '') {
			this.#closeReasoning();
			this.#message ??= this.#builder.open({type: 'message'});
			this.#builder.delta(this.#message, {channel: 'text'}, text);
		}
	}

	/** A whole call. Its signature travels in the reasoning item right before it, empty where the model showed no thought. */
	#call(call: JsonObject, signature: string | undefined): void {
		if (signature === undefined) {
			this.#closeReasoning();
		} else {
			this.#reasoning ??= this.#builder.open({type: 'reasoning'});
			this.#closeReasoning('call', signature);
		}

		const id = textField(call, 'id');
		const callId =
			id === undefined || id === '' || this.#options.knownCallIds?.has(id) === true
				? this.#options.ids.next('call')
				: id;
		const start = {callId, wireName: textField(call, 'name') ?? '', signature};
		const stream = new CallStream(this.#builder, this.#options.tools, start);
		stream.push(JSON.stringify(call['args'] ?? {}));
		stream.close();
		this.#callCount += 1;
	}

	#image(data: JsonObject): void {
		this.#closeReasoning();
		const raw = {type: 'image_generation_call', status: 'completed', result: textField(data, 'data') ?? ''};
		this.#builder.close(this.#builder.open({type: 'hosted', name: raw.type, raw}));
	}

	#closeReasoning(on: SignedPart = 'thought', signature = this.#thoughtSignature): void {
		if (this.#reasoning) {
			const {family} = this.#options.quirks;
			const hidden = signature === undefined ? undefined : {kind: 'thought' as const, family, on, signature};
			this.#builder.close(this.#reasoning, {hidden});
			this.#reasoning = undefined;
			this.#thoughtSignature = undefined;
		}
	}

	#refuse(reason: string): void {
		this.#closeReasoning();
		this.#message ??= this.#builder.open({type: 'message'});
		this.#builder.delta(this.#message, {channel: 'refusal', part: 1}, `[blocked by provider: ${reason}]`);
	}

	#conclude(): void {
		const reason = this.#finishReason ?? '';
		if (this.#finishReason === undefined && (this.#builder.itemCount > 0 || !this.#hasEvents)) {
			this.#fail(brokenAnswer(this.#hasEvents ? 'The stream ended early.' : 'The upstream sent an empty answer.'));
		} else if (broken.test(reason) && this.#callCount === 0) {
			this.#fail(answerError(reason, `The upstream ended its answer with ${reason}.`));
		} else {
			this.#closeAll(reason);
		}
	}

	#closeAll(reason: string): void {
		const isCut = reason === 'MAX_TOKENS';
		this.#closeReasoning();
		if (this.#message) {
			this.#builder.close(this.#message, {status: isCut ? 'incomplete' : 'completed'});
			this.#sealText(this.#textSignature);
		}

		if (blocked.test(reason)) {
			this.#builder.finish('filter', reason);
		} else if (isCut) {
			this.#builder.finish('length', reason);
		} else if (this.#callCount > 0) {
			this.#builder.finish('calls', reason);
		} else if (this.#message || this.#options.quirks.answer.allowEmpty) {
			this.#builder.finish('stop', reason);
		} else {
			this.#builder.fail(brokenAnswer('The upstream sent an answer without content.', 'empty_response'));
		}
	}

	/** A text's signature is known at its end only: it follows the message in an item of its own. */
	#sealText(signature: string | undefined): void {
		if (signature !== undefined) {
			const {family} = this.#options.quirks;
			const item = this.#builder.open({type: 'reasoning'});
			this.#builder.close(item, {hidden: {kind: 'thought', family, on: 'text', signature}});
		}
	}

	/** What is open stays open where the client will ask again; else it may keep the text (translation.md 2.9). */
	#fail(error: AnswerError): void {
		if (!error.isRetryable && this.#message) {
			this.#builder.close(this.#message, {status: 'incomplete'});
		}

		this.#builder.fail(error);
	}
}
