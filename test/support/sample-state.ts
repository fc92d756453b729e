import {initialState, type PageName, type ScreenState} from '../../source/tui/store/screen-state.ts';
import {TranscriptLayout} from '../../source/tui/text/transcript-layout.ts';
import {sampleBrain} from './sample-brain.ts';
import {sampleChecks} from './sample-doctor.ts';
import {sampleExplain} from './sample-explain.ts';
import {emptySnapshot, sampleNowMs, sampleSnapshot} from './sample-screen.ts';
import {withSampleSessions} from './sample-sessions.ts';
import {withSampleSettings} from './sample-settings.ts';
import {sampleTranscript} from './sample-transcript.ts';
import {withSampleUsage} from './sample-usage.ts';

/* States of the whole screen: with the invented data of every page, or as they are before anything has happened. */

/** How much there is to see. */
export type Fill = 'full' | 'empty';

/** A page of a screen of this size. */
export const sampleState = (fill: Fill, page: PageName, [columns, rows]: readonly [number, number]): ScreenState => {
	const snapshot = fill === 'full' ? sampleSnapshot(sampleNowMs) : emptySnapshot(sampleNowMs);
	const layout = new TranscriptLayout();
	if (fill === 'full') {
		layout.update(sampleTranscript('req_1'));
	}

	const requests = snapshot.requests.toReversed();
	const initial = initialState({columns, rows, nowMs: sampleNowMs, isReadOnly: false, themeName: 'midnight', layout});
	const state = {
		...initial,
		engine: snapshot.engine,
		routes: snapshot.routes,
		sessions: snapshot.sessions,
		requests,
		incidents: snapshot.incidents.toReversed(),
		trace: snapshot.trace.filter(({requestId}) => requestId === requests[0]?.requestId),
		page,
		...(fill === 'full'
			? {explain: withAnswers(initial.explain), brain: sampleBrain(sampleNowMs), checks: sampleChecks}
			: {}),
	};
	if (fill === 'empty') {
		return state;
	}

	return page === 'usage'
		? withSampleUsage(state)
		: page === 'sessions'
			? withSampleSessions(state)
			: page === 'settings'
				? withSampleSettings(state)
				: state;
};

/** The page Explain with an answer above and one for its form. */
const withAnswers = (explain: ScreenState['explain']): ScreenState['explain'] => ({
	...explain,
	requestId: 'req_1',
	answer: sampleExplain,
	form: {...explain.form, down: 'openai', in: '2h'},
	imagined: {...sampleExplain, chosen: 'relay-b'},
});
