import type {Setting, SettingsView} from '../../config/settings-list.ts';
import type {CheckResult} from '../../event/doctor.ts';
import type {ExplainView} from '../../event/explain.ts';
import type {EngineView} from '../../event/protocol.ts';
import type {BrainView} from '../../event/route-view.ts';
import type {IncidentView, RouteView, SessionView, TraceEntry} from '../../event/view.ts';
import type {UsageRow} from '../../observe/usage/usage-view.ts';
import type {EditBar} from '../../config/edit/edit-link.ts';
import type {Form} from '../forms/form.ts';
import type {Controls} from '../input/controls.ts';
import type {KeyName, KeyOverrides} from '../input/keys.ts';
import type {Language} from '../language/words.ts';
import type {TranscriptLayout} from '../text/transcript-layout.ts';
import type {BodyViewer} from './body-viewer.ts';
import type {Editing} from './editing.ts';
import type {LoggedMessage} from './message-log.ts';
import type {ListSort} from './list-sort.ts';
import type {RequestRow} from './request-costs.ts';
import type {Picker} from './picker.ts';
import {initialSessionPage, type SessionPageState} from './session-page.ts';
import {initialTranscript, type TranscriptState} from './transcript-state.ts';
import type {WizardState} from './wizard-state.ts';
import type {UndoStep} from './undo-desk.ts';
import {initialUsagePage, type UsagePageState} from './usage-page.ts';

/* All that a frame is made from. Views are functions of this value; the store makes a new one for every change. */

/** The pages that exist, in the order of the tabs. */
export const pageNames = [
	'dash',
	'routes',
	'sessions',
	'requests',
	'trace',
	'explain',
	'incidents',
	'usage',
	'doctor',
	'settings',
] as const;

/** One of {@link pageNames}. */
export type PageName = (typeof pageNames)[number];

/** The lists, each with one selection and one filter wherever it is shown. */
export type ListName = 'routes' | 'sessions' | 'requests' | 'incidents' | 'trace' | 'usage' | 'checks' | 'settings';

/** What can have the focus. */
export type PaneName = ListName | 'transcript' | 'detail' | 'explain' | 'whatif';

/** The digit of a page's tab. */
export const keyOfPage = (page: PageName): string => String(pageNames.indexOf(page));

/** The panes of each page in the order of Tab; the first has the focus at the start. */
export const panesOfPage: Readonly<Record<PageName, readonly [PaneName, ...PaneName[]]>> = {
	dash: ['routes', 'sessions', 'requests', 'incidents'],
	routes: ['routes', 'detail'],
	sessions: ['sessions', 'detail', 'transcript'],
	requests: ['requests', 'transcript'],
	trace: ['trace', 'detail'],
	explain: ['explain', 'whatif'],
	incidents: ['incidents', 'detail'],
	usage: ['usage', 'detail'],
	doctor: ['checks', 'detail'],
	settings: ['settings', 'detail'],
};

/** Where a list stands. */
interface ListState {
	/** Undefined: the newest row, whichever that is (follow). */
	readonly selectedKey: string | undefined;
	readonly filter: string;
	/** Undefined: the list's own order. */
	readonly sort?: ListSort | undefined;
}

/** The fields of the what-if form, in their order. */
export const whatIfFields = ['service', 'model', 'session', 'down', 'up', 'in'] as const;

/** One of {@link whatIfFields}. */
export type WhatIfField = (typeof whatIfFields)[number];

/** The page Explain. */
export interface ExplainState {
	/** The past request that is explained; undefined: the next request. */
	readonly requestId: string | undefined;
	readonly answer: ExplainView | undefined;
	/** What to say instead of an answer. */
	readonly notice: string | undefined;
	readonly top: number;
	readonly form: Readonly<Record<WhatIfField, string>>;
	readonly field: WhatIfField;
	/** The answer for the form; undefined while the form is empty. */
	readonly imagined: ExplainView | undefined;
	readonly formProblem: string | undefined;
}

/** Something is asked before it is done: the keys are the question's alone until it is answered. */
export interface Question {
	readonly text: string;
	/** Runs when the answer is yes; the question is gone by then. */
	readonly yes: (controls: Controls) => void;
	/** A key that means yes beside `y` and Enter. */
	readonly yesKey?: KeyName;
}

/** One value for one frame. */
export interface ScreenState {
	readonly columns: number;
	readonly rows: number;
	readonly nowMs: number;
	readonly isReadOnly: boolean;
	/** The engine belongs to another process, which goes on when this screen goes; undefined: it is our own. */
	readonly attached?: {readonly where: string} | undefined;
	readonly themeName: string;
	/** Of all themes, for the palette. */
	readonly themeNames: readonly string[];
	readonly language: Language;
	readonly hasMouse: boolean;
	/** The user's keys (keys.json); a new value for each load. */
	readonly keyOverrides: KeyOverrides;

	/** Undefined until the first snapshot. */
	readonly engine: EngineView | undefined;
	/** Without a reason it just does not answer. */
	readonly staleness: {readonly sinceMs: number; readonly reason: string | undefined} | undefined;
	readonly routes: readonly RouteView[];
	readonly sessions: readonly SessionView[];
	/** Newest first. */
	readonly requests: readonly RequestRow[];
	/** Open ones first, newest first. */
	readonly incidents: readonly IncidentView[];
	/** The decisions of the selected request, oldest first. */
	readonly trace: readonly TraceEntry[];
	readonly transcript: TranscriptState;
	readonly explain: ExplainState;
	/** What decides the routing; undefined until it was told. Asked for while Dash or Routes is shown. */
	readonly brain: BrainView | undefined;
	/** The rows of the page Usage, sorted; and all else that it shows. */
	readonly usage: readonly UsageRow[];
	readonly usagePage: UsagePageState;
	/** What the doctor found, what is wrong first. */
	readonly checks: readonly CheckResult[];
	readonly doctor: {
		/** Runs that have not ended. */
		readonly running: number;
		readonly ranAtMs: number | undefined;
	};
	/** Every value of the configuration, and what else the page Settings shows of it. */
	readonly settings: readonly Setting[];
	readonly settingsPage: Omit<SettingsView, 'settings'> & {
		/** The file was read once. */
		readonly isRead: boolean;
		/** Why nothing can be shown. */
		readonly notice: string | undefined;
	};
	readonly sessionPage: SessionPageState;
	/** Faults of the start that nobody has answered yet, the one that is shown first. */
	readonly alerts: readonly CheckResult[];
	/** How the page Routes shows them. */
	readonly routesView: 'list' | 'graph';

	readonly page: PageName;
	readonly history: readonly PageName[];
	readonly focus: Readonly<Record<PageName, PaneName>>;
	readonly lists: Readonly<Record<ListName, ListState>>;
	/** First line of the detail pane that is shown. */
	readonly detailTop: number;
	readonly isZoomed: boolean;
	readonly isHelpOpen: boolean;
	readonly helpTop: number;
	readonly editing: Editing | undefined;
	/** How far the split of a page was moved, in steps; 0 or none: its usual place. */
	readonly splits: Readonly<Partial<Record<PageName, number>>>;
	/** Commands that were run from the palette, newest first. */
	readonly commandHistory: readonly string[];
	readonly question: Question | undefined;
	/** What can be taken back, the newest first. */
	readonly undos: readonly UndoStep[];
	/** What stood above the footer, the newest first; at most 100. */
	readonly messages: readonly LoggedMessage[];
	readonly picker: Picker | undefined;
	/** The body that a person looks into. */
	readonly viewer: BodyViewer | undefined;
	/** The form of the first start while it is open. */
	readonly wizard?: WizardState | undefined;
	/** `offered`: nobody has answered it yet, so the screen says that it is there. */
	readonly setUp: 'none' | 'possible' | 'offered';
	/** Over the whole body while it is open. */
	readonly form: Form | undefined;
	/** Why providers and routes cannot be edited here; `elsewhere`: the file is on another machine. */
	readonly editBar: EditBar | 'elsewhere' | undefined;
	readonly message:
		| {readonly text: string; readonly tone: 'ok' | 'warn' | 'error'; readonly untilMs: number}
		| undefined;
}

const emptyList: ListState = {selectedKey: undefined, filter: ''};

const noLists: ScreenState['lists'] = {
	routes: emptyList,
	sessions: emptyList,
	requests: emptyList,
	incidents: emptyList,
	trace: emptyList,
	usage: emptyList,
	checks: emptyList,
	settings: emptyList,
};

const firstFocus: ScreenState['focus'] = {
	dash: 'routes',
	routes: 'routes',
	sessions: 'sessions',
	requests: 'requests',
	trace: 'trace',
	explain: 'explain',
	incidents: 'incidents',
	usage: 'usage',
	doctor: 'checks',
	settings: 'settings',
};

const initialExplain: ExplainState = {
	requestId: undefined,
	answer: undefined,
	notice: undefined,
	top: 0,
	form: {service: 'codex', model: '', session: '', down: '', up: '', in: ''},
	field: 'model',
	imagined: undefined,
	formProblem: undefined,
};

/** Nothing is typed, asked, opened, said or done yet. */
const nothingOpen = {
	editing: undefined,
	commandHistory: [],
	splits: {},
	question: undefined,
	undos: [],
	messages: [],
	picker: undefined,
	viewer: undefined,
	setUp: 'none',
	form: undefined,
	editBar: undefined,
	message: undefined,
} satisfies Partial<ScreenState>;

/** The state before anything is known. */
export const initialState = ({
	layout,
	language = 'en',
	themeNames = [],
	...given
}: Pick<ScreenState, 'columns' | 'rows' | 'nowMs' | 'isReadOnly' | 'themeName'> & {
	/** English where it is not given. */
	readonly language?: Language;
	readonly themeNames?: readonly string[];
	readonly layout: TranscriptLayout;
}): ScreenState => ({
	...given,
	language,
	themeNames,
	hasMouse: true,
	keyOverrides: new Map(),
	engine: undefined,
	staleness: undefined,
	routes: [],
	sessions: [],
	requests: [],
	incidents: [],
	trace: [],
	transcript: initialTranscript(layout),

	explain: initialExplain,
	brain: undefined,
	usage: [],
	usagePage: initialUsagePage,
	checks: [],
	doctor: {running: 0, ranAtMs: undefined},
	settings: [],
	settingsPage: {path: undefined, note: undefined, fault: undefined, isRead: false, notice: undefined},
	sessionPage: initialSessionPage,
	alerts: [],
	routesView: 'list',
	page: 'dash',
	history: [],
	focus: firstFocus,
	lists: noLists,
	detailTop: 0,
	isZoomed: false,
	isHelpOpen: false,
	helpTop: 0,
	...nothingOpen,
});
