import type {IdSource} from '../../codec/ids.ts';
import type {AnswerEvent, AnswerUsage} from '../../codec/ir-event.ts';
import type {BridgeRequest} from '../../codec/ir.ts';
import type {ToolMap} from '../../codec/tool-map.ts';
import {brokenAnswer} from '../../codec/answer-error.ts';
import {ItemIndices} from '../item-indices.ts';
import {callEvents} from '../recovered-calls.ts';
import {addUsage} from './add-usage.ts';
import {isStuck} from './stuck.ts';
import {synthesise, type SynthesisSettings} from './synthesise.ts';

/*
 * Intent recovery (translation.md 5.5): what happens where a model says that it will act and does not. A stage between the filter for
 * text tool calls and the encoder; it never asks anybody itself. It holds the end of the answer back and says that it wants another.
 */

/** 0 off, 1 nudge, 2 echo, 3 synthesise. */
export type IntentLevel = 0 | 1 | 2 | 3;

/** What an {@link IntentRecovery} works with. */
export interface IntentOptions extends SynthesisSettings {
	readonly level: IntentLevel;
	readonly request: Pick<BridgeRequest, 'items'>;
	readonly tools: ToolMap;
	readonly ids: IdSource;
}

type Close = AnswerEvent & {type: 'item-close'};
type Finish = AnswerEvent & {type: 'finish'};

/** How often the upstream is asked again within one request. */
const mostNudges = 1;
const brokenCalls: readonly string[] = ['text-call-wrong-arguments', 'text-call-unreadable'];

/** Watches one client answer, which may be made of two upstream answers. */
export class IntentRecovery {
	readonly #options: IntentOptions;
	readonly #indices = new ItemIndices();
	/** The last message, which may become commentary: whether it does is known at the end. */
	#closes: Close[] = [];
	readonly #messages = new Set<number>();
	readonly #open = new Set<number>();
	#text = '';
	#hasCalls = false;
	#hasBrokenCall = false;
	#nudges = 0;
	#usage: AnswerUsage | undefined;
	#earlierUsage: AnswerUsage | undefined;
	#held: Finish | undefined;
	#earlierEnd: Finish | undefined;

	constructor(options: IntentOptions) {
		this.#options = options;
	}

	/** The text after which the upstream is to be asked again; undefined where it is not. */
	get wanted(): string | undefined {
		return this.#held === undefined ? undefined : this.#text;
	}

	/** One event of the upstream's answer; the events that it becomes. */
	push(event: AnswerEvent): readonly AnswerEvent[] {
		switch (event.type) {
			case 'start': {
				return this.#nudges > 0 ? [] : [event];
			}

			case 'usage': {
				this.#usage = event.usage;
				return [{type: 'usage', usage: this.#earlierUsage ? addUsage(this.#earlierUsage, event.usage) : event.usage}];
			}

			case 'loss': {
				this.#hasBrokenCall ||= brokenCalls.includes(event.loss.code);
				return [event];
			}

			case 'finish': {
				return this.#finish(event);
			}

			case 'error': {
				return this.#nudges > 0 && this.#open.size === 0 ? this.giveUp() : [...this.#flush(), event];
			}

			default: {
				return this.#item(event);
			}
		}
	}

	/** The upstream is asked again: what it answers now belongs to the same client answer. */
	resume(): readonly AnswerEvent[] {
		this.#nudges += 1;
		this.#earlierEnd = this.#held;
		this.#held = undefined;
		this.#earlierUsage = this.#usage;
		this.#text = '';
		this.#hasBrokenCall = false;
		this.#indices.restart();
		const text = 'The model announced work without calling a tool and was asked again.';
		return [...this.#flush('commentary'), {type: 'loss', loss: {code: 'recovery.intent', count: 1, text}}];
	}

	/** The upstream did not answer again: the answer ends as it would have without asking, unless an item of the second is half open. */
	giveUp(): readonly AnswerEvent[] {
		const end = this.#held ?? this.#earlierEnd;
		this.#held = undefined;
		return end !== undefined && this.#open.size === 0
			? [...this.#flush(), end]
			: [{type: 'error', error: brokenAnswer('The upstream broke off when it was asked again.')}];
	}

	#item(event: Exclude<AnswerEvent, {type: 'start' | 'usage' | 'loss' | 'finish' | 'error'}>): readonly AnswerEvent[] {
		const index = this.#indices.of(event.index);
		switch (event.type) {
			case 'item-open': {
				this.#open.add(index);
				const isCall = event.head.type === 'call';
				this.#hasCalls ||= isCall;
				if (event.head.type === 'message') {
					this.#messages.add(index);
				}

				// A client keeps items in the order in which they close.
				return [...this.#flush(), {...event, index}];
			}

			case 'delta': {
				if (this.#messages.has(index) && event.channel === 'text') {
					this.#text += event.text;
				}

				return [{...event, index}];
			}

			case 'annotation': {
				return [{...event, index}];
			}

			case 'item-close': {
				this.#open.delete(index);
				if (event.item.type !== 'message' || this.#hasCalls) {
					return [{...event, index}];
				}

				this.#closes.push({...event, index});
				return [];
			}
		}
	}

	#finish(event: Finish): readonly AnswerEvent[] {
		const {level, request, tools} = this.#options;
		const silent = {text: this.#text, hasBrokenCall: this.#hasBrokenCall};
		const isWhole = event.reason === 'stop' && !this.#hasCalls && tools.list().length > 0;
		if (level === 0 || !isWhole || !isStuck(request, silent)) {
			return [...this.#flush(), event];
		}

		if (this.#nudges < mostNudges) {
			this.#held = event;
			return [];
		}

		return level === 1 ? [...this.#flush(), event] : this.#synthesise(event);
	}

	#synthesise(event: Finish): readonly AnswerEvent[] {
		const {level, tools, ids, request} = this.#options;
		const made = synthesise(this.#text, {...this.#options, level: level === 3 ? 3 : 2, items: request.items, tools});
		if (made === undefined) {
			return [...this.#flush(), event];
		}

		const text = `The model stayed stuck; a call was synthesised for it (level ${level}, ${made.heuristic}).`;
		return [
			...this.#flush('commentary'),
			...callEvents(made, {tools, callId: ids.next('call_synth'), index: this.#indices.next()}),
			{type: 'loss', loss: {code: 'recovery.intent', count: 1, text}},
			{...event, reason: 'calls'},
		];
	}

	#flush(phase?: string): readonly AnswerEvent[] {
		const closes = this.#closes;
		this.#closes = [];
		return phase === undefined
			? closes
			: closes.map(close => (close.item.type === 'message' ? {...close, item: {...close.item, phase}} : close));
	}
}
