import {wordsOf} from '../language/words.ts';
import {emptyLines, framePane, noteOf} from '../panes/pane.ts';
import {viewerOf, viewerSize, type BodyViewer} from '../store/body-viewer.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {fitLine, span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

const inside = (state: ScreenState, viewer: BodyViewer): readonly Line[] => {
	const {bodies: words} = wordsOf(state);
	const {width, height} = viewerSize(state);
	const {text, notice, top, search} = viewer;
	const first: Line = notice === undefined ? [] : [span(` ${notice}`, 'warn')];
	if (text === undefined) {
		return [first, ...emptyLines([words.reading], width, height)];
	}

	const shown = Math.max(0, Math.min(top, text.count(width) - height));
	return [first, ...text.rows(width, {top: shown, height, search}).map(line => [span(' '), ...line])];
};

/** The viewer of bodies over the whole page; undefined while it is closed. */
export const bodyPane = (state: ScreenState, bodyRows: number, glyphs: Glyphs): readonly Line[] | undefined => {
	const viewer = viewerOf(state);
	if (viewer === undefined) {
		return undefined;
	}

	const {bodies: words} = wordsOf(state);
	const {width, height} = viewerSize(state);
	const count = viewer.text?.count(width) ?? 0;
	const last = Math.min(count, viewer.top + height);
	const place = count === 0 ? '' : words.place(viewer.top + 1, last, count);
	return framePane(
		{pane: 'facts', x: 0, y: 0, width: state.columns, height: bodyRows, isCollapsed: false},
		{
			title: `${words.parts[viewer.part]} ${glyphs.dot} ${words.forms[viewer.form]}`,
			note: noteOf([viewer.requestId, 'muted'], [place, 'info']),
			isFocused: true,
			glyphs,
			inside: cells => inside(state, viewer).map(line => fitLine(line, cells, glyphs.ellipsis)),
		},
	);
};
