import {windowQueue, type Limiter, type LimitTarget} from '../../attempt/limiter.ts';
import type {CandidateSaturated, PlaceNews} from '../../event/place.ts';
import type {RouteCandidate} from '../../route/route-plan.ts';
import type {Step} from '../search/step.ts';
import {limitTargetOf} from './candidate-entry.ts';

/** Hears why a request must wait, or gets no place. */
export interface PlaceListener {
	readonly placed: (news: PlaceNews) => void;
}

/** What of a try its place depends on. */
export type PlaceStep = Pick<Step, 'candidate' | 'isLast' | 'stop'>;

/** The places at all candidates, as the road asks for them. */
export class Places {
	readonly #limiter: Limiter;
	readonly #monotonic: () => number;

	constructor(limiter: Limiter, monotonic: () => number) {
		this.#limiter = limiter;
		this.#monotonic = monotonic;
	}

	/** A place, at once or after a wait within the limits of its queue. Of whoever gets one at once nothing is told. */
	async take(
		step: PlaceStep,
		sessionId: string | undefined,
		listener: PlaceListener,
	): Promise<Disposable | 'saturated'> {
		const target = limitTargetOf(step.candidate.endpoint, step.candidate.account);
		return this.#limiter.tryAcquire(target) ?? (await this.#wait({step, target, sessionId: sessionId ?? ''}, listener));
	}

	async #wait(
		{step, target, sessionId}: {readonly step: PlaceStep; readonly target: LimitTarget; readonly sessionId: string},
		listener: PlaceListener,
	): Promise<Disposable | 'saturated'> {
		const {candidate, isLast, stop} = step;
		const crowd = this.#limiter.crowd(target);
		const {limitKey} = crowd;
		const saturated = saturatedAt(candidate, crowd);
		const isWindowFull = limitKey === target.accountKey;
		const waiting = isLast && isWindowFull && target.queue === 0 ? {...target, ...windowQueue} : target;
		const startedMs = this.#monotonic();
		const waited = await this.#limiter.acquire(waiting, {
			sessionId,
			onCancel: leave => stop.onCancel(leave),
			onWait: ahead => listener.placed({...saturated, ahead}),
		});
		if (waited === 'full') {
			listener.placed(saturated);
			return 'saturated';
		}

		const waitedMs = Math.round(this.#monotonic() - startedMs);
		const result = waited === 'timeout' ? 'timeout' : waited === 'cancelled' ? 'stopped' : 'place';
		listener.placed({type: 'wait-end', ...placeAt(candidate, limitKey), waitedMs, result});
		return typeof waited === 'string' ? 'saturated' : waited;
	}
}

type Place = Pick<CandidateSaturated, 'endpointKey' | 'account' | 'limitKey'>;

const placeAt = ({endpoint, account}: RouteCandidate, limitKey: string | undefined): Place => ({
	endpointKey: endpoint.key,
	account: account.label,
	limitKey,
});

/** The news that a candidate has no place, with what is taken there. */
export const saturatedAt = (
	candidate: RouteCandidate,
	{active, limit, limitKey}: Pick<CandidateSaturated, 'active' | 'limit' | 'limitKey'>,
): Omit<CandidateSaturated, 'requestId' | 'atMs'> => ({
	type: 'candidate-saturated',
	...placeAt(candidate, limitKey),
	...{active, limit},
});
