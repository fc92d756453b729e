import {RelayError} from '../../base/errors.ts';
import type {Usage} from '../../event/view.ts';
import {deltaEnd, hasData} from '../../wire/sse.ts';
import {SseFramer} from '../../wire/sse-framer.ts';
import type {KnownRange, Gate, GateOptions, GateStep, ReadEvent, StreamVerdict} from './gate.ts';
import type {GateOutput} from './gate-output.ts';

/** What differs between dialects and clients: what one whole event means. A rule writes to the output it was made with. */
export interface GateRules {
	/** Forgets the last attempt. */
	readonly beginAttempt: () => void;
	/** Looks at one whole event, forwards or keeps it, and says when the attempt is over. */
	readonly take: (bytes: Buffer, start: number, end: number) => StreamVerdict | undefined;
	/** The same with an event that is read already, and is no delta; not there: it is read again. */
	readonly takeRead?: (bytes: Buffer, range: KnownRange, event: ReadEvent) => StreamVerdict | undefined;
	/** A content delta is forwarded whatever is in it. */
	readonly forwardsDeltas?: boolean;
	readonly canMove: () => boolean;
	/** Asked only after something was written. */
	readonly heartbeat: () => Buffer | undefined;
	readonly hasOpenBlock: () => boolean;
	readonly issuedState: () => readonly string[];
	/** Not there: nothing is stated before the end. */
	readonly statedUsage?: () => Usage | undefined;
}

/** SSE comment: keeps an SDK's connection alive and is seen by nobody. */
export const commentHeartbeat: Buffer = Buffer.from(': keepalive\n\n');

/** What no event stream starts with, but a login page and a JSON answer do. */
const pageOpenings: ReadonlySet<string> = new Set(['<', '{', '[']);

const noStream = (opening: string): StreamVerdict => ({
	kind: 'garbage',
	message: `The upstream answered with ${opening === '<' ? 'a page (HTML)' : 'a JSON body'} where an event stream was asked for.`,
});

/** A BOM counts as a space in this pattern. */
const firstVisible = (chunk: Buffer): string | undefined => /\S/.exec(chunk.toString('utf8', 0, 64))?.[0];

/** The part of every gate that is the same: framing, one verdict per attempt, one buffer per step. */
export class StreamGate implements Gate {
	readonly #options: GateOptions;
	readonly #output: GateOutput;
	readonly #rules: GateRules;
	#framer: SseFramer;
	#verdict: StreamVerdict | undefined;
	/** The first character of the attempt's body: tells a page or a JSON body from an event stream. */
	#opening: string | undefined;
	#hasSpoken = false;

	constructor(options: GateOptions, output: GateOutput, rules: GateRules) {
		this.#options = options;
		this.#output = output;
		this.#rules = rules;
		this.#framer = this.#newFramer();
	}

	beginAttempt(): void {
		this.#framer = this.#newFramer();
		this.#verdict = undefined;
		this.#opening = undefined;
		this.#hasSpoken = false;
		this.#output.forget();
		this.#rules.beginAttempt();
	}

	push(chunk: Buffer, known: readonly KnownRange[] = []): GateStep {
		if (this.#verdict !== undefined) {
			return {write: undefined, verdict: undefined};
		}

		this.#opening ??= firstVisible(chunk);
		if (this.#opening !== undefined && pageOpenings.has(this.#opening)) {
			this.#verdict = noStream(this.#opening);
			return {write: undefined, verdict: this.#verdict};
		}

		return this.#step(() => {
			let framed = 0;
			for (const range of known) {
				if (framed < range.start) {
					this.#framer.push(chunk.subarray(framed, range.start));
				}

				this.#takeKnown(chunk, range);
				framed = range.end;
			}

			if (framed < chunk.length) {
				this.#framer.push(framed === 0 ? chunk : chunk.subarray(framed));
			}
		});
	}

	end(): GateStep {
		if (this.#verdict !== undefined) {
			return {write: undefined, verdict: undefined};
		}

		const step = this.#step(() => {
			this.#framer.end();
		});
		this.#verdict ??= {kind: 'cut'};
		return {write: step.write, verdict: this.#verdict};
	}

	takeRest(): Buffer | undefined {
		return this.#framer.takeRest();
	}

	canMove(): boolean {
		return this.#rules.canMove();
	}

	hasWritten(): boolean {
		return this.#output.hasWritten;
	}

	heartbeat(): Buffer | undefined {
		return this.#output.hasWritten ? this.#rules.heartbeat() : undefined;
	}

	hasOpenBlock(): boolean {
		return this.#rules.hasOpenBlock();
	}

	issuedState(): readonly string[] {
		return this.#rules.issuedState();
	}

	statedUsage(): Usage | undefined {
		const verdict = this.#verdict;
		return verdict !== undefined && 'usage' in verdict && verdict.usage !== undefined
			? verdict.usage
			: this.#rules.statedUsage?.();
	}

	eventCount(): number {
		return this.#output.eventCount;
	}

	lifeCount(): number {
		return this.#output.lifeCount;
	}

	hasSpoken(): boolean {
		return this.#hasSpoken;
	}

	#takeKnown(chunk: Buffer, range: KnownRange): void {
		if (this.#verdict !== undefined) {
			return;
		}

		const {start, end, event} = range;
		if (event === undefined) {
			this.#output.forwardMany(chunk, range);
			this.#hasSpoken = true;
		} else if (this.#rules.takeRead === undefined) {
			this.#framer.push(chunk.subarray(start, end));
		} else {
			this.#verdict = this.#rules.takeRead(chunk, range, event);
			this.#hasSpoken ||= this.#verdict?.kind !== 'in-band-error';
		}
	}

	#newFramer(): SseFramer {
		const take = (bytes: Buffer, start: number, end: number): void => {
			// What an upstream sends behind its terminal event in the same chunk is dropped (REL-11).
			if (this.#verdict === undefined) {
				this.#verdict = this.#rules.take(bytes, start, end);
				this.#hasSpoken ||= this.#verdict?.kind !== 'in-band-error' && hasData(bytes.subarray(start, end));
			}
		};
		return new SseFramer(
			this.#options.eventBytes,
			take,
			this.#rules.forwardsDeltas === true ? (bytes, start) => this.#takeDeltas(bytes, start) : undefined,
		);
	}

	/** Deltas in a row are most of a stream: their ends are found, and nothing else. */
	#takeDeltas(bytes: Buffer, start: number): number {
		let end = start;
		let count = 0;
		while (this.#verdict === undefined) {
			const next = deltaEnd(bytes, end);
			if (next === -1 || next - end > this.#options.eventBytes) {
				break;
			}

			this.#hasSpoken ||= hasData(bytes.subarray(end, next));
			end = next;
			count++;
		}

		if (count > 0) {
			this.#output.forwardMany(bytes, {start, end, count});
		}

		return end;
	}

	#step(feed: () => void): GateStep {
		try {
			feed();
		} catch (error) {
			if (!(error instanceof RelayError)) {
				throw error;
			}

			this.#verdict ??= {kind: 'garbage', message: error.message};
		}

		if (this.#verdict === undefined && this.#output.heldBytes > this.#options.eventBytes) {
			this.#verdict = {
				kind: 'garbage',
				message: `The upstream sent more than ${this.#options.eventBytes} bytes without any content; the stream was given up.`,
			};
		}

		return {write: this.#output.flush(), verdict: this.#verdict};
	}
}
