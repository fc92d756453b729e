import type {JsonObject} from '../../../wire/json-value.ts';
import type {DeltaRun} from '../delta-run.ts';
import {compact} from '../field.ts';
import type {AnswerEvent, DeltaChannel, ItemHead, TextChannel} from '../ir-event.ts';
import type {CallItem, OutputItem, ReasoningItem} from '../ir.ts';
import {DeltaFrames} from './delta-events.ts';
import type {DeltaFrame, ItemOutput} from './item-output.ts';
import {encodeCall, encodeCompaction, encodeHidden, encodeHosted, encodeOutputMessage} from './encode-item.ts';
import {
	eventNames,
	indexName,
	listed,
	partObject,
	partTexts,
	payloadEvents,
	partKindsOf,
	type PartKind,
} from './part-events.ts';

const quotes = 2;

interface SentPart {
	readonly key: string;
	readonly kind: PartKind;
	/** R `content_index` or `summary_index`. */
	readonly index: number;
	text: string;
	readonly annotations: JsonObject[];
	/** The text is its own JSON: none of its deltas had to be escaped. */
	isBare: boolean;
	isDone: boolean;
	/** As it stands in the item, once it is done. */
	json: readonly string[];
	readonly frame: DeltaFrame;
}

/** An item as it stands in `output[]`, and its JSON in pieces. */
export interface ClosedItem {
	readonly item: JsonObject;
	readonly text: readonly string[];
}

/** The events of one output item, from `output_item.added` to `output_item.done` (translation.md 2.3). */
export class ItemStream {
	readonly #context: ItemOutput;
	readonly #head: ItemHead;
	readonly #parts: SentPart[] = [];
	readonly #payload: string[] = [];
	#payloadFrame: DeltaFrame | undefined;
	/** Where the last delta went: nearly always the next one goes there too. */
	#target: {readonly channel: DeltaChannel; readonly part: number; readonly parts: readonly SentPart[]} | undefined;
	/** How runs go to those. */
	#frames: {readonly targets: readonly SentPart[]; readonly frames: DeltaFrames} | undefined;

	constructor(head: ItemHead, context: ItemOutput) {
		this.#head = head;
		this.#context = context;
		this.#send('response.output_item.added', {output_index: context.index, item: this.#opened()});
		if (head.type === 'hosted' && head.name === 'web_search_call') {
			this.#send('response.web_search_call.in_progress', this.#place());
			this.#send('response.web_search_call.searching', this.#place());
		}
	}

	delta({channel, part, text}: AnswerEvent & {readonly type: 'delta'}): void {
		if (channel === 'payload') {
			this.#pushPayload(text);
			return;
		}

		for (const sent of this.#targetsOf(channel, part)) {
			sent.text += text;
			const json = this.#context.sendDelta(sent.frame, text);
			sent.isBare &&= json.length === text.length + quotes;
		}
	}

	/** Takes the text of many deltas at once; gives the frames in which each of them is to be sent. */
	run({channel, part, text, isBare}: DeltaRun): DeltaFrames {
		const targets = this.#targetsOf(channel, part);
		for (const sent of targets) {
			sent.text += text;
			sent.isBare &&= isBare;
		}

		if (this.#frames?.targets !== targets) {
			this.#frames = {targets, frames: new DeltaFrames(targets.map(({frame}) => frame))};
		}

		return this.#frames.frames;
	}

	#targetsOf(channel: TextChannel, part: number): readonly SentPart[] {
		if (this.#target?.channel !== channel || this.#target.part !== part) {
			const parts = partKindsOf(channel, this.#context.output).map(kind => this.#part(`${channel}:${part}`, kind));
			this.#target = {channel, part, parts};
		}

		return this.#target.parts;
	}

	annotate(part: number, annotation: JsonObject): void {
		const sent = this.#part(`text:${part}`, 'output_text');
		sent.annotations.push(annotation);
		const place = this.#partPlace(sent);
		const number = sent.annotations.length - 1;
		this.#send('response.output_text.annotation.added', {...place, annotation_index: number, annotation});
	}

	/** Closes everything that is open. */
	close(item: OutputItem): ClosedItem {
		if (item.type === 'message' && this.#context.output.refusalAsText) {
			this.#addRefusals(item);
		}

		for (const part of this.#parts) {
			this.#finishPart(part);
		}

		if (item.type === 'call') {
			this.#finishCall(item);
		} else if (item.type === 'hosted' && item.name === 'web_search_call') {
			this.#send('response.web_search_call.completed', this.#place());
		}

		const whole = this.#closed(item);
		const text = item.type === 'message' ? this.#messageText(whole) : [JSON.stringify(whole)];
		const fields = {output_index: this.#context.index, item: whole};
		this.#send('response.output_item.done', fields, [`"output_index":${fields.output_index},"item":`, ...text]);
		return {item: whole, text};
	}

	/** Its parts stand last, and each is JSON already. */
	#messageText({content: _parts, ...head}: JsonObject): readonly string[] {
		const start = JSON.stringify(head).slice(0, -1);
		return [`${start},"content":[`, ...listed(this.#parts.map(({json}) => json)), ']}'];
	}

	#send(type: string, fields: JsonObject, text?: readonly string[]): void {
		this.#context.send(type, fields, text);
	}

	#place(): JsonObject {
		return {item_id: this.#context.id, output_index: this.#context.index};
	}

	#partPlace({kind, index}: SentPart): JsonObject {
		return {...this.#place(), [indexName(kind)]: index};
	}

	#frame(type: string, place: JsonObject, hasLogprobs = false): DeltaFrame {
		const head = `,${JSON.stringify(place).slice(1, -1)},"delta":`;
		return {type, head, tail: hasLogprobs ? ',"logprobs":[]}' : '}'};
	}

	/** The open part; text that comes back to a summary part which another one has ended gets a new part, as done is final. */
	#part(key: string, kind: PartKind): SentPart {
		const known = this.#parts.find(part => part.key === key && part.kind === kind && !part.isDone);
		if (known) {
			return known;
		}

		const isSummary = kind === 'summary_text';
		const family = this.#parts.filter(part => (part.kind === 'summary_text') === isSummary);
		for (const earlier of isSummary ? family : []) {
			this.#finishPart(earlier);
		}

		const index = family.length;
		const frame = this.#frame(
			`${eventNames[kind]}.delta`,
			{...this.#place(), [indexName(kind)]: index},
			kind === 'output_text',
		);
		const part: SentPart = {key, kind, index, text: '', annotations: [], isBare: true, isDone: false, json: [], frame};
		this.#parts.push(part);
		const added = isSummary ? 'response.reasoning_summary_part.added' : 'response.content_part.added';
		this.#send(added, {...this.#partPlace(part), part: partObject(kind, '', [])});
		return part;
	}

	#finishPart(part: SentPart): void {
		if (part.isDone) {
			return;
		}

		part.isDone = true;
		const place = this.#partPlace(part);
		const {kind, text, annotations, isBare} = part;
		const placeText = JSON.stringify(place).slice(1, -1);
		const texts = partTexts(kind, isBare ? `"${text}"` : JSON.stringify(text), annotations);
		part.json = texts.part;
		this.#send(`${eventNames[kind]}.done`, place, [`${placeText},`, ...texts.content]);
		const done = kind === 'summary_text' ? 'response.reasoning_summary_part.done' : 'response.content_part.done';
		this.#send(done, place, [`${placeText},"part":`, ...texts.part]);
	}

	/** Codex shows refusals as text; the documented part follows the text for everybody who reads it (translation.md 2.3). */
	#addRefusals(item: OutputItem & {readonly type: 'message'}): void {
		for (const [number, part] of item.parts.entries()) {
			if (part.type === 'refusal') {
				const sent = this.#part(`copy:${number}`, 'refusal');
				sent.text = part.text;
				sent.isBare = false;
				this.#send('response.refusal.delta', {...this.#partPlace(sent), delta: part.text});
			}
		}
	}

	#pushPayload(text: string): void {
		const name = this.#head.type === 'call' ? payloadEvents[this.#head.tool.kind] : undefined;
		if (name !== undefined) {
			this.#payload.push(text);
			this.#payloadFrame ??= this.#frame(`${name}.delta`, this.#place());
			this.#context.sendDelta(this.#payloadFrame, text);
		}
	}

	#finishCall({tool, payload}: CallItem): void {
		const name = payloadEvents[tool.kind];
		if (name === undefined) {
			return;
		}

		if (this.#payload.length === 0 && payload !== '') {
			this.#pushPayload(payload);
		}

		const fields = tool.kind === 'custom' ? {input: payload} : {name: tool.name, arguments: payload};
		this.#send(`${name}.done`, {...this.#place(), ...fields});
	}

	#opened(): JsonObject {
		const head = this.#head;
		const {id} = this.#context;
		switch (head.type) {
			case 'message': {
				const item = {type: 'message' as const, role: 'assistant' as const, parts: [], status: 'in_progress' as const};
				return encodeOutputMessage({...item, ...(head.phase !== undefined && {phase: head.phase})}, id, []);
			}

			case 'reasoning': {
				return {id, type: 'reasoning', summary: [], content: [], encrypted_content: null, status: 'in_progress'};
			}

			case 'call': {
				return encodeCall({payload: '', ...head, status: 'in_progress'}, id);
			}

			case 'hosted': {
				return {...head.raw, id, status: 'in_progress'};
			}

			case 'compaction': {
				return {id, type: 'compaction', encrypted_content: ''};
			}
		}
	}

	#closed(item: OutputItem): JsonObject {
		const {id} = this.#context;
		switch (item.type) {
			case 'message': {
				const content = this.#parts.map(({kind, text, annotations}) => partObject(kind, text, annotations));
				return encodeOutputMessage(item, id, content);
			}

			case 'reasoning': {
				return this.#closedReasoning(item);
			}

			case 'call': {
				return encodeCall(item, id);
			}

			case 'hosted': {
				return encodeHosted(item, id);
			}

			case 'compaction': {
				return encodeCompaction(item, id);
			}
		}
	}

	#closedReasoning(item: ReasoningItem): JsonObject {
		const {id, output, packer} = this.#context;
		const textsOf = (kind: PartKind): readonly JsonObject[] =>
			this.#parts.filter(part => part.kind === kind).map(({text}) => partObject(kind, text, []));
		const isShown = output.reasoningChannel === 'summary' || output.reasoningChannel === 'both';
		return compact({
			id,
			type: 'reasoning',
			summary: textsOf('summary_text'),
			content: textsOf('reasoning_text'),
			encrypted_content: encodeHidden(item, {envelopes: output.envelopes, isShown, packer}),
			status: item.status ?? 'completed',
		});
	}
}
