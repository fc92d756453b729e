import {Readable} from 'node:stream';
import type {KeyName} from './keys.ts';

/** What a person did with the mouse; cells count from 0. */
export interface MouseEvent {
	readonly kind: 'click' | 'wheel-up' | 'wheel-down';
	readonly x: number;
	readonly y: number;
}

/** Who hears what Ink does not pass on. */
export interface TapListeners {
	readonly onMouse: (event: MouseEvent) => void;
	readonly onFunctionKey: (name: KeyName) => void;
	/** The terminal tells the colour of its background, for example `rgb:ffff/ffff/ffff`. */
	readonly onBackground: (color: string) => void;
}

/** The part of a terminal's input that the tap forwards to. */
export type TerminalInput = NodeJS.ReadableStream & {
	readonly isTTY?: boolean;
	readonly setRawMode?: (isRaw: boolean) => unknown;
	readonly ref?: () => unknown;
	readonly unref?: () => unknown;
};

const escape = '\u001B';
// A mouse report in SGR form, a function key in one of its three spellings, or an answer to OSC 11 with either end.
const cutPattern = new RegExp(
	`${escape}(?:\\[<(\\d+);(\\d+);(\\d+)([Mm])|O([PQRS])|\\[(1[1-57-9]|2[0134])~|\\[\\[([A-E])|\\]11;([^\u0007${escape}]*)(?:\u0007|${escape}\\\\))`,
	'g',
);
// The start of such a sequence at the end of a chunk. A lone Esc is a key and must not be kept back.
const halfPattern = new RegExp(`${escape}(?:\\[(?:<[\\d;]*)?|\\]11?(?:;[^\u0007${escape}]{0,64}${escape}?)?)$`);

const numberedKeys: Readonly<Record<string, number>> = {
	11: 1,
	12: 2,
	13: 3,
	14: 4,
	15: 5,
	17: 6,
	18: 7,
	19: 8,
	20: 9,
	21: 10,
	23: 11,
	24: 12,
};

const functionKeyOf = (match: RegExpExecArray): KeyName => {
	const [, , , , , letter, number, linux] = match;
	const index =
		letter === undefined
			? number === undefined
				? 'ABCDE'.indexOf(linux ?? '') + 1
				: (numberedKeys[number] ?? 0)
			: 'PQRS'.indexOf(letter) + 1;
	return `f${index}`;
};

/**
 * Stands between the terminal and Ink (tui.md 2): cuts mouse reports, function keys and the terminal's answers out, which Ink swallows, and
 * hands the rest on. A report that is cut in two by the chunks is put together again.
 */
export class Tap extends Readable {
	readonly isTTY: boolean;
	readonly #input: TerminalInput;
	readonly #listeners: TapListeners;
	readonly #take: (chunk: Buffer | string) => void;
	#kept = '';
	#isHeld = false;

	constructor(input: TerminalInput, listeners: TapListeners) {
		super({encoding: 'utf8'});
		this.#input = input;
		this.#listeners = listeners;
		this.isTTY = input.isTTY === true;
		this.#take = chunk => this.#split(typeof chunk === 'string' ? chunk : chunk.toString('utf8'));
		input.setEncoding('utf8');
		input.on('data', this.#take);
	}

	override _read(): void {
		if (!this.#isHeld) {
			this.#input.resume();
		}
	}

	/** Leaves the terminal's input to another program until {@link Tap.release}: who goes on reading would take keys from it. */
	hold(): void {
		this.#isHeld = true;
		this.#input.pause();
	}

	/** Reads again. */
	release(): void {
		this.#isHeld = false;
		this.#input.resume();
	}

	/** Ink switches raw mode through its stdin. */
	setRawMode(isRaw: boolean): this {
		this.#input.setRawMode?.(isRaw);
		return this;
	}

	/** Ink lets the process end by itself through its stdin. */
	ref(): this {
		this.#input.ref?.();
		return this;
	}

	/** See {@link Tap.ref}. */
	unref(): this {
		this.#input.unref?.();
		return this;
	}

	/** Lets go of the terminal. */
	close(): void {
		this.#input.off('data', this.#take);
		this.#input.pause();
		this.destroy();
	}

	#split(chunk: string): void {
		const text = this.#kept + chunk;
		const half = halfPattern.exec(text);
		this.#kept = half === null ? '' : text.slice(half.index);
		const whole = half === null ? text : text.slice(0, half.index);
		let from = 0;
		for (const match of whole.matchAll(cutPattern)) {
			this.#pass(whole.slice(from, match.index));
			from = match.index + match[0].length;
			this.#announce(match);
		}

		this.#pass(whole.slice(from));
	}

	#pass(text: string): void {
		if (text !== '') {
			this.push(text, 'utf8');
		}
	}

	#announce(match: RegExpExecArray): void {
		const [, button, x, y, end] = match;
		const color = match[8];
		if (color !== undefined) {
			this.#listeners.onBackground(color);
			return;
		}

		if (button === undefined) {
			this.#listeners.onFunctionKey(functionKeyOf(match));
			return;
		}

		const at = {x: Number(x) - 1, y: Number(y) - 1};
		if (button === '64' || button === '65') {
			this.#listeners.onMouse({kind: button === '64' ? 'wheel-up' : 'wheel-down', ...at});
		} else if (button === '0' && end === 'M') {
			this.#listeners.onMouse({kind: 'click', ...at});
		}
	}
}

/** Switches button and wheel reports in SGR form on or off. */
export const mouseMode = (isOn: boolean): string =>
	`${escape}[?1000${isOn ? 'h' : 'l'}${escape}[?1006${isOn ? 'h' : 'l'}`;
