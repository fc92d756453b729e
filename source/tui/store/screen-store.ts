import type {Controls} from '../input/controls.ts';
import {wordsOf} from '../language/words.ts';
import {smallest} from '../layout.ts';
import {TranscriptLayout} from '../text/transcript-layout.ts';
import {ActionDesk} from './action-desk.ts';
import {BodyDesk} from './body-desk.ts';
import {loadReaderTools} from '../transcript/reader-tools.ts';
import {DoctorDesk} from './doctor-desk.ts';
import {FileDesk} from './file-desk.ts';
import {withLog} from './message-log.ts';
import {Mirror} from './mirror.ts';
import {dataOf} from './model-data.ts';
import {PageReaders} from './page-readers.ts';
import {initialState, type ScreenState} from './screen-state.ts';
import {liveCount, selectedRequest} from './selectors.ts';
import {requestTarget, threadTarget, withClientTranscripts} from './client-transcripts.ts';
import {RequestCosts} from './request-costs.ts';
import {SessionDesk} from './session-desk.ts';
import {editBarOf, RouteEditor} from './route-editor.ts';
import {SettingsDesk} from './settings-desk.ts';
import {TerminalDesk} from './terminal-desk.ts';
import type {ScreenStoreOptions} from './screen-store-options.ts';
import {TranscriptReader, withStaleTranscript, withTranscript} from './transcript-reader.ts';
import {UndoDesk} from './undo-desk.ts';
import {setUpOf, WizardDesk} from './wizard-desk.ts';

/** The pace of a screen that nobody scrolls, in frames per second (tui.md, D3). */
const usualFps = 10;
/** The pace of what a person does: of two keys that follow each other faster, the second waits. */
const frameMs = 33;
/** How soon a key looks again whether the terminal has taken the last frame. */
const drainMs = 5;
const clockMs = 1000;
const messageMs = 4000;

/**
 * The one store of the screen. Events only mark it dirty: there is one flush per tick (100 ms unless told otherwise). A key flushes at once,
 * however fresh the last frame of the events is, but keys not more than thirty times a second; and nothing is flushed while the terminal does
 * not read (tui.md D3, 2.2).
 */
export class ScreenStore implements Controls {
	readonly #options: ScreenStoreOptions;
	readonly #listeners = new Set<() => void>();
	readonly #mirror: Mirror;
	readonly #reader: TranscriptReader;
	readonly #pages: PageReaders;
	readonly #costs: RequestCosts;
	readonly doctor: DoctorDesk;
	readonly settings: SettingsDesk;
	readonly sessions: SessionDesk;
	readonly wizard: WizardDesk;
	readonly routeEditor: RouteEditor;
	readonly terminal: TerminalDesk;
	readonly files: FileDesk;
	readonly bodies: BodyDesk;
	readonly undo: UndoDesk;
	readonly #clock: NodeJS.Timeout;
	readonly #tickMs: number;
	readonly #pacer: NodeJS.Timeout | undefined;
	#state: ScreenState;
	#published: ScreenState;
	#hurriedAtMs = 0;
	#isHurried = false;
	#isModelDirty = false;
	#timer: NodeJS.Timeout | undefined;
	#dueAtMs = 0;
	#nextTurn: NodeJS.Immediate | undefined;
	#isClosed = false;

	constructor(options: ScreenStoreOptions) {
		this.#options = options;
		const {columns, rows, isReadOnly, themeName, themeNames, language, fps = usualFps} = options;
		this.#tickMs = Math.round(1000 / fps);
		const layout = new TranscriptLayout(() => this.#schedule(this.#tickMs));
		const nowMs = options.now();
		const start = initialState({columns, rows, nowMs, isReadOnly, themeName, themeNames, language, layout});
		this.#state = {...start, attached: options.attached, setUp: setUpOf(options.wizard), editBar: editBarOf(options)};
		this.#published = this.#state;
		const {link, sessionsLink: sessions, lookUsage} = options;
		const sources = {link, sessions, lookUsage, state: this.state};
		this.#reader = new TranscriptReader(
			withClientTranscripts(sources),
			news => {
				const transcript = withTranscript(this.#state.transcript, news, wordsOf(this.#state));
				this.#state = {...this.#state, transcript};
				this.#schedule(frameMs);
			},
			async () => layout.use(await loadReaderTools()),
		);
		this.#pages = new PageReaders({
			link: options.link,
			lookUsage: options.lookUsage,
			state: this.state,
			change: change => {
				this.#state = change(this.#state);
				this.#schedule(frameMs);
			},
		});
		this.#costs = new RequestCosts(options.loadCosts, () => this.#markDirty());
		this.terminal = new TerminalDesk(options.terminal, this);
		this.files = new FileDesk(options.writeExport, options.terminal, this);
		this.bodies = new BodyDesk(options.link, this);
		this.doctor = new DoctorDesk(options.doctor, this);
		this.undo = new UndoDesk(this);
		const expire = (): void => this.#pages.expire();
		const say = (text: string, tone: 'ok' | 'warn' | 'error'): void => this.say(text, tone);
		this.act = new ActionDesk({link: options.link, undo: this.undo, state: this.state, say, expire}).act;
		this.settings = new SettingsDesk(options.settingsLink, this);
		this.sessions = new SessionDesk({
			...sources,
			...{update: this.update, undo: this.undo, say, expire},
		});
		this.wizard = new WizardDesk(options.wizard, this);
		this.routeEditor = new RouteEditor(options.editLink, this);
		this.#mirror = new Mirror({
			link: options.link,
			createModel: options.createModel,
			now: options.now,
			onChange: () => this.#markDirty(),
		});
		this.#clock = setInterval(() => this.#onClock(), clockMs);
		// Batches come 20 times a second; a faster screen keeps the durations of what runs moving in between.
		this.#pacer = fps > usualFps ? setInterval(() => this.#onPace(), this.#tickMs) : undefined;
	}

	/** For useSyncExternalStore. */
	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	/** The state that is on the screen. */
	readonly published = (): ScreenState => this.#published;

	readonly state = (): ScreenState => this.#state;

	readonly update = (change: (state: ScreenState) => ScreenState): void => {
		const before = {...this.#state, nowMs: this.#options.now()};
		this.#state = withLog(before, change(before));
		this.#hurry();
	};

	/** The terminal has another size; the frame follows at once. */
	resize(columns: number, rows: number): void {
		this.#state = {...this.#state, columns, rows};
		this.#publish();
	}

	readonly act: ActionDesk['act'];

	readonly priceOf: Controls['priceOf'] = async request => this.#options.priceOf?.(request);

	/** Shows a sentence above the footer for a while. */
	say(text: string, tone: 'ok' | 'warn' | 'error'): void {
		const said = wordsOf(this.#state).engine.answer(text);
		this.update(state => ({...state, message: {text: said, tone, untilMs: state.nowMs + messageMs}}));
	}

	readonly quit = (): void => {
		const state = this.#state;
		const live = liveCount(state);
		const canAsk = state.columns >= smallest.columns && state.rows >= smallest.rows;
		if (live > 0 && state.question === undefined && !state.isReadOnly && state.attached === undefined && canAsk) {
			const text = wordsOf(state).frame.quitWhileLive(live);
			this.update(current => ({
				...current,
				isHelpOpen: false,
				question: {text, yes: () => this.#options.onQuit(), yesKey: 'ctrl+c'},
			}));
			return;
		}

		this.#options.onQuit();
	};

	/** Ends all timers and subscriptions. */
	close(): void {
		this.#isClosed = true;
		clearInterval(this.#clock);
		clearInterval(this.#pacer);
		clearTimeout(this.#timer);
		clearImmediate(this.#nextTurn);
		this.#mirror.close();
	}

	#onClock(): void {
		this.#mirror.checkPulse();
		// Shares of the last five minutes change without an event.
		this.#isModelDirty = true;
		this.#publish();
	}

	#onPace(): void {
		if (liveCount(this.#state) > 0) {
			this.#markDirty();
		}
	}

	#markDirty(): void {
		this.#isModelDirty = true;
		this.#schedule(this.#tickMs);
	}

	/** Flushes within the delay; a flush that is due earlier serves it too. */
	#schedule(delayMs: number): void {
		const dueAtMs = performance.now() + delayMs;
		if (this.#isClosed || (this.#timer !== undefined && this.#dueAtMs <= dueAtMs)) {
			return;
		}

		clearTimeout(this.#timer);
		this.#dueAtMs = dueAtMs;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.#publish();
		}, delayMs);
	}

	/** Flushes after all that the keys of this turn do: what came in one piece is one frame. */
	#hurry(): void {
		this.#isHurried = true;
		if (this.#listeners.size === 0) {
			this.#publish();
			return;
		}

		const waitMs = this.#hurriedAtMs + frameMs - performance.now();
		if (waitMs > 0) {
			this.#schedule(waitMs);
			return;
		}

		this.#nextTurn ??= setImmediate(() => {
			this.#nextTurn = undefined;
			this.#publish();
		});
	}

	#publish(): void {
		if (this.#isClosed) {
			return;
		}

		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (!this.#options.canPaint()) {
			this.#schedule(this.#isHurried ? drainMs : this.#tickMs);
			return;
		}

		this.#refresh();
		if (this.#isHurried) {
			this.#isHurried = false;
			this.#hurriedAtMs = performance.now();
		}

		this.#published = this.#state;
		for (const listener of this.#listeners) {
			listener();
		}
	}

	#refresh(): void {
		const {model, staleness} = this.#mirror;
		const nowMs = this.#options.now();
		const data = model !== undefined && this.#isModelDirty ? dataOf(model, nowMs, this.#costs) : {};
		this.#isModelDirty = false;
		this.#state = {...this.#state, ...data, nowMs, staleness};
		const request = selectedRequest(this.#state);
		if (model !== undefined && this.#state.page === 'trace') {
			this.#state = {...this.#state, trace: request === undefined ? [] : model.traceOf(request.requestId)};
		}

		if (this.#state.page === 'doctor') {
			this.doctor.show(this.#state.alerts.length > 0);
		}

		this.settings.show(this.#state);
		this.sessions.show(this.#state);
		this.#state = this.#pages.show(this.#state);
		const shown = threadTarget(this.#state) ?? requestTarget(this.#state);
		if (shown !== undefined && this.#reader.show(shown.target, shown.isRunning, nowMs)) {
			this.#state = withStaleTranscript(this.#state);
		}
	}
}
