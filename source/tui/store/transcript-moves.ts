import {boxOf} from '../layout.ts';
import type {Anchor} from '../text/transcript-layout.ts';
import {focusOf} from './selectors.ts';
import type {ScreenState} from './screen-state.ts';
import type {TranscriptState} from './transcript-state.ts';

/* What keys do to the conversation: scroll, search, fold. The layout holds its text, folds and hits; the state says where the reader is. */

const withTranscript = (state: ScreenState, change: Partial<TranscriptState>): ScreenState => ({
	...state,
	transcript: {...state.transcript, ...change},
});

/** The lines of the conversation pane, and its layout at the pane's width. */
const heightOf = (state: ScreenState): number => {
	const box = boxOf(state, 'transcript');
	if (box !== undefined) {
		state.transcript.layout.resize(box.width - 4);
	}

	return Math.max(1, (box?.height ?? 4) - 2);
};

/** What stands at the top of the pane. */
export const transcriptTop = ({layout, anchor, isFollowing}: TranscriptState, height: number): Anchor =>
	isFollowing ? layout.lastPage(height) : anchor;

/** Scrolls; a step up ends following, the last line starts it again. */
export const scrollTranscript = (state: ScreenState, delta: number): ScreenState => {
	const {layout} = state.transcript;
	const height = heightOf(state);
	const anchor = layout.move(transcriptTop(state.transcript, height), delta, height);
	return withTranscript(state, {anchor, isFollowing: delta > 0 && layout.isAtEnd(anchor, height)});
};

/** The block that fold keys are about: the chosen one while it is on the screen, else the first one there that can be folded. */
export const blockInHand = (transcript: TranscriptState, height: number): number | undefined => {
	const {layout, selected, isFollowing} = transcript;
	const shown = [...new Set(layout.blocksOfPage(transcriptTop(transcript, height), height).map(({block}) => block))];
	const ordered = isFollowing ? shown.toReversed() : shown;
	return selected !== undefined && shown.includes(selected)
		? selected
		: (ordered.find(block => layout.blocks.canFold(block)) ?? ordered[0]);
};

/** Goes to the next block, or with -1 to the one before; it is brought onto the screen. */
export const stepBlock = (state: ScreenState, step: 1 | -1): ScreenState => {
	const {transcript} = state;
	const {layout} = transcript;
	const height = heightOf(state);
	const from = blockInHand(transcript, height) ?? 0;
	const selected = Math.max(0, Math.min(from + step, layout.blocks.count - 1));
	const isShown = layout.blocksOfPage(transcriptTop(transcript, height), height).some(({block}) => block === selected);
	if (isShown) {
		return withTranscript(state, {selected});
	}

	const anchor = layout.move({block: selected, piece: 0, row: 0, offset: 0}, 0, height);
	return withTranscript(state, {selected, anchor, isFollowing: false});
};

/** After folding: the reader stays where he was, as far as that is still shown. */
const afterFold = (state: ScreenState, top: Anchor, selected: number | undefined): ScreenState => {
	const {layout, isFollowing, folds} = state.transcript;
	const height = heightOf(state);
	const anchor = layout.move(top, 0, height);
	layout.find(layout.search.text);
	return withTranscript(state, {
		anchor,
		selected,
		folds: folds + 1,
		isFollowing: isFollowing && layout.isAtEnd(anchor, height),
	});
};

/** Folds or unfolds a block; without one the block in hand. */
export const toggleFold = (state: ScreenState, block = blockInHand(state.transcript, heightOf(state))): ScreenState => {
	const {layout} = state.transcript;
	if (block === undefined) {
		return state;
	}

	const top = transcriptTop(state.transcript, heightOf(state));
	layout.blocks.setFold(block, layout.blocks.foldOf(block) === undefined);
	return afterFold(state, top, block);
};

/** Folds or unfolds everything. */
export const foldAll = (state: ScreenState, isFolded: boolean): ScreenState => {
	const {layout, selected} = state.transcript;
	const top = transcriptTop(state.transcript, heightOf(state));
	layout.blocks.setAllFolds(isFolded);
	return afterFold(state, top, selected);
};

/** Why the block in hand cannot be folded: there is none, or it is short. */
export const canFold = (state: ScreenState): boolean => {
	const block = blockInHand(state.transcript, heightOf(state));
	return block !== undefined && (state.transcript.layout.blocks.canFold(block) || isFolded(state, block));
};

const isFolded = ({transcript: {layout}}: ScreenState, block: number): boolean =>
	layout.blocks.foldOf(block) !== undefined;

/** A click on a line of the pane takes its block in hand; on the line that says what is hidden it shows that. */
export const clickTranscript = (state: ScreenState, index: number): ScreenState => {
	const {transcript} = state;
	const height = heightOf(state);
	const line = transcript.layout.blocksOfPage(transcriptTop(transcript, height), height)[index];
	if (line === undefined) {
		return state;
	}

	return line.isFold ? toggleFold(state, line.block) : withTranscript(state, {selected: line.block});
};

/** Starts to type what to look for. */
export const startSearch = (state: ScreenState): ScreenState => {
	const {transcript} = state;
	const {anchor, isFollowing, layout} = transcript;
	const top = transcriptTop(transcript, heightOf(state));
	return {
		...state,
		editing: {kind: 'find', text: layout.search.text, before: layout.search.text, from: {top, anchor, isFollowing}},
	};
};

const atHit = (state: ScreenState, hit: number): ScreenState => {
	const {layout} = state.transcript;
	const place = layout.showHit(hit);
	const height = heightOf(state);
	return place === undefined
		? withTranscript(state, {hit: undefined})
		: withTranscript(state, {
				hit,
				selected: place.block,
				// A third of the pane stands above it, so that it is seen in what it belongs to.
				anchor: layout.move(place, -Math.floor(height / 3), height),
				isFollowing: false,
			});
};

/** What is typed is looked for at once, from where the search began. */
export const typeSearch = (state: ScreenState, text: string): ScreenState => {
	const {editing} = state;
	if (editing?.kind !== 'find') {
		return state;
	}

	const {layout} = state.transcript;
	const {anchor, isFollowing, top} = editing.from;
	layout.find(text);
	const started = withTranscript({...state, editing: {...editing, text}}, {anchor, isFollowing, hit: undefined});
	const found = layout.search.hitFrom(top);
	return found === -1 ? started : atHit(started, found);
};

/** Ends typing; where it is not kept, the search and the place before are back. */
export const endSearch = (state: ScreenState, isKept: boolean): ScreenState => {
	const {editing} = state;
	if (editing?.kind !== 'find' || isKept) {
		return {...state, editing: undefined};
	}

	const {anchor, isFollowing} = editing.from;
	state.transcript.layout.find(editing.before);
	return {...withTranscript(state, {anchor, isFollowing, hit: undefined}), editing: undefined};
};

/** Goes to the next hit, or with -1 to the one before; after the last comes the first. */
export const stepHit = (state: ScreenState, step: 1 | -1): ScreenState => {
	const {layout, hit} = state.transcript;
	const count = layout.search.count;
	if (count === 0) {
		return state;
	}

	const from = hit ?? layout.search.hitFrom(transcriptTop(state.transcript, heightOf(state))) - (step === 1 ? 1 : 0);
	return atHit(state, (from + step + count) % count);
};

/** Takes the search and its marks away; undefined where there is none. */
export const clearSearch = (state: ScreenState): ScreenState | undefined => {
	const {layout} = state.transcript;
	if (focusOf(state) !== 'transcript' || layout.search.text === '') {
		return undefined;
	}

	layout.find('');
	return withTranscript(state, {hit: undefined, folds: state.transcript.folds + 1});
};
