import type {CallItem, FoundToolsItem, Item, ResultItem} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import {isModelSide, modelSideEnd} from '../model-side.ts';

/** What an interrupted call is answered with, so that every call has its result (translation.md 1.9.5). */
export const missingResultText = '[no output recorded: the call was interrupted]';

const orphanTextMax = 16_384;

type Answer = ResultItem | FoundToolsItem;

interface Entry {
	readonly call: CallItem;
	readonly batch: number;
	answer: Answer | undefined;
}

const isAnswer = (item: Item): item is Answer => item.type === 'result' || item.type === 'found-tools';

class Pairing {
	readonly #entries = new Map<string, Entry[]>();
	readonly #usedIds = new Set<string>();
	readonly entryOf = new Map<Item, Entry>();
	readonly orphans = new Set<Item>();
	readonly #losses: LossLog;

	constructor(items: readonly Item[], losses: LossLog) {
		this.#losses = losses;
		let batch = 0;
		for (const item of items) {
			if (item.type === 'call') {
				this.#addCall(item, batch);
			} else if (isAnswer(item)) {
				batch += 1;
				this.#addAnswer(item);
			} else if (!isModelSide(item)) {
				// A message between call and output does not end the batch: Codex puts notes there (1.9.5).
				continue;
			}
		}
	}

	#addCall(call: CallItem, batch: number): void {
		const same = this.#entries.get(call.callId) ?? [];
		const callId = this.#freeId(call.callId);
		if (callId !== call.callId) {
			this.#losses.add('duplicate-call-id', 'Two tool calls had one id; the later one was renamed with its result.');
		}

		const entry: Entry = {call: {...call, callId}, batch, answer: undefined};
		this.#entries.set(call.callId, [...same, entry]);
		this.entryOf.set(call, entry);
	}

	#freeId(callId: string): string {
		let free = callId;
		for (let count = 2; this.#usedIds.has(free); count += 1) {
			free = `${callId}_${count}`;
		}

		this.#usedIds.add(free);
		return free;
	}

	#addAnswer(answer: Answer): void {
		const same = this.#entries.get(answer.callId) ?? [];
		const latest = same.at(-1);
		if (latest === undefined) {
			this.orphans.add(answer);
			this.#losses.add('orphan-result', 'A tool result had no call in the history and was sent as a note.');
			return;
		}

		const open = same.find(entry => entry.answer === undefined && entry.batch === latest.batch);
		if (open === undefined) {
			this.#losses.add('duplicate-result', 'A tool call had two results; the last one was sent.');
		}

		(open ?? latest).answer = answer;
	}
}

const outputText = (answer: Answer): string => {
	if (answer.type === 'found-tools') {
		return JSON.stringify(answer.tools);
	}

	return typeof answer.output === 'string'
		? answer.output
		: answer.output.map(part => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
};

const orphanNote = (answer: Answer): Item => ({
	type: 'message',
	role: 'user',
	parts: [
		{
			type: 'text',
			text: `Output of an earlier tool call (${answer.callId}): ${outputText(answer).slice(0, orphanTextMax)}`,
		},
	],
});

const answerOf = ({call, answer}: Entry, losses: LossLog): Answer => {
	if (answer !== undefined) {
		return {...answer, callId: call.callId};
	}

	losses.add('missing-result', 'A tool call had no result; a note that it was interrupted stands in its place.');
	return {type: 'result', callId: call.callId, kind: call.tool.kind, output: missingResultText, isError: undefined};
};

/**
 * The fixed pairing pass (translation.md 1.9.5): every call is answered exactly once, directly behind its batch and in call
 * order; what stood between call and result follows the results; a result without a call becomes a user's note; of two
 * results the last one counts; the second of two equal ids is renamed with its result.
 */
export const pairCalls = (items: readonly Item[], losses: LossLog): readonly Item[] => {
	const pairing = new Pairing(items, losses);
	const paired: Item[] = [];
	for (let index = 0; index < items.length;) {
		const item = items[index];
		if (item !== undefined && isModelSide(item)) {
			const end = modelSideEnd(items, index);
			const batch = items.slice(index, end);
			const entries = batch.map(member => pairing.entryOf.get(member)).filter(entry => entry !== undefined);
			paired.push(...batch.map(member => pairing.entryOf.get(member)?.call ?? member));
			paired.push(...entries.map(entry => answerOf(entry, losses)));
			index = end;
			continue;
		}

		if (item !== undefined && !isAnswer(item)) {
			paired.push(item);
		} else if (item !== undefined && pairing.orphans.has(item)) {
			paired.push(orphanNote(item));
		}

		index += 1;
	}

	return paired;
};
