import {brokenAnswer} from './answer-error.ts';
import type {AnswerDecoder, AnswerError, AnswerEvent} from './ir-event.ts';
import type {BridgeRequest, ContentPart, Item, MessageItem} from './ir.ts';
import {textsOf} from './responses/decode-content.ts';

/*
 * Compaction of a conversation by a provider that has no such thing (translation.md 2.13): the history goes out as plain text with a
 * request for a summary, and the summary comes back as one `compaction` item in an envelope of ours.
 */

const instruction =
	'Write a handoff summary of the conversation so far for another model that will continue the work. Keep what the user wants, ' +
	'what was decided and why, what was done and found (with file paths, commands and names exactly), and what remains to be done. ' +
	'Answer with the summary only.';

const maxSummaryTokens = 16_000;

/** Whether a request asks for a compaction item: its last item is the trigger, whatever else marks the request. */
export const asksForCompaction = (request: BridgeRequest): boolean =>
	request.items.at(-1)?.type === 'compaction-trigger';

const said = (role: MessageItem['role'], text: string): Item => ({
	type: 'message',
	role,
	parts: [{type: 'text', text}],
});

const outputText = (output: string | readonly ContentPart[]): string =>
	typeof output === 'string' ? output : textsOf(output).join('\n');

/** Calls and results as plain text: servers refuse them where no tools are declared. */
const flatten = (item: Item): readonly Item[] => {
	switch (item.type) {
		case 'call': {
			return [said('assistant', `[called ${item.tool.name} with ${item.payload}]`)];
		}

		case 'result': {
			return [said('user', `[result: ${outputText(item.output)}]`)];
		}

		case 'message':
		case 'compaction': {
			return [item];
		}

		default: {
			return [];
		}
	}
};

/** The request that makes a provider write the summary: no tools, low effort, the instruction last. */
export const toSummaryRequest = (request: BridgeRequest): BridgeRequest => ({
	...request,
	items: [...request.items.flatMap(flatten), said('user', instruction)],
	tools: [],
	toolChoice: undefined,
	parallelToolCalls: undefined,
	responseFormat: undefined,
	maxOutputTokens: Math.min(request.maxOutputTokens ?? maxSummaryTokens, maxSummaryTokens),
	reasoning: {...request.reasoning, effort: request.reasoning.effort === undefined ? undefined : 'low'},
});

/** Reads the summary with another decoder and answers with exactly one compaction item, or with a failure. */
export class CompactionDecoder implements AnswerDecoder {
	readonly #inner: AnswerDecoder;
	#summary = '';
	#hasCall = false;

	constructor(inner: AnswerDecoder) {
		this.#inner = inner;
	}

	push(data: string, eventName?: string): readonly AnswerEvent[] {
		return this.#turn(this.#inner.push(data, eventName));
	}

	pushWhole(body: Parameters<AnswerDecoder['pushWhole']>[0]): readonly AnswerEvent[] {
		return this.#turn(this.#inner.pushWhole(body));
	}

	fail(error: AnswerError): readonly AnswerEvent[] {
		return this.#turn(this.#inner.fail(error));
	}

	end(): readonly AnswerEvent[] {
		return this.#turn(this.#inner.end());
	}

	#turn(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
		return events.flatMap(event => this.#take(event));
	}

	#take(event: AnswerEvent): readonly AnswerEvent[] {
		switch (event.type) {
			case 'item-open':
			case 'annotation': {
				this.#hasCall ||= event.type === 'item-open' && event.head.type === 'call';
				return [];
			}

			case 'delta': {
				this.#summary += event.channel === 'text' ? event.text : '';
				return [];
			}

			case 'item-close': {
				return [];
			}

			case 'finish': {
				return this.#finish(event);
			}

			case 'start':
			case 'usage':
			case 'error':
			case 'loss': {
				return [event];
			}
		}
	}

	#finish(event: AnswerEvent & {readonly type: 'finish'}): readonly AnswerEvent[] {
		const summary = this.#summary.trim();
		if (this.#hasCall || summary === '') {
			const text = this.#hasCall
				? 'The upstream called a tool in place of a summary.'
				: 'The upstream sent an empty summary.';
			return [{type: 'error', error: brokenAnswer(text)}];
		}

		return [
			{type: 'item-open', index: 0, head: {type: 'compaction'}},
			{type: 'item-close', index: 0, item: {type: 'compaction', encrypted: undefined, summary}},
			{...event, reason: 'stop'},
		];
	}
}
