import type {IdSource} from '../codec/ids.ts';
import type {AnswerError, AnswerEvent, FinishReason} from '../codec/ir-event.ts';
import type {BridgeRequest} from '../codec/ir.ts';
import {LossLog} from '../codec/loss.ts';
import type {ToolMap} from '../codec/tool-map.ts';
import {fitCall, type FittedCall} from './fit/fit-call.ts';
import {textFormats, type TextFormat, type ScanMode} from './scan/formats.ts';
import {HeldMessage} from './held-message.ts';
import {callEvents, distinctCalls, mostCalls, refusals} from './recovered-calls.ts';
import {ItemIndices} from './item-indices.ts';
import {createEchoGuard, isAllowed} from './request-facts.ts';
import type {EndOfText} from './scan/end-of-text.ts';
import {TextScanner, type ScannerOptions} from './scan/scanner.ts';
import {Tail} from './tail.ts';
import type {TextCall} from './read/text-call.ts';

/*
 * Text tool calls (translation.md 5): a filter between the decoder of an upstream's answer and the encoder of the client's. It stands
 * there only for models that write calls into their text. No I/O, no clock: the same events in give the same events out.
 */

/** What a {@link TextToolFilter} works with. */
export interface TextToolOptions {
	readonly request: Pick<BridgeRequest, 'items' | 'toolChoice' | 'responseFormat'>;
	readonly tools: ToolMap;
	readonly ids: IdSource;
	readonly mode: ScanMode;
}

/** Finds the calls in one answer's text. */
export class TextToolFilter {
	readonly #options: TextToolOptions;
	readonly #formats: readonly TextFormat[];
	readonly #isEcho: (block: string) => boolean;
	readonly #losses = new LossLog();
	/** A message has none before something of it is shown. */
	readonly #indices = new ItemIndices();
	#messages: HeldMessage[] = [];
	readonly #thoughts = new Tail();
	#hasStructuredCalls = false;
	#hasShownText = false;
	#out: AnswerEvent[] = [];

	constructor(options: TextToolOptions) {
		this.#options = options;
		this.#formats = textFormats(options.mode, options.tools, options.request.responseFormat !== undefined);
		this.#isEcho = createEchoGuard(options.request);
	}

	/** One event of the decoder; the events that it becomes. */
	push(event: AnswerEvent): readonly AnswerEvent[] {
		this.#take(event);
		const out = this.#out;
		this.#out = [];
		return out;
	}

	#take(event: AnswerEvent): void {
		switch (event.type) {
			case 'start':
			case 'usage':
			case 'loss': {
				this.#out.push(event);
				break;
			}

			case 'item-open': {
				this.#open(event);
				break;
			}

			case 'delta': {
				this.#delta(event);
				break;
			}

			case 'annotation':
			case 'item-close': {
				this.#closeOrAnnotate(event);
				break;
			}

			case 'finish': {
				this.#finish(event);
				break;
			}

			case 'error': {
				this.#fail(event.error);
				break;
			}
		}
	}

	#open(event: AnswerEvent & {type: 'item-open'}): void {
		if (event.head.type === 'message') {
			this.#settle('text');
			this.#messages.push(new HeldMessage(event, this.#newScanner()));
			return;
		}

		if (event.head.type === 'call') {
			this.#hasStructuredCalls = true;
			this.#settle('leftovers');
		}

		this.#out.push({...event, index: this.#indices.of(event.index)});
	}

	#delta(event: AnswerEvent & {type: 'delta'}): void {
		const message = this.#messages.find(({index}) => index === event.index);
		if (!message) {
			if (event.channel === 'reasoning' || event.channel === 'summary') {
				this.#thoughts.add(event.text);
			}

			this.#out.push({...event, index: this.#indices.of(event.index)});
			return;
		}

		if (event.channel !== 'text') {
			this.#show(message);
			this.#out.push({...event, index: this.#indices.of(event.index)});
			return;
		}

		if (message.isOtherPart(event.part)) {
			this.#emitText(message, message.endPart('text').shown);
			this.#emitBlanks(message);
		}

		message.inPart(event.part, () => this.#newScanner());
		this.#emitText(message, message.push(event.text));
	}

	#closeOrAnnotate(event: AnswerEvent & {type: 'annotation' | 'item-close'}): void {
		const message = this.#messages.find(({index}) => index === event.index);
		if (!message) {
			this.#out.push({...event, index: this.#indices.of(event.index)});
		} else if (event.type === 'annotation') {
			this.#show(message);
			this.#out.push({...event, index: this.#indices.of(event.index)});
		} else {
			message.close(event);
			if (!message.isHolding) {
				this.#emitClose(message, undefined);
			}
		}
	}

	#finish(event: AnswerEvent & {type: 'finish'}): void {
		const calls = this.#endTexts(event.reason);
		const reason = calls.length > 0 ? 'calls' : event.reason;
		this.#emitCalls(calls);
		this.#emitLosses();
		this.#out.push({...event, reason});
	}

	/** A decoder found nothing in the answer, or a call that nobody could read: the text may hold what it missed (case 63). */
	#fail(error: AnswerError): void {
		const isMissing = error.code === 'upstream_tool_call_dropped' || error.code === 'empty_response';
		const isWhole = this.#messages.every(({isClosed}) => isClosed);
		const calls = isMissing && isWhole ? this.#endTexts('stop') : [];
		this.#settle('text');
		this.#emitCalls(calls);
		this.#emitLosses();
		this.#out.push(
			calls.length > 0 ? {type: 'finish', reason: 'calls', raw: undefined, endTurn: undefined} : {type: 'error', error},
		);
	}

	#endTexts(reason: FinishReason): readonly FittedCall[] {
		const isWhole = reason === 'stop' || reason === 'calls';
		const how: EndOfText = this.#hasStructuredCalls
			? 'leftovers'
			: isWhole
				? 'calls'
				: reason === 'length'
					? 'cut'
					: 'text';
		const calls = this.#settle(how);
		const isSilent = isWhole && !this.#hasStructuredCalls && !this.#hasShownText && calls.length === 0;
		return isSilent ? this.#callsInThoughts() : calls;
	}

	/** Ends every text that is held back. */
	#settle(how: EndOfText): readonly FittedCall[] {
		const found = this.#messages.flatMap(message => {
			const {shown, calls} = message.endPart(how);
			this.#emitText(message, shown);
			if (message.isClosed) {
				this.#emitClose(message, calls.length > 0 ? 'commentary' : undefined);
			}

			return calls;
		});
		return this.#distinct(found);
	}

	#distinct(calls: readonly FittedCall[]): readonly FittedCall[] {
		const kept = distinctCalls(calls);
		if (kept.length > mostCalls) {
			this.#losses.add('text-call-limit', 'An answer held more than eight calls in its text; the rest was left out.');
		}

		return kept.slice(0, mostCalls);
	}

	/** Only what is marked by tokens or tags of its own, and only where the answer itself is empty (translation.md 5.2). */
	#callsInThoughts(): readonly FittedCall[] {
		const scanner = this.#newScanner();
		scanner.push(this.#thoughts.text);
		const {calls} = scanner.end('calls');
		return this.#distinct(calls.filter(({format}) => format === 'T1' || format === 'T6' || format === 'T7'));
	}

	#emitCalls(calls: readonly FittedCall[]): void {
		const {tools, ids} = this.#options;
		for (const call of calls) {
			this.#out.push(...callEvents(call, {tools, callId: ids.next('call'), index: this.#indices.next()}));
			this.#losses.add('text-tool-call', `A tool call that stood in the text (${call.format}) was recovered.`);
		}
	}

	#emitLosses(): void {
		this.#out.push(...this.#losses.list().map(loss => ({type: 'loss' as const, loss})));
	}

	#emitText(message: HeldMessage, text: string): void {
		const {shown, part} = message.visible(text);
		if (shown !== '') {
			this.#show(message);
			this.#hasShownText = true;
			this.#out.push({type: 'delta', index: this.#indices.of(message.index), channel: 'text', part, text: shown});
		}
	}

	#emitBlanks(message: HeldMessage): void {
		const text = message.takeBlanks();
		if (text !== '') {
			this.#show(message);
			this.#out.push({
				type: 'delta',
				index: this.#indices.of(message.index),
				channel: 'text',
				part: message.part,
				text,
			});
		}
	}

	/** A message of which nothing is left is none; one that was empty from the start is passed on. */
	#emitClose(message: HeldMessage, phase: string | undefined): void {
		this.#messages = this.#messages.filter(each => each !== message);
		this.#emitBlanks(message);
		const item = message.closedItem(phase);
		if (item !== undefined) {
			this.#show(message);
			this.#out.push({type: 'item-close', index: this.#indices.of(message.index), item});
		}
	}

	#show(message: HeldMessage): void {
		const opened = message.open();
		if (opened) {
			this.#out.push({...opened, index: this.#indices.of(opened.index)});
		}
	}

	#newScanner(): TextScanner {
		const options: ScannerOptions = {
			formats: this.#formats,
			mode: this.#options.mode,
			judge: (block, calls) => this.#judge(block, calls),
			onRefused: why => this.#losses.add(`text-call-${why}`, refusals[why]),
		};
		return new TextScanner(options);
	}

	#judge(block: string, calls: readonly TextCall[]): ReturnType<ScannerOptions['judge']> {
		const {request, tools} = this.#options;
		const fitted: FittedCall[] = [];
		for (const call of calls) {
			const fit = fitCall(call, tools);
			if (typeof fit === 'string') {
				return fit;
			}

			if (!isAllowed(request.toolChoice, tools.resolve(fit.wireName))) {
				return 'undeclared-tool';
			}

			fitted.push(fit);
		}

		return this.#isEcho(block) ? 'quoted-from-request' : fitted;
	}
}
