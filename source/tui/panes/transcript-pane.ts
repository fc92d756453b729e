import type {PaneBox} from '../layout.ts';
import {focusOf, listOf, selectedRequest} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {formatClock} from '../text/format.ts';
import {shortenMiddle, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {emptyLines, framePane, noteOf} from './pane.ts';

const titleOf = (state: ScreenState, glyphs: Glyphs): string => {
	if (state.page === 'sessions') {
		const {selected} = listOf(state, 'sessions');
		return `Transcript ${glyphs.dot} session ${shortenMiddle(selected?.key ?? '', 8, glyphs.ellipsis)}`;
	}

	const request = selectedRequest(state);
	if (request === undefined) {
		return 'Transcript';
	}

	const isSession = state.transcript.scope === 'session' && request.sessionId !== undefined;
	return isSession
		? `Transcript ${glyphs.dot} session ${shortenMiddle(request.sessionId ?? '', 8, glyphs.ellipsis)}`
		: `Transcript ${glyphs.dot} ${formatClock(request.startedAtMs)}`;
};

/** The conversation of the selected request or of its session. */
export const transcriptPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {transcript} = state;
	const {layout, anchor} = transcript;
	const isFocused = focusOf(state) === 'transcript';
	const height = box.height - 2;
	layout.resize(box.width - 4);
	const place = transcript.isFollowing ? `follow ${glyphs.followDown}` : `${layout.percentOf(anchor, height)}%`;
	return framePane(box, {
		title: titleOf(state, glyphs),
		note: layout.isEmpty
			? []
			: noteOf(
					transcript.isStale ? ['reading', 'warn'] : undefined,
					transcript.isTruncated ? ['cut at the size limit', 'warn'] : undefined,
					[place, transcript.isFollowing ? 'info' : 'muted'],
				),
		isFocused,
		glyphs,
		inside: width =>
			layout.isEmpty
				? emptyLines(
						[
							transcript.notice ??
								(selectedRequest(state) === undefined
									? 'Select a request to read its conversation.'
									: 'Reading the conversation.'),
						],
						width,
						height,
					)
				: layout
						.page(transcript.isFollowing ? layout.lastPage(height) : anchor, height, glyphs)
						.map(line => [{text: ' '}, ...line]),
	});
};
