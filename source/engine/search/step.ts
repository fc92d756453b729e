import type {SendTicket} from '../../attempt/breaker-slot.ts';
import type {RouteCandidate} from '../../route/route-plan.ts';
import type {Repair} from './repair.ts';
import type {TryStop} from './try-stop.ts';

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
	/** Asks the request's budgets for one more send inside of this try; true: it is counted, and may go. */
	readonly mayAskAgain: () => boolean;
	/** Ends this try; cancelled with the request. */
	readonly stop: TryStop;
}

/** A try that is chosen and not begun. */
export type Due = Omit<Step, 'ticket' | 'stop' | 'hedgeAfterMs' | 'mayAskAgain'>;
