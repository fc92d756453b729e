import {textField, type JsonObject} from '../../wire/json-value.ts';
import {inputItems, outputItems, type StoredResponse} from './stored-response.ts';

/*
 * `previous_response_id` for providers that have no such thing: the conversation so far is put in front of what the request adds
 * (translation.md 6.1, repair pass 1 of 1.9). Instructions and tools are never inherited.
 */

const withHidden = (item: JsonObject, hidden: StoredResponse['hidden']): JsonObject => {
	const envelope = hidden[textField(item, 'id') ?? ''];
	const isBare = typeof item['encrypted_content'] !== 'string' || item['encrypted_content'] === '';
	return envelope === undefined || !isBare ? item : {...item, encrypted_content: envelope};
};

/** The conversation of a chain of responses, the first one first, with the hidden reasoning that its clients did not get. */
export const chainItems = (chain: readonly StoredResponse[]): readonly JsonObject[] =>
	chain.flatMap(stored => [...stored.input, ...outputItems(stored).map(item => withHidden(item, stored.hidden))]);

/** A conversation, and what of it is new. */
export interface UnfoldedInput {
	readonly items: readonly JsonObject[];
	readonly added: readonly JsonObject[];
}

/**
 * `input` of a request that continues a chain: the conversation, then what is new. An item that the client sends although it stands
 * in the chain, whole or as an `item_reference`, is there once (clients that send both).
 */
export const unfoldInput = (chain: readonly StoredResponse[], input: unknown): UnfoldedInput => {
	const earlier = chainItems(chain);
	const known = new Set(earlier.flatMap(item => textField(item, 'id') ?? []));
	const added = inputItems(input).filter(item => !known.has(textField(item, 'id') ?? ''));
	return {items: [...earlier, ...added], added};
};

/** The response that an item of ours belongs to: ids of one answer share their request's part (translate/codec/ids.ts). */
export const responseOfItem = (id: string): string | undefined => {
	const [, seed] = /^[a-z]+_(req[0-9a-z]{22})[0-9a-f]{4}$/.exec(id) ?? [];
	return seed === undefined ? undefined : `resp_${seed}0001`;
};

/** The ids of the items that an input only names. */
export const referencesIn = (items: readonly JsonObject[]): readonly string[] =>
	items.flatMap(item => (item['type'] === 'item_reference' ? (textField(item, 'id') ?? []) : []));

/** An input with the items that it names in place of their names, as far as they are found in stored responses. */
export const resolveReferences = (
	items: readonly JsonObject[],
	known: readonly StoredResponse[],
): readonly JsonObject[] => {
	const byId = new Map(
		known
			.flatMap(stored => outputItems(stored).map(item => withHidden(item, stored.hidden)))
			.map(item => [item['id'], item] as const),
	);
	return items.map(item => (item['type'] === 'item_reference' ? (byId.get(item['id']) ?? item) : item));
};

const isCallOutput = (item: JsonObject): boolean => textField(item, 'type')?.endsWith('_output') === true;

/**
 * Whether a request carries its whole history although it names an earlier response: it answers tool calls, and every answered call
 * stands in it too (translation.md 6.1). A request that answers none says nothing of its history.
 */
export const isWholeHistory = (input: unknown): boolean => {
	const items = inputItems(input);
	const answered = items.filter(isCallOutput);
	const called = new Set(items.filter(item => !isCallOutput(item)).map(item => item['call_id']));
	return answered.length > 0 && answered.every(item => called.has(item['call_id']));
};
