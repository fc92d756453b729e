import path from 'node:path';
import {systemClock, type Clock} from '../base/clock.ts';
import type {EditLink} from '../config/edit/edit-link.ts';
import type {SettingsLink} from '../config/settings-list.ts';
import type {ClientSessionsLink} from '../event/client-session.ts';
import type {DoctorLink} from '../event/doctor.ts';
import type {OpenEditor} from '../event/editor.ts';
import type {EngineLink} from '../event/protocol.ts';
import type {WizardLink} from '../event/wizard.ts';
import {App} from './app.tsx';
import {ReaderView, readerColumns} from './frame/reader-lines.ts';
import {render} from './ink.ts';
import {dispatchKey, dispatchMouse} from './input/dispatch.ts';
import {readKeyFile} from './input/key-file.ts';
import {clipboardSequence} from './text/clipboard.ts';
import {languageOf, languageOfEnvironment, wordsOf, type Language} from './language/words.ts';
import {mouseMode, Tap, type TerminalInput} from './input/tap.ts';
import type {CreateModel} from './store/model-source.ts';
import type {LoadCosts} from './store/request-costs.ts';
import type {WriteExport} from './store/file-desk.ts';
import {withKept, type KeptName} from './store/kept-state.ts';
import {ScreenStore} from './store/screen-store.ts';
import type {PriceOf} from './input/controls.ts';
import type {LookUsage} from './store/usage-page.ts';
import {askBackground, isLightColor, mayAskBackground, themeFor, usualTheme} from './theme/background.ts';
import {colorDepthOf, needsAscii, type TerminalEnvironment} from './theme/painter.ts';
import {
	isDrained,
	lendTerminal,
	letStderrGo,
	setBlocking,
	suspendProcess,
	type TerminalOutput,
} from './terminal-output.ts';
import {ThemeBook, type ThemeSource} from './theme/theme-book.ts';

/*
 * The door of the terminal app: gives it a terminal and an engine, and promises that the terminal is as before when it
 * ends, in whichever way. It opens no socket and no file; themes and settings are handed in.
 */

/** What the app remembers between runs; the composition root keeps it in `settings.json`. */
export interface ScreenSettings {
	readonly get: (key: KeptName) => string | undefined;
	readonly set: (key: KeptName, value: string) => void;
}

/** The user's keys.json. */
export interface KeySource {
	readonly path: string;
	/** Its text now; undefined where there is none. */
	readonly read: () => string | undefined;
	/** Calls back whenever the text has changed, until the returned function is called. */
	readonly onChange: (listener: () => void) => () => void;
}

/** All that a screen needs. */
export interface ScreenOptions {
	readonly link: EngineLink;
	/** `ReadModel.fromSnapshot`. */
	readonly createModel: CreateModel;
	/** `UsageSource.look`; undefined where the ledger is not on this machine. */
	readonly lookUsage?: LookUsage | undefined;
	/** Undefined: what the engine's requests cost is not known here. */
	readonly loadCosts?: LoadCosts | undefined;
	readonly priceOf?: PriceOf | undefined;
	/** The parsed theme files; later ones win. */
	readonly themes: readonly ThemeSource[];
	/** Calls back with all theme files whenever one has changed, until the returned function is called. */
	readonly onThemeChange?: (listener: (themes: readonly ThemeSource[]) => void) => () => void;
	readonly settings: ScreenSettings;
	readonly keys?: KeySource | undefined;
	readonly openEditor?: OpenEditor | undefined;
	/** Undefined: nothing can be written from here. */
	readonly writeExport?: WriteExport | undefined;
	/** From the command line; wins over the remembered one. */
	readonly initialTheme?: string | undefined;
	/** From the command line; wins over the remembered one. */
	readonly initialLanguage?: Language | undefined;
	readonly readOnly: boolean;
	/** The engine is another process's, for example `127.0.0.1:4211`. */
	readonly attached?: {readonly where: string} | undefined;
	/** Undefined: nobody can look at this machine from here. */
	readonly doctor?: DoctorLink | undefined;
	/** Undefined: the configuration is not on this machine. */
	readonly settingsLink?: SettingsLink | undefined;
	/** Undefined: the clients' own records are not on this machine, or not to be looked at. */
	readonly sessionsLink?: ClientSessionsLink | undefined;
	/** Undefined: there is nothing to set up. */
	readonly wizard?: WizardLink | undefined;
	readonly editLink?: EditLink | undefined;
	/** The screen is read aloud: sentences in one column, nothing drawn. Also where the environment has INK_SCREEN_READER=true. */
	readonly isScreenReader?: boolean | undefined;
	/** Frames per second at most while nobody scrolls; 10 where it is not given. */
	readonly fps?: number | undefined;
	readonly stdin: TerminalInput;
	readonly stdout: TerminalOutput;
	readonly environment?: TerminalEnvironment;
	readonly clock?: Clock;
	/** The user wants to leave. Call `close()` then, now or later. */
	readonly onQuit: () => void;
}

/** A running screen. */
export interface RunningScreen {
	/** Settles when the screen is gone; rejects with what broke it. The terminal is restored by then. */
	readonly done: Promise<void>;
	/** Takes the screen away and restores the terminal; may be called more than once. */
	readonly close: () => Promise<void>;
}

const farewellMs = 1000;

/** News is read at most this often. */
const readerFps = 1;

const isReadAloud = ({isScreenReader, environment = process.env}: ScreenOptions): boolean =>
	isScreenReader === true || environment['INK_SCREEN_READER'] === 'true';

const columnsOf = (options: ScreenOptions): number =>
	isReadAloud(options) ? Math.min(options.stdout.columns, readerColumns) : options.stdout.columns;

const createStore = (options: ScreenOptions, themes: ThemeBook): ScreenStore => {
	const {stdout, settings, clock = systemClock, environment = process.env} = options;
	const isRead = isReadAloud(options);
	const store = new ScreenStore({
		link: options.link,
		createModel: options.createModel,
		lookUsage: options.lookUsage,
		loadCosts: options.loadCosts,
		priceOf: options.priceOf,
		isReadOnly: options.readOnly,
		attached: options.attached,
		columns: columnsOf(options),
		rows: stdout.rows,
		themeName: themes.name,
		themeNames: themes.names,
		language: options.initialLanguage ?? languageOf(settings.get('language')) ?? languageOfEnvironment(environment),
		fps: options.fps ?? (isRead ? readerFps : undefined),
		now: clock.now,
		canPaint: () => isDrained(stdout),
		onQuit: options.onQuit,
		settingsLink: options.settingsLink,
		sessionsLink: options.sessionsLink,
		wizard: options.wizard,
		editLink: options.editLink,
		doctor: options.doctor,
		writeExport: options.writeExport,
		terminal: {
			cycleTheme: () => themes.cycle(),
			chooseTheme: name => {
				themes.choose(name);
				return themes.name;
			},
			remember: settings.set,
			openEditor: options.openEditor,
			onMouse: isOn => void stdout.write(mouseMode(isOn)),
			onCopy: text => void stdout.write(clipboardSequence(text)),
		},
	});
	store.update(state => ({...withKept(state, settings.get), hasMouse: !isRead}));
	store.doctor.start();
	return store;
};

/** Takes the user's keys into use; what is wrong with them is said, and on a reload also that it went well. */
const takeKeys = (store: ScreenStore, source: KeySource, isReload: boolean): void => {
	const words = wordsOf(store.state());
	const {overrides, faults} = readKeyFile(source.read(), words);
	store.update(state => ({...state, keyOverrides: overrides}));
	const [fault] = faults;
	if (fault !== undefined) {
		const more = words.keys.more(faults.length - 1);
		store.say(`${path.basename(source.path)}:${fault.line}: ${fault.text}${more}`, 'warn');
	} else if (isReload) {
		store.say(words.keys.read(overrides.size), 'ok');
	}
};

const followThemes = ({onThemeChange}: ScreenOptions, store: ScreenStore, themes: ThemeBook) =>
	onThemeChange?.(sources => {
		themes.load(sources);
		store.update(state => ({...state, themeNames: themes.names}));
		const [warning] = themes.warnings;
		store.say(
			warning ?? wordsOf(store.state()).notices.themeReread(themes.name),
			warning === undefined ? 'ok' : 'warn',
		);
	});

/** A terminal that says whether it is light gets the theme that can be read on it, unless the user has taken one meanwhile. */
const fitTheme =
	(settings: ScreenSettings, store: ScreenStore, themes: ThemeBook) =>
	(color: string): void => {
		const isLight = isLightColor(color);
		if (isLight !== undefined && settings.get('theme') === undefined && themes.choose(themeFor(isLight))) {
			store.update(state => ({...state, themeName: themes.name}));
		}
	};

const followKeys = (store: ScreenStore, source: KeySource | undefined): (() => void) | undefined => {
	if (source === undefined) {
		return undefined;
	}

	takeKeys(store, source, false);
	return source.onChange(() => takeKeys(store, source, true));
};

const renderApp = (
	options: ScreenOptions,
	{store, themes, tap}: {readonly store: ScreenStore; readonly themes: ThemeBook; readonly tap: Tap},
): ReturnType<typeof render> => {
	const {stdout} = options;
	const reader = isReadAloud(options) ? new ReaderView() : undefined;
	return render(
		<App
			store={store}
			themes={themes}
			reader={reader}
			whileSuspended={suspendProcess(stdout, () => store.state().hasMouse)}
			lend={lendTerminal(stdout, tap, () => store.state().hasMouse)}
		/>,
		{
			stdout,
			stdin: tap,
			alternateScreen: true,
			incrementalRendering: true,
			// The store paces the frames; a second pace behind it would only make a key wait.
			maxFps: 1000,
			patchConsole: false,
			exitOnCtrlC: false,
			interactive: true,
			// Ink's own mode writes the whole page again for every change; ours are lines of which only the changed ones are written.
			isScreenReaderEnabled: false,
		},
	);
};

/**
 * Shows the app on a terminal until {@link RunningScreen.close} or a crash. The caller checks before that both ends are
 * terminals; signals are the caller's too (call `close()`).
 */
export const startScreen = (options: ScreenOptions): RunningScreen => {
	const {stdin, stdout, settings, environment = process.env} = options;
	const chosen = options.initialTheme ?? settings.get('theme');
	const terminal = {depth: colorDepthOf(environment), isAscii: needsAscii(environment)};
	const themes = new ThemeBook(options.themes, chosen ?? usualTheme(environment), terminal);
	const store = createStore(options, themes);
	const tap = new Tap(stdin, {
		onMouse: event => dispatchMouse(event, store),
		onFunctionKey: name => dispatchKey(name, store),
		onBackground: fitTheme(settings, store, themes),
	});
	const unfollow = [followThemes(options, store, themes), followKeys(store, options.keys)];
	const resize = (): void => store.resize(columnsOf(options), stdout.rows);
	const sayGoodbye = (): void => void stdout.write(mouseMode(false));
	stdout.on('resize', resize);
	process.on('exit', sayGoodbye);
	setBlocking(stdout, false);
	// What was typed until now stands echoed on its line, and the alternate screen begins in the column where that ended.
	tap.setRawMode(true);
	stdout.write('\r');
	const instance = renderApp(options, {store, themes, tap});
	stdout.write(mouseMode(store.state().hasMouse));
	if (chosen === undefined && mayAskBackground(environment) && !isReadAloud(options)) {
		stdout.write(askBackground);
	}

	const release = (): void => {
		stdout.off('resize', resize);
		process.off('exit', sayGoodbye);
		for (const end of unfollow) {
			end?.();
		}

		store.close();
		sayGoodbye();
		tap.close();
		// Where something is left to write, it would block the end.
		setBlocking(stdout, stdout.writableLength === 0);
	};

	const done = instance.waitUntilExit().then(release, (error: unknown) => {
		release();
		throw error;
	});
	const close = async (): Promise<void> => {
		// An empty last frame: after a resize tmux 3.3 pushes what still stands on the alternate screen into the history.
		instance.rerender(<></>);
		instance.unmount();
		await Promise.race([done, new Promise(resolve => setTimeout(resolve, farewellMs).unref())]);
		letStderrGo(stdout);
	};

	return {done: done.then(() => undefined), close};
};
