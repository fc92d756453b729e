import type {JsonObject} from '../../wire/json-value.ts';
import type {ReasoningItem} from '../codec/ir.ts';
import {LossLog} from '../codec/loss.ts';
import {decodeReasoning} from '../codec/responses/decode-item.ts';
import {encodeHidden} from '../codec/responses/encode-item.ts';

/** An R `reasoning` item that holds all of a thought, envelope included: what the stores keep. */
export const packReasoning = (item: ReasoningItem): JsonObject => ({
	type: 'reasoning',
	summary: item.summary.map(text => ({type: 'summary_text', text})),
	content: item.content.map(text => ({type: 'reasoning_text', text})),
	encrypted_content: encodeHidden(item, {envelopes: true, isShown: true, packer: undefined}),
});

/** The thought again; damaged hidden state is left out, as it is where a client damaged it. */
export const unpackReasoning = (raw: JsonObject): ReasoningItem =>
	decodeReasoning(raw, {losses: new LossLog(), packer: undefined});
