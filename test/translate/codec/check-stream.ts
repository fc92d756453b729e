import {expect} from 'vitest';
import type {AnswerEvent, WireEvent} from '../../../source/translate/codec/ir-event.ts';
import {isJsonObject, numberField, textField, type JsonObject} from '../../../source/wire/json-value.ts';

/** The payloads of wire events. */
export const payloads = (events: readonly WireEvent[]): readonly JsonObject[] =>
	events.map(({data}) => {
		const value: unknown = JSON.parse(data);
		return isJsonObject(value) ? value : {};
	});

/** The types of wire events in order. */
export const typesOf = (events: readonly WireEvent[]): readonly unknown[] => payloads(events).map(({type}) => type);

/** The last payload. */
export const lastOf = (events: readonly WireEvent[]): JsonObject => payloads(events).at(-1) ?? {};

const object = (value: unknown): JsonObject => {
	expect(isJsonObject(value)).toBe(true);
	return isJsonObject(value) ? value : {};
};

const textOfPart = (part: JsonObject): unknown => part['text'] ?? part['refusal'];

/** Texts that deltas spell, by item and kind. */
const deltaTexts = (all: readonly JsonObject[]): ReadonlyMap<string, string> => {
	const texts = new Map<string, string>();
	for (const payload of all) {
		const type = textField(payload, 'type') ?? '';
		if (type.endsWith('.delta')) {
			const place = numberField(payload, 'content_index') ?? numberField(payload, 'summary_index') ?? '';
			const key = `${numberField(payload, 'output_index')}/${type}/${place}`;
			texts.set(key, (texts.get(key) ?? '') + (textField(payload, 'delta') ?? ''));
		}
	}

	return texts;
};

const terminals = ['response.completed', 'response.incomplete', 'response.failed'];

const checkDone = (all: readonly JsonObject[]): void => {
	const texts = deltaTexts(all);
	for (const payload of all) {
		const type = textField(payload, 'type') ?? '';
		if (/_(?:text|refusal)\.done$|^response\.refusal\.done$/.test(type)) {
			const place = numberField(payload, 'content_index') ?? numberField(payload, 'summary_index') ?? '';
			const key = `${numberField(payload, 'output_index')}/${type.replace(/done$/, 'delta')}/${place}`;
			expect(textOfPart(payload) ?? '').toBe(texts.get(key) ?? '');
		}
	}
};

/** The sanity invariants 1-5 of translation.md 7 on one whole Responses stream. */
export const checkResponsesStream = (events: readonly WireEvent[]): void => {
	const all = payloads(events);
	expect(all[0]?.['type']).toBe('response.created');
	expect(all.map(payload => payload['sequence_number'])).toEqual(all.map((_, index) => index));
	const added = all.filter(({type}) => type === 'response.output_item.added');
	expect(added.map(payload => payload['output_index'])).toEqual(added.map((_, index) => index));
	const done = all.filter(({type}) => type === 'response.output_item.done');
	const ended = all.filter(({type}) => typeof type === 'string' && terminals.includes(type));
	expect(ended).toHaveLength(1);
	expect(all.at(-1)).toBe(ended[0]);
	const places = done.map(payload => payload['output_index']);
	expect(new Set(places).size).toBe(places.length);
	if (ended[0]?.['type'] === 'response.completed') {
		expect(done).toHaveLength(added.length);
		const output = object(ended[0]['response'])['output'];
		expect(output).toEqual(
			done
				.toSorted((left, right) => Number(left['output_index']) - Number(right['output_index']))
				.map(({item}) => item),
		);
	}

	for (const payload of done) {
		const opening = added.find(one => one['output_index'] === payload['output_index']);
		expect(object(opening?.['item'])['id']).toBe(object(payload['item'])['id']);
	}

	checkDone(all);
};

/** The events of an answer with joined deltas: what a reader notices, whatever the pieces were. */
export const joinDeltas = (events: readonly AnswerEvent[]): readonly AnswerEvent[] => {
	const joined: AnswerEvent[] = [];
	for (const event of events) {
		const last = joined.at(-1);
		const isSame =
			event.type === 'delta' &&
			last?.type === 'delta' &&
			last.index === event.index &&
			last.channel === event.channel &&
			last.part === event.part;
		if (isSame) {
			joined[joined.length - 1] = {...last, text: last.text + event.text};
		} else {
			joined.push(event);
		}
	}

	return joined;
};

/** What Anthropic's own accumulator insists on: one block open at a time, indices in order, one end. */
export const checkMessagesStream = (events: readonly WireEvent[]): void => {
	let open: unknown;
	let next = 0;
	const all = payloads(events);
	expect(all[0]?.['type']).toBe('message_start');
	expect(all.at(-1)?.['type']).toBe('message_stop');
	for (const event of all) {
		if (event['type'] === 'content_block_start') {
			expect([open, event['index']]).toEqual([undefined, next]);
			open = event['index'];
			next += 1;
		} else if (event['type'] === 'content_block_delta') {
			expect(event['index']).toBe(open);
		} else if (event['type'] === 'content_block_stop') {
			expect(event['index']).toBe(open);
			open = undefined;
		}
	}

	// Half a call that was cut off stays open, so that nobody runs it.
	const reason = object(all.at(-2)?.['delta'])['stop_reason'];
	expect(open === undefined || ['max_tokens', 'refusal', 'pause_turn'].includes(String(reason))).toBe(true);
};
