import type {EngineLink} from '../../event/protocol.ts';
import type {BrainView} from '../../event/route-view.ts';

const refreshMs = 1000;

/** Asks the engine what decides its routing while a page shows it; never two questions at once, never more than one a second. */
export class BrainReader {
	readonly #link: EngineLink;
	readonly #tell: (brain: BrainView | undefined) => void;
	#askedAtMs = Number.NEGATIVE_INFINITY;
	#isAsking = false;

	/** `tell` gets undefined where the engine does not answer: what is old must not look like what is. */
	constructor(link: EngineLink, tell: (brain: BrainView | undefined) => void) {
		this.#link = link;
		this.#tell = tell;
	}

	/** Asks, where the last answer is a second old. */
	show(nowMs: number): void {
		if (!this.#isAsking && Math.abs(nowMs - this.#askedAtMs) >= refreshMs) {
			this.#askedAtMs = nowMs;
			this.#isAsking = true;
			void this.#read();
		}
	}

	/** The next {@link show} asks at once: the user has changed something. */
	expire(): void {
		this.#askedAtMs = Number.NEGATIVE_INFINITY;
	}

	async #read(): Promise<void> {
		try {
			this.#tell(await this.#link.ask({type: 'brain'}));
		} catch {
			// The status row says that the engine does not answer, and why.
			this.#tell(undefined);
		} finally {
			this.#isAsking = false;
		}
	}
}
