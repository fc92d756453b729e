import {startAnchor, type Anchor, type TranscriptLayout} from '../text/transcript-layout.ts';

/** The conversation pane. */
export interface TranscriptState {
	/** Whether the pane shows the selected request or its whole session. */
	readonly scope: 'request' | 'session';
	readonly layout: TranscriptLayout;
	readonly anchor: Anchor;
	readonly isFollowing: boolean;
	/** The block that the reader chose; fold keys are about it while it is on the screen. */
	readonly selected: number | undefined;
	/** Which hit of the search the reader stands at. */
	readonly hit: number | undefined;
	/** Grows with every change of folds and search, which the layout holds. */
	readonly folds: number;
	readonly isLive: boolean;
	readonly isTruncated: boolean;
	/** It is that of the request before: the selected one is being read. */
	readonly isStale: boolean;
	/** What to say instead of text. */
	readonly notice: string | undefined;
}

/** What is looked for in the conversation while it is typed, and where the reader was before. */
export interface TranscriptSearching {
	readonly kind: 'find';
	readonly text: string;
	readonly before: string;
	readonly from: {readonly top: Anchor} & Pick<TranscriptState, 'anchor' | 'isFollowing'>;
}

/** Before any conversation is shown. */
export const initialTranscript = (layout: TranscriptLayout): TranscriptState => ({
	scope: 'request',
	layout,
	anchor: startAnchor,
	isFollowing: true,
	selected: undefined,
	hit: undefined,
	folds: 0,
	isLive: false,
	isTruncated: false,
	isStale: false,
	notice: undefined,
});
