import {retryCooldownsOf} from '../../attempt/retry-config.ts';
import {cooldownOf} from '../../attempt/retry-cooldown.ts';
import type {Cancellation} from '../../base/cancellation.ts';
import {RelayError} from '../../base/errors.ts';
import {sleep} from '../../base/sleep.ts';
import type {RouteCandidate, RoutePlan} from '../../route/route-plan.ts';
import type {EndpointKey} from '../../wire/names.ts';
import {Aftermath, type AftermathParts} from './aftermath.ts';
import {targetOf} from '../brain/candidate-entry.ts';
import {saturatedAt, type PlaceListener} from '../brain/places.ts';
import {chooseNext, chooseRival, chooseWanted, keyOf, saturatedBefore, type Chosen} from './choose.ts';
import type {FailedTry} from '../reply/failed-request.ts';
import {moveTarget} from './move-target.ts';
import type {Road} from '../road.ts';
import type {Due, Step} from './step.ts';
import {TryStop} from './try-stop.ts';
import type {Judged} from './verdict.ts';

/** What follows from a try. */
export type Decision = 'served' | 'cancelled' | 'again' | 'broken' | 'given-up';

/** What a search works with. */
export interface SearchParts extends AftermathParts, Pick<Road, 'health'> {
	/** Asked again before each try; a plan whose selected candidate is sent to is given to `taken` in the same tick. */
	readonly plan: () => RoutePlan;
	readonly taken: (plan: RoutePlan) => void;
	readonly cancellation: Cancellation;
	/** No end of this request says anything of its upstreams' health (see `isAuxiliary`). */
	readonly isAuxiliary: boolean;
	/** Hears of candidates that a later plan skips because they have no place: only the first plan is announced. */
	readonly listener?: PlaceListener;
}

const neutral = {outcome: 'neutral', reason: '', baseMs: 0} as const;

/**
 * One request's search for an upstream that serves it: what runs, what was tried, how it failed, what may still be tried (routing.md 5). A search
 * that is left by a fault ends what runs and gives back its tickets: a probe without an outcome would keep everybody else away for ever.
 */
export class Search implements Disposable {
	readonly #parts: SearchParts;
	readonly #aftermath: Aftermath;
	readonly #forgetCancellation: () => void;
	/** One, and while it is hedged two. */
	#running: readonly Step[] = [];
	#waitedMs = 0;
	#sleepMs = 0;
	#repeat: Due | undefined;
	#wanted: EndpointKey | undefined;
	#isFirstPlan = true;
	/** Whose lack of a place was told. */
	#saturated: ReadonlySet<string> | undefined;

	constructor(parts: SearchParts) {
		this.#parts = parts;
		this.#aftermath = new Aftermath(parts);
		this.#forgetCancellation = parts.cancellation.onCancel(() => {
			for (const {stop} of this.#running) {
				stop.cancel();
			}
		});
	}

	get failures(): readonly FailedTry[] {
		return this.#aftermath.failures;
	}

	/** The next step; waits silently where an upstream opens within the limit. */
	async next(): Promise<Step | 'none' | 'cancelled'> {
		const {plan: makePlan, cancellation} = this.#parts;
		await this.#pause();
		for (;;) {
			if (cancellation.isCancelled) {
				return 'cancelled';
			}

			const plan = makePlan();
			const due = this.#due(plan);
			this.#tellSaturated(plan, typeof due === 'object' && 'candidate' in due ? due.candidate : undefined);
			if (due === 'none') {
				return 'none';
			}

			if ('waitMs' in due) {
				this.#waitedMs += due.waitMs;
				this.#aftermath.tried.delete(due.key);
				await sleep(due.waitMs, cancellation);
				continue;
			}

			const admission = this.#aftermath.admit(due.candidate);
			if (admission === 'go') {
				return this.#begin(due, plan);
			}

			if (admission !== 'budget-empty') {
				return 'none';
			}

			this.#aftermath.tried.add(keyOf(due.candidate));
		}
	}

	/** A rival for the silent try that runs: the next candidate that can serve now; undefined where there is none, or no send is left. */
	beside(): Step | undefined {
		const {plan: makePlan, cancellation} = this.#parts;
		if (this.#aftermath.isFaulty || cancellation.isCancelled) {
			return undefined;
		}

		const plan = makePlan();
		const rival = this.#rival(plan);
		return rival && this.#aftermath.admit(rival.candidate) === 'go'
			? this.#begin({...rival, repairs: this.#aftermath.repairs}, plan)
			: undefined;
	}

	/** Learns from a try and says what follows. `canMove` is the reply's: the client has kept nothing yet. */
	decide(step: Step, judged: Judged, canMove: boolean): Decision {
		const {isAuxiliary, retry} = this.#parts;
		this.#close(step, isAuxiliary ? neutral : {...judged, ...cooldownOf(judged, retryCooldownsOf(retry))});
		if (judged.outcome === 'success') {
			return 'served';
		}

		if (judged.outcome === 'cancelled') {
			return 'cancelled';
		}

		const follow = this.#aftermath.failed(step, judged, {
			canMove,
			plan: this.#parts.plan,
			rival: (plan, without) => this.#rival(plan, without),
		});
		if (typeof follow === 'string') {
			return follow;
		}

		this.#repeat = follow.repeat;
		this.#sleepMs = follow.sleepMs;
		return 'again';
	}

	/** A try that we ended ourselves: it says nothing about its upstream. Whoever lost to a rival may be asked again. */
	leave(step: Step, judged: Judged): Decision {
		this.#close(step, neutral);
		if (step.stop.why === 'moved-by-user') {
			this.#aftermath.left(step, judged);
		}

		return 'again';
	}

	/** Nothing was sent: its endpoint has no room for the request. */
	passOver(step: Step): Decision {
		this.#close(step, neutral);
		this.#aftermath.passedOver(step);
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
		const {sends, isLastSend} = this.#aftermath;
		if (isLastSend) {
			throw new RelayError('sends-spent', `The request was sent ${sends} times already, which is the most.`);
		}

		const target = moveTarget(to, {
			running: running.map(({candidate}) => candidate.endpoint.key),
			plan: this.#parts.plan(),
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
		for (const {ticket, stop} of this.#running) {
			this.#parts.health.end(ticket, neutral);
			// Nobody waits for it any more: it would hold its place, and write to a client that got its ending.
			stop.cancel();
		}
	}

	#begin(due: Due, plan: RoutePlan): Step {
		const {health, limits, taken, isAuxiliary} = this.#parts;
		const {endpoint, account} = due.candidate;
		const target = targetOf(endpoint, account, plan.inputs.call.model);
		this.#aftermath.sent(due.candidate, plan);
		if (due.candidate === plan.selected) {
			taken(plan);
		}

		const step: Step = {
			...due,
			// A clock that makes room for others is of no use where no send is left for them.
			isLast: due.isLast || this.#aftermath.isLastSend,
			hedgeAfterMs: plan.hedgeAfterMs ?? (limits.hedgeAfterMs > 0 ? limits.hedgeAfterMs : undefined),
			// A probe that learns nothing would only keep others waiting.
			ticket: isAuxiliary ? {target, isProbe: false, isLastResort: false} : health.begin(target, due.isForced),
			mayAskAgain: () => this.#aftermath.admit(due.candidate) === 'go',
			stop: new TryStop(),
		};
		this.#running = [...this.#running, step];
		return step;
	}

	#tellSaturated(plan: RoutePlan, chosen: RouteCandidate | undefined): void {
		const {listener} = this.#parts;
		if (this.#isFirstPlan || !listener) {
			this.#isFirstPlan = false;
			return;
		}

		for (const candidate of saturatedBefore(plan, chosen, this.#aftermath.tried)) {
			const key = keyOf(candidate);
			if (this.#saturated?.has(key) !== true) {
				this.#saturated = new Set([...(this.#saturated ?? []), key]);
				listener.placed(saturatedAt(candidate, candidate.health));
			}
		}
	}

	async #pause(): Promise<void> {
		const sleepMs = this.#sleepMs;
		this.#sleepMs = 0;
		if (sleepMs > 0) {
			await sleep(sleepMs, this.#parts.cancellation);
		}
	}

	#close(step: Step, outcome: Parameters<Road['health']['end']>[1]): void {
		this.#running = this.#running.filter(other => other !== step);
		this.#parts.health.end(step.ticket, outcome);
	}

	#due(plan: RoutePlan): Due | {readonly key: string; readonly waitMs: number} | 'none' {
		const {limits, clock} = this.#parts;
		const {tried, repairs} = this.#aftermath;
		const repeat = this.#repeat;
		const wanted = this.#wanted === undefined ? undefined : chooseWanted(plan, this.#wanted, tried);
		this.#repeat = undefined;
		this.#wanted = undefined;
		const due = repeat ?? (wanted && {...wanted, repairs});
		if (due) {
			return due;
		}

		const choice = chooseNext(plan, {
			tried,
			nowMs: clock.now(),
			silentWaitMs: limits.silentWaitMs - this.#waitedMs,
		});
		if (choice.kind === 'wait') {
			// The clock of the wait may run ahead of the wall clock by a millisecond: never wait for nothing in a loop.
			return {key: choice.key, waitMs: choice.waitMs + 1};
		}

		return choice.kind === 'try' ? {...choice, repairs} : 'none';
	}

	/** The next that can serve now beside what runs. */
	#rival(plan: RoutePlan, without?: string): Chosen | undefined {
		const busy = new Set(this.#running.map(({candidate}) => candidate.endpoint.key));
		const tried = new Set(this.#aftermath.tried);
		for (const candidate of plan.candidates) {
			const key = keyOf(candidate);
			if (busy.has(candidate.endpoint.key) || key === without || candidate.endpoint.key === without) {
				tried.add(key);
			}
		}

		return chooseRival(plan, {tried, nowMs: this.#parts.clock.now()});
	}
}
