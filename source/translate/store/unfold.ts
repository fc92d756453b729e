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

/**
 * `input` of a request that continues a chain: the conversation, then what is new. An item that the client sends although it stands
 * in the chain, whole or as an `item_reference`, is there once (clients that send both).
 */
export const unfoldInput = (chain: readonly StoredResponse[], input: unknown): readonly JsonObject[] => {
	const earlier = chainItems(chain);
	const known = new Set(earlier.flatMap(item => textField(item, 'id') ?? []));
	const added = inputItems(input).filter(item => !known.has(textField(item, 'id') ?? ''));
	return [...earlier, ...added];
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
