import {parseJsonObject} from '../../wire/json-value.ts';
import type {AnswerBuilder, OpenItem} from './answer-builder.ts';
import {mendJsonObject, unwrapTwiceEncoded} from './mend-json.ts';
import {cleanPatch, isPlainPatch} from './patch-text.ts';
import {ShimInput} from './shim-input.ts';
import type {MappedTool, ToolMap} from './tool-map.ts';
import {referenceOf, type ToolKind, type ToolReference} from './tool.ts';

/** What a call is known by when its arguments begin. */
export interface CallStart {
	readonly callId: string;
	/** The upstream's name of the tool. */
	readonly wireName: string;
	readonly id?: string | undefined;
	readonly signature?: string | undefined;
}

const patchTool = 'apply_patch';

/** Calls whose item says from its beginning what it is about, and has no deltas (R `operation`, `action`): they open when they are whole. */
const typedKinds: readonly ToolKind[] = ['apply-patch', 'shell', 'local-shell'];

/**
 * One call of an upstream that knows only JSON functions: turns its arguments into the declared kind while they stream
 * (translation.md 2.3, 2.5) and mends them at the end, within the limits of 2.5.6.
 */
export class CallStream {
	readonly #builder: AnswerBuilder;
	readonly #start: CallStart;
	#item: OpenItem | undefined;
	readonly #reference: ToolReference;
	readonly #mapped: MappedTool | undefined;
	readonly #shim: ShimInput | undefined;
	readonly #isPatch: boolean;
	readonly #arguments: string[] = [];
	/** What the client got so far; as pieces, because joining them for every delta would cost the square of the length. */
	readonly #emitted: string[] = [];
	/** Decoded input of a patch that may need cleaning: nothing of it is shown before it is whole. */
	#held = '';
	#mode: 'undecided' | 'streaming' | 'holding' = 'undecided';

	constructor(builder: AnswerBuilder, tools: ToolMap, start: CallStart) {
		this.#builder = builder;
		this.#mapped = tools.find(start.wireName);
		this.#reference = this.#mapped ? referenceOf(this.#mapped.tool) : tools.resolve(start.wireName);
		this.#shim = this.#reference.kind === 'custom' ? new ShimInput() : undefined;
		this.#isPatch = this.#reference.name === patchTool;
		this.#start = start;
		if (typedKinds.includes(this.#reference.kind)) {
			this.#mode = 'holding';
		} else {
			this.#open();
		}
	}

	/** Whether the arguments are whole JSON: a call that is not is cut short. */
	get isWhole(): boolean {
		if (this.#shim) {
			return this.#shim.isWhole;
		}

		const text = this.#arguments.join('');
		return text.trim() === '' || parseJsonObject(text) !== undefined;
	}

	/**
	 * Whether the JSON round a raw input is cut: the client would run half of it, so the answer has to fail. Cut arguments of a
	 * function are safe, because the client cannot parse them and says so to the model.
	 */
	get isInputCut(): boolean {
		return this.#shim !== undefined && !this.#shim.isWhole && !this.#shim.isEmpty;
	}

	push(text: string): void {
		const piece = this.#shim ? this.#shim.push(text) : text;
		if (!this.#shim) {
			this.#arguments.push(text);
		}

		if (this.#mode === 'streaming') {
			this.#emit(piece);
			return;
		}

		this.#held += piece;
		if (this.#mode === 'undecided' && this.#held !== '') {
			this.#decide();
		}
	}

	/** The call is complete. A patch's missing last line is added only where the JSON round it was whole. */
	close(): void {
		const payload = this.#shim ? this.#wholeInput(this.#shim) : this.#wholeArguments();
		const item = this.#open(payload);
		this.#emitUpTo(payload);
		this.#builder.close(item, {payload, signature: this.#start.signature});
	}

	/** The item; opened where it was not. `payload` is what a typed call says of itself when it opens. */
	#open(payload?: string): OpenItem {
		const {callId, id} = this.#start;
		this.#item ??= this.#builder.open({
			type: 'call',
			callId,
			tool: this.#reference,
			...(id !== undefined && {id}),
			...(payload !== undefined && {payload}),
		});
		return this.#item;
	}

	/** Only the beginning of a text says whether it will have to be mended. */
	#decide(): void {
		const isPlain = this.#shim ? !this.#isPatch || isPlainPatch(this.#held) : !this.#held.trimStart().startsWith('"');
		if (isPlain === undefined) {
			return;
		}

		this.#mode = isPlain ? 'streaming' : 'holding';
		if (isPlain) {
			this.#emit(this.#held);
			this.#held = '';
		}
	}

	#wholeInput(shim: ShimInput): string {
		const input = shim.end();
		return this.#isPatch && shim.isWhole ? cleanPatch(input) : input;
	}

	#wholeArguments(): string {
		const text = this.#arguments.join('');
		if (text.trim() === '') {
			return '{}';
		}

		const tool = this.#mapped?.tool;
		const schema = tool !== undefined && 'parameters' in tool ? tool.parameters : undefined;
		const mended = parseJsonObject(text) ? text : (unwrapTwiceEncoded(text, schema) ?? mendJsonObject(text));
		if (mended === undefined) {
			this.#builder.losses.add(
				'broken-arguments',
				'A tool call had arguments that are no JSON object; they were passed on.',
			);
		}

		return mended ?? text;
	}

	#emit(text: string): void {
		this.#emitted.push(text);
		this.#builder.delta(this.#open(), {channel: 'payload'}, text);
	}

	/** Sends what of the text was not sent; a mended text that differs in its middle stands in the closed item only. */
	#emitUpTo(text: string): void {
		const emitted = this.#emitted.join('');
		if (text.startsWith(emitted)) {
			this.#builder.delta(this.#open(), {channel: 'payload'}, text.slice(emitted.length));
		}
	}
}
