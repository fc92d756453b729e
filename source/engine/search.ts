import type {SendTicket} from '../attempt/breaker-slot.ts';
import type {Cancellation} from '../base/cancellation.ts';
import {RelayError} from '../base/errors.ts';
import {sleep} from '../base/sleep.ts';
import type {RouteCandidate, RoutePlan} from '../route/route-plan.ts';
import type {EndpointKey} from '../wire/names.ts';
import {targetOf} from './candidate-entry.ts';
import {chooseNext, chooseRival, chooseWanted, type Chosen} from './choose.ts';
import type {FailedTry} from './failed-request.ts';
import {moveTarget} from './move-target.ts';
import {repairReason, type Repair} from './repair.ts';
import type {Road} from './road.ts';
import {TryStop} from './try-stop.ts';
import type {Judged} from './verdict.ts';

/** One try that is due. */
export interface Step {
	readonly candidate: RouteCandidate;
	/** Its outcome counts like a probe's: a last resort or a repeat on purpose. */
	readonly isForced: boolean;
	/** Nobody is left behind it. */
	readonly isLast: boolean;
	/** What this request goes without from now on, because an upstream refused it with that. */
	readonly repairs: ReadonlySet<Repair>;
	/** In plain words, for the trace. */
	readonly reason: string;
	/** Silent for so long, it gets a rival beside it; undefined: never (routing.md 12). */
	readonly hedgeAfterMs: number | undefined;
	/** Taken in the tick of the plan: of a hundred requests at the end of a cooldown one is the probe. */
	readonly ticket: SendTicket;
	/** Ends this try; cancelled with the request. */
	readonly stop: TryStop;
}

type Due = Omit<Step, 'ticket' | 'stop' | 'hedgeAfterMs'>;

/** What follows from a try. */
export type Decision = 'served' | 'cancelled' | 'again' | 'broken' | 'given-up';

/** A plan of a route that may hedge. */
export interface RoadPlan extends RoutePlan {
	/** Of the route; undefined: the engine's default, which is never. */
	readonly hedgeAfterMs?: number | undefined;
}

/**
 * One request's search for an upstream that serves it: what runs, what was tried, how it failed, what may still be tried (routing.md 5). A search
 * that is left by a fault gives back its tickets: a probe without an outcome would keep everybody else away for ever.
 */
export class Search implements Disposable {
	readonly #road: Pick<Road, 'health' | 'limits' | 'clock'>;
	readonly #plan: () => RoadPlan;
	readonly #cancellation: Cancellation;
	readonly #forgetCancellation: () => void;
	readonly #tried = new Set<string>();
	readonly #failures: FailedTry[] = [];
	/** One, and while it is hedged two. */
	#running: readonly Step[] = [];
	#sends = 0;
	#waitedMs = 0;
	#failedSinceMs: number | undefined;
	#repeat: Due | undefined;
	#wanted: EndpointKey | undefined;
	#hasRepeatedTransport = false;
	/** A try has shown that the request itself is at fault: its rival may still serve it, nobody else is asked. */
	#isFaulty = false;
	#repairs: ReadonlySet<Repair> = new Set();

	constructor(road: Pick<Road, 'health' | 'limits' | 'clock'>, plan: () => RoadPlan, cancellation: Cancellation) {
		this.#road = road;
		this.#plan = plan;
		this.#cancellation = cancellation;
		this.#forgetCancellation = cancellation.onCancel(() => {
			for (const {stop} of this.#running) {
				stop.cancel();
			}
		});
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

			const plan = this.#plan();
			const due = this.#due(plan);
			if (due === 'none') {
				return 'none';
			}

			if ('candidate' in due) {
				return this.#begin(due, plan);
			}

			this.#waitedMs += due.waitMs;
			this.#tried.delete(due.endpointKey);
			await sleep(due.waitMs, this.#cancellation);
		}
	}

	/** A rival for the silent try that runs: the next candidate that can serve now; undefined where there is none, or no send is left. */
	beside(): Step | undefined {
		if (this.#isFaulty || this.#sends >= this.#road.limits.sends || this.#cancellation.isCancelled) {
			return undefined;
		}

		const plan = this.#plan();
		const rival = this.#rival(plan);
		return rival && this.#begin({...rival, repairs: this.#repairs}, plan);
	}

	/** Learns from a try and says what follows. `canMove` is the reply's: the client has kept nothing yet. */
	decide(step: Step, judged: Judged, canMove: boolean): Decision {
		this.#close(step, judged);
		if (judged.outcome === 'success') {
			return 'served';
		}

		if (judged.outcome === 'cancelled') {
			return 'cancelled';
		}

		this.#noteFailure({endpointKey: step.candidate.endpoint.key, judged});
		if (!canMove) {
			return 'broken';
		}

		const {repair} = judged;
		if (repair !== undefined && !this.#repairs.has(repair) && !this.#isSpent()) {
			this.#repairs = new Set([...this.#repairs, repair]);
			this.#repeat = {...step, repairs: this.#repairs, isForced: true, reason: repairReason[repair]};
			return 'again';
		}

		this.#tried.add(step.candidate.endpoint.key);
		this.#isFaulty ||= !judged.canMove;
		return this.#isFaulty || this.#isSpent() ? 'given-up' : 'again';
	}

	/** A try that we ended ourselves: it says nothing about its upstream. Whoever lost to a rival may be asked again. */
	leave(step: Step, judged: Judged): Decision {
		this.#close(step, {outcome: 'neutral', reason: '', baseMs: 0});
		if (step.stop.why === 'moved-by-user') {
			this.#tried.add(step.candidate.endpoint.key);
			this.#failures.push({endpointKey: step.candidate.endpoint.key, judged});
		}

		return 'again';
	}

	/** Nothing was sent: its endpoint has no room for the request. */
	passOver(step: Step): Decision {
		this.#sends--;
		this.#close(step, {outcome: 'neutral', reason: '', baseMs: 0});
		this.#tried.add(step.candidate.endpoint.key);
		return 'again';
	}

	/**
	 * Ends what runs and goes on with `to`, or with the next candidate; the running rival of a silent try is the next one. Throws RelayError
	 * `already-delivered`, `sends-spent`, `unknown-endpoint`, `endpoint-unusable` or `no-other-candidate`: then nothing changes.
	 */
	move(to: EndpointKey | undefined, canMove: boolean): void {
		if (!canMove) {
			throw new RelayError(
				'already-delivered',
				'A finished part of the answer was delivered to the client: it would notice a move. Wait for the end of the answer.',
			);
		}

		const running = this.#running;
		if (this.#sends >= this.#road.limits.sends) {
			throw new RelayError('sends-spent', `The request was sent ${this.#sends} times already, which is the most.`);
		}

		const target = moveTarget(to, {
			running: running.map(({candidate}) => candidate.endpoint.key),
			plan: this.#plan(),
			next: plan => this.#rival(plan)?.candidate,
		});
		const isRunning = running.some(({candidate}) => candidate.endpoint.key === target);
		this.#wanted = isRunning ? undefined : target;
		for (const {candidate, stop} of running) {
			if (candidate.endpoint.key !== target) {
				stop.stop('moved-by-user');
			}
		}
	}

	[Symbol.dispose](): void {
		this.#forgetCancellation();
		for (const {ticket} of this.#running) {
			this.#road.health.end(ticket, {outcome: 'neutral', reason: '', baseMs: 0});
		}
	}

	#begin(due: Due, plan: RoadPlan): Step {
		const {health, limits} = this.#road;
		const {endpoint} = due.candidate;
		this.#sends++;
		const step: Step = {
			...due,
			// A clock that makes room for others is of no use where no send is left for them.
			isLast: due.isLast || this.#sends >= limits.sends,
			hedgeAfterMs: plan.hedgeAfterMs ?? (limits.hedgeAfterMs > 0 ? limits.hedgeAfterMs : undefined),
			ticket: health.begin(targetOf(endpoint, endpoint.accounts[0]), due.isForced),
			stop: new TryStop(),
		};
		this.#running = [...this.#running, step];
		return step;
	}

	#close(step: Step, outcome: Parameters<Road['health']['end']>[1]): void {
		this.#running = this.#running.filter(other => other !== step);
		this.#road.health.end(step.ticket, outcome);
	}

	#due(plan: RoadPlan): Due | {readonly endpointKey: string; readonly waitMs: number} | 'none' {
		const {limits, clock} = this.#road;
		const repeat = this.#repeat;
		const wanted = this.#wanted === undefined ? undefined : chooseWanted(plan, this.#wanted, this.#tried);
		this.#repeat = undefined;
		this.#wanted = undefined;
		const due = repeat ?? (wanted && {...wanted, repairs: this.#repairs});
		if (due) {
			return due;
		}

		const choice = chooseNext(plan, {
			tried: this.#tried,
			nowMs: clock.now(),
			silentWaitMs: limits.silentWaitMs - this.#waitedMs,
		});
		if (choice.kind === 'wait') {
			// The clock of the wait may run ahead of the wall clock by a millisecond: never wait for nothing in a loop.
			return {endpointKey: choice.endpointKey, waitMs: choice.waitMs + 1};
		}

		return choice.kind === 'try' ? {...choice, repairs: this.#repairs} : (this.#transportRepeat(plan) ?? 'none');
	}

	/** The next that can serve now beside what runs. */
	#rival(plan: RoadPlan): Chosen | undefined {
		const tried = new Set([...this.#tried, ...this.#running.map(({candidate}) => candidate.endpoint.key)]);
		return chooseRival(plan, {tried, nowMs: this.#road.clock.now()});
	}

	/** Where nobody else is left, a connection that failed is tried once more, but not while its breaker is open (REL-28). */
	#transportRepeat(plan: RoadPlan): {readonly endpointKey: string; readonly waitMs: number} | undefined {
		const last = this.#failures.at(-1);
		const candidate = plan.candidates.find(({endpoint}) => endpoint.key === last?.endpointKey);
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
			repairs: this.#repairs,
			reason: 'its connection failed and nobody else is left: once more',
		};
		return {endpointKey: '', waitMs: this.#road.limits.transportRepeatMs};
	}

	#noteFailure(failure: FailedTry): void {
		this.#failedSinceMs ??= this.#road.clock.monotonic();
		if (this.#isFaulty) {
			// The fault of the request is the last word, whatever its rival came to.
			this.#failures.unshift(failure);
		} else {
			this.#failures.push(failure);
		}
	}

	#isSpent(): boolean {
		const {limits, clock} = this.#road;
		return this.#sends >= limits.sends || clock.monotonic() - (this.#failedSinceMs ?? Infinity) > limits.retryWindowMs;
	}
}
