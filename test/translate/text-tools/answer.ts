import {ChatAnswerDecoder} from '../../../source/translate/codec/chat/decode-answer.ts';
import {createIdSource} from '../../../source/translate/codec/ids.ts';
import type {AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import type {OutputItem} from '../../../source/translate/codec/ir.ts';
import {LossLog} from '../../../source/translate/codec/loss.ts';
import {genericQuirks} from '../../../source/translate/codec/quirks.ts';
import {decodeResponsesRequest} from '../../../source/translate/codec/responses/decode-request.ts';
import {createToolMap} from '../../../source/translate/codec/tool-map.ts';
import type {ScanMode} from '../../../source/translate/text-tools/scan/formats.ts';
import {TextToolFilter} from '../../../source/translate/text-tools/text-tools.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';

/** A function tool with string parameters, all of them required. */
export const tool = (name: string, ...keys: readonly string[]): JsonObject => ({
	type: 'function',
	name,
	parameters: {
		type: 'object',
		properties: Object.fromEntries(keys.map(key => [key, {type: 'string'}])),
		required: keys,
	},
});

/** Codex's shell as Codex declares it, as far as the guards look at it. */
export const execTool: JsonObject = {
	type: 'function',
	name: 'exec_command',
	parameters: {
		type: 'object',
		properties: {
			cmd: {type: 'string'},
			workdir: {type: 'string'},
			yield_time_ms: {type: 'number'},
			sandbox_permissions: {type: 'string', enum: ['use_default', 'require_escalated']},
			justification: {type: 'string'},
			prefix_rule: {type: 'array', items: {type: 'string'}},
		},
		required: ['cmd'],
		additionalProperties: false,
	},
};

/** Codex's freeform patch. */
export const patchTool: JsonObject = {type: 'custom', name: 'apply_patch', description: 'd', format: {type: 'text'}};

/** The tools that most cases declare. */
export const usualTools: readonly JsonObject[] = [execTool, patchTool, tool('f', 'a'), tool('read_file', 'path')];

/** What an answer is and what stood before it. */
export interface AnswerCase {
	readonly pieces: readonly string[];
	readonly thoughts?: string;
	readonly finish?: string;
	readonly mode?: ScanMode;
	readonly input?: unknown;
	readonly tools?: readonly JsonObject[];
	readonly extra?: JsonObject;
	/** More deltas behind the text. */
	readonly deltas?: readonly JsonObject[];
	readonly usage?: JsonObject;
}

/** What came of an answer. */
export interface AnswerResult {
	readonly events: readonly AnswerEvent[];
	/** Everything that was shown, from the deltas. */
	readonly text: string;
	readonly items: readonly OutputItem[];
	/** `name payload` of each call. */
	readonly calls: readonly string[];
	readonly losses: readonly string[];
	/** The reason of the finish or the code of the error. */
	readonly end: string | undefined;
	/** Text shown after each piece. */
	readonly shownAfter: readonly string[];
}

const chunk = (delta: JsonObject, finish: string | null = null): string =>
	JSON.stringify({id: 'c', model: 'm', choices: [{index: 0, delta, finish_reason: finish}]});

const shownText = (events: readonly AnswerEvent[]): string =>
	events.map(event => (event.type === 'delta' && event.channel === 'text' ? event.text : '')).join('');

/** The events of a Chat answer, as its decoder gives them. */
export const decodedEvents = ({
	pieces,
	thoughts,
	finish = 'stop',
	tools = usualTools,
	deltas = [],
	usage,
}: AnswerCase) => {
	const request = decodeResponsesRequest({model: 'm', input: 'Do it.', tools}).request;
	const map = createToolMap(request, genericQuirks.names, new LossLog());
	const decoder = new ChatAnswerDecoder({tools: map, quirks: genericQuirks, ids: createIdSource('t')});
	const batches = [
		...(thoughts === undefined ? [] : [decoder.push(chunk({reasoning_content: thoughts}))]),
		...pieces.map(content => decoder.push(chunk({content}))),
		...deltas.map(delta => decoder.push(chunk(delta))),
		decoder.push(chunk({}, finish)),
		...(usage === undefined ? [] : [decoder.push(JSON.stringify({choices: [], usage}))]),
		decoder.end(),
	];
	return batches;
};

/** Sends an answer through the filter. */
export const run = (answer: AnswerCase): AnswerResult => {
	const {mode = 'strict', input = 'Do it.', tools = usualTools, extra = {}} = answer;
	const {request} = decodeResponsesRequest({model: 'm', input, tools, ...extra});
	const map = createToolMap(request, genericQuirks.names, new LossLog());
	const filter = new TextToolFilter({request, tools: map, ids: createIdSource('x'), mode});
	const batches = decodedEvents(answer).map(batch => batch.flatMap(event => filter.push(event)));
	const events = batches.flat();
	const items = events.flatMap(event => (event.type === 'item-close' ? [event.item] : []));
	const last = events.at(-1);
	return {
		events,
		items,
		text: shownText(events),
		calls: items.flatMap(item => (item.type === 'call' ? [`${item.tool.name} ${item.payload}`] : [])),
		losses: events.flatMap(event => (event.type === 'loss' ? [event.loss.code] : [])),
		end: last?.type === 'finish' ? last.reason : last?.type === 'error' ? last.error.code : undefined,
		shownAfter: batches.map(shownText),
	};
};

/** One text in one piece. */
export const say = (text: string, more: Partial<AnswerCase> = {}): AnswerResult => run({pieces: [text], ...more});
