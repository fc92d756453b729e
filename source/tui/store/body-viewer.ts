import {frameRows} from '../layout.ts';
import type {BodyText} from '../text/body-text.ts';
import type {PageName, ScreenState} from './screen-state.ts';

/* The viewer of bodies over the page: what it shows, and how it is scrolled and searched. */

/** How a body is shown. */
export const bodyForms = ['pretty', 'raw', 'diff'] as const;

/** One of {@link bodyForms}; `diff` is against the request before it in its session. */
export type BodyForm = (typeof bodyForms)[number];

/** The open viewer. */
export interface BodyViewer {
	/** It stays with the page that it was opened on. */
	readonly page: PageName;
	readonly requestId: string;
	/** The request before it in its session. */
	readonly previousId: string | undefined;
	readonly part: 'request' | 'answer';
	readonly form: BodyForm;
	/** Undefined while it is being read. */
	readonly text: BodyText | undefined;
	/** What to say instead of a text, or beside it. */
	readonly notice: string | undefined;
	readonly top: number;
	readonly search: string;
}

/** The viewer where it is on the screen. */
export const viewerOf = ({viewer, page}: ScreenState): BodyViewer | undefined =>
	viewer?.page === page ? viewer : undefined;

/** Cells of a row, and rows, inside the viewer's frame. */
export const viewerSize = ({columns, rows}: ScreenState): {readonly width: number; readonly height: number} => ({
	width: columns - 4,
	height: Math.max(1, rows - frameRows.above - frameRows.below - 3),
});

const withTop = (state: ScreenState, viewer: BodyViewer, top: number): ScreenState => {
	const {width, height} = viewerSize(state);
	const last = Math.max(0, (viewer.text?.count(width) ?? 0) - height);
	return {...state, viewer: {...viewer, top: Math.max(0, Math.min(last, top))}};
};

/** Scrolls by rows. */
export const scrollViewer = (state: ScreenState, viewer: BodyViewer, delta: number): ScreenState =>
	withTop(state, viewer, viewer.top + delta);

/** Looks for the text that was typed, or with `step` for the next or the last place before. */
export const searchViewer = (
	state: ScreenState,
	viewer: BodyViewer,
	{search, step}: {readonly search: string; readonly step: 1 | -1 | undefined},
): ScreenState => {
	const shown = {...viewer, search};
	const from = step === undefined ? viewer.top - 1 : viewer.top;
	const found = search === '' ? undefined : viewer.text?.find(viewerSize(state).width, search, {from, step: step ?? 1});
	return found === undefined ? {...state, viewer: shown} : withTop(state, shown, found);
};
