import {Table} from '../base/table.ts';
import type {EngineEvent} from '../event/catalogue.ts';
import type {RequestContext} from './rule.ts';

/** Requests that are remembered at most; more than any engine serves at once. */
const maxRequests = 10_000;

/** What the rules know of the requests that run now. */
export class RequestMemory {
	readonly #requests = new Table<RequestContext>(maxRequests);

	/** The request of an event as it was up to this event. */
	of(event: EngineEvent): RequestContext | undefined {
		return 'requestId' in event ? this.#requests.get(event.requestId) : undefined;
	}

	/** Takes in an event after the rules have seen it. */
	apply(event: EngineEvent): void {
		if (event.type === 'route-planned') {
			const {service, pin} = event.plan;
			this.#requests.set(event.requestId, {service, pinnedKey: pin?.endpointKey, lastAttempt: undefined});
		} else if (event.type === 'attempt-end') {
			const request = this.#requests.get(event.requestId);
			if (request !== undefined) {
				this.#requests.set(event.requestId, {...request, lastAttempt: event});
			}
		} else if (event.type === 'reply-end') {
			this.#requests.delete(event.requestId);
		} else if (event.type === 'engine-restarting') {
			this.#requests.clear();
		}
	}
}
