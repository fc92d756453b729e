import type {AttemptResult} from '../../attempt/sink.ts';
import type {Usage} from '../../event/view.ts';
import {isAuxiliary} from '../../identify/paths.ts';
import {repairable} from './repair.ts';
import {HedgeLane} from '../reply/hedge-lane.ts';
import type {ReplyVerdict, TrySink} from '../reply/reply.ts';
import type {Step} from './step.ts';
import type {Decision, Search} from './search.ts';
import type {Trip} from '../trip.ts';
import type {StopReason} from './try-stop.ts';
import {judge, type Judged} from './verdict.ts';

/*
 * Hedging (routing.md 12): a try that says nothing for too long gets a rival beside it; the first that speaks serves the request, the other one
 * is ended. Off by default; where it is off a try is one call of `send`, and nothing here costs anything.
 */

/** One try that is over. */
export interface Tried {
	readonly step: Step;
	/** Its number in traces and the ledger, from 1; 0 where nothing was sent. */
	readonly attempt: number;
	/** `saturated`: its endpoint had no room, nothing was sent. */
	readonly result: AttemptResult<ReplyVerdict> | 'saturated';
	/** See `Attempted`. */
	readonly statedUsage?: Usage | undefined;
	/** Nothing was sent: the request cannot be carried over to its protocol, but perhaps to another candidate's. */
	readonly isUntranslatable?: boolean;
}

/** Makes one try, its answer flowing into the sink. Never rejects for a fault of an upstream. */
export type Send = (trip: Trip, step: Step, sink: TrySink) => Promise<Tried>;

/** What a race is run with. */
export interface RaceParts {
	readonly trip: Trip;
	readonly search: Search;
	readonly send: Send;
}

/** Makes the try, and rivals beside it where it may be hedged; gives the one that is left. All others are concluded. */
export const race = (parts: RaceParts, step: Step): Promise<Tried> =>
	step.hedgeAfterMs !== undefined && mayHedge(parts.trip)
		? new Race(parts, step.hedgeAfterMs).run(step)
		: parts.send(parts.trip, step, parts.trip.reply);

const stops: Readonly<Record<StopReason, string>> = {
	'moved-by-user': 'you moved the request on',
	'hedge-lost': 'its rival spoke first',
};

/** Learns from a try that is over and announces its end; says what follows. */
export const conclude = (tried: Tried, {trip, search}: Omit<RaceParts, 'send'>): Decision => {
	const {step, attempt, result} = tried;
	const {road, reply, journey} = trip;
	if (result === 'saturated') {
		return search.passOver(step);
	}

	const answered = judge(result, road.clock.now(), road.clean);
	const judged =
		tried.isUntranslatable === true
			? untranslatable(answered)
			: road.mender.judge(step, result, repairable(trip, answered));
	const why = result.kind === 'aborted' ? step.stop.why : undefined;
	if (why === undefined) {
		rememberLimit(trip, step, judged);
		const decision = search.decide(step, judged, reply.canMove());
		const {usage = tried.statedUsage} = judged;
		journey.tryEnded(attempt, {...judged, usage, result, willRetry: decision === 'again'});
		return decision;
	}

	const stopped = {...judged, outcome: 'neutral', code: why, reason: stops[why], canMove: true} as const;
	journey.tryEnded(attempt, {...stopped, usage: tried.statedUsage, result, willRetry: true});
	return search.leave(step, stopped);
};

/** A limit on a call beside the conversation is no health of the road that turns take, but holds for the next call of its kind. */
const rememberLimit = ({road, call: {target}}: Trip, {candidate}: Step, judged: Judged): void => {
	if (judged.outcome === 'soft' && isAuxiliary(target)) {
		const {endpoint, account} = candidate;
		road.auxiliary?.limited({endpointKey: endpoint.key, account: account.label, relative: target.relative}, judged);
	}
};

/** What one protocol has no words for is no fault of the request where somebody speaks another one. */
const untranslatable = (judged: Judged): Judged => ({
	...judged,
	status: undefined,
	// The class would match the lists of [retry], which speak of what upstreams answer.
	fault: undefined,
	canMove: true,
	reason: `cannot be asked in its protocol: ${judged.requestFault?.message ?? judged.reason}`,
});

/** A stream that carries no state of one upstream: two upstreams would both have to be the one that can read it. */
const mayHedge = ({call, routeCall}: Trip): boolean =>
	call.isStreaming &&
	call.dialect !== undefined &&
	call.body !== undefined &&
	routeCall.state.kind === 'ordinary' &&
	!routeCall.state.isBound;

interface Runner {
	readonly step: Step;
	readonly lane: HedgeLane;
	readonly startedMs: number;
	readonly ended: Promise<Tried>;
}

class Race {
	readonly #parts: RaceParts;
	readonly #hedgeAfterMs: number;
	#running: readonly Runner[] = [];
	#mayGrow = true;

	constructor(parts: RaceParts, hedgeAfterMs: number) {
		this.#parts = parts;
		this.#hedgeAfterMs = hedgeAfterMs;
	}

	async run(step: Step): Promise<Tried> {
		this.#enter(step);
		for (;;) {
			const next = await this.#next();
			if (next === 'due') {
				this.#grow();
				continue;
			}

			// Of two that ended in one tick, the one that was stopped is the loser.
			const stopped = this.#running.find(({step: {stop}}) => stop.why !== undefined);
			const tried = stopped ? await stopped.ended : next;
			this.#running = this.#running.filter(runner => runner.step !== tried.step);
			if (this.#running.length === 0) {
				return tried;
			}

			conclude(tried, this.#parts);
			this.#mayGrow = true;
		}
	}

	#grow(): void {
		const rival = this.#parts.search.beside();
		this.#mayGrow = rival !== undefined;
		if (rival) {
			this.#enter(rival);
		}
	}

	#enter(step: Step): void {
		const {trip, send} = this.#parts;
		const {road, reply, call, journey} = trip;
		const lane = new HedgeLane({
			reply,
			dialect: call.dialect ?? 'responses',
			gate: {client: call.client, requestedModel: call.model, eventBytes: road.limits.eventBytes},
			number: () => journey.started,
			onFirst: attempt => {
				journey.speaks(attempt);
				for (const {
					lane: other,
					step: {stop},
				} of this.#running) {
					if (other !== lane) {
						stop.stop('hedge-lost');
					}
				}
			},
		});
		const startedMs = road.clock.monotonic();
		this.#running = [...this.#running, {step, lane, startedMs, ended: send(trip, step, lane)}];
	}

	/** The next try that ends, or `due` where a lonely one has been silent for too long. */
	async #next(): Promise<'due' | Tried> {
		const due = Promise.withResolvers<'due'>();
		const forget = this.#watch(() => due.resolve('due'));
		try {
			return await Promise.race([due.promise, ...this.#running.map(({ended}) => ended)]);
		} finally {
			forget();
		}
	}

	#watch(onDue: () => void): () => void {
		const [runner, rival] = this.#running;
		if (!runner || rival || !this.#mayGrow || runner.lane.hasSpoken()) {
			return () => undefined;
		}

		return this.#parts.trip.road.ticker.add(nowMs => {
			if (!runner.lane.hasSpoken() && nowMs - runner.startedMs >= this.#hedgeAfterMs) {
				onDue();
			}
		});
	}
}
