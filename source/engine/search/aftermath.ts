import {RequestBudget, type Admission} from '../../attempt/retry-budget.ts';
import {retryRulesOf} from '../../attempt/retry-config.ts';
import {decideRetry} from '../../attempt/retry-decision.ts';
import type {RetryConfig} from '../../config/retry.ts';
import type {RouteCandidate, RoutePlan} from '../../route/route-plan.ts';
import {keyOf, type Chosen} from './choose.ts';
import {candidateKey} from '../brain/candidate-entry.ts';
import type {FailedTry} from '../reply/failed-request.ts';
import {repairReason, type Repair} from './repair.ts';
import type {Road} from '../road.ts';
import type {Due, Step} from './step.ts';
import type {Judged} from './verdict.ts';

/** What an {@link Aftermath} works with. */
export interface AftermathParts extends Pick<Road, 'limits' | 'clock' | 'budgets'> {
	readonly retry: RetryConfig;
}

/** How things stand after a failure. */
export interface Scene {
	/** The client has kept nothing yet. */
	readonly canMove: boolean;
	readonly plan: () => RoutePlan;
	/** The next that can serve now beside what runs, leaving out one endpoint or candidate. */
	readonly rival: (plan: RoutePlan, without: string) => Chosen | undefined;
}

/** What follows from a failure; without a `repeat` the next candidate is asked. */
export type Follow = 'broken' | 'given-up' | {readonly repeat: Due | undefined; readonly sleepMs: number};

/** What a file states beats what is built in. */
const boundsOf = ({retry, limits}: AftermathParts): {readonly sends: number; readonly retryWindowMs: number} => ({
	sends: retry.stated.has('sends') ? retry.sends : limits.sends,
	retryWindowMs: retry.stated.has('window_ms') ? retry.windowMs : limits.retryWindowMs,
});

/** What one request has tried and how that failed, and what follows from a failure: the same again, the next candidate, or the end (routing.md 5). */
export class Aftermath {
	/** Who is not asked again by itself, by `keyOf`. */
	readonly tried = new Set<string>();
	readonly failures: FailedTry[] = [];
	readonly #parts: AftermathParts;
	readonly #budget: RequestBudget;
	readonly #bounds: ReturnType<typeof boundsOf>;
	/** How often each candidate was sent to. */
	readonly #sentTo = new Map<string, number>();
	#failoverAllowed = true;
	#hasRepeatedTransport = false;
	#isFaulty = false;
	#repairs: ReadonlySet<Repair> = new Set();

	constructor(parts: AftermathParts) {
		const {budgets, clock} = parts;
		this.#parts = parts;
		this.#bounds = boundsOf(parts);
		this.#budget = new RequestBudget({budgets, monotonic: clock.monotonic, ...this.#bounds});
	}

	/** A try has shown that the request itself is at fault: its rival may still serve it, nobody else is asked. */
	get isFaulty(): boolean {
		return this.#isFaulty;
	}

	/** What the request goes without from now on. */
	get repairs(): ReadonlySet<Repair> {
		return this.#repairs;
	}

	get sends(): number {
		return this.#budget.sends;
	}

	/** No send is left behind the ones that were made. */
	get isLastSend(): boolean {
		return this.#budget.sends >= this.#bounds.sends;
	}

	/** Asks the budgets for a send. */
	admit(candidate: RouteCandidate): Admission {
		const {endpoint, health} = candidate;
		return this.#budget.admit({
			pool: `${endpoint.service}/${endpoint.provider}`,
			isRepeat: this.#sentTo.has(keyOf(candidate)),
			isClosed: health.phase === 'closed',
		});
	}

	/** An admitted send begins. */
	sent(candidate: RouteCandidate, plan: RoutePlan): void {
		const key = keyOf(candidate);
		this.#sentTo.set(key, (this.#sentTo.get(key) ?? 0) + 1);
		this.#failoverAllowed &&= plan.continuity.failoverAllowed;
	}

	/** Nothing was sent after all. */
	passedOver({candidate}: Step): void {
		const key = keyOf(candidate);
		const sent = (this.#sentTo.get(key) ?? 0) - 1;
		// It counts neither as a candidate that was tried nor as a send that a later one would repeat.
		if (sent > 0) {
			this.#sentTo.set(key, sent);
		} else {
			this.#sentTo.delete(key);
		}

		this.#budget.giveBack();
		this.tried.add(key);
	}

	/** The user moved the request away. */
	left(step: Step, judged: Judged): void {
		this.#triedAll(step);
		this.failures.push({endpointKey: step.candidate.endpoint.key, judged});
	}

	/** Learns from a failure and says what follows. */
	failed(step: Step, judged: Judged, scene: Scene): Follow {
		this.#note({endpointKey: step.candidate.endpoint.key, judged});
		if (!scene.canMove) {
			return 'broken';
		}

		const {repair} = judged;
		if (repair !== undefined && !this.#repairs.has(repair) && !this.#isSpent()) {
			this.#repairs = new Set([...this.#repairs, repair]);
			const repeat = {...step, repairs: this.#repairs, isForced: true, reason: repairReason[repair]};
			return {repeat, sleepMs: 0};
		}

		return this.#retry(step, judged, scene);
	}

	/** The same candidate again, the next one, or the end (routing.md 5). */
	#retry(step: Step, judged: Judged, {plan: makePlan, rival}: Scene): Follow {
		this.#isFaulty ||= !judged.canMove;
		const plan = makePlan();
		const key = keyOf(step.candidate);
		const isAboutAccount = judged.fault?.scope === 'account';
		const others = rival(plan, isAboutAccount ? key : step.candidate.endpoint.key);
		const decision = this.#decide(key, judged, others !== undefined);
		const fresh = plan.candidates.find(candidate => keyOf(candidate) === key);
		// A connection that failed is tried once more, but not while its breaker is open (REL-28).
		if (decision.kind === 'repeat' && fresh?.eligible === true) {
			this.#hasRepeatedTransport ||= judged.isTransport;
			const repeat: Due = {
				candidate: fresh,
				isForced: true,
				isLast: others === undefined,
				repairs: this.#repairs,
				reason: judged.isTransport ? 'its connection failed: once more' : 'the same again, as [retry] asks for',
			};
			return {repeat, sleepMs: decision.sleepMs};
		}

		if (decision.kind === 'stop' || this.#isFaulty || !this.#failoverAllowed) {
			return 'given-up';
		}

		if (isAboutAccount) {
			this.tried.add(key);
		} else {
			this.#triedAll(step);
		}

		return {repeat: undefined, sleepMs: decision.kind === 'next' ? decision.sleepMs : 0};
	}

	#decide(key: string, judged: Judged, isSomebodyLeft: boolean): ReturnType<typeof decideRetry> {
		const {retry, limits} = this.#parts;
		return decideRetry(retryRulesOf(retry), judged, {
			state: {
				attemptsHere: this.#sentTo.get(key) ?? 1,
				sends: this.#budget.sends,
				candidatesTried: this.#sentTo.size,
				hasOthers: this.#failoverAllowed && isSomebodyLeft,
				failingForMs: this.#budget.failingForMs,
				hasRepeatedTransport: this.#hasRepeatedTransport,
				random: Math.random(),
			},
			bounds: {...limits, ...this.#bounds},
		});
	}

	/** What an endpoint cannot do, no account of it can. */
	#triedAll({candidate: {endpoint}}: Step): void {
		for (const account of endpoint.accounts) {
			this.tried.add(candidateKey(endpoint.key, account.label));
		}
	}

	#note(failure: FailedTry): void {
		this.#budget.failed();
		if (this.#isFaulty) {
			// The fault of the request is the last word, whatever its rival came to.
			this.failures.unshift(failure);
		} else {
			this.failures.push(failure);
		}
	}

	#isSpent(): boolean {
		return this.isLastSend || this.#budget.failingForMs > this.#bounds.retryWindowMs;
	}
}
