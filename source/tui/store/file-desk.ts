import {messageOf} from '../../base/errors.ts';
import {transcriptMarkdown} from '../../observe/transcript-markdown.ts';
import {wordsOf} from '../language/words.ts';
import {exportText, type ExportForm} from '../text/list-export.ts';
import type {ListName, ScreenState} from './screen-state.ts';
import {listOf} from './selectors.ts';
import type {TerminalOptions} from './terminal-desk.ts';

/** What keys may do with files. */
export interface FileControls {
	/** Writes the rows that a list shows into a new file. */
	readonly exportList: (name: ListName, form: ExportForm) => void;
	/** Writes the shown conversation as Markdown into a new file and puts its path on the clipboard. */
	readonly exportTranscript: () => void;
}

/** Writes a new file of this name and text among the exports; gives the path that it got. */
export type WriteExport = (name: string, text: string) => Promise<string>;

interface Screen {
	readonly state: () => ScreenState;
	readonly say: (text: string, tone: 'ok' | 'warn' | 'error') => void;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `20261121-120431` in local time. */
const stampOf = (atMs: number): string => {
	const at = new Date(atMs);
	const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
	return `${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
};

/** Exports: the screen knows the rows, the composition root where files go. */
export class FileDesk implements FileControls {
	readonly #write: WriteExport | undefined;
	readonly #onCopy: TerminalOptions['onCopy'];
	readonly #screen: Screen;

	constructor(write: WriteExport | undefined, {onCopy}: Pick<TerminalOptions, 'onCopy'>, screen: Screen) {
		this.#write = write;
		this.#onCopy = onCopy;
		this.#screen = screen;
	}

	readonly exportList = (name: ListName, form: ExportForm): void => void this.#exportList(name, form);

	readonly exportTranscript = (): void => void this.#exportTranscript();

	async #exportList(name: ListName, form: ExportForm): Promise<void> {
		const state = this.#screen.state();
		const path = await this.#writeFile(`${name}-${stampOf(state.nowMs)}.${form}`, exportText(state, name, form));
		if (path !== undefined) {
			this.#screen.say(wordsOf(state).exports.written(listOf(state, name).rows.length, path), 'ok');
		}
	}

	async #exportTranscript(): Promise<void> {
		const state = this.#screen.state();
		const {layout, scope} = state.transcript;
		const words = wordsOf(state).transcript;
		if (layout.transcript === undefined) {
			this.#screen.say(words.nothingShown, 'warn');
			return;
		}

		const {requestId, sessionId} = layout.transcript;
		const about = (scope === 'session' || requestId === '' ? sessionId : undefined) ?? requestId;
		// A client chose the id: a name has letters, digits, dots and dashes.
		const name = `transcript-${about.replaceAll(/[^\w.-]+/g, '-').slice(0, 80)}-${stampOf(state.nowMs)}.md`;
		const path = await this.#writeFile(name, transcriptMarkdown(layout.transcript));
		if (path !== undefined) {
			this.#onCopy(path);
			this.#screen.say(words.exported(path), 'ok');
		}
	}

	/** The path of the file; undefined where it could not be written, which was said. */
	async #writeFile(name: string, text: string): Promise<string | undefined> {
		if (this.#write === undefined) {
			this.#screen.say(wordsOf(this.#screen.state()).exports.nowhere, 'warn');
			return undefined;
		}

		try {
			return await this.#write(name, text);
		} catch (error) {
			this.#screen.say(messageOf(error), 'error');
			return undefined;
		}
	}
}
