import type {UpstreamHead} from '../../attempt/sink.ts';
import type {Usage} from '../../event/view.ts';
import type {Dialect} from '../../wire/names.ts';
import {createGate} from '../gate/create-gate.ts';
import type {KnownRange, Gate, GateOptions, GateStep} from '../gate/gate.ts';
import {refusedHead} from './refused-head.ts';
import type {Reply, ReplyVerdict, TrySink} from './reply.ts';

/** What a lane is made of. */
export interface LaneOptions {
	readonly reply: Reply;
	readonly dialect: Dialect;
	readonly gate: GateOptions;
	/** The number of the attempt that is being sent. */
	readonly number: () => number;
	/** The lane's upstream was the first that spoke: from now on the reply is its own, and the others must be over. */
	readonly onFirst: (attempt: number) => void;
}

/**
 * The answer of one of two tries that run beside each other. Until its upstream has sent a whole event that is no error, all is kept here and
 * the client sees nothing of it; then it takes the reply.
 */
export class HedgeLane implements TrySink {
	readonly #options: LaneOptions;
	/** Reads what comes, and writes to nobody. */
	#scout: Gate;
	#head: UpstreamHead | undefined;
	#pieces: Buffer[] = [];
	#attempt: number | undefined;
	#isChosen = false;

	constructor(options: LaneOptions) {
		this.#options = options;
		this.#scout = this.#newScout();
	}

	beginAttempt(): void {
		this.#attempt ??= this.#options.number();
		this.#scout = this.#newScout();
		this.#head = undefined;
		this.#pieces = [];
	}

	issuedState(): readonly string[] {
		return this.#isChosen ? this.#options.reply.issuedState() : [];
	}

	statedUsage(): Usage | undefined {
		return this.#isChosen ? this.#options.reply.statedUsage() : this.#scout.statedUsage();
	}

	hasSpoken(): boolean {
		return this.#isChosen;
	}

	onHead(head: UpstreamHead): ReplyVerdict | undefined {
		this.#head = head;
		return refusedHead(head);
	}

	takeRest(): Buffer | undefined {
		return this.#isChosen ? this.#options.reply.takeRest?.() : undefined;
	}

	onBytes(bytes: Buffer, known?: readonly KnownRange[]): ReplyVerdict | undefined {
		if (this.#isChosen) {
			return this.#options.reply.onBytes(bytes, known);
		}

		this.#pieces.push(bytes);
		return this.#listen(this.#scout.push(bytes));
	}

	onEnd(): ReplyVerdict {
		const verdict = this.#isChosen ? undefined : this.#listen(this.#scout.end());
		return verdict ?? this.#options.reply.onEnd();
	}

	isBlocked(): boolean {
		return this.#isChosen && this.#options.reply.isBlocked();
	}

	onUnblocked(resume: () => void): void {
		this.#options.reply.onUnblocked(resume);
	}

	onSilence(silentMs: number): boolean {
		return this.#options.reply.onSilence(silentMs);
	}

	/** An error is no word: its rival goes on. */
	#listen({verdict}: GateStep): ReplyVerdict | undefined {
		if (verdict !== undefined && verdict.kind !== 'completed') {
			return verdict;
		}

		return this.#scout.hasSpoken() ? this.#takeReply() : undefined;
	}

	#takeReply(): ReplyVerdict | undefined {
		const {reply, onFirst} = this.#options;
		this.#isChosen = true;
		onFirst(this.#attempt ?? 0);
		reply.beginAttempt();
		if (this.#head) {
			reply.onHead(this.#head);
		}

		const bytes = Buffer.concat(this.#pieces);
		this.#pieces = [];
		return reply.onBytes(bytes);
	}

	#newScout(): Gate {
		return createGate(this.#options.dialect, this.#options.gate);
	}
}
