import {fingerprint} from '../../base/ids.ts';
import {isJsonObject} from '../../wire/json-value.ts';
import type {CallItem, ContentPart, Item} from '../codec/ir.ts';

/*
 * Names for what a model said, made of what every client returns of it: by call, and by the whole turn (translation.md 6.2, 2 and 3).
 */

/** Whose conversation it is: nobody finds what another client, or another session of the same one, was answered. */
export interface TurnScope {
	readonly owner: string;
	readonly sessionId: string | undefined;
}

const keyLength = 40;

const sorted = (_: string, value: unknown): unknown =>
	isJsonObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value;

/** A call's payload without what clients change in JSON on its way: blanks and the order of keys. */
const canonical = (payload: string): string => {
	try {
		return JSON.stringify(JSON.parse(payload), sorted);
	} catch {
		// The raw text of a custom tool, or arguments that are no JSON: they come back as they are.
		return payload;
	}
};

const callFacts = ({tool, payload}: CallItem): readonly string[] => [
	tool.namespace ?? '',
	tool.name,
	canonical(payload),
];

const textIn = (parts: readonly ContentPart[]): string =>
	parts.map(part => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');

/** What a run of the model's items says, as one text. */
export const spokenText = (run: readonly Item[]): string =>
	run
		.map(item => (item.type === 'message' ? textIn(item.parts) : ''))
		.join('')
		.trim();

/** What a user's message asks; empty for any other item. */
export const askedText = (item: Item | undefined): string =>
	item?.type === 'message' && item.role === 'user' ? textIn(item.parts).trim() : '';

/** A cheap mark of a turn, the same wherever its key is: most turns of a history are told from those that are kept without a key. */
export const turnProbe = (run: readonly Item[]): string => {
	let length = 0;
	for (const item of run) {
		// Clients set blanks in JSON as they like.
		length += item.type === 'call' ? item.payload.replaceAll(/\s/g, '').length : 0;
	}

	return `${spokenText(run).length} ${length}`;
};

const keyOf = (facts: readonly unknown[]): string => fingerprint(JSON.stringify(facts), keyLength);

/** The name of one call. Its id alone is not enough: some servers count from one in every conversation. */
export const callKey = ({owner, sessionId}: TurnScope, call: CallItem): string =>
	keyOf(['call', owner, sessionId ?? '', call.callId, ...callFacts(call)]);

/** The name of a turn: who answered, what was asked before, what was said and called. Call ids are left out: clients rename them. */
export const turnKey = (
	{owner, sessionId}: TurnScope,
	turn: {readonly family: string; readonly asked: string; readonly run: readonly Item[]},
): string => {
	const calls = turn.run.flatMap(item => (item.type === 'call' ? [callFacts(item)] : []));
	return keyOf(['turn', owner, sessionId ?? '', turn.family, fingerprint(turn.asked), spokenText(turn.run), calls]);
};
