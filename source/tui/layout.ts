import {focusOf} from './store/selectors.ts';
import {panesOfPage, type PaneName, type ScreenState} from './store/screen-state.ts';

/* Where the panes of a page stand, for drawing, for paging by a screenful, and for the mouse. Rows above the body: 2. */

/** The smallest terminal that gets a page. */
export const smallest = {columns: 60, rows: 15} as const;

/** Rows of the frame above and below the body. */
export const frameRows = {above: 2, below: 2} as const;

/** A pane's place inside the body, in cells. */
export interface PaneBox {
	readonly pane: PaneName | 'facts' | 'figures';
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	/** One line with the title only, because there is no room. */
	readonly isCollapsed: boolean;
}

/** Columns of panes, left to right, top to bottom. */
export type PageLayout = ReadonlyArray<readonly PaneBox[]>;

interface Share {
	readonly pane: PaneBox['pane'];
	readonly height: number;
}

const column = (x: number, width: number, shares: readonly Share[]): readonly PaneBox[] => {
	let y = 0;
	return shares.map(({pane, height}) => {
		const box = {pane, x, y, width, height, isCollapsed: height === 1};
		y += height;
		return box;
	});
};

/** From so many columns on details stand beside a list (tui.md 6). */
export const besideFrom = 120;

const leastOnDash: Partial<Record<PaneName, number>> = {routes: 5, sessions: 4, requests: 5, incidents: 4};

/** Lines that an incident is told in below the list of them. */
const incidentFactRows = 9;

/** How high each pane of Dash would be with all that it has: a frame, a header and its rows. */
const wantedOnDash = ({
	routes,
	sessions,
	requests,
	incidents,
}: ScreenState): Readonly<Partial<Record<PaneName, number>>> => ({
	routes: routes.length + 3,
	sessions: sessions.length + 3,
	requests: requests.length + 3,
	incidents: incidents.length + 3 + (incidents.length === 0 ? 0 : incidentFactRows),
});

const dashStack = (state: ScreenState, height: number): readonly Share[] => {
	const focus = focusOf(state);
	const panes = panesOfPage.dash;
	if (height < 18) {
		return panes.map(pane => ({pane, height: pane === focus ? height - 3 : 1}));
	}

	const heights = new Map<PaneName, number>(panes.map(pane => [pane, leastOnDash[pane] ?? 4]));
	const wanted = wantedOnDash(state);
	for (let left = height - 18; left > 0; left--) {
		// The pane in hand until it shows all, then who shows least of what it has; what nobody needs goes to the requests, which grow.
		const [next = 'requests'] = panes
			.filter(pane => (heights.get(pane) ?? 0) < (wanted[pane] ?? 0))
			.toSorted((one, other) =>
				one === focus ? -1 : other === focus ? 1 : (heights.get(one) ?? 0) - (heights.get(other) ?? 0),
			);
		heights.set(next, (heights.get(next) ?? 0) + 1);
	}

	return panes.map(pane => ({pane, height: heights.get(pane) ?? 4}));
};

const dashLayout = (state: ScreenState, width: number, height: number): PageLayout => {
	if (width < besideFrom || height < 14) {
		return [column(0, width, dashStack(state, height))];
	}

	const left = Math.ceil(width / 2);
	const {routes = 0, sessions = 0} = wantedOnDash(state);
	// Two rows to spare, so that a new session seldom moves what is below.
	const top = Math.max(7, Math.min(Math.floor(height * 0.4), Math.max(routes, sessions) + 2));
	return [
		column(0, left, [
			{pane: 'routes', height: top},
			{pane: 'requests', height: height - top},
		]),
		column(left, width - left, [
			{pane: 'sessions', height: top},
			{pane: 'incidents', height: height - top},
		]),
	];
};

/** The figures stand above the rows; where there is little room, one line of them, and of rows and charts what has the focus. */
const usageLayout = (state: ScreenState, width: number, height: number): PageLayout => {
	const isWide = width >= besideFrom && height >= 14;
	const figures = {pane: 'figures', height: height < 18 ? 3 : 5} as const;
	const left = height - figures.height;
	if (isWide) {
		const cells = Math.floor(width * 0.56);
		return [
			column(0, cells, [figures, {pane: 'usage', height: left}]),
			column(cells, width - cells, [{pane: 'detail', height}]),
		];
	}

	const listRows = height < 18 ? (focusOf(state) === 'detail' ? 1 : left - 1) : Math.max(6, Math.floor(left * 0.5));
	return [column(0, width, [figures, {pane: 'usage', height: listRows}, {pane: 'detail', height: left - listRows}])];
};

/** Steps from the usual place of the split, to the right or down. */
const splitOf = ({splits, page}: ScreenState): number => splits[page] ?? 0;

/** The layout of the shown page in a body of this size. */
export const layoutOf = (state: ScreenState): PageLayout => {
	const width = state.columns;
	const height = state.rows - frameRows.above - frameRows.below;
	if (state.isZoomed) {
		return [column(0, width, [{pane: focusOf(state), height}])];
	}

	if (state.page === 'dash') {
		return dashLayout(state, width, height);
	}

	if (state.page === 'usage') {
		return usageLayout(state, width, height);
	}

	const [first, second] = panesOfPage[state.page];
	const below = state.page === 'sessions' && focusOf(state) === 'transcript' ? 'transcript' : (second ?? first);
	if (width < besideFrom) {
		const isTranscript = below === 'transcript';
		const share = Math.max(5, Math.floor(height * (isTranscript ? 0.42 : 0.55)));
		// There is more to say of the selected one than there are upstreams, or incidents.
		const rows =
			state.page === 'routes' && state.routesView === 'list'
				? state.routes.length
				: state.page === 'incidents'
					? state.incidents.length
					: 0;
		const isTree = state.page === 'routes' && state.routesView === 'graph';
		const listRows = rows > 0 ? Math.min(share, Math.max(5, rows + 3)) : isTree ? Math.floor(height * 0.65) : share;
		const splitRows = Math.max(5, Math.min(height - 5, listRows + splitOf(state) * 2));
		return [
			column(0, width, [
				{pane: first, height: splitRows},
				{pane: below, height: height - splitRows},
			]),
		];
	}

	const left = Math.floor(width * (0.56 + splitOf(state) * 0.05));
	const hasFacts = state.page === 'requests' && below === 'transcript' && height >= 24;
	const right: readonly Share[] = hasFacts
		? [
				{pane: 'facts', height: 10},
				{pane: below, height: height - 10},
			]
		: [{pane: below, height}];
	return [column(0, left, [{pane: first, height}]), column(left, width - left, right)];
};

/** The box of a pane, or undefined where it is not shown. */
export const boxOf = (state: ScreenState, pane: PaneBox['pane']): PaneBox | undefined =>
	layoutOf(state)
		.flat()
		.find(box => box.pane === pane);

/** The first shown row of a list so that the selected one stands in the middle: new rows then move nothing around it. */
export const topOf = (index: number, count: number, height: number): number =>
	Math.max(0, Math.min(index - Math.floor(height / 2), count - height));
