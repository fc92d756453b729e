import {messageOf} from '../../base/errors.ts';
import type {SettingsLink, SettingsView} from '../../config/settings-list.ts';
import {languageOf, wordsOf, type Words} from '../language/words.ts';
import {QuestionReader, type News} from './question-reader.ts';
import type {ScreenState} from './screen-state.ts';
import type {UndoControls} from './undo-desk.ts';
import type {TerminalControls} from './terminal-desk.ts';

/** What keys may ask about settings. */
export interface SettingsControls {
	/** Checks a new value, and asks whether it is to be written. */
	readonly plan: (key: string, value: string) => void;
	/** Writes what was asked for. */
	readonly apply: (change: {readonly key: string; readonly value: string}) => void;
}

/** What the desk may do to the screen. */
interface Screen {
	readonly state: () => ScreenState;
	readonly update: (change: (state: ScreenState) => ScreenState) => void;
	readonly say: (text: string, tone: 'ok' | 'warn' | 'error') => void;
	readonly undo: Pick<UndoControls, 'remember'>;
	readonly terminal: Pick<TerminalControls, 'useTheme' | 'useLanguage'>;
}

const told = (state: ScreenState, news: News<SettingsView>): ScreenState => {
	if ('notice' in news) {
		return {...state, settingsPage: {...state.settingsPage, isRead: true, notice: news.notice}};
	}

	const {settings, ...page} = news.view;
	return {...state, settings, settingsPage: {...page, isRead: true, notice: undefined}};
};

/** Reads the settings while their page is shown, and makes changes in two steps: the change is shown, then it is written. */
export class SettingsDesk implements SettingsControls {
	readonly #link: SettingsLink | undefined;
	readonly #screen: Screen;
	readonly #reader: QuestionReader<number, SettingsView>;
	/** Another question after each change, so that the page does not wait for its second to pass. */
	#round = 0;

	constructor(link: SettingsLink | undefined, screen: Screen) {
		this.#link = link;
		this.#screen = screen;
		const read = link === undefined ? () => Promise.reject(new Error(this.#words().noFile)) : () => link.read();
		this.#reader = new QuestionReader(read, news => screen.update(state => told(state, news)));
	}

	/** Reads what stands in the file now, where the page is shown. */
	show({page, nowMs}: ScreenState): void {
		if (page === 'settings') {
			this.#reader.show(this.#round, nowMs);
		}
	}

	readonly plan = (key: string, value: string): void => void this.#plan(key, value);

	readonly apply = ({key, value}: {readonly key: string; readonly value: string}): void =>
		void this.#change(async link => {
			const sentence = await link.apply();
			this.#takeIntoUse(key, value);
			this.#screen.undo.remember({label: `${key} = ${value}`, take: () => this.#takeBack(link)});
			return sentence;
		});

	async #takeBack(link: SettingsLink): Promise<string> {
		const sentence = await link.undo();
		const {settings} = await link.read();
		for (const {key, value} of settings) {
			this.#takeIntoUse(key, value);
		}

		this.#round++;
		return sentence;
	}

	async #plan(key: string, value: string): Promise<void> {
		try {
			const change = await this.#link?.plan(key, value);
			if (change === undefined) {
				throw new Error(this.#words().noFile);
			}

			const {settingKeys, engine} = wordsOf(this.#screen.state());
			const text = settingKeys.askWrite(engine.answer(change));
			this.#screen.update(state => ({...state, question: {text, yes: () => this.apply({key, value})}}));
		} catch (error) {
			this.#screen.say(messageOf(error), 'error');
		}
	}

	async #change(change: (link: SettingsLink) => Promise<string>): Promise<void> {
		try {
			this.#screen.say(this.#link === undefined ? this.#words().noFile : await change(this.#link), 'ok');
		} catch (error) {
			this.#screen.say(messageOf(error), 'error');
		}

		this.#round++;
	}

	/** What the app remembers of the look counts at once. */
	#takeIntoUse(key: string, value: string): void {
		const {themeName, language: spoken} = this.#screen.state();
		const language = key === 'app.language' ? languageOf(value) : undefined;
		if (key === 'app.theme' && value !== themeName) {
			this.#screen.terminal.useTheme(value);
		} else if (language !== undefined && language !== spoken) {
			this.#screen.terminal.useLanguage(language);
		}
	}

	#words(): Words['settingKeys'] {
		return wordsOf(this.#screen.state()).settingKeys;
	}
}
