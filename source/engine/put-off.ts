import {messageOf} from '../base/errors.ts';

/** What is done for a request but not waited for by its client: telling and keeping. It happens in its order. */
export class PutOff {
	readonly #onFault: (sentence: string) => void;
	readonly #works: Array<() => void> = [];

	/** `onFault` gets a sentence for people: beside the road nobody is there who could answer for a fault. */
	constructor(onFault: (sentence: string) => void) {
		this.#onFault = onFault;
	}

	/**
	 * Does something when the request is on its way, at the latest with the next `catchUp`: whatever is done before that the client waits for.
	 * undici listens to a kept connection for one turn of the loop before it writes: so it takes two.
	 */
	soon(work: () => void): void {
		if (this.#works.push(work) === 1) {
			setImmediate(() => setImmediate(() => this.#catchUpAlone()));
		}
	}

	/** Does now what was put off. Throws what the work throws; the rest is done the next time. */
	catchUp(): void {
		for (let work = this.#works.shift(); work !== undefined; work = this.#works.shift()) {
			work();
		}
	}

	/** One fault here would end the engine with all its streams (REL-45). */
	#catchUpAlone(): void {
		try {
			this.catchUp();
		} catch (fault) {
			this.#onFault(`A request goes on, but not all of it is told or kept: ${messageOf(fault)}.`);
			this.#catchUpAlone();
		}
	}
}
