import {wordsOf} from '../language/words.ts';
import {focusPane} from '../store/moves.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {listOf} from '../store/selectors.ts';
import type {Binding} from './keymap.ts';
import {
	pickField,
	pickProfile,
	pickRoute,
	resetSession,
	whyNotChangeSession,
	whyNotProfile,
	whyNotReset,
	whyNotRoute,
} from './session-pickers.ts';

/* What a person may do on the page Sessions. */

const whyNotTranscript = (state: ScreenState): string | undefined => {
	const words = wordsOf(state).sessionPage;
	const {selected} = listOf(state, 'sessions');
	return selected === undefined ? words.noneSelected : undefined;
};

const changing = (
	key: string,
	command: Binding['command'],
	rest: Pick<Binding, 'footer' | 'disabledReason' | 'run'>,
): Binding => ({keys: [key], command, group: 'This page', pages: ['sessions'], ...rest});

const toggleLive = (state: ScreenState): ScreenState => ({
	...state,
	sessionPage: {...state.sessionPage, isLiveOnly: !state.sessionPage.isLiveOnly},
	detailTop: 0,
});

/** The rows of the key table that are about sessions. */
export const sessionBindings: readonly Binding[] = [
	changing('t', 'session.transcript', {
		footer: 2,
		disabledReason: whyNotTranscript,
		run: controls => controls.update(state => focusPane(state, 'transcript')),
	}),
	changing('m', 'session.model', {footer: 3, disabledReason: whyNotChangeSession, run: pickField('model')}),
	changing('e', 'session.effort', {footer: 4, disabledReason: whyNotChangeSession, run: pickField('effort')}),
	changing('v', 'session.tier', {footer: 6, disabledReason: whyNotChangeSession, run: pickField('tier')}),
	changing('P', 'session.profile', {footer: 7, disabledReason: whyNotProfile, run: pickProfile}),
	changing('o', 'session.pin', {footer: 4, disabledReason: whyNotRoute, run: pickRoute}),
	changing('R', 'session.reset', {footer: 6, disabledReason: whyNotReset, run: resetSession}),
	changing('a', 'session.live', {footer: 5, run: controls => controls.update(toggleLive)}),
];
