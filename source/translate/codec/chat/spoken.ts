import {textField, type JsonObject} from '../../../wire/json-value.ts';
import {joinedText, type AnswerBuilder, type OpenItem} from '../answer-builder.ts';
import type {DeltaRun, RunTexts} from '../delta-run.ts';
import type {ItemStatus} from '../ir.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {contentPieces, joinDetails, reasoningText} from './reasoning-source.ts';
import {ThinkTags, type ThinkPiece} from './think-tags.ts';

const noThoughts: JsonObject = {
	reasoning_content: undefined,
	reasoning: undefined,
	thinking: undefined,
	reasoning_details: undefined,
};

/**
 * What a Chat answer says and thinks: one message, and a reasoning item for each stretch of thinking (translation.md 2.4, 2.6). A
 * thought is over when text or a call begins; the message stays open until the end, because text may follow calls.
 */
export class SpokenAnswer {
	readonly #builder: AnswerBuilder;
	readonly #family: string;
	readonly #tags: ThinkTags;
	#message: OpenItem | undefined;
	#reasoning: OpenItem | undefined;
	#details: readonly JsonObject[] = [];
	#leadingSpace = '';
	#hasCommentary = false;
	#thoughts = '';

	constructor(builder: AnswerBuilder, {family, answer}: ProviderQuirks) {
		this.#builder = builder;
		this.#family = family;
		this.#tags = new ThinkTags(answer.inlineThink, answer.implicitThink);
	}

	/** Whether the model has said anything. */
	get hasMessage(): boolean {
		return this.#message !== undefined || this.#hasCommentary;
	}

	/** Whether the model has thought and said nothing. */
	get isOnlyThought(): boolean {
		return this.#thoughts !== '' && !this.hasMessage;
	}

	/** Takes one text, as it stands in `content` or in a field of reasoning. */
	take(isContent: boolean, text: string): void {
		if (isContent) {
			this.#pushPieces(this.#tags.push(text));
		} else {
			this.#pushPieces(this.#tags.disable());
			this.#think(text);
		}
	}

	/** Whether more of the same text would do nothing but grow what is open. */
	isOpen(isContent: boolean): boolean {
		const isThinking = this.#reasoning !== undefined;
		const isSpeaking = this.#message !== undefined && !isThinking && this.#details.length === 0;
		return this.#tags.isPassing && (isContent ? isSpeaking : isThinking);
	}

	/** Takes many texts at once, where {@link isOpen}: of the open thought, or else of the open message. */
	takeRun(texts: RunTexts): DeltaRun {
		if (this.#reasoning !== undefined) {
			this.#thoughts += texts.text;
			return this.#builder.run(this.#reasoning, 'summary', texts);
		}

		return this.#builder.run(this.#openMessage(), 'text', texts);
	}

	/** Takes the texts of a delta: reasoning in every spelling, content, refusal. */
	push(delta: JsonObject): void {
		this.#details = joinDetails(this.#details, delta);
		const thought = reasoningText(delta);
		if (thought !== '') {
			this.take(false, thought);
		}

		for (const piece of contentPieces(delta['content'])) {
			if (piece.isReasoning) {
				this.#think(piece.text);
			} else {
				this.take(true, piece.text);
			}
		}

		const refusal = textField(delta, 'refusal');
		if (refusal !== undefined && refusal !== '') {
			this.#builder.delta(this.#openMessage(), {channel: 'refusal', part: 1}, refusal);
		}
	}

	/** Takes a whole message: only what was not streamed counts (translation.md 2.4). */
	pushWhole(message: JsonObject): void {
		const said = this.#message ? joinedText(this.#message, 'text') : '';
		const pieces = contentPieces(message['content']);
		const text = pieces.map(piece => (piece.isReasoning ? '' : piece.text)).join('');
		const isNew = said === '' && this.#thoughts === '';
		const content = isNew ? message['content'] : text.startsWith(said) ? text.slice(said.length) : '';
		this.push({...message, ...(!isNew && noThoughts), content});
	}

	/** No more text will come: gives out what was held back. True where the end came inside inline thinking. */
	end(): boolean {
		const {isInside} = this.#tags;
		this.#pushPieces(this.#tags.end());
		return isInside;
	}

	/** Shows the thoughts as the text of an answer that has no other. */
	promoteThoughts(): void {
		this.closeReasoning();
		this.#say(this.#thoughts);
	}

	/** Closes the open reasoning; a later thought opens a new item. */
	closeReasoning(): void {
		// Signed or encrypted blocks without a readable text still have to come back.
		const item = this.#reasoning ?? (this.#details.length > 0 ? this.#builder.open({type: 'reasoning'}) : undefined);
		if (item) {
			const family = this.#family;
			const details = this.#details;
			const hidden =
				details.length > 0 ? {kind: 'details' as const, family, details} : {kind: 'text' as const, family, text: ''};
			this.#builder.close(item, {hidden});
			this.#reasoning = undefined;
			this.#details = [];
		}
	}

	closeMessage(status: ItemStatus): void {
		if (this.#message) {
			this.#builder.close(this.#message, {status, phase: this.#hasCommentary ? 'final_answer' : undefined});
		}
	}

	/** A call begins: what was said before it is commentary, and later text a message of its own (translation.md 2.4). */
	splitMessage(): void {
		if (this.#message) {
			this.#builder.close(this.#message, {phase: 'commentary'});
			this.#message = undefined;
			this.#hasCommentary = true;
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
		if (this.#reasoning !== undefined || this.#details.length > 0) {
			this.closeReasoning();
		}

		if (this.#message === undefined) {
			this.#message = this.#builder.open({type: 'message'});
			// Only what follows thinking or nothing is blank for its own sake; a real answer keeps its indentation.
			const lead = this.#thoughts === '' ? this.#leadingSpace : '';
			this.#builder.delta(this.#message, {channel: 'text'}, lead);
		}

		return this.#message;
	}
}
