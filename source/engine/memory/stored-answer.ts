import {fingerprint} from '../../base/ids.ts';
import {parseJson} from '../../base/json.ts';
import type {Endpoint} from '../../config/config.ts';
import type {Call} from '../../identify/call.ts';
import type {OutputItem} from '../../translate/codec/ir.ts';
import {packReasoning} from '../../translate/store/packed-reasoning.ts';
import {inputItems, type StoredResponse} from '../../translate/store/stored-response.ts';
import type {TurnScope} from '../../translate/store/turn-key.ts';
import {isJsonObject, textField, type JsonObject} from '../../wire/json-value.ts';
import type {Exchange} from '../door/accept.ts';
import type {Bridge} from '../bridge/bridge.ts';
import {clientLogin} from '../headers.ts';

/* What of an answer that went through a bridge is kept, and for whom (translation.md 6.1). */

/** Who asks. */
export interface Asker {
	readonly call: Call;
	readonly exchange: Pick<Exchange, 'headers' | 'isLocalToken'>;
}

/** An answer that a bridge has brought back. */
export interface BridgedAnswer {
	/** In the client's dialect; undefined before its end. */
	readonly whole: JsonObject | undefined;
	/** Its closed items in their order. */
	readonly items: readonly OutputItem[];
}

/** Who was answered what by whom. */
export interface Answered extends Asker {
	readonly endpoint: Endpoint;
	readonly bridge: Bridge;
	readonly answer: BridgedAnswer;
}

/** Whose answers these are: of one service and one login of the client, of which only a fingerprint is kept. */
export const ownerOf = ({call, exchange}: Asker): string =>
	fingerprint(`${call.service}\n${clientLogin(exchange) ?? ''}`);

/** In which conversation somebody asks. */
export const scopeOf = (asker: Asker): TurnScope => ({owner: ownerOf(asker), sessionId: asker.call.sessionId});

/** Whether a client may name this answer later: it is complete, or cut with a reason, and nobody said `store:false`. */
export const isNameable = ({dialect}: Call, whole: JsonObject | undefined): boolean =>
	dialect === 'responses' &&
	(whole?.['status'] === 'completed' || whole?.['status'] === 'incomplete') &&
	whole['store'] !== false;

/** Envelopes of the thoughts whose items the client got without one, by item id. */
export const hiddenIn = (
	whole: JsonObject | undefined,
	items: readonly OutputItem[],
): Readonly<Record<string, string>> => {
	const output: readonly unknown[] = whole && Array.isArray(whole['output']) ? whole['output'] : [];
	return Object.fromEntries(
		items.flatMap((item, index) => {
			const shown = output[index];
			const isBare = isJsonObject(shown) && shown['type'] === 'reasoning' && !shown['encrypted_content'];
			const isOwn = item.type === 'reasoning' && item.hidden !== undefined && item.hidden.kind !== 'opaque';
			const id = isBare ? textField(shown, 'id') : undefined;
			const envelope = isOwn ? textField(packReasoning(item), 'encrypted_content') : undefined;
			return id === undefined || envelope === undefined ? [] : [[id, envelope] as const];
		}),
	);
};

const inputOfBody = ({body, fields}: Call): readonly JsonObject[] => {
	const range = fields?.get('input')?.value;
	return body && range ? inputItems(parseJson(body.toString('utf8', range.start, range.end))) : [];
};

/** The answer as it is stored; `input` is what the request added to its `parent`, where it had one. */
export const storedOf = (
	{call, exchange, endpoint, answer}: Answered,
	more: {
		readonly hidden: StoredResponse['hidden'];
		readonly createdAtMs: number;
		readonly parent?: string | undefined;
		readonly input?: readonly JsonObject[];
	},
): StoredResponse => {
	const {whole = {}} = answer;
	return {
		head: {
			id: textField(whole, 'id') ?? '',
			owner: ownerOf({call, exchange}),
			parent: more.parent,
			createdAtMs: more.createdAtMs,
			model: call.model ?? '',
			endpointKey: endpoint.key,
		},
		input: more.input ?? inputOfBody(call),
		response: whole,
		hidden: more.hidden,
	};
};
