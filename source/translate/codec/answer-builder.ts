import type {JsonObject} from '../../wire/json-value.ts';
import type {DeltaRun, RunTexts} from './delta-run.ts';
import type {HiddenState} from './envelope.ts';
import type {
	AnswerError,
	AnswerEvent,
	AnswerUsage,
	DeltaChannel,
	FinishReason,
	ItemHead,
	TextChannel,
} from './ir-event.ts';
import type {ContentPart, ItemStatus, OutputItem} from './ir.ts';
import {LossLog} from './loss.ts';

/** A growing text of an item. */
interface GrowingPart {
	readonly channel: DeltaChannel;
	readonly part: number;
	text: string;
	readonly annotations: JsonObject[];
}

/** An item between its opening and its closing. */
export interface OpenItem {
	readonly index: number;
	readonly head: ItemHead;
	/** In order of first delta. */
	readonly parts: GrowingPart[];
	isClosed: boolean;
}

/** What is only known when an item closes. */
export interface Closing {
	readonly hidden?: HiddenState | undefined;
	readonly status?: ItemStatus;
	readonly signature?: string | undefined;
	/** The payload in place of the joined deltas, where they had to be mended. */
	readonly payload?: string;
	readonly raw?: JsonObject;
	/** A call's id where it is another than the one that it opened with (seen with OpenAI's tool search). */
	readonly callId?: string | undefined;
	/** A message's phase that was not known when it opened. */
	readonly phase?: string | undefined;
	/** The sealed text of a compaction. */
	readonly encrypted?: string;
}

const textOf = (item: OpenItem, channel: DeltaChannel): readonly string[] =>
	item.parts.filter(part => part.channel === channel).map(({text}) => text);

const contentOf = (item: OpenItem): readonly ContentPart[] =>
	item.parts
		.toSorted((left, right) => left.part - right.part)
		.map(({channel, text, annotations}) =>
			channel === 'refusal'
				? {type: 'refusal', text}
				: {type: 'text', text, ...(annotations.length > 0 && {annotations})},
		);

const closedItem = ({head, ...item}: OpenItem, closing: Closing): OutputItem => {
	const open = {head, ...item};
	const id = head.id === undefined ? {} : {id: head.id};
	const status = closing.status ?? 'completed';
	switch (head.type) {
		case 'message': {
			const known = closing.phase ?? head.phase;
			const phase = known === undefined ? {} : {phase: known};
			return {type: 'message', role: 'assistant', parts: contentOf(open), ...id, ...phase, status};
		}

		case 'reasoning': {
			const summary = textOf(open, 'summary');
			return {type: 'reasoning', summary, content: textOf(open, 'reasoning'), hidden: closing.hidden, ...id, status};
		}

		case 'call': {
			const payload = closing.payload ?? textOf(open, 'payload').join('');
			const signature = closing.signature === undefined ? {} : {signature: closing.signature};
			return {
				type: 'call',
				callId: closing.callId ?? head.callId,
				tool: head.tool,
				payload,
				...id,
				status,
				...signature,
			};
		}

		case 'hosted': {
			return {type: 'hosted', name: head.name, raw: closing.raw ?? head.raw, ...id};
		}

		case 'compaction': {
			return {type: 'compaction', encrypted: closing.encrypted ?? '', ...id};
		}
	}
};

/**
 * Writes the events of one answer and keeps their promises (see ir-event.ts): dense indices, one close per item with its whole
 * content, one end. Every decoder speaks through one of these.
 */
export class AnswerBuilder {
	readonly losses = new LossLog();
	#events: AnswerEvent[] = [];
	#nextIndex = 0;
	#isStarted = false;
	#isEnded = false;

	/** Whether `finish` or `fail` was called: nothing may follow. */
	get isEnded(): boolean {
		return this.#isEnded;
	}

	/** How many items were opened. */
	get itemCount(): number {
		return this.#nextIndex;
	}

	/** The events since the last call. */
	take(): readonly AnswerEvent[] {
		const events = this.#events;
		this.#events = [];
		return events;
	}

	/** Notes that the upstream began to answer; only the first call counts. */
	start(id?: string, model?: string): void {
		if (!this.#isStarted) {
			this.#isStarted = true;
			this.#events.push({type: 'start', id, model});
		}
	}

	open(head: ItemHead): OpenItem {
		this.start();
		const item: OpenItem = {index: this.#nextIndex, head, parts: [], isClosed: false};
		this.#nextIndex += 1;
		this.#events.push({type: 'item-open', index: item.index, head});
		return item;
	}

	/** Adds to one of an item's texts; an empty delta is none. */
	delta(
		item: OpenItem,
		{channel, part = 0}: {readonly channel: DeltaChannel; readonly part?: number},
		text: string,
	): void {
		if (text === '' || item.isClosed) {
			return;
		}

		this.#part(item, channel, part).text += text;
		this.#events.push({type: 'delta', index: item.index, channel, part, text});
	}

	/** Adds many deltas to one of an open item's texts at once. */
	run(item: OpenItem, channel: TextChannel, {bytes, starts, gap, lastEnd, text, isBare}: RunTexts): DeltaRun {
		this.#part(item, channel, 0).text += text;
		return {type: 'delta-run', index: item.index, channel, part: 0, bytes, starts, gap, lastEnd, text, isBare};
	}

	annotate(item: OpenItem, part: number, annotation: JsonObject): void {
		this.#part(item, 'text', part).annotations.push(annotation);
		this.#events.push({type: 'annotation', index: item.index, part, annotation});
	}

	close(item: OpenItem, closing: Closing = {}): void {
		if (!item.isClosed) {
			item.isClosed = true;
			this.#events.push({type: 'item-close', index: item.index, item: closedItem(item, closing)});
		}
	}

	usage(usage: AnswerUsage | undefined): void {
		if (usage !== undefined && !this.#isEnded) {
			this.start();
			this.#events.push({type: 'usage', usage});
		}
	}

	/** Ends the answer well. Losses are announced first. */
	finish(reason: FinishReason, raw?: string, endTurn?: boolean): void {
		this.#end({type: 'finish', reason, raw, endTurn});
	}

	/** Ends the answer badly. What is open stays open: the caller closes what the client may keep. */
	fail(error: AnswerError): void {
		this.#end({type: 'error', error});
	}

	#end(event: AnswerEvent): void {
		if (!this.#isEnded) {
			this.start();
			this.#isEnded = true;
			for (const loss of this.losses.list()) {
				this.#events.push({type: 'loss', loss});
			}

			this.#events.push(event);
		}
	}

	#part(item: OpenItem, channel: DeltaChannel, part: number): GrowingPart {
		const last = item.parts.at(-1);
		const found =
			last?.channel === channel && last.part === part
				? last
				: item.parts.find(known => known.channel === channel && known.part === part);
		if (found) {
			return found;
		}

		const grown = {channel, part, text: '', annotations: []};
		item.parts.push(grown);
		return grown;
	}
}

/** The whole text of an item's channel so far. */
export const joinedText = (item: OpenItem, channel: DeltaChannel): string => textOf(item, channel).join('');
