import {readdirSync, readFileSync} from 'node:fs';
import {PassThrough, Writable} from 'node:stream';
import {setTimeout as sleep} from 'node:timers/promises';
import xterm from '@xterm/headless';
import type {IBufferCell} from '@xterm/headless';
import type {ClientSessionsLink} from '../../source/event/client-session.ts';
import type {EditLink} from '../../source/config/edit/edit-link.ts';
import type {SettingsLink} from '../../source/config/settings-list.ts';
import type {DoctorLink} from '../../source/event/doctor.ts';
import type {WizardLink} from '../../source/event/wizard.ts';
import {startScreen, type RunningScreen, type ScreenOptions} from '../../source/tui/main.tsx';
import type {ThemeSource} from '../../source/tui/theme/theme-book.ts';
import {FakeLink, FakeModel} from './fake-link.ts';
import {sampleSnapshot} from './sample-screen.ts';

/*
 * A real terminal for tests (tui.md 1.3): Ink runs as it does in production and writes to an xterm; tests look at its cells.
 */

/** The shipped themes. */
export const shippedThemes = (): readonly ThemeSource[] => {
	const folder = new URL('../../themes/', import.meta.url);
	return readdirSync(folder).map(file => ({
		path: `themes/${file}`,
		json: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as unknown,
	}));
};

class TestOutput extends Writable {
	readonly isTTY = true;
	columns: number;
	rows: number;
	/** Everything that was written. */
	bytes = '';
	readonly terminal: InstanceType<typeof xterm.Terminal>;
	/** While it is true nothing is taken: a terminal that stopped reading. */
	isStalled = false;
	#held: (() => void) | undefined;

	constructor(columns: number, rows: number, typedBefore = '') {
		super({decodeStrings: false, highWaterMark: 16_384});
		this.columns = columns;
		this.rows = rows;
		// The line discipline of a real terminal turns a line feed into carriage return and line feed.
		this.terminal = new xterm.Terminal({rows, cols: columns, scrollback: 0, allowProposedApi: true, convertEol: true});
		this.terminal.write(typedBefore);
	}

	override _write(chunk: string | Buffer, _encoding: string, callback: () => void): void {
		const text = chunk.toString();
		this.bytes += text;
		if (this.isStalled) {
			this.#held = callback;
			return;
		}

		this.terminal.write(text, callback);
	}

	goOn(): void {
		this.isStalled = false;
		const held = this.#held;
		this.#held = undefined;
		held?.();
	}
}

class TestInput extends PassThrough {
	readonly isTTY = true;
	isRaw = false;

	setRawMode(isRaw: boolean): this {
		this.isRaw = isRaw;
		return this;
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}
}

/** What a test may choose. */
export interface ScreenSetup extends Partial<
	Pick<
		ScreenOptions,
		| 'readOnly'
		| 'environment'
		| 'initialTheme'
		| 'initialLanguage'
		| 'onThemeChange'
		| 'themes'
		| 'lookUsage'
		| 'keys'
		| 'openEditor'
	>
> {
	readonly columns?: number;
	readonly rows?: number;
	readonly link?: FakeLink;
	readonly doctor?: DoctorLink;
	readonly settingsLink?: SettingsLink;
	readonly sessionsLink?: ClientSessionsLink;
	readonly wizard?: WizardLink;
	readonly editLink?: EditLink;
	/** What was typed, and echoed by the terminal, before the screen was there. */
	readonly typedBefore?: string;
}

/** A running screen on a test terminal. */
export interface TestScreen extends AsyncDisposable {
	readonly link: FakeLink;
	readonly output: TestOutput;
	readonly running: RunningScreen;
	readonly settings: Map<string, string>;
	/** How often the user asked to leave. */
	readonly quits: () => number;
	/** Types raw bytes in one chunk. */
	readonly type: (bytes: string) => Promise<void>;
	/** The rows of the terminal as text, without trailing spaces. */
	readonly lines: () => readonly string[];
	readonly text: () => string;
	readonly cell: (x: number, y: number) => IBufferCell | undefined;
	readonly resize: (columns: number, rows: number) => void;
	/** Waits until the screen holds the text (or, for a pattern, matches it). */
	readonly until: (wanted: string | RegExp) => Promise<void>;
}

const waitFor = async (wanted: string | RegExp, read: () => string): Promise<void> => {
	for (let tries = 0; tries < 100; tries++) {
		const text = read();
		if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) {
			return;
		}

		await sleep(30);
	}

	throw new Error(`The screen never showed ${String(wanted)}:\n${read()}`);
};

/** Starts the app on a test terminal. */
export const openScreen = async (setup: ScreenSetup = {}): Promise<TestScreen> => {
	const {columns = 80, rows = 24} = setup;
	const link = setup.link ?? new FakeLink(sampleSnapshot(Date.now()));
	const output = new TestOutput(columns, rows, setup.typedBefore);
	const input = new TestInput();
	const settings = new Map<string, string>();
	let quits = 0;
	const running = startScreen({
		link,
		createModel: snapshot => new FakeModel(snapshot),
		lookUsage: setup.lookUsage,
		themes: setup.themes ?? shippedThemes(),
		...(setup.onThemeChange === undefined ? {} : {onThemeChange: setup.onThemeChange}),
		settings: {get: key => settings.get(key), set: (key, value) => void settings.set(key, value)},
		initialTheme: setup.initialTheme,
		initialLanguage: setup.initialLanguage,
		readOnly: setup.readOnly ?? false,
		doctor: setup.doctor,
		...{settingsLink: setup.settingsLink, sessionsLink: setup.sessionsLink, editLink: setup.editLink},
		wizard: setup.wizard,
		...{keys: setup.keys, openEditor: setup.openEditor},
		stdin: input,
		stdout: output,
		environment: setup.environment ?? {TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8'},
		onQuit: () => quits++,
	});
	const lines = (): readonly string[] => {
		const {active} = output.terminal.buffer;
		return Array.from({length: output.rows}, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
	};

	const screen: TestScreen = {
		link,
		output,
		running,
		settings,
		quits: () => quits,
		type: async bytes => {
			input.write(bytes);
			await sleep(60);
		},
		lines,
		text: () => lines().join('\n'),
		cell: (x, y) => output.terminal.buffer.active.getLine(y)?.getCell(x),
		resize: (nextColumns, nextRows) => {
			output.columns = nextColumns;
			output.rows = nextRows;
			output.terminal.resize(nextColumns, nextRows);
			output.emit('resize');
		},
		until: async wanted => waitFor(wanted, () => lines().join('\n')),
		[Symbol.asyncDispose]: async () => {
			output.goOn();
			await running.close();
			input.destroy();
		},
	};
	await screen.until(/● (?:engine|引擎)|needs \d|F (?:fixes|shows how)|W (?:sets up|配置)|^Page /m);
	return screen;
};
