import type {SendTicket} from '../attempt/breaker-slot.ts';
import type {Cancellation} from '../base/cancellation.ts';
import type {Candidate, Plan} from '../route/plan.ts';
import {targetOf} from './candidate-entry.ts';
import {chooseNext} from './choose.ts';
import type {FailedTry} from './failed-request.ts';
import type {Road} from './road.ts';
import type {Judged} from './verdict.ts';

/** One try that is due. */
export interface Step {
	readonly candidate: Candidate;
	/** Its outcome counts like a probe's: a last resort or a repeat on purpose. */
	readonly isForced: boolean;
	/** Nobody is left behind it. */
	readonly isLast: boolean;
	/** Without any encrypted reasoning: the upstream said that it cannot read it. */
	readonly withoutState: boolean;
	/** In plain words, for the trace. */
	readonly reason: string;
	/** Taken in the tick of the plan: of a hundred requests at the end of a cooldown one is the probe. */
	readonly ticket: SendTicket;
}

type Due = Omit<Step, 'ticket'>;

/** What follows from a try. */
export type Decision = 'served' | 'cancelled' | 'again' | 'broken' | 'given-up';

/**
 * One request's search for an upstream that serves it: what was tried, how it failed, what may still be tried (routing.md 5). A search that is
 * left by a fault gives back its ticket: a probe without an outcome would keep everybody else away for ever.
 */
export class Search implements Disposable {
	readonly #road: Pick<Road, 'health' | 'limits' | 'clock'>;
	readonly #plan: () => Plan;
	readonly #cancellation: Cancellation;
	readonly #tried = new Set<string>();
	readonly #failures: FailedTry[] = [];
	#sends = 0;
	#waitedMs = 0;
	#failedSinceMs: number | undefined;
	#repeat: Due | undefined;
	#hasRepeatedTransport = false;
	#open: SendTicket | undefined;

	constructor(road: Pick<Road, 'health' | 'limits' | 'clock'>, plan: () => Plan, cancellation: Cancellation) {
		this.#road = road;
		this.#plan = plan;
		this.#cancellation = cancellation;
	}

	get failures(): readonly FailedTry[] {
		return this.#failures;
	}

	/** The next step; waits silently where an upstream opens within the limit. */
	async next(): Promise<Step | 'none' | 'cancelled'> {
		for (;;) {
			if (this.#cancellation.isCancelled) {
				return 'cancelled';
			}

			const step = this.#step();
			if (step === 'none') {
				return 'none';
			}

			if ('candidate' in step) {
				this.#sends++;
				const {endpoint} = step.candidate;
				this.#open = this.#road.health.begin(targetOf(endpoint, endpoint.accounts[0]), step.isForced);
				return {...step, ticket: this.#open};
			}

			this.#waitedMs += step.waitMs;
			this.#tried.delete(step.endpointKey);
			await this.#sleep(step.waitMs);
		}
	}

	/** Learns from a try and says what follows. `canMove` is the reply's: the client has kept nothing yet. */
	decide(step: Step, judged: Judged, canMove: boolean): Decision {
		this.#open = undefined;
		this.#road.health.end(step.ticket, judged);
		if (judged.outcome === 'success') {
			return 'served';
		}

		if (judged.outcome === 'cancelled') {
			return 'cancelled';
		}

		this.#failures.push({endpointKey: step.candidate.endpoint.key, judged});
		this.#failedSinceMs ??= this.#road.clock.monotonic();
		if (!canMove) {
			return 'broken';
		}

		if (judged.isForeignState === true && !step.withoutState && !this.#isSpent()) {
			this.#repeat = {
				...step,
				withoutState: true,
				isForced: true,
				reason: 'the same again without the encrypted reasoning that it cannot read',
			};
			return 'again';
		}

		this.#tried.add(step.candidate.endpoint.key);
		return judged.canMove && !this.#isSpent() ? 'again' : 'given-up';
	}

	[Symbol.dispose](): void {
		if (this.#open) {
			this.#road.health.end(this.#open, {outcome: 'neutral', reason: '', baseMs: 0});
		}
	}

	#step(): Due | {readonly endpointKey: string; readonly waitMs: number} | 'none' {
		const {limits, clock} = this.#road;
		const repeat = this.#repeat;
		this.#repeat = undefined;
		if (repeat) {
			return repeat;
		}

		const choice = chooseNext(this.#plan(), {
			tried: this.#tried,
			nowMs: clock.now(),
			silentWaitMs: limits.silentWaitMs - this.#waitedMs,
		});
		if (choice.kind === 'wait') {
			// The clock of the wait may run ahead of the wall clock by a millisecond: never wait for nothing in a loop.
			return {endpointKey: choice.endpointKey, waitMs: choice.waitMs + 1};
		}

		return choice.kind === 'try' ? {...choice, withoutState: false} : (this.#transportRepeat() ?? 'none');
	}

	/** Where nobody else is left, a connection that failed is tried once more, but not while its breaker is open (REL-28). */
	#transportRepeat(): Due | {readonly endpointKey: string; readonly waitMs: number} | undefined {
		const last = this.#failures.at(-1);
		const candidate = this.#plan().candidates.find(({endpoint}) => endpoint.key === last?.endpointKey);
		if (
			candidate?.eligible !== true ||
			last?.judged.isTransport !== true ||
			last.judged.code.endsWith('-timeout') ||
			this.#hasRepeatedTransport
		) {
			return undefined;
		}

		this.#hasRepeatedTransport = true;
		this.#repeat = {
			candidate,
			isForced: true,
			isLast: true,
			withoutState: false,
			reason: 'its connection failed and nobody else is left: once more',
		};
		return {endpointKey: '', waitMs: this.#road.limits.transportRepeatMs};
	}

	#isSpent(): boolean {
		const {limits, clock} = this.#road;
		return this.#sends >= limits.sends || clock.monotonic() - (this.#failedSinceMs ?? Infinity) > limits.retryWindowMs;
	}

	#sleep(ms: number): Promise<void> {
		return new Promise(resolve => {
			const timer = setTimeout(() => {
				remove();
				resolve();
			}, ms);
			const remove = this.#cancellation.onCancel(() => {
				clearTimeout(timer);
				resolve();
			});
		});
	}
}
