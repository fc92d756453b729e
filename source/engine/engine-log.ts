import {limits} from '../wire/limits.ts';
import type {Announce} from '../event/catalogue.ts';
import {LogFile} from '../observe/log-file.ts';
import type {OnStateFault} from './brain/state-store.ts';

/** `engine.log`: what the engine has to say beside its events, one sentence a line. Never a body, never a secret. */
export class EngineLog {
	readonly #file: LogFile;
	readonly #now: () => number;

	constructor(path: string, now: () => number) {
		this.#now = now;
		this.#file = new LogFile({
			path,
			maxBytes: limits.engineLogBytes,
			// A log that cannot be written has nowhere to say so; the ledger's own fault opens the incident.
			onHealth: () => undefined,
			rotation: {compress: false, keepFiles: 5, keepBytes: Infinity, keepMs: Infinity, now},
		});
	}

	write(sentence: string): void {
		this.#file.write(`${new Date(this.#now()).toISOString()} ${sentence}\n`);
	}

	/** Writes a fault of `state.db` and announces it, which opens an incident. */
	stateFault(announce: Announce): OnStateFault {
		return (message, problem) => {
			this.write(message);
			announce({type: 'state-lost', atMs: this.#now(), problem, message});
		};
	}

	close(): Promise<void> {
		return this.#file.close();
	}
}
