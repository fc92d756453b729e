import {assertNever} from '../base/errors.ts';
import type {JsonObject, ReplyPart} from './script.ts';
import {estimateUsage, splitText, type ReplyFacts, type StreamEvent} from './stream-event.ts';

/*
 * Responses streams as the real API sends them: created, in_progress, per item added, deltas and done, completed with usage;
 * `sequence_number` dense from 0, `output_index` per item, `event:` lines, no obfuscation padding (codex-wire.md 2).
 */

interface Built {
	readonly item: JsonObject;
	readonly events: readonly StreamEvent[];
}

type Place = {readonly id: string; readonly index: number; readonly facts: ReplyFacts};

const event = (type: string, fields: JsonObject): StreamEvent => ({event: type, data: {type, ...fields}});

const opened = (index: number, item: JsonObject): StreamEvent =>
	event('response.output_item.added', {output_index: index, item});

const closed = (index: number, item: JsonObject): StreamEvent =>
	event('response.output_item.done', {output_index: index, item});

const buildReasoning = (part: Extract<ReplyPart, {type: 'reasoning'}>, {id, index, facts}: Place): Built => {
	const encrypted = facts.seal.issue('reasoning', `${facts.id}/${index}: ${part.summary.join(' ')}`);
	const summary = part.summary.map(text => ({type: 'summary_text', text}));
	const item = {id: `rs_${id}`, type: 'reasoning', summary, encrypted_content: encrypted};
	const sections = part.summary.flatMap((text, section) => {
		const place = {item_id: item.id, output_index: index, summary_index: section};
		return [
			event('response.reasoning_summary_part.added', {...place, part: {type: 'summary_text', text: ''}}),
			...splitText(text, facts.deltaLength).map(delta =>
				event('response.reasoning_summary_text.delta', {...place, delta}),
			),
			event('response.reasoning_summary_text.done', {...place, text}),
			event('response.reasoning_summary_part.done', {...place, part: {type: 'summary_text', text}}),
		];
	});
	// The hidden state grows while the item is open: the real API sends a different value in `added` than in `done`.
	const early = {...item, summary: [], encrypted_content: facts.seal.issue('reasoning', `${facts.id}/${index}`)};
	return {item, events: [opened(index, early), ...sections, closed(index, item)]};
};

const outputText = (text: string): JsonObject => ({type: 'output_text', annotations: [], logprobs: [], text});

const buildMessage = (part: Extract<ReplyPart, {type: 'message'}>, {id, index, facts}: Place): Built => {
	const head = {id: `msg_${id}`, type: 'message', role: 'assistant', ...(part.phase && {phase: part.phase})};
	const place = {item_id: head.id, output_index: index, content_index: 0};
	const item = {...head, status: 'completed', content: [outputText(part.text)]};
	const deltas = splitText(part.text, facts.deltaLength).map((delta): StreamEvent => ({
		...event('response.output_text.delta', {...place, delta, logprobs: []}),
		stamp: 'responses',
	}));
	return {
		item,
		events: [
			opened(index, {...head, status: 'in_progress', content: []}),
			event('response.content_part.added', {...place, part: outputText('')}),
			...deltas,
			event('response.output_text.done', {...place, text: part.text, logprobs: []}),
			event('response.content_part.done', {...place, part: outputText(part.text)}),
			closed(index, item),
		],
	};
};

const buildCall = (
	part: Extract<ReplyPart, {type: 'function-call' | 'custom-call'}>,
	{id, index, facts}: Place,
): Built => {
	const isFunction = part.type === 'function-call';
	const key = isFunction ? 'arguments' : 'input';
	const text = isFunction ? JSON.stringify(part.arguments) : part.input;
	const name = isFunction ? 'function_call_arguments' : 'custom_tool_call_input';
	const head = {
		id: `${isFunction ? 'fc' : 'ctc'}_${id}`,
		type: isFunction ? 'function_call' : 'custom_tool_call',
		call_id: part.callId ?? `call_${id}`,
		name: part.name,
		...(part.namespace === undefined ? {} : {namespace: part.namespace}),
	};
	const place = {item_id: head.id, output_index: index};
	const item = {...head, status: 'completed', [key]: text};
	return {
		item,
		events: [
			opened(index, {...head, status: 'in_progress', [key]: ''}),
			...splitText(text, facts.deltaLength).map(delta => event(`response.${name}.delta`, {...place, delta})),
			event(`response.${name}.done`, {...place, [key]: text}),
			closed(index, item),
		],
	};
};

const buildItem = (part: Extract<ReplyPart, {type: 'item'}>, {id, index, facts}: Place): Built => {
	const sealed = Object.entries(part.item).map(([key, value]) => [
		key,
		value === '$seal' ? facts.seal.issue('reasoning', `${facts.id}/${index}`) : value,
	]);
	const item: JsonObject = {id: `item_${id}`, ...Object.fromEntries(sealed)};
	return {item, events: [opened(index, item), closed(index, item)]};
};

const buildPart = (part: ReplyPart, place: Place): Built => {
	switch (part.type) {
		case 'reasoning': {
			return buildReasoning(part, place);
		}

		case 'message': {
			return buildMessage(part, place);
		}

		case 'function-call':
		case 'custom-call': {
			return buildCall(part, place);
		}

		case 'tool-search': {
			const call = {type: 'tool_search_call', call_id: `call_${place.id}`, status: 'completed', execution: 'client'};
			return buildItem({type: 'item', item: {...call, arguments: {query: part.query}}}, place);
		}

		case 'item': {
			return buildItem(part, place);
		}

		default: {
			return assertNever(part);
		}
	}
};

const usageOf = (facts: ReplyFacts): JsonObject => {
	const {inputTokens, cachedInputTokens, outputTokens, reasoningTokens} = estimateUsage(facts);
	return {
		input_tokens: inputTokens,
		input_tokens_details: {cached_tokens: cachedInputTokens},
		output_tokens: outputTokens,
		output_tokens_details: {reasoning_tokens: reasoningTokens},
		total_tokens: inputTokens + outputTokens,
	};
};

const frame = (facts: ReplyFacts, fields: JsonObject): JsonObject => ({
	id: `resp_${facts.id}`,
	object: 'response',
	created_at: Math.floor(Date.now() / 1000),
	status: 'in_progress',
	background: false,
	error: null,
	incomplete_details: null,
	model: facts.model,
	output: [],
	parallel_tool_calls: true,
	store: false,
	tool_choice: 'auto',
	usage: null,
	...fields,
});

const build = (facts: ReplyFacts): readonly Built[] =>
	facts.parts.map((part, index) => buildPart(part, {id: `${facts.id}${index.toString(16)}`, index, facts}));

const lastEvents = (facts: ReplyFacts, output: readonly JsonObject[]): readonly StreamEvent[] => {
	const {end} = facts;
	switch (end.type) {
		case 'completed': {
			const endTurn = end.endTurn === undefined ? {} : {end_turn: end.endTurn};
			const response = frame(facts, {status: 'completed', output, usage: usageOf(facts), ...endTurn});
			return [event('response.completed', {response})];
		}

		case 'incomplete': {
			const details = {incomplete_details: {reason: end.reason}};
			const response = frame(facts, {status: 'incomplete', output, usage: usageOf(facts), ...details});
			return [event('response.incomplete', {response})];
		}

		case 'failed': {
			const error = {code: end.code, message: end.message};
			return [event('response.failed', {response: frame(facts, {status: 'failed', error})})];
		}

		case 'error': {
			return [event('error', {code: end.code, message: end.message, param: null})];
		}

		case 'none': {
			return [];
		}

		default: {
			return assertNever(end);
		}
	}
};

/** The events of a Responses stream, first to last, with dense sequence numbers. */
export const buildResponsesStream = (facts: ReplyFacts): readonly StreamEvent[] => {
	const built = build(facts);
	const output = built.map(({item}) => item);
	const events = [
		event('response.created', {response: frame(facts, {})}),
		event('response.in_progress', {response: frame(facts, {})}),
		...built.flatMap(item => item.events),
		...lastEvents(facts, output),
	];
	return events.map(({data, ...rest}, index) => ({...rest, data: {...data, sequence_number: index}}));
};

/** The same answer as the body of a request with `stream: false`. */
export const buildResponsesBody = (facts: ReplyFacts): JsonObject =>
	frame(facts, {status: 'completed', output: build(facts).map(({item}) => item), usage: usageOf(facts)});
