import type {JsonObject} from '../../wire/json-value.ts';
import {AnswerBuilder} from './answer-builder.ts';
import {brokenAnswer} from './answer-error.ts';
import type {AnswerDecoder, AnswerError, AnswerEvent} from './ir-event.ts';
import {parsePayload} from './payload.ts';

const maxBrokenEvents = 3;

/**
 * What the decoders share whose upstreams send one JSON object per event: a few payloads that are no JSON are left out, more of them
 * in a row fail the answer (translation.md 2.1), and whatever a call made of the answer is handed out at its end.
 */
export abstract class PayloadDecoder implements AnswerDecoder {
	protected readonly builder = new AnswerBuilder();
	/** The upstream sent something: an empty answer and one that was cut off are told apart by it. */
	protected hasEvents = false;
	#brokenEvents = 0;

	abstract push(data: string, eventName?: string): readonly AnswerEvent[];

	pushWhole(body: JsonObject): readonly AnswerEvent[] {
		this.hasEvents = true;
		this.takeWhole(body);
		return this.builder.take();
	}

	fail(error: AnswerError): readonly AnswerEvent[] {
		this.abort(error);
		return this.builder.take();
	}

	end(): readonly AnswerEvent[] {
		if (!this.builder.isEnded) {
			this.conclude();
		}

		return this.builder.take();
	}

	/** Takes an event whose payload is to be JSON. */
	protected pushPayload(data: string, eventName?: string): readonly AnswerEvent[] {
		this.hasEvents = true;
		const events = this.parse(data, eventName);
		if (events.length === 0) {
			this.#noteBroken();
		}

		for (const event of events) {
			this.noteReadable();
			this.takeEvent(event, eventName);
		}

		return this.builder.take();
	}

	/** An event could be read: only broken ones in a row fail an answer. */
	protected noteReadable(): void {
		this.#brokenEvents = 0;
	}

	protected parse(data: string, _eventName: string | undefined): readonly JsonObject[] {
		return parsePayload(data);
	}

	protected abstract takeEvent(event: JsonObject, eventName: string | undefined): void;

	/** Takes an answer that came in one piece. */
	protected abstract takeWhole(body: JsonObject): void;

	/** The upstream has ended, and nothing ended the answer yet. */
	protected abstract conclude(): void;

	/** A failure that the client answers by asking again leaves half items open; any other lets it keep the text (translation.md 2.9). */
	protected abstract abort(error: AnswerError): void;

	/** The stream ended without a word on why. */
	protected abortUnended(): void {
		this.abort(brokenAnswer(this.hasEvents ? 'The stream ended early.' : 'The upstream sent an empty answer.'));
	}

	#noteBroken(): void {
		this.#brokenEvents += 1;
		this.builder.losses.add('broken-event', 'An event of the upstream was no JSON and was left out.');
		if (this.#brokenEvents >= maxBrokenEvents) {
			this.abort(brokenAnswer('The upstream sent events that are no JSON.'));
		}
	}
}
