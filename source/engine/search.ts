import type {SendTicket} from '../attempt/breaker-slot.ts';
import {RequestBudget, type Admission} from '../attempt/retry-budget.ts';
import {retryCooldownsOf, retryRulesOf} from '../attempt/retry-config.ts';
import {cooldownOf} from '../attempt/retry-cooldown.ts';
import {decideRetry} from '../attempt/retry-decision.ts';
import type {Cancellation} from '../base/cancellation.ts';
import {RelayError} from '../base/errors.ts';
import {sleep} from '../base/sleep.ts';
import type {RetryConfig} from '../config/retry.ts';
import type {RouteCandidate, RoutePlan} from '../route/route-plan.ts';
import type {EndpointKey} from '../wire/names.ts';
import {candidateKey, targetOf} from './candidate-entry.ts';
import {chooseNext, chooseRival, chooseWanted, keyOf, type Chosen} from './choose.ts';
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

/** What a search works with. */
export interface SearchParts extends Pick<Road, 'health' | 'limits' | 'clock' | 'budgets'> {
	readonly retry: RetryConfig;
	/** Asked again before each try; a plan whose selected candidate is sent to is given to `taken` in the same tick. */
	readonly plan: () => RoutePlan;
	readonly taken: (plan: RoutePlan) => void;
	readonly cancellation: Cancellation;
}

/** What a file states beats what is built in. */
const boundsOf = ({retry, limits}: SearchParts): {readonly sends: number; readonly retryWindowMs: number} => ({
	sends: retry.stated.has('sends') ? retry.sends : limits.sends,
	retryWindowMs: retry.stated.has('window_ms') ? retry.windowMs : limits.retryWindowMs,
});

/**
 * One request's search for an upstream that serves it: what runs, what was tried, how it failed, what may still be tried (routing.md 5). A search
 * that is left by a fault gives back its tickets: a probe without an outcome would keep everybody else away for ever.
 */
export class Search implements Disposable {
	readonly #parts: SearchParts;
	readonly #budget: RequestBudget;
	readonly #forgetCancellation: () => void;
	readonly #tried = new Set<string>();
	readonly #failures: FailedTry[] = [];
	/** One, and while it is hedged two. */
	#running: readonly Step[] = [];
	/** How often each candidate was sent to. */
	readonly #sentTo = new Map<string, number>();
	#waitedMs = 0;
	#failoverAllowed = true;
	#sleepMs = 0;
	#repeat: Due | undefined;
	#wanted: EndpointKey | undefined;
	#hasRepeatedTransport = false;
	/** A try has shown that the request itself is at fault: its rival may still serve it, nobody else is asked. */
	#isFaulty = false;
	#repairs: ReadonlySet<Repair> = new Set();

	constructor(parts: SearchParts) {
		const {budgets, clock, cancellation} = parts;
		this.#parts = parts;
		this.#budget = new RequestBudget({budgets, monotonic: clock.monotonic, ...boundsOf(parts)});
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
		const {plan: makePlan, cancellation} = this.#parts;
		await this.#pause();
		for (;;) {
			if (cancellation.isCancelled) {
				return 'cancelled';
			}

			const plan = makePlan();
			const due = this.#due(plan);
			if (due === 'none') {
				return 'none';
			}

			if ('waitMs' in due) {
				this.#waitedMs += due.waitMs;
				this.#tried.delete(due.key);
				await sleep(due.waitMs, cancellation);
				continue;
			}

			const admission = this.#admit(due.candidate);
			if (admission === 'go') {
				return this.#begin(due, plan);
			}

			if (admission !== 'budget-empty') {
				return 'none';
			}

			this.#tried.add(keyOf(due.candidate));
		}
	}

	/** A rival for the silent try that runs: the next candidate that can serve now; undefined where there is none, or no send is left. */
	beside(): Step | undefined {
		const {plan: makePlan, cancellation} = this.#parts;
		if (this.#isFaulty || cancellation.isCancelled) {
			return undefined;
		}

		const plan = makePlan();
		const rival = this.#rival(plan);
		return rival && this.#admit(rival.candidate) === 'go'
			? this.#begin({...rival, repairs: this.#repairs}, plan)
			: undefined;
	}

	/** Learns from a try and says what follows. `canMove` is the reply's: the client has kept nothing yet. */
	decide(step: Step, judged: Judged, canMove: boolean): Decision {
		this.#close(step, {...judged, ...cooldownOf(judged, retryCooldownsOf(this.#parts.retry))});
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

		return this.#retry(step, judged);
	}

	/** A try that we ended ourselves: it says nothing about its upstream. Whoever lost to a rival may be asked again. */
	leave(step: Step, judged: Judged): Decision {
		this.#close(step, {outcome: 'neutral', reason: '', baseMs: 0});
		if (step.stop.why === 'moved-by-user') {
			this.#triedAll(step.candidate.endpoint.key, step);
			this.#failures.push({endpointKey: step.candidate.endpoint.key, judged});
		}

		return 'again';
	}

	/** Nothing was sent: its endpoint has no room for the request. */
	passOver(step: Step): Decision {
		this.#budget.giveBack();
		this.#close(step, {outcome: 'neutral', reason: '', baseMs: 0});
		this.#tried.add(keyOf(step.candidate));
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
		const {sends} = this.#budget;
		if (sends >= boundsOf(this.#parts).sends) {
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
		for (const {ticket} of this.#running) {
			this.#parts.health.end(ticket, {outcome: 'neutral', reason: '', baseMs: 0});
		}
	}

	#begin(due: Due, plan: RoutePlan): Step {
		const {health, limits, taken} = this.#parts;
		const {endpoint, account} = due.candidate;
		const key = keyOf(due.candidate);
		this.#sentTo.set(key, (this.#sentTo.get(key) ?? 0) + 1);
		this.#failoverAllowed &&= plan.continuity.failoverAllowed;
		if (due.candidate === plan.selected) {
			taken(plan);
		}

		const step: Step = {
			...due,
			// A clock that makes room for others is of no use where no send is left for them.
			isLast: due.isLast || this.#budget.sends >= boundsOf(this.#parts).sends,
			hedgeAfterMs: plan.hedgeAfterMs ?? (limits.hedgeAfterMs > 0 ? limits.hedgeAfterMs : undefined),
			ticket: health.begin(targetOf(endpoint, account, plan.inputs.call.model), due.isForced),
			stop: new TryStop(),
		};
		this.#running = [...this.#running, step];
		return step;
	}

	/** Asks the budgets for a send. */
	#admit(candidate: RouteCandidate): Admission {
		const {endpoint, health} = candidate;
		return this.#budget.admit({
			pool: `${endpoint.service}/${endpoint.provider}`,
			isRepeat: this.#sentTo.has(keyOf(candidate)),
			isClosed: health.phase === 'closed',
		});
	}

	/** The same candidate again, the next one, or the end (routing.md 5). */
	#retry(step: Step, judged: Judged): Decision {
		const {retry, limits, plan: makePlan} = this.#parts;
		this.#isFaulty ||= !judged.canMove;
		const plan = makePlan();
		const key = keyOf(step.candidate);
		const others = this.#rival(plan, judged.fault?.scope === 'account' ? key : step.candidate.endpoint.key);
		const decision = decideRetry(retryRulesOf(retry), judged, {
			state: {
				attemptsHere: this.#sentTo.get(key) ?? 1,
				sends: this.#budget.sends,
				candidatesTried: this.#sentTo.size,
				hasOthers: this.#failoverAllowed && others !== undefined,
				failingForMs: this.#budget.failingForMs,
				hasRepeatedTransport: this.#hasRepeatedTransport,
				random: Math.random(),
			},
			bounds: {...limits, ...boundsOf(this.#parts)},
		});
		const fresh = plan.candidates.find(candidate => keyOf(candidate) === key);
		// A connection that failed is tried once more, but not while its breaker is open (REL-28).
		if (decision.kind === 'repeat' && fresh?.eligible === true) {
			this.#hasRepeatedTransport ||= judged.isTransport;
			this.#sleepMs = decision.sleepMs;
			this.#repeat = {
				candidate: fresh,
				isForced: true,
				isLast: others === undefined,
				repairs: this.#repairs,
				reason: judged.isTransport ? 'its connection failed: once more' : 'the same again, as [retry] asks for',
			};
			return 'again';
		}

		if (decision.kind === 'stop' || this.#isFaulty || !this.#failoverAllowed) {
			return 'given-up';
		}

		if (judged.fault?.scope === 'account') {
			this.#tried.add(key);
		} else {
			this.#triedAll(step.candidate.endpoint.key, step);
		}

		this.#sleepMs = decision.kind === 'next' ? decision.sleepMs : 0;
		return 'again';
	}

	/** What an endpoint cannot do, no account of it can. */
	#triedAll(endpointKey: EndpointKey, {candidate}: Step): void {
		for (const account of candidate.endpoint.accounts) {
			this.#tried.add(candidateKey(endpointKey, account.label));
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
			return {key: choice.key, waitMs: choice.waitMs + 1};
		}

		return choice.kind === 'try' ? {...choice, repairs: this.#repairs} : 'none';
	}

	/** The next that can serve now beside what runs. */
	#rival(plan: RoutePlan, without?: string): Chosen | undefined {
		const busy = new Set(this.#running.map(({candidate}) => candidate.endpoint.key));
		const tried = new Set(this.#tried);
		for (const candidate of plan.candidates) {
			const key = keyOf(candidate);
			if (busy.has(candidate.endpoint.key) || key === without || candidate.endpoint.key === without) {
				tried.add(key);
			}
		}

		return chooseRival(plan, {tried, nowMs: this.#parts.clock.now()});
	}

	#noteFailure(failure: FailedTry): void {
		this.#budget.failed();
		if (this.#isFaulty) {
			// The fault of the request is the last word, whatever its rival came to.
			this.#failures.unshift(failure);
		} else {
			this.#failures.push(failure);
		}
	}

	#isSpent(): boolean {
		const {sends, retryWindowMs} = boundsOf(this.#parts);
		return this.#budget.sends >= sends || this.#budget.failingForMs > retryWindowMs;
	}
}
