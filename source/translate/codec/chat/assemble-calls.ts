import {isJsonObject, objectField, parseJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {AnswerBuilder} from '../answer-builder.ts';
import {CallStream} from '../call-stream.ts';
import {objectsField} from '../field.ts';
import type {IdSource} from '../ids.ts';
import {isParallelWrapper, unpackParallelCalls} from '../parallel-wrapper.ts';
import type {ToolMap} from '../tool-map.ts';

/** What the assembly of calls needs besides the deltas. */
export interface CallContext {
	readonly builder: AnswerBuilder;
	readonly tools: ToolMap;
	readonly ids: IdSource;
	/** Call ids of the conversation so far: some providers use the same ones in every turn (case 60). */
	readonly knownCallIds: ReadonlySet<string>;
	readonly fragmentedNames: boolean;
}

interface Assembled {
	readonly key: number | undefined;
	id: string;
	name: string;
	/** Arguments that came before the call could be opened. */
	held: string;
	hasArguments: boolean;
	signature: string | undefined;
	/** A delta came after the name was known and still brought no id: there is none. */
	isIdMissing: boolean;
	stream: CallStream | undefined;
}

interface CallDelta {
	readonly index: number | undefined;
	readonly id: string;
	readonly name: string;
	readonly arguments: string;
	readonly signature: string | undefined;
}

const argumentText = (value: unknown): string =>
	typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

const readDelta = (raw: JsonObject): CallDelta => {
	// `custom` is OpenAI's freeform call in Chat, `function` everybody's.
	const body = isJsonObject(raw['custom']) ? raw['custom'] : objectField(raw, 'function');
	return {
		index: typeof raw['index'] === 'number' ? raw['index'] : undefined,
		id: textField(raw, 'id') ?? '',
		name: textField(body, 'name') ?? '',
		arguments: argumentText(body['arguments'] ?? body['input']),
		signature: textField(objectField(objectField(raw, 'extra_content'), 'google'), 'thought_signature'),
	};
};

const isWhole = ({stream, held, hasArguments}: Assembled): boolean =>
	hasArguments && (stream?.isWhole ?? parseJsonObject(held) !== undefined);

/** Puts the call deltas of a Chat stream together (translation.md 2.5). */
export class CallAssembly {
	readonly #context: CallContext;
	readonly #calls: Assembled[] = [];
	readonly #usedIds: Set<string>;
	#released = 0;

	constructor(context: CallContext) {
		this.#context = context;
		this.#usedIds = new Set(context.knownCallIds);
	}

	/** Whether any call was begun, named or not. */
	get hasCalls(): boolean {
		return this.#calls.length > 0;
	}

	/** Whether every call that was begun has whole arguments. */
	get isWhole(): boolean {
		return this.#calls.every(call => !call.hasArguments || isWhole(call));
	}

	/** Whether a raw input ends in the middle. */
	get isInputCut(): boolean {
		return this.#calls.some(call => call.stream?.isInputCut === true);
	}

	/** Opens the calls that still wait for an id. */
	release(): void {
		this.#release(true);
	}

	/** Takes `delta.tool_calls` and the older `delta.function_call`. */
	push(delta: JsonObject): void {
		for (const raw of objectsField(delta, 'tool_calls')) {
			this.#add(readDelta(raw));
		}

		if (isJsonObject(delta['function_call'])) {
			this.#add(readDelta({index: 0, function: delta['function_call']}));
		}

		this.#release(false);
	}

	/** Takes the calls of a whole message, where none was streamed before. */
	pushWhole(message: JsonObject): void {
		const calls = objectsField(message, 'tool_calls').map((call, index) => ({...call, index}));
		this.push({...message, tool_calls: calls});
	}

	/** The answer is over: closes the calls in order. With `isCut` a call with unfinished arguments stays open (case 64). */
	close(isCut: boolean): number {
		this.#release(true);
		let count = 0;
		for (const call of this.#calls) {
			if (call.stream === undefined) {
				count += this.#expandWrapper(call);
			} else if (!isCut || call.stream.isWhole) {
				call.stream.close();
				count += 1;
			} else {
				this.#context.builder.losses.add(
					'cut-call',
					'A tool call was cut off by the length limit and was not passed on.',
				);
			}
		}

		return count;
	}

	#add(delta: CallDelta): void {
		const call = this.#find(delta) ?? this.#begin(delta);
		call.isIdMissing = call.name !== '' && call.id === '' && delta.id === '' && call.hasArguments;
		call.id = call.id === '' ? delta.id : call.id;
		if (delta.name !== '') {
			// Assigned, not appended: NIM and MiniMax repeat the name in every delta (translation.md 2.5.3).
			const appends = this.#context.fragmentedNames && !call.hasArguments && call.stream === undefined;
			call.name = appends ? call.name + delta.name : call.stream ? call.name : delta.name;
		}

		call.signature ??= delta.signature;
		call.hasArguments ||= delta.arguments !== '';
		if (call.stream) {
			call.stream.push(delta.arguments);
		} else {
			call.held += delta.arguments;
		}
	}

	#begin(delta: CallDelta): Assembled {
		const call: Assembled = {
			key: delta.index,
			id: '',
			name: '',
			held: '',
			hasArguments: false,
			signature: undefined,
			isIdMissing: false,
			stream: undefined,
		};
		this.#calls.push(call);
		return call;
	}

	/** The call that a delta continues; undefined where it begins a new one (translation.md 2.5.1, 2.5.2). */
	#find(delta: CallDelta): Assembled | undefined {
		const sameId = delta.id === '' ? undefined : this.#calls.findLast(({id}) => id === delta.id);
		if (delta.index === undefined) {
			return sameId ?? (delta.id === '' ? this.#continued(this.#calls.at(-1), delta) : undefined);
		}

		const sameKey = this.#calls.findLast(({key}) => key === delta.index);
		if (sameKey === undefined || (delta.id !== '' && sameKey.id !== '' && sameKey.id !== delta.id)) {
			return sameKey === undefined ? undefined : sameId;
		}

		return delta.id === '' ? this.#continued(sameKey, delta) : sameKey;
	}

	/** The call itself, unless it is complete and a delta without an id brings a name: that begins another one. */
	#continued(call: Assembled | undefined, delta: CallDelta): Assembled | undefined {
		const isNext = call !== undefined && delta.name !== '' && delta.arguments !== '' && isWhole(call);
		return isNext ? undefined : call;
	}

	/** Opens calls in order as soon as they are known, so that a late name changes no order (translation.md 2.5.5). */
	#release(isLast: boolean): void {
		for (let call = this.#calls[this.#released]; call !== undefined; call = this.#calls[this.#released]) {
			const isReady = call.name.trim() !== '' && (call.id !== '' || call.isIdMissing || isLast);
			const waits = this.#context.fragmentedNames && !call.hasArguments && !isLast;
			if (!isLast && (!isReady || waits)) {
				break;
			}

			if (isReady && !this.#isWrapper(call)) {
				this.#open(call);
			}

			this.#released += 1;
		}
	}

	#open(call: Assembled): void {
		const {builder, tools} = this.#context;
		const start = {callId: this.#freeId(call.id), wireName: call.name.trim(), signature: call.signature};
		call.stream = new CallStream(builder, tools, start);
		call.stream.push(call.held);
	}

	#freeId(id: string): string {
		const base = id === '' ? this.#context.ids.next('call') : id;
		let free = base;
		for (let count = 2; this.#usedIds.has(free); count += 1) {
			free = `${base}_${count}`;
		}

		this.#usedIds.add(free);
		return free;
	}

	#isWrapper({name}: Assembled): boolean {
		return isParallelWrapper(name, this.#context.tools);
	}

	/** The calls in a wrapper, or none: a call without a name is dropped and counted (translation.md 2.5.7). */
	#expandWrapper(call: Assembled): number {
		const {builder, tools} = this.#context;
		const nextCallId = (): string => this.#freeId('');
		const count = this.#isWrapper(call) ? unpackParallelCalls(call.held, {builder, tools, nextCallId}) : 0;
		if (count === 0) {
			builder.losses.add('nameless-call', 'A tool call came without a usable name and was dropped.');
		}

		return count;
	}
}
