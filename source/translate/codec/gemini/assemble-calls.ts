import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {AnswerBuilder} from '../answer-builder.ts';
import {CallStream} from '../call-stream.ts';
import type {DecodeOptions} from '../decode-options.ts';
import {PartialArguments} from './partial-args.ts';
import {wireNameOf} from './tool-name.ts';

interface Growing {
	readonly stream: CallStream;
	readonly arguments: PartialArguments;
}

/** The function calls of one answer, each with a place of its own (translation.md 3.6): whole ones, and those whose arguments come in pieces. */
export class GeminiCalls {
	readonly #builder: AnswerBuilder;
	readonly #options: DecodeOptions;
	readonly #usedIds: Set<string>;
	readonly #streams: CallStream[] = [];
	#growing: Growing | undefined;

	constructor(builder: AnswerBuilder, options: DecodeOptions) {
		this.#builder = builder;
		this.#options = options;
		this.#usedIds = new Set(options.knownCallIds);
	}

	/** Whether any call was begun. */
	get hasCalls(): boolean {
		return this.#streams.length > 0;
	}

	/** Whether a `functionCall` goes on with the call before it: pieces come without a name. */
	continues(call: JsonObject): boolean {
		return this.#growing !== undefined && (textField(call, 'name') ?? '') === '';
	}

	push(call: JsonObject, signature: string | undefined): void {
		if (this.#growing !== undefined && this.continues(call)) {
			this.#grow(this.#growing, call);
			return;
		}

		this.endGrowing();
		const name = textField(call, 'name')?.trim() ?? '';
		if (name === '') {
			this.#builder.losses.add('nameless-call', 'A tool call came without a usable name and was dropped.');
			return;
		}

		const {tools} = this.#options;
		const start = {callId: this.#freeId(textField(call, 'id') ?? ''), wireName: wireNameOf(name, tools), signature};
		const stream = new CallStream(this.#builder, tools, start);
		this.#streams.push(stream);
		if (call['willContinue'] === true || Array.isArray(call['partialArgs'])) {
			this.#growing = {stream, arguments: new PartialArguments()};
			this.#grow(this.#growing, call);
		} else {
			stream.push(JSON.stringify(isJsonObject(call['args']) ? call['args'] : {}));
		}
	}

	/** The arguments that came in pieces are whole now, also where nobody said so. */
	endGrowing(): void {
		if (this.#growing !== undefined) {
			const {stream, arguments: pieces} = this.#growing;
			this.#growing = undefined;
			stream.push(pieces.json());
		}
	}

	/** Closes the calls in order and returns their number. With `isCut` one that was still growing stays open (case 64). */
	close(isCut: boolean): number {
		const cut = isCut ? this.#growing?.stream : undefined;
		if (cut === undefined) {
			this.endGrowing();
		} else {
			this.#builder.losses.add('cut-call', 'A tool call was cut off by the length limit and was not passed on.');
		}

		const whole = this.#streams.filter(stream => stream !== cut);
		for (const stream of whole) {
			stream.close();
		}

		return whole.length;
	}

	#grow(growing: Growing, call: JsonObject): void {
		growing.arguments.push(call);
		if (call['willContinue'] !== true) {
			this.endGrowing();
		}
	}

	#freeId(id: string): string {
		const base = id === '' ? this.#options.ids.next('call') : id;
		let free = base;
		for (let count = 2; this.#usedIds.has(free); count += 1) {
			free = `${base}_${count}`;
		}

		this.#usedIds.add(free);
		return free;
	}
}
