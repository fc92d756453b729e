import type {JsonObject} from '../../../wire/json-value.ts';
import type {DeltaRun} from '../delta-run.ts';
import type {Packer} from '../envelope.ts';
import type {IdSource} from '../ids.ts';
import type {AnswerEncoder, AnswerEvent, AnswerUsage, RunEvents, WireEvent} from '../ir-event.ts';
import type {ClientOutput} from '../quirks.ts';
import {estimateUsage} from '../usage.ts';
import {DeltaEvents} from './delta-events.ts';
import {ItemStream, type ClosedItem} from './encode-item-stream.ts';
import type {Send, SendDelta} from './item-output.ts';
import {idPrefix} from './encode-item.ts';
import {ResponseWriter, type ResponseHead, type ResponseState} from './response-object.ts';

/** What a response needs besides the answer's events. */
export interface ResponsesOutputOptions {
	readonly head: Omit<ResponseHead, 'echo'>;
	readonly output: ClientOutput;
	readonly ids: IdSource;
	readonly packer?: Packer;
	/**
	 * The request's size in tokens, estimated by the caller. Where the upstream states no usage the answer gets an estimate: without
	 * one Codex never compacts (translation.md 2.7). Undefined: no usage at all.
	 */
	readonly estimatedInputTokens?: number;
}

type Terminal = Pick<ResponseState, 'status' | 'error' | 'incomplete' | 'endTurn'>;

/** What follows the sequence number. */
const tailOf = (fields: JsonObject): string => {
	const json = JSON.stringify(fields);
	return json === '{}' ? '}' : `,${json.slice(1)}`;
};

/**
 * An answer as Responses events (translation.md 2.2-2.4): `response.created` first, dense indices, one done per item with the
 * whole item, one terminal event last, `sequence_number` + 1 each.
 */
export class ResponsesAnswerEncoder implements AnswerEncoder {
	readonly #options: ResponsesOutputOptions;
	readonly #writer: ResponseWriter;
	readonly #items = new Map<number, ItemStream>();
	readonly #output: Array<ClosedItem & {readonly index: number}> = [];
	#events: WireEvent[] = [];
	#sequence = 0;
	#usage: AnswerUsage | undefined;
	#isUsageEstimated = false;
	#characters = 0;
	#response: JsonObject | undefined;

	constructor(options: ResponsesOutputOptions) {
		this.#options = options;
		this.#writer = new ResponseWriter({...options.head, echo: options.output.echo});
	}

	/** The whole response, for clients that do not stream; undefined before the terminal event (translation.md 2.12). */
	get response(): JsonObject | undefined {
		return this.#response;
	}

	/** Whether the usage of the response is an estimate of ours. */
	get isUsageEstimated(): boolean {
		return this.#isUsageEstimated;
	}

	push(event: AnswerEvent): readonly WireEvent[] {
		if (this.#response === undefined) {
			this.#take(event);
		}

		const events = this.#events;
		this.#events = [];
		return events;
	}

	/** The deltas of a run; the same events as {@link push} would give for each of them. */
	pushRun(run: DeltaRun): RunEvents | undefined {
		const item = this.#response === undefined ? this.#items.get(run.index) : undefined;
		if (item === undefined) {
			return undefined;
		}

		this.#characters += run.text.length;
		const events = new DeltaEvents(run, item.run(run), this.#sequence);
		this.#sequence += events.count;
		return events;
	}

	/** An event that resets the client's idle timer; nothing before `response.created`, which must be first (translation.md 2.11). */
	keepAlive(): readonly WireEvent[] {
		if (this.#sequence === 0 || this.#response !== undefined) {
			return [];
		}

		this.#send('keepalive', {});
		const events = this.#events;
		this.#events = [];
		return events;
	}

	#take(event: AnswerEvent): void {
		switch (event.type) {
			case 'start': {
				this.#begin();
				break;
			}

			case 'item-open': {
				this.#begin();
				this.#open(event);
				break;
			}

			case 'delta': {
				this.#characters += event.text.length;
				this.#items.get(event.index)?.delta(event);
				break;
			}

			case 'annotation': {
				this.#items.get(event.index)?.annotate(event.part, event.annotation);
				break;
			}

			case 'item-close': {
				const closed = this.#items.get(event.index)?.close(event.item);
				if (closed) {
					this.#output.push({index: event.index, ...closed});
				}

				break;
			}

			case 'usage': {
				this.#usage = event.usage;
				break;
			}

			case 'finish': {
				this.#end(this.#terminalOf(event));
				break;
			}

			case 'error': {
				this.#end({status: 'failed', error: event.error});
				break;
			}

			case 'loss': {
				break;
			}
		}
	}

	#begin(): void {
		if (this.#sequence === 0) {
			const state = {status: 'in_progress', output: [], usage: undefined} as const;
			const response = this.#writer.object(state);
			const text = this.#writer.text(state, []);
			this.#send('response.created', {response}, text);
			this.#send('response.in_progress', {response}, text);
		}
	}

	#open({index, head}: AnswerEvent & {readonly type: 'item-open'}): void {
		const {output, ids, packer} = this.#options;
		const id = head.id ?? ids.next(idPrefix(head));
		const send: Send = (type, fields, text) => {
			this.#send(type, fields, text);
		};
		const sendDelta: SendDelta = ({type, head: before, tail}, text) => {
			const json = JSON.stringify(text);
			const start = `{"type":"${type}","sequence_number":${this.#sequence}`;
			this.#events.push({event: type, data: start + before + json + tail, isDelta: true});
			this.#sequence += 1;
			return json;
		};
		this.#items.set(index, new ItemStream(head, {id, index, output, packer, send, sendDelta}));
	}

	/** The end in words that Codex acts upon (translation.md 2.8): it aborts the turn on `response.incomplete`. */
	#terminalOf({reason, endTurn}: AnswerEvent & {readonly type: 'finish'}): Terminal {
		if (reason === 'filter') {
			return {status: 'incomplete', incomplete: 'content_filter'};
		}

		if (reason !== 'length') {
			return {status: 'completed', endTurn};
		}

		return this.#options.output.onLength === 'endturn' && this.#canGoOn()
			? {status: 'completed', endTurn: false}
			: {status: 'incomplete', incomplete: 'max_output_tokens'};
	}

	/** A model goes on from a text; a call that was cut is lost, and out of nothing it would come to nothing again (translation.md 2.8). */
	#canGoOn(): boolean {
		return this.#output.length === this.#items.size && this.#output.some(({item}) => item['type'] === 'message');
	}

	#end(terminal: Terminal): void {
		this.#begin();
		this.#estimateUsage(terminal);
		const items = this.#output.toSorted((left, right) => left.index - right.index);
		const state = {...terminal, output: items.map(({item}) => item), usage: this.#usage};
		const response = this.#writer.object(state);
		const text = this.#writer.text(
			state,
			items.map(item => item.text),
		);
		const isSoft = terminal.incomplete === 'max_output_tokens' && this.#options.output.onLength === 'soft';
		this.#response = response;
		this.#send(`response.${isSoft ? 'completed' : terminal.status}`, {response}, text);
	}

	#estimateUsage({status}: Terminal): void {
		const {estimatedInputTokens: input} = this.#options;
		if (this.#usage === undefined && input !== undefined && status !== 'failed') {
			this.#isUsageEstimated = true;
			this.#usage = estimateUsage(input, this.#characters);
		}
	}

	/** `text` is the JSON of the fields without its braces, in pieces, where there is one already. */
	#send(type: string, fields: JsonObject, text?: readonly string[]): void {
		const start = `{"type":"${type}","sequence_number":${this.#sequence}`;
		const pieces = text ? [start, ',', ...text, '}'] : [start, tailOf(fields)];
		let data = '';
		for (let index = 0; index < pieces.length; index += 1) {
			data += pieces[index] ?? '';
		}

		this.#events.push({event: type, data, pieces, value: fields, isDelta: false});
		this.#sequence += 1;
	}
}
