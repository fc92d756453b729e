import {isJsonObject, numberField, parseJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {joinedText, type AnswerBuilder, type OpenItem} from '../answer-builder.ts';
import {CallStream} from '../call-stream.ts';
import {objectsField} from '../field.ts';
import type {IdSource} from '../ids.ts';
import type {DeltaChannel, ItemHead} from '../ir-event.ts';
import type {ItemStatus} from '../ir.ts';
import {isParallelWrapper, unpackParallelCalls} from '../parallel-wrapper.ts';
import type {ToolMap} from '../tool-map.ts';
import {decodeCall} from './decode-item.ts';

/** What a slot needs besides its item. */
export interface SlotContext {
	readonly builder: AnswerBuilder;
	readonly tools: ToolMap;
	readonly ids: IdSource;
}

const headOf = (raw: JsonObject): ItemHead => {
	const id = textField(raw, 'id');
	const ids = id === undefined ? {} : {id};
	const type = textField(raw, 'type') ?? 'unknown';
	switch (type) {
		case 'message': {
			const phase = textField(raw, 'phase');
			return {type: 'message', ...ids, ...(phase !== undefined && {phase})};
		}

		case 'reasoning':
		case 'compaction': {
			return {type, ...ids};
		}

		default: {
			const call = decodeCall(raw);
			const isTyped = call !== undefined && !['function', 'custom'].includes(call.tool.kind);
			return call
				? {type: 'call', callId: call.callId, tool: call.tool, ...ids, ...(isTyped && {payload: call.payload})}
				: {type: 'hosted', name: type, raw, ...ids};
		}
	}
};

const statusOf = (raw: JsonObject): ItemStatus => (raw['status'] === 'incomplete' ? 'incomplete' : 'completed');

interface WholeText {
	readonly channel: DeltaChannel;
	readonly part: number;
	readonly text: string;
}

/** The texts of a whole item, for servers that send no deltas for them. */
const wholeTexts = (raw: JsonObject): readonly WholeText[] => {
	const content = objectsField(raw, 'content').map((part, index): WholeText => {
		const isRefusal = part['type'] === 'refusal';
		const channel = isRefusal ? 'refusal' : raw['type'] === 'reasoning' ? 'reasoning' : 'text';
		return {channel, part: index, text: textField(part, isRefusal ? 'refusal' : 'text') ?? ''};
	});
	const summary = objectsField(raw, 'summary').map((part, index): WholeText => ({
		channel: 'summary',
		part: index,
		text: textField(part, 'text') ?? '',
	}));
	return [...summary, ...content];
};

/**
 * One item of an upstream Responses answer. Slots are found by `output_index`, because some servers change an item's id between
 * its events (translation.md 4.3).
 */
export class OutputSlot {
	readonly #context: SlotContext;
	readonly #item: OpenItem | undefined;
	readonly #call: CallStream | undefined;
	/** Pieces of the arguments of a wrapper round several calls, which is never shown itself. */
	readonly #wrapped: string[] | undefined;
	/** The deltas of each text, as pieces, because joining them for every delta would cost the square of the length. */
	readonly #seen = new Map<string, string[]>();
	#isClosed = false;

	constructor(raw: JsonObject, context: SlotContext) {
		this.#context = context;
		const head = headOf(raw);
		if (head.type === 'call' && isParallelWrapper(head.tool.name, context.tools)) {
			this.#wrapped = [];
		} else if (head.type === 'call' && head.tool.kind === 'function') {
			// A function may be the shim of another kind: the tool map knows.
			const wireName = head.tool.namespace === undefined ? head.tool.name : context.tools.wireNameOf(head.tool);
			this.#call = new CallStream(context.builder, context.tools, {callId: head.callId, wireName, id: head.id});
		} else {
			this.#item = context.builder.open(head);
		}
	}

	/** Whether this is a call of the client's tools. */
	get isCall(): boolean {
		return this.#wrapped !== undefined || this.#call !== undefined || this.#item?.head.type === 'call';
	}

	/** Whether the raw input of a shim ends in the middle. */
	get isInputCut(): boolean {
		return !this.#isClosed && this.#seen.size > 0 && this.#call?.isInputCut === true;
	}

	delta(channel: DeltaChannel, part: number, text: string): void {
		const key = `${channel}:${part}`;
		const pieces = this.#seen.get(key);
		if (pieces) {
			pieces.push(text);
		} else {
			this.#seen.set(key, [text]);
		}

		if (this.#wrapped) {
			this.#wrapped.push(text);
		} else if (this.#call) {
			this.#call.push(text);
		} else if (this.#item) {
			this.#context.builder.delta(this.#item, {channel, part}, text);
		}
	}

	annotate(part: number, annotation: JsonObject): void {
		if (this.#item) {
			this.#context.builder.annotate(this.#item, part, annotation);
		}
	}

	/** A text that is whole: what no delta of it brought is added (LM Studio sends none for arguments, others lose the last ones). */
	whole(channel: DeltaChannel, part: number, text: string): void {
		const seen = this.#seen.get(`${channel}:${part}`)?.join('');
		if (seen === undefined) {
			this.delta(channel, part, text);
		} else if (text.length > seen.length && text.startsWith(seen)) {
			this.delta(channel, part, text.slice(seen.length));
		}
	}

	/** Closes the item with what the upstream says it is, or, where it never said, with what the deltas were. */
	close(raw: JsonObject = {}): void {
		if (this.#isClosed) {
			return;
		}

		this.#isClosed = true;
		for (const {channel, part, text} of wholeTexts(raw)) {
			this.whole(channel, part, text);
		}

		const payload = decodeCall(raw)?.payload;
		if (payload !== undefined) {
			this.whole('payload', 0, payload);
		}

		if (this.#wrapped) {
			const {builder, tools, ids} = this.#context;
			unpackParallelCalls(this.#wrapped.join(''), {builder, tools, nextCallId: () => ids.next('call')});
		} else if (this.#call) {
			this.#call.close();
		} else if (this.#item) {
			this.#closeItem(this.#item, raw);
		}
	}

	/** Whether nothing is missing: a text never is, a call is whole when its arguments are JSON; raw input is so only when it is done. */
	get isWhole(): boolean {
		const wrapped = this.#wrapped && parseJsonObject(this.#wrapped.join('')) !== undefined;
		return this.#isClosed || (wrapped ?? this.#call?.isWhole ?? this.#isItemWhole());
	}

	/** The answer ended without this item's end: a text may be kept, half a call of an incomplete answer may not. */
	closeUnfinished(status: ItemStatus): void {
		if (this.#isClosed || (status === 'incomplete' && !this.isWhole)) {
			return;
		}

		if (this.#item?.head.type === 'message') {
			this.#isClosed = true;
			this.#context.builder.close(this.#item, {status});
		} else {
			this.close();
		}
	}

	#isItemWhole(): boolean {
		const item = this.#item;
		if (item?.head.type !== 'call') {
			return true;
		}

		return item.head.tool.kind !== 'custom' && parseJsonObject(joinedText(item, 'payload')) !== undefined;
	}

	#closeItem(item: OpenItem, raw: JsonObject): void {
		const encrypted = textField(raw, 'encrypted_content') ?? '';
		const hidden = encrypted === '' ? undefined : {kind: 'opaque' as const, data: encrypted};
		const payload = joinedText(item, 'payload');
		this.#context.builder.close(item, {
			hidden,
			status: statusOf(raw),
			phase: textField(raw, 'phase'),
			callId: textField(raw, 'call_id'),
			payload: payload === '' ? (decodeCall(raw)?.payload ?? '') : payload,
			...(item.head.type === 'hosted' && isJsonObject(raw) && Object.keys(raw).length > 0 && {raw}),
			...(item.head.type === 'compaction' && {encrypted}),
		});
	}
}

/** The index of a part: `content_index` or `summary_index`. */
export const partIndex = (event: JsonObject): number =>
	numberField(event, 'content_index') ?? numberField(event, 'summary_index') ?? 0;
