import {formPane} from '../forms/form-pane.ts';
import {frameRows, layoutOf, smallest, type PaneBox} from '../layout.ts';
import {doctorDetailPane, doctorPane} from '../panes/doctor-pane.ts';
import {explainPane, whatIfPane} from '../panes/explain-pane.ts';
import {incidentDetailPane, incidentsPane} from '../panes/incidents-pane.ts';
import {requestFactsPane, requestsPane} from '../panes/requests-pane.ts';
import {routeDetailPane} from '../panes/route-detail-pane.ts';
import {routesPane} from '../panes/routes-pane.ts';
import {sessionDetailPane, sessionsPane} from '../panes/sessions-pane.ts';
import {settingDetailPane, settingsPane} from '../panes/settings-pane.ts';
import {traceDetailPane, tracePane} from '../panes/trace-pane.ts';
import {transcriptPane} from '../panes/transcript-pane.ts';
import {usageDetailPane} from '../panes/usage-detail.ts';
import {usageFiguresPane} from '../panes/usage-figures.ts';
import {usagePane} from '../panes/usage-pane.ts';
import {wordsOf} from '../language/words.ts';
import {focusOf} from '../store/selectors.ts';
import type {PageName, ScreenState} from '../store/screen-state.ts';
import {fitLine, fitLines, joinBlocks, span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {bodyPane} from './body-pane.ts';
import {footerRow} from './footer-row.ts';
import {helpPane} from './help.ts';
import {palettePane} from './palette-pane.ts';
import {pickerPane} from './picker-pane.ts';
import {messageRow} from './message-row.ts';
import {wizardFooter, wizardPane} from './wizard-pane.ts';
import {statusRow} from './status-row.ts';
import {tabsRow} from './tabs.ts';

/*
 * A whole screen as lines: a pure function of the state, exactly `rows` lines of exactly `columns` cells. The components
 * only place these lines, so what tests see here is what stands on the terminal.
 */

type DrawPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs) => readonly Line[];

const details: Readonly<Partial<Record<PageName, DrawPane>>> = {
	routes: routeDetailPane,
	sessions: sessionDetailPane,
	trace: traceDetailPane,
	incidents: incidentDetailPane,
	usage: usageDetailPane,
	doctor: doctorDetailPane,
	settings: settingDetailPane,
};

const painters: Readonly<Record<PaneBox['pane'], DrawPane>> = {
	routes: routesPane,
	sessions: sessionsPane,
	requests: requestsPane,
	incidents: incidentsPane,
	trace: tracePane,
	checks: doctorPane,
	settings: settingsPane,
	transcript: transcriptPane,
	facts: requestFactsPane,
	explain: explainPane,
	whatif: whatIfPane,
	usage: usagePane,
	figures: usageFiguresPane,
	detail: (state, box, glyphs) => (details[state.page] ?? traceDetailPane)(state, box, glyphs),
};

/** What lies over the whole body; undefined where nothing does. */
const coverLines = (state: ScreenState, height: number, glyphs: Glyphs): readonly Line[] | undefined => {
	if (state.wizard !== undefined) {
		return wizardPane(state, state.wizard, {height, glyphs});
	}

	if (state.form !== undefined) {
		return formPane(state, state.form, {height, glyphs});
	}

	if (state.isHelpOpen) {
		return helpPane(state, height, glyphs);
	}

	return undefined;
};

const popupLines = (state: ScreenState, height: number, glyphs: Glyphs): readonly Line[] | undefined =>
	pickerPane(state, height, glyphs) ?? palettePane(state, height, glyphs);

/** What the keys go to, alone: what lies over the page, else the pane with the focus. */
export const focusedLines = (
	state: ScreenState,
	{width, height, glyphs}: {readonly width: number; readonly height: number; readonly glyphs: Glyphs},
): readonly Line[] => {
	const pane = focusOf(state);
	const box = {pane, x: 0, y: 0, width, height, isCollapsed: false};
	return (
		coverLines(state, height, glyphs) ??
		popupLines(state, height, glyphs) ??
		bodyPane(state, height, glyphs) ??
		painters[pane](state, box, glyphs)
	);
};

/** The body of the shown page. */
const bodyLines = (state: ScreenState, glyphs: Glyphs): readonly Line[] => {
	const height = state.rows - frameRows.above - frameRows.below;
	const cover = coverLines(state, height, glyphs);
	if (cover !== undefined) {
		return cover;
	}

	const body =
		bodyPane(state, height, glyphs) ??
		joinBlocks(layoutOf(state).map(column => column.flatMap(box => painters[box.pane](state, box, glyphs))));
	const palette = popupLines(state, height, glyphs);
	return palette === undefined ? body : [...body.slice(0, height - palette.length), ...palette];
};

const tooSmall = (state: ScreenState): readonly Line[] => {
	const {tooSmall: words} = wordsOf(state).frame;
	return fitLines(
		[
			[span('codex-tui', 'accent', true)],
			[span(words.needs(`${smallest.columns}x${smallest.rows}`))],
			[span(words.has(`${state.columns}x${state.rows}`))],
			[span(words.goesOn, 'muted')],
			[span(words.enlarge, 'muted')],
		],
		state.columns,
		state.rows,
	);
};

/** All rows of the screen. */
export const frameLines = (state: ScreenState, glyphs: Glyphs): readonly Line[] => {
	if (state.columns < smallest.columns || state.rows < smallest.rows) {
		return tooSmall(state);
	}

	const rows = [
		statusRow(state, glyphs),
		tabsRow(state),
		...bodyLines(state, glyphs),
		messageRow(state, glyphs),
		state.wizard === undefined ? footerRow(state) : wizardFooter(state, state.wizard),
	];
	return rows.map(row => fitLine(row, state.columns, glyphs.ellipsis));
};
