import {Bag} from '../base/bag.ts';
import {RelayError} from '../base/errors.ts';
import type {EndpointKey} from '../wire/names.ts';

/** Moves one request to an endpoint, or to the next where none is named. Throws RelayError with the reason where it cannot. */
export type MoveRequest = (to: EndpointKey | undefined) => void;

/** The requests that look for an upstream or are being answered now, by their id. */
export class RunningRequests {
	readonly #running = new Bag<{readonly requestId: string; readonly move: MoveRequest}>();

	/** Until the returned value is disposed of, the request can be moved. */
	add(requestId: string, move: MoveRequest): Disposable {
		return {[Symbol.dispose]: this.#running.add({requestId, move})};
	}

	/**
	 * Ends the running attempt of a request and goes on elsewhere, unseen by its client (routing.md 11). Throws RelayError
	 * `unknown-request` where nothing of that id runs, and those of `Search.move`.
	 */
	move(requestId: string, to: EndpointKey | undefined): void {
		const running = this.#running.toArray().find(request => request.requestId === requestId);
		if (!running) {
			throw new RelayError(
				'unknown-request',
				`No request ${requestId} is running: it has ended, or its id is wrong; see the Requests page.`,
			);
		}

		running.move(to);
	}
}
