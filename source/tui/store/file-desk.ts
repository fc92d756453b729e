import {messageOf} from '../../base/errors.ts';
import {wordsOf} from '../language/words.ts';
import {exportText, type ExportForm} from '../text/list-export.ts';
import type {ListName, ScreenState} from './screen-state.ts';
import {listOf} from './selectors.ts';

/** What keys may do with files. */
export interface FileControls {
	/** Writes the rows that a list shows into a new file. */
	readonly exportList: (name: ListName, form: ExportForm) => void;
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
	readonly #screen: Screen;

	constructor(write: WriteExport | undefined, screen: Screen) {
		this.#write = write;
		this.#screen = screen;
	}

	readonly exportList = (name: ListName, form: ExportForm): void => void this.#exportList(name, form);

	async #exportList(name: ListName, form: ExportForm): Promise<void> {
		const state = this.#screen.state();
		const {exports: words} = wordsOf(state);
		if (this.#write === undefined) {
			this.#screen.say(words.nowhere, 'warn');
			return;
		}

		try {
			const path = await this.#write(`${name}-${stampOf(state.nowMs)}.${form}`, exportText(state, name, form));
			this.#screen.say(words.written(listOf(state, name).rows.length, path), 'ok');
		} catch (error) {
			this.#screen.say(messageOf(error), 'error');
		}
	}
}
