import * as fc from 'fast-check';
import type {AnswerEvent, DeltaChannel, ItemHead} from '../../../../source/translate/codec/ir-event.ts';
import type {OutputItem} from '../../../../source/translate/codec/ir.ts';
import type {JsonObject} from '../../../../source/wire/json-value.ts';
import {grow, open, shut, start, stop} from './kit.ts';

/** Words with everything that JSON, UTF-8 and events stumble over; generating by pattern would cost more than the tests. */
const words = fc
	.array(fc.constantFrom('a', 'é', '🌍', '"', '\\', '{', '}', '<b>', ' c', '\n', 'data:', '\u2028'), {maxLength: 6})
	.map(pieces => `w${pieces.join('')}`);

const signatures = fc.nat(9999).map(number => `Ev${number}==`);

const record = fc.dictionary(
	fc.constantFrom('a', 'bc', 'é'),
	fc.oneof(words, fc.integer({min: 0, max: 99}), fc.boolean()),
	{
		maxKeys: 3,
	},
);

/** A text in pieces; cutting between the halves of a character is allowed only where JSON escapes hide it. */
const piecesOf = (text: string, cuts: readonly number[]): readonly string[] => {
	const characters = Array.from(text);
	const places = [...new Set(cuts.map(cut => cut % (characters.length + 1)))].toSorted((left, right) => left - right);
	return [...places, characters.length].map((place, index) => characters.slice(places[index - 1] ?? 0, place).join(''));
};

const cuts = fc.array(fc.nat(60), {maxLength: 4});

/** One block of an answer, as its model meant it. */
export type MeantBlock =
	| {readonly kind: 'text'; readonly text: string; readonly cuts: readonly number[]}
	| {readonly kind: 'thinking'; readonly text: string; readonly signature: string; readonly cuts: readonly number[]}
	| {readonly kind: 'redacted'; readonly data: string}
	| {readonly kind: 'call'; readonly tool: number; readonly input: JsonObject; readonly cuts: readonly number[]};

const meantBlock: fc.Arbitrary<MeantBlock> = fc.oneof(
	fc.record({kind: fc.constant('text' as const), text: words, cuts}),
	fc.record({kind: fc.constant('thinking' as const), text: words, signature: signatures, cuts}),
	fc.record({kind: fc.constant('redacted' as const), data: signatures}),
	fc.record({kind: fc.constant('call' as const), tool: fc.nat(2), input: record, cuts}),
);

/** The blocks of an answer that a client can use: at least a text or a call. */
export const meantAnswer: fc.Arbitrary<readonly MeantBlock[]> = fc
	.array(meantBlock, {minLength: 1, maxLength: 6})
	.filter(blocks => blocks.some(({kind}) => kind === 'text' || kind === 'call'));

/** The JSON of a call: a freeform tool takes one text. */
export const inputOf = (block: MeantBlock & {readonly kind: 'call'}): JsonObject =>
	block.tool === 2 ? {input: JSON.stringify(block.input)} : block.input;

const blockPayloads = (block: MeantBlock, index: number, names: readonly string[]): readonly JsonObject[] => {
	switch (block.kind) {
		case 'text': {
			const pieces = piecesOf(block.text, block.cuts).map(text => grow(index, {type: 'text_delta', text}));
			return [open(index, {type: 'text', text: ''}), ...pieces, shut(index)];
		}

		case 'thinking': {
			const pieces = piecesOf(block.text, block.cuts).map(text =>
				grow(index, {type: 'thinking_delta', thinking: text}),
			);
			const signature = grow(index, {type: 'signature_delta', signature: block.signature});
			return [open(index, {type: 'thinking', thinking: '', signature: ''}), ...pieces, signature, shut(index)];
		}

		case 'redacted': {
			return [open(index, {type: 'redacted_thinking', data: block.data}), shut(index)];
		}

		case 'call': {
			const json = Object.keys(inputOf(block)).length === 0 ? '' : JSON.stringify(inputOf(block));
			const pieces = piecesOf(json, block.cuts).map(text =>
				grow(index, {type: 'input_json_delta', partial_json: text}),
			);
			const head = {type: 'tool_use', id: `toolu_${index}`, name: names[block.tool], input: {}};
			return [open(index, head), ...pieces, shut(index)];
		}
	}
};

/** An answer as Anthropic streams it; `names` are the wire names of the three tools. */
export const streamOf = (blocks: readonly MeantBlock[], names: readonly string[]): readonly JsonObject[] => [
	start(),
	{type: 'ping'},
	...blocks.flatMap((block, index) => blockPayloads(block, index, names)),
	...stop(blocks.some(({kind}) => kind === 'call') ? 'tool_use' : 'end_turn'),
];

const turn = fc.record({
	thought: fc.option(fc.record({text: words, signature: signatures}), {
		nil: undefined,
	}),
	said: fc.array(words, {maxLength: 2}),
	calls: fc.array(record, {maxLength: 3}),
	failed: fc.boolean(),
	asked: fc.array(words, {maxLength: 2}),
});

/** A Messages history as Claude Code would send it: alternating roles, results first, every call answered. */
export const messagesHistory: fc.Arbitrary<readonly JsonObject[]> = fc.array(turn, {maxLength: 5}).map(turns => {
	const messages: JsonObject[] = [{role: 'user', content: [{type: 'text', text: 'begin'}]}];
	for (const [number, {thought, said, calls, failed, asked}] of turns.entries()) {
		const ids = calls.map((_, index) => `toolu_${number}_${index}`);
		const spoken = said.length === 0 && calls.length === 0 ? ['so'] : said;
		const thinking =
			thought === undefined ? [] : [{type: 'thinking', thinking: thought.text, signature: thought.signature}];
		messages.push({
			role: 'assistant',
			content: [
				...thinking,
				...spoken.map(text => ({type: 'text', text})),
				...calls.map((input, index) => ({type: 'tool_use', id: ids[index], name: 'f', input})),
			],
		});
		const results = ids.map(id => ({
			type: 'tool_result',
			tool_use_id: id,
			content: `result of ${id}`,
			...(failed && {is_error: true}),
		}));
		const questions = asked.length === 0 && ids.length === 0 ? ['on'] : asked;
		messages.push({role: 'user', content: [...results, ...questions.map(text => ({type: 'text', text}))]});
	}

	return messages;
});

/** An item with its texts in pieces. */
interface MeantItem {
	readonly kind: 'message' | 'reasoning' | 'call';
	readonly pieces: readonly string[];
}

const meantItem: fc.Arbitrary<MeantItem> = fc.record({
	kind: fc.constantFrom('message' as const, 'reasoning' as const, 'call' as const),
	pieces: fc.array(words, {minLength: 1, maxLength: 4}),
});

const channels: Readonly<Record<MeantItem['kind'], DeltaChannel>> = {
	message: 'text',
	reasoning: 'summary',
	call: 'payload',
};

const tool = {kind: 'function', namespace: undefined, name: 'f'} as const;

const headOf = ({kind}: MeantItem, index: number): ItemHead =>
	kind === 'call' ? {type: 'call', callId: `c${index}`, tool} : {type: kind};

const whole = ({kind, pieces}: MeantItem, index: number): OutputItem => {
	const text = pieces.join('');
	switch (kind) {
		case 'message': {
			return {type: 'message', role: 'assistant', parts: [{type: 'text', text}]};
		}

		case 'reasoning': {
			return {type: 'reasoning', summary: [text], content: [], hidden: undefined};
		}

		case 'call': {
			return {type: 'call', callId: `c${index}`, tool, payload: text};
		}
	}
};

const itemEvents = (item: MeantItem, index: number): readonly AnswerEvent[] => [
	{type: 'item-open', index, head: headOf(item, index)},
	...item.pieces.map((text): AnswerEvent => ({type: 'delta', index, channel: channels[item.kind], part: 0, text})),
	{type: 'item-close', index, item: whole(item, index)},
];

/** Items whose events come mixed, in any order that the promises of a decoder allow, with one end. */
export const mixedAnswer = fc
	.record({
		items: fc.array(meantItem, {minLength: 1, maxLength: 5}),
		choices: fc.array(fc.nat(4), {minLength: 40, maxLength: 40}),
	})
	.map(({items, choices}) => {
		const queues = items.map((item, index) => [...itemEvents(item, index)]);
		const events: AnswerEvent[] = [{type: 'start', id: 'x', model: 'y'}];
		let opened = 0;
		for (let step = 0; queues.some(queue => queue.length > 0); step += 1) {
			// Items open in order of their index; any open one may go on.
			const ready = queues.flatMap((queue, index) => (queue.length > 0 && index <= opened ? [index] : []));
			const index = ready[(choices[step % choices.length] ?? 0) % ready.length] ?? 0;
			const event = queues[index]?.shift();
			if (event !== undefined) {
				opened += event.type === 'item-open' ? 1 : 0;
				events.push(event);
			}
		}

		const end: AnswerEvent = {type: 'finish', reason: 'stop', raw: undefined, endTurn: undefined};
		return {items, events: [...events, end]};
	});
