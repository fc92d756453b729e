import {Cancellation} from '../../base/cancellation.ts';

/** Why we ended a try whose client still waits; also its code in traces and the ledger. */
export type StopReason = 'moved-by-user' | 'hedge-lost';

/** The end of one try alone: of its upstream connection, and of its place in a queue. */
export class TryStop extends Cancellation {
	#why: StopReason | undefined;

	/** Undefined where it runs, or where the client left. */
	get why(): StopReason | undefined {
		return this.#why;
	}

	/** Ends the try although its client still waits. The first reason stays. */
	stop(why: StopReason): void {
		if (!this.isCancelled) {
			this.#why = why;
			this.cancel();
		}
	}
}
