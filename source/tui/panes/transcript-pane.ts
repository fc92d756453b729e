import type {PaneBox} from '../layout.ts';
import {wordsOf} from '../language/words.ts';
import {focusOf, listOf, selectedRequest} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {blockInHand, transcriptTop} from '../store/transcript-moves.ts';
import {formatClock} from '../text/format.ts';
import {shortenMiddle, span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {mostHits} from '../transcript/find.ts';
import {emptyLines, framePane, noteOf} from './pane.ts';

const titleOf = (state: ScreenState, glyphs: Glyphs): string => {
	const {title, sessionTitle} = wordsOf(state).transcript;
	const ofSession = (id: string): string =>
		`${title} ${glyphs.dot} ${sessionTitle(shortenMiddle(id, 8, glyphs.ellipsis))}`;
	if (state.page === 'sessions') {
		return ofSession(listOf(state, 'sessions').selected?.key ?? '');
	}

	const request = selectedRequest(state);
	if (request === undefined) {
		return title;
	}

	const {sessionId} = request;
	return state.transcript.scope === 'session' && sessionId !== undefined
		? ofSession(sessionId)
		: `${title} ${glyphs.dot} ${formatClock(request.startedAtMs)}`;
};

/** `3 of 17`; undefined: nothing is looked for. */
const hitsText = (state: ScreenState): string | undefined => {
	const {layout, hit} = state.transcript;
	const words = wordsOf(state).transcript;
	const {count: hitCount} = layout.search;
	const count = hitCount >= mostHits || layout.search.isFinding ? `${hitCount}+` : String(hitCount);
	return layout.search.text === ''
		? undefined
		: hitCount === 0 && !layout.search.isFinding
			? words.noHits
			: words.hits(hit === undefined ? 0 : hit + 1, count);
};

/** The row above the footer while a search is typed. */
export const searchLine = (state: ScreenState, text: string): Line => {
	const {searching, searchKeys} = wordsOf(state).transcript;
	const found = hitsText(state);
	return [
		span(` ${searching} /`, 'accent', true),
		span(text),
		span('_', 'focus', true),
		...(found === undefined ? [] : [span(`   ${found}`, state.transcript.layout.search.count === 0 ? 'warn' : 'info')]),
		span(`   ${searchKeys}`, 'muted'),
	];
};

const noteLine = (state: ScreenState, height: number, glyphs: Glyphs): Line => {
	const {transcript} = state;
	const {layout, anchor, isFollowing} = transcript;
	const words = wordsOf(state).transcript;
	const found = hitsText(state);
	const place = isFollowing ? `${words.following} ${glyphs.followDown}` : `${layout.percentOf(anchor, height)}%`;
	return layout.isEmpty
		? []
		: noteOf(
				found === undefined ? undefined : [found, 'warn'],
				transcript.isStale ? [words.stale, 'warn'] : undefined,
				transcript.isTruncated ? [words.truncated, 'warn'] : undefined,
				[place, isFollowing ? 'info' : 'muted'],
			);
};

/** The lines of the page, with the mark of the block that the fold keys are about at its first line. */
const pageLines = (state: ScreenState, height: number, glyphs: Glyphs): readonly Line[] => {
	const {transcript} = state;
	const {layout, hit} = transcript;
	const top = transcriptTop(transcript, height);
	const isFocused = focusOf(state) === 'transcript';
	const inHand = isFocused ? blockInHand(transcript, height) : undefined;
	const marked = layout.blocksOfPage(top, height).findIndex(({block, isBlank}) => block === inHand && !isBlank);
	return layout
		.page(top, height, {glyphs, words: wordsOf(state).transcript, hit})
		.map((line, index) => [span(index === marked ? glyphs.selected : ' ', 'focus', true), ...line]);
};

/** The conversation of the selected request or of its session. */
export const transcriptPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {layout, notice} = state.transcript;
	const height = box.height - 2;
	layout.resize(box.width - 4);
	const {selectFirst, beingRead} = wordsOf(state).transcript;
	const sentence = notice ?? (selectedRequest(state) === undefined ? selectFirst : beingRead);
	return framePane(box, {
		title: titleOf(state, glyphs),
		note: noteLine(state, height, glyphs),
		isFocused: focusOf(state) === 'transcript',
		glyphs,
		inside: width => (layout.isEmpty ? emptyLines([sentence], width, height) : pageLines(state, height, glyphs)),
	});
};
