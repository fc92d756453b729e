import {messageOf} from '../../base/errors.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from './screen-state.ts';

/** Something that was done and can be taken back. */
export interface UndoStep {
	/** What was done, in a sentence. */
	readonly label: string;
	readonly atMs: number;
	/** Takes it back; gives the sentence to say, or undefined for the usual one. Rejects with the reason where it cannot. */
	readonly take: () => Promise<string | undefined>;
}

/** What keys may do about what was done. Whoever changes something and knows the way back calls `remember`. */
export interface UndoControls {
	readonly remember: (step: Omit<UndoStep, 'atMs'>) => void;
	/** Takes the newest `count` things back, the newest first. */
	readonly undo: (count: number) => void;
}

interface Screen {
	readonly state: () => ScreenState;
	readonly update: (change: (state: ScreenState) => ScreenState) => void;
	readonly say: (text: string, tone: 'ok' | 'warn' | 'error') => void;
}

const keptSteps = 50;

/** Parts of one change come one after the other with the same sentence: they are taken back as one. */
const sameChangeMs = 1000;

/** The stack of what can be taken back, over all pages. */
export class UndoDesk implements UndoControls {
	readonly #screen: Screen;
	/** One at a time: each step goes back from where the one before left things. */
	#running: Promise<void> = Promise.resolve();

	constructor(screen: Screen) {
		this.#screen = screen;
	}

	readonly remember = ({label, take}: Omit<UndoStep, 'atMs'>): void =>
		this.#screen.update(state => {
			const {nowMs: atMs} = state;
			const [newest, ...older] = state.undos;
			const isPart = newest !== undefined && newest.label === label && atMs - newest.atMs < sameChangeMs;
			const step: UndoStep = isPart
				? {label, atMs, take: async () => (await take()) ?? (await newest.take())}
				: {label, atMs, take};
			return {...state, undos: [step, ...(isPart ? older : state.undos)].slice(0, keptSteps)};
		});

	readonly undo = (count: number): void => {
		this.#running = this.#running.then(() => this.#undo(count));
	};

	async #undo(count: number): Promise<void> {
		for (let left = count; left > 0; left--) {
			const [step] = this.#screen.state().undos;
			const {undo: words} = wordsOf(this.#screen.state());
			if (step === undefined) {
				this.#screen.say(words.nothing, 'warn');
				return;
			}

			try {
				const sentence = await step.take();
				this.#screen.update(state => ({...state, undos: state.undos.filter(each => each !== step)}));
				const done = count - left + 1;
				const said = done === 1 ? words.undone(step.label) : words.undoneMany(done, step.label);
				this.#screen.say(sentence ?? said, 'ok');
			} catch (error) {
				// It stays on the stack: what stopped it may be over at the next try.
				this.#screen.say(messageOf(error), 'error');
				return;
			}
		}
	}
}
