import {assertNever} from '../base/errors.ts';
import type {JsonObject, ReplyPart} from './script.ts';
import {estimateUsage, flatCall, splitText, type ReplyFacts, type StreamEvent} from './stream-event.ts';

/*
 * Anthropic Messages streams: message_start, ping, per block start, deltas and stop, message_delta with stop reason and usage,
 * message_stop (claude-wire.md 1-4). Thinking carries a signature that only the same upstream accepts back.
 */

interface Block {
	readonly block: JsonObject;
	readonly empty: JsonObject;
	readonly deltas: readonly JsonObject[];
}

const event = (type: string, fields: JsonObject): StreamEvent => ({event: type, data: {type, ...fields}});

const callBlock = (part: ReplyPart, index: number, facts: ReplyFacts): Block => {
	const {name = '', arguments: input = {}, callId} = flatCall(part) ?? {};
	const head = {type: 'tool_use', id: callId ?? `toolu_${facts.id}${index.toString(16)}`, name};
	const pieces = splitText(JSON.stringify(input), facts.deltaLength);
	return {
		block: {...head, input},
		empty: {...head, input: {}},
		deltas: ['', ...pieces].map(piece => ({type: 'input_json_delta', partial_json: piece})),
	};
};

const buildBlock = (part: ReplyPart, index: number, facts: ReplyFacts): Block => {
	switch (part.type) {
		case 'reasoning': {
			const thinking = part.summary.join('\n\n');
			const signature = facts.seal.issue('thinking', `${facts.id}/${index}`);
			const deltas = splitText(thinking, facts.deltaLength).map(text => ({type: 'thinking_delta', thinking: text}));
			return {
				block: {type: 'thinking', thinking, signature},
				empty: {type: 'thinking', thinking: '', signature: ''},
				deltas: [...deltas, {type: 'signature_delta', signature}],
			};
		}

		case 'message': {
			const deltas = splitText(part.text, facts.deltaLength).map(text => ({type: 'text_delta', text}));
			return {block: {type: 'text', text: part.text}, empty: {type: 'text', text: ''}, deltas};
		}

		case 'function-call':
		case 'custom-call':
		case 'tool-search': {
			return callBlock(part, index, facts);
		}

		case 'item': {
			return {block: part.item, empty: part.item, deltas: []};
		}

		default: {
			return assertNever(part);
		}
	}
};

const stopReason = (facts: ReplyFacts): string => {
	if (facts.end.type === 'incomplete') {
		return facts.end.reason;
	}

	const hasCall = facts.parts.some(part => flatCall(part) !== undefined);
	return hasCall ? 'tool_use' : 'end_turn';
};

const inputUsage = (facts: ReplyFacts): JsonObject => {
	const {inputTokens, cachedInputTokens} = estimateUsage(facts);
	return {
		input_tokens: inputTokens - cachedInputTokens,
		cache_creation_input_tokens: 0,
		cache_read_input_tokens: cachedInputTokens,
	};
};

const frame = (facts: ReplyFacts, fields: JsonObject): JsonObject => ({
	id: `msg_${facts.id}`,
	type: 'message',
	role: 'assistant',
	model: facts.model,
	content: [],
	stop_reason: null,
	stop_sequence: null,
	usage: {...inputUsage(facts), output_tokens: 1},
	...fields,
});

const blockEvents = ({empty, deltas}: Block, index: number): readonly StreamEvent[] => [
	event('content_block_start', {index, content_block: empty}),
	...deltas.map((delta): StreamEvent => {
		const written = event('content_block_delta', {index, delta});
		return delta['type'] === 'text_delta' ? {...written, stamp: 'messages'} : written;
	}),
	event('content_block_stop', {index}),
];

const lastEvents = (facts: ReplyFacts): readonly StreamEvent[] => {
	const {end} = facts;
	switch (end.type) {
		case 'completed':
		case 'incomplete': {
			const delta = {stop_reason: stopReason(facts), stop_sequence: null};
			const usage = {...inputUsage(facts), output_tokens: estimateUsage(facts).outputTokens};
			return [event('message_delta', {delta, usage}), event('message_stop', {})];
		}

		case 'failed':
		case 'error': {
			return [event('error', {error: {type: end.code, message: end.message}})];
		}

		case 'none': {
			return [];
		}

		default: {
			return assertNever(end);
		}
	}
};

/** The events of a Messages stream, first to last. `failed` and `error` both end in `event: error`. */
export const buildMessagesStream = (facts: ReplyFacts): readonly StreamEvent[] => [
	event('message_start', {message: frame(facts, {})}),
	event('ping', {}),
	...facts.parts.flatMap((part, index) => blockEvents(buildBlock(part, index, facts), index)),
	...lastEvents(facts),
];

/** The same answer as the body of a request that did not ask for a stream (Claude Code's repeat after a cut). */
export const buildMessagesBody = (facts: ReplyFacts): JsonObject =>
	frame(facts, {
		content: facts.parts.map((part, index) => buildBlock(part, index, facts).block),
		stop_reason: stopReason(facts),
		usage: {...inputUsage(facts), output_tokens: estimateUsage(facts).outputTokens},
	});
