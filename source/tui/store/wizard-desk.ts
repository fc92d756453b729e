import {messageOf} from '../../base/errors.ts';
import type {WizardLink} from '../../event/wizard.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from './screen-state.ts';
import {atStep, openedWizard, withView, withWizard} from './wizard-state.ts';

/** What keys may ask of the wizard. */
export interface WizardControls {
	/** Opens the form and looks at the machine. */
	readonly open: () => void;
	/** Makes the text of the review anew. */
	readonly preview: () => void;
	/** Writes what the review shows. */
	readonly write: () => void;
	/** Closes the form; the demo goes on. It is not offered again. */
	readonly close: () => void;
	/** Starts with what was written. */
	readonly startAgain: () => void;
}

/** What the desk may do to the screen. */
interface Screen {
	readonly state: () => ScreenState;
	readonly update: (change: (state: ScreenState) => ScreenState) => void;
	readonly say: (text: string, tone: 'ok' | 'warn' | 'error') => void;
}

/** Whether there is something to set up, and nobody has answered that yet. */
export const setUpOf = (link: WizardLink | undefined): ScreenState['setUp'] =>
	link === undefined ? 'none' : link.isOffered ? 'offered' : 'possible';

/** Looks, shows what would be written, writes, and remembers that it was asked. */
export class WizardDesk implements WizardControls {
	readonly #link: WizardLink | undefined;
	readonly #screen: Screen;

	constructor(link: WizardLink | undefined, screen: Screen) {
		this.#link = link;
		this.#screen = screen;
	}

	readonly open = (): void => {
		this.#screen.update(state => ({...state, isHelpOpen: false, wizard: openedWizard(state)}));
		void this.#try(async link => {
			const view = await link.look();
			this.#screen.update(state =>
				state.wizard === undefined ? state : {...state, wizard: withView(state.wizard, view)},
			);
		});
	};

	readonly preview = (): void =>
		void this.#try(async link => {
			this.#screen.update(state => withWizard(state, {text: undefined}));
			const text = await link.preview(this.#screen.state().wizard?.taken ?? []);
			this.#screen.update(state => withWizard(state, {text}));
		});

	readonly write = (): void =>
		void this.#try(async link => {
			const {taken = [], switchesCodex} = this.#screen.state().wizard ?? {};
			await link.write(taken);
			link.remember({setUp: 'done', ...(switchesCodex !== undefined && {switchesCodex})});
			this.#screen.update(state => ({...atStep(state, 'written'), setUp: 'possible'}));
		});

	readonly close = (): void => {
		const {wizard} = this.#screen.state();
		if (wizard?.step !== 'written') {
			this.#link?.remember({setUp: 'skipped'});
		}

		this.#screen.update(state => ({...state, wizard: undefined, setUp: 'possible'}));
		this.#screen.say(wordsOf(this.#screen.state()).wizard.demoGoesOn, 'ok');
	};

	readonly startAgain = (): void => this.#link?.startAgain();

	async #try(work: (link: WizardLink) => Promise<void>): Promise<void> {
		try {
			if (this.#link !== undefined) {
				await work(this.#link);
			}
		} catch (error) {
			const {engine} = wordsOf(this.#screen.state());
			this.#screen.update(state => withWizard(state, {problem: engine.answer(messageOf(error))}));
		}
	}
}
