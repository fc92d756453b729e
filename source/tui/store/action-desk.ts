import {messageOf} from '../../base/errors.ts';
import type {EngineAction, EngineLink} from '../../event/protocol.ts';
import {inverseOf} from './inverse.ts';
import type {ScreenState} from './screen-state.ts';
import type {UndoControls} from './undo-desk.ts';

/** What an {@link ActionDesk} works with. */
export interface ActionDeskOptions {
	readonly link: EngineLink;
	readonly state: () => ScreenState;
	readonly say: (text: string, tone: 'ok' | 'error') => void;
	/** What the pages were told is to be asked for again. */
	readonly expire: () => void;
	readonly undo: Pick<UndoControls, 'remember'>;
}

/** Sends actions to the engine, says what came of them, and remembers the way back. */
export class ActionDesk {
	readonly #options: ActionDeskOptions;

	constructor(options: ActionDeskOptions) {
		this.#options = options;
	}

	/** Sends an action and says `done` when the engine has done it, or why not. */
	readonly act = (action: EngineAction, done: string): void => void this.#act(action, done);

	async #act(action: EngineAction, done: string): Promise<void> {
		const {link, state, say, expire, undo} = this.#options;
		// What holds now is what the way back leads to.
		const inverse = inverseOf(state(), action);
		try {
			await link.act(action);
			say(done, 'ok');
			if (inverse.length > 0) {
				undo.remember({label: done, take: () => this.#takeBack(inverse)});
			}
		} catch (error) {
			say(messageOf(error), 'error');
		} finally {
			expire();
		}
	}

	async #takeBack(actions: readonly EngineAction[]): Promise<undefined> {
		try {
			for (const action of actions) {
				await this.#options.link.act(action);
			}
		} finally {
			this.#options.expire();
		}
	}
}
