import {createIdSource} from '../../../source/translate/codec/ids.ts';
import type {AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import {decodeResponsesRequest} from '../../../source/translate/codec/responses/decode-request.ts';
import {IntentRecovery, type IntentLevel} from '../../../source/translate/text-tools/intent/intent-recovery.ts';
import type {SynthesisSettings} from '../../../source/translate/text-tools/intent/synthesise.ts';
import {TextToolFilter} from '../../../source/translate/text-tools/text-tools.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {call, output, user} from '../codec/items.ts';
import {mapOf} from '../codec/bridge.ts';
import {decodedEvents, usualTools, type AnswerCase} from './answer.ts';

/** A turn in which a tool has just answered. */
export const midTurn: readonly JsonObject[] = [user('Fix the bug.'), call('c1'), output('c1', 'ok')];

/** What a stuck model is met with. */
export interface IntentCase {
	readonly level: IntentLevel;
	/** The upstream’s answers, in order; where the last one is stuck again, nothing follows. */
	readonly answers: ReadonlyArray<Partial<AnswerCase> & {readonly text: string}>;
	readonly input?: readonly JsonObject[];
	readonly settings?: Partial<SynthesisSettings>;
	readonly tools?: readonly JsonObject[];
}

/** What the client gets. */
export interface IntentResult {
	readonly events: readonly AnswerEvent[];
	/** `message:phase:text` and `call:name:payload:id`. */
	readonly items: readonly string[];
	readonly asked: number;
	readonly end: string;
}

const describeItem = (event: AnswerEvent): readonly string[] => {
	if (event.type !== 'item-close') {
		return [];
	}

	const {item} = event;
	return item.type === 'message'
		? [`message:${item.phase ?? ''}:${item.parts.map(part => (part.type === 'text' ? part.text : '')).join('')}`]
		: item.type === 'call'
			? [`call:${item.callId.replace(/_x?\d+$/, '')}:${item.payload}`]
			: [];
};

/** Plays answers through filter and recovery, asking again as often as it is wanted. */
export const play = ({level, answers, input = midTurn, settings, tools = usualTools}: IntentCase): IntentResult => {
	const {request} = decodeResponsesRequest({model: 'm', input, tools});
	const map = mapOf(tools);
	const ids = createIdSource('x');
	const usual = {anyUrl: false, anyCommand: false, ...settings};
	const recovery = new IntentRecovery({...usual, level, request, tools: map, ids});
	const events: AnswerEvent[] = [];
	let asked = 0;
	for (const [index, answer] of answers.entries()) {
		if (index > 0) {
			if (recovery.wanted === undefined) {
				break;
			}

			asked += 1;
			events.push(...recovery.resume());
		}

		const filter = new TextToolFilter({request, tools: map, ids, mode: 'strict'});
		for (const event of decodedEvents({pieces: [answer.text], tools, ...answer}).flat()) {
			for (const found of filter.push(event)) {
				events.push(...recovery.push(found));
			}
		}
	}

	if (recovery.wanted !== undefined) {
		events.push(...recovery.giveUp());
	}

	const last = events.at(-1);
	const end = last?.type === 'finish' ? last.reason : last?.type === 'error' ? last.error.code : 'open';
	return {events, items: events.flatMap(describeItem), asked, end};
};
