import type {EngineEvent} from '../../event/catalogue.ts';
import type {RequestView} from '../../event/view.ts';
import {reduceRequest, requestOfStart} from './request-reducer.ts';

/** Finished requests that the model keeps; running ones are always kept (their number is the connections' limit). */
export const maxFinishedRequests = 2000;

/** The requests in the order of their start, newest last. */
export class RequestList {
	readonly #requests: Map<string, RequestView>;
	#finished: number;
	#started: number;

	constructor(requests: readonly RequestView[] = []) {
		this.#requests = new Map(requests.map(request => [request.requestId, request]));
		this.#finished = requests.filter(({state}) => state !== 'running').length;
		this.#started = requests.length;
	}

	/** How many there were in all, those included that are no longer kept. */
	get started(): number {
		return this.#started;
	}

	/** How many are running. */
	get running(): number {
		return this.#requests.size - this.#finished;
	}

	get(requestId: string): RequestView | undefined {
		return this.#requests.get(requestId);
	}

	toArray(): RequestView[] {
		return [...this.#requests.values()];
	}

	apply(event: EngineEvent): void {
		if (event.type === 'request-start') {
			this.#requests.set(event.requestId, requestOfStart(event));
			this.#started++;
		} else if (event.type === 'engine-restarting') {
			this.#cutRunning();
		} else if ('requestId' in event) {
			this.#change(event.requestId, event);
		}
	}

	#change(requestId: string, event: EngineEvent): void {
		const request = this.#requests.get(requestId);
		if (request === undefined || request.state !== 'running') {
			return;
		}

		const changed = reduceRequest(request, event);
		this.#requests.set(requestId, changed);
		if (changed.state !== 'running') {
			this.#finished++;
			this.#dropOldest();
		}
	}

	/** A dead engine ends no request by itself. */
	#cutRunning(): void {
		for (const [requestId, request] of this.#requests) {
			if (request.state === 'running') {
				this.#requests.set(requestId, {
					...request,
					state: 'cut',
					silentMs: undefined,
					silentSinceMs: undefined,
					note: 'the engine restarted',
				});
				this.#finished++;
			}
		}

		this.#dropOldest();
	}

	#dropOldest(): void {
		if (this.#finished <= maxFinishedRequests) {
			return;
		}

		for (const [requestId, {state}] of this.#requests) {
			if (state !== 'running') {
				this.#requests.delete(requestId);
				this.#finished--;
			}

			if (this.#finished <= maxFinishedRequests) {
				return;
			}
		}
	}
}
