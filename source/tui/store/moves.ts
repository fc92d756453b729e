import {boxOf} from '../layout.ts';
import {startAnchor} from '../text/transcript-layout.ts';
import {scrollViewer, viewerOf, viewerSize} from './body-viewer.ts';
import {moveField, startField} from './explain-form.ts';
import {activeList, focusOf, listOf, replayKey, showsList} from './selectors.ts';
import {clearSearch, scrollTranscript} from './transcript-moves.ts';
import {requestsFilterOf} from './usage-page.ts';
import {panesOfPage, type ListName, type PageName, type PaneName, type ScreenState} from './screen-state.ts';

/* What keys do to the state: pure, one small function per thing a person can do. */

const longestHistory = 12;

/** Shows a page; the one before can be reached again with Esc. */
export const goTo = (state: ScreenState, page: PageName): ScreenState =>
	page === state.page
		? state
		: {
				...state,
				page,
				history: [...state.history, state.page].slice(-longestHistory),
				isZoomed: false,
				detailTop: 0,
			};

/** Selects in Requests what a person sends again, as soon as it has come: until then the newest stands there. */
export const showReplay = (state: ScreenState, requestId: string): ScreenState =>
	focusPane(withList(goTo(state, 'requests'), 'requests', {selectedKey: replayKey(requestId), filter: ''}), 'requests');

/** Explains a request of the past, or without one the next request. */
export const explain = (state: ScreenState, requestId: string | undefined): ScreenState => ({
	...goTo(state, 'explain'),
	explain: {...state.explain, requestId, answer: undefined, notice: undefined, top: 0},
	focus: {...state.focus, explain: 'explain'},
});

/** A list with another selection, filter or order. */
export const withList = (
	state: ScreenState,
	name: ListName,
	change: Partial<ScreenState['lists'][ListName]>,
): ScreenState => ({
	...state,
	lists: {...state.lists, [name]: {...state.lists[name], ...change}},
});

/** Gives a pane of the shown page the focus. */
export const focusPane = (state: ScreenState, pane: PaneName): ScreenState => ({
	...state,
	focus: {...state.focus, [state.page]: pane},
});

/** Gives the focus to the next pane, or with -1 to the one before. */
export const focusNext = (state: ScreenState, step: 1 | -1): ScreenState => {
	const panes = panesOfPage[state.page];
	const index = (panes.indexOf(focusOf(state)) + step + panes.length) % panes.length;
	return focusPane(state, panes[index] ?? panes[0]);
};

const innerRows = (state: ScreenState): number =>
	viewerOf(state) === undefined
		? Math.max(1, (boxOf(state, focusOf(state))?.height ?? 4) - 3)
		: viewerSize(state).height;

const detailEnd = 400;

/** Selects a row by its index among the visible ones; an index outside is the nearest one. */
export const selectRow = (state: ScreenState, name: ListName, index: number): ScreenState => {
	const {rows, keyAt} = listOf(state, name);
	const key = keyAt(Math.max(0, Math.min(index, rows.length - 1)));
	return {...withList(state, name, {selectedKey: key}), detailTop: 0};
};

/** Moves in whatever has the focus, by rows. */
export const moveBy = (state: ScreenState, delta: number): ScreenState => {
	if (state.isHelpOpen) {
		return {...state, helpTop: Math.max(0, state.helpTop + delta)};
	}

	const viewer = viewerOf(state);
	if (viewer !== undefined) {
		return scrollViewer(state, viewer, delta);
	}

	const pane = focusOf(state);
	if (pane === 'transcript') {
		return scrollTranscript(state, delta);
	}

	if (pane === 'detail') {
		return {...state, detailTop: Math.max(0, Math.min(detailEnd, state.detailTop + delta))};
	}

	if (pane === 'explain') {
		const top = Math.max(0, Math.min(detailEnd, state.explain.top + delta));
		return {...state, explain: {...state.explain, top}};
	}

	if (pane === 'whatif') {
		return moveField(state, delta);
	}

	return selectRow(state, pane, listOf(state, pane).index + delta);
};

/** Moves by pages of the focused pane. */
export const movePages = (state: ScreenState, pages: number): ScreenState =>
	moveBy(state, Math.round(pages * innerRows(state)));

/** Goes to the first or the last row; where the newest row stands there, the list follows again. */
export const moveToEdge = (state: ScreenState, edge: 'first' | 'last'): ScreenState => {
	const pane = focusOf(state);
	if (state.isHelpOpen) {
		return {...state, helpTop: edge === 'first' ? 0 : detailEnd};
	}

	const viewer = viewerOf(state);
	if (viewer !== undefined) {
		return scrollViewer(state, viewer, edge === 'first' ? -Infinity : Infinity);
	}

	if (pane === 'transcript') {
		return {...state, transcript: {...state.transcript, anchor: startAnchor, isFollowing: edge === 'last'}};
	}

	if (pane === 'detail') {
		return {...state, detailTop: edge === 'first' ? 0 : detailEnd};
	}

	if (pane === 'explain' || pane === 'whatif') {
		return moveBy(state, edge === 'first' ? -detailEnd : detailEnd);
	}

	const newest = pane === 'trace' ? 'last' : 'first';
	const follows = (pane === 'requests' || pane === 'trace') && edge === newest;
	return follows
		? {...withList(state, pane, {selectedKey: undefined}), detailTop: 0}
		: selectRow(state, pane, edge === 'first' ? 0 : Infinity);
};

/** Switches following of the focused pane on or off. */
export const toggleFollow = (state: ScreenState): ScreenState => {
	if (focusOf(state) === 'transcript') {
		return state.transcript.isFollowing ? scrollTranscript(state, -1) : moveToEdge(state, 'last');
	}

	const name = activeList(state);
	const list = listOf(state, name);
	return list.isFollowing ? selectRow(state, name, list.index) : withList(state, name, {selectedKey: undefined});
};

/** Selects a check by its id, whatever the filter hides. */
export const selectCheck = (state: ScreenState, id: string): ScreenState =>
	focusPane(withList(state, 'checks', {selectedKey: id, filter: ''}), 'checks');

const openRequests = (state: ScreenState, filter: string | undefined): ScreenState => {
	const shown = filter === undefined ? state : withList(state, 'requests', {filter, selectedKey: undefined});
	return focusPane(goTo(shown, 'requests'), 'requests');
};

const hasRequests = (state: ScreenState, sessionId: string): boolean =>
	state.requests.some(request => request.sessionId === sessionId);

/** Goes one step deeper: route → its requests, session → its conversation, request → conversation, incident → its evidence. */
export const openDeeper = (state: ScreenState): ScreenState => {
	const pane = focusOf(state);
	switch (pane) {
		case 'routes': {
			const route = listOf(state, 'routes').selected;
			return state.page === 'dash'
				? focusPane(goTo(state, 'routes'), 'routes')
				: openRequests(state, route === undefined ? undefined : `provider:${route.provider}`);
		}

		case 'sessions': {
			const session = listOf(state, 'sessions').selected;
			if (session !== undefined && state.page === 'sessions' && !hasRequests(state, session.sessionId)) {
				return focusPane(state, 'transcript');
			}

			return session === undefined ? state : withScope(openRequests(state, `session:${session.sessionId}`), 'session');
		}

		case 'requests': {
			// The newest may be another one a moment later; who reads a conversation wants to keep it.
			const held = selectRow(state, 'requests', listOf(state, 'requests').index);
			return state.page === 'dash' ? openRequests(state, undefined) : focusPane(held, 'transcript');
		}

		case 'incidents': {
			return state.page === 'dash' ? focusPane(goTo(state, 'incidents'), 'incidents') : focusPane(state, 'detail');
		}

		case 'trace':
		case 'settings':
		case 'checks': {
			return focusPane(state, 'detail');
		}

		case 'usage': {
			const filter = requestsFilterOf(state, listOf(state, 'usage').selected);
			return filter === undefined ? focusPane(state, 'detail') : openRequests(state, filter);
		}

		case 'transcript': {
			return state.page === 'sessions' ? state : focusPane(goTo(state, 'trace'), 'trace');
		}

		case 'whatif': {
			return startField(state);
		}

		case 'explain': {
			return focusPane(state, 'whatif');
		}

		default: {
			return state;
		}
	}
};

/** Shows the conversation of the selected request, or of the session that it belongs to. */
export const withScope = (state: ScreenState, scope: 'request' | 'session'): ScreenState => ({
	...state,
	transcript: {...state.transcript, scope},
});

const withoutOffer = (state: ScreenState): ScreenState =>
	state.setUp === 'offered' ? {...state, setUp: 'possible'} : state;

/** One step up, and never out: help, question, viewer, search, zoom, inner focus, filter, alert, page before, in this order. */
export const goBack = (state: ScreenState): ScreenState => {
	if (state.question !== undefined || state.isHelpOpen) {
		return {...state, question: undefined, isHelpOpen: false, helpTop: 0};
	}

	if (viewerOf(state) !== undefined) {
		return {...state, viewer: undefined};
	}

	const withoutSearch = clearSearch(state);
	if (withoutSearch !== undefined) {
		return withoutSearch;
	}

	if (state.isZoomed) {
		return {...state, isZoomed: false};
	}

	const pane = focusOf(state);
	if (pane === 'transcript' || pane === 'detail' || pane === 'whatif') {
		return focusPane(state, panesOfPage[state.page][0]);
	}

	const list = activeList(state);
	if (state.lists[list].filter !== '' && showsList(state)) {
		return withList(state, list, {filter: ''});
	}

	if (state.alerts.length > 0) {
		return {...state, alerts: state.alerts.slice(1)};
	}

	const page = state.history.at(-1);
	return page === undefined ? withoutOffer(state) : {...state, page, history: state.history.slice(0, -1), detailTop: 0};
};
