import {wordsOf} from '../language/words.ts';
import {focusPane, goTo} from '../store/moves.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {focusOf, listOf, selectedRequest} from '../store/selectors.ts';
import {canFold, foldAll, stepBlock, stepHit, toggleFold} from '../store/transcript-moves.ts';
import type {Binding} from './keymap.ts';

/* What a person may do with the conversation beside the list of requests. */

const onTranscripts = {group: 'This page', pages: ['requests', 'sessions']} as const;

const changing =
	(move: (state: ScreenState) => ScreenState): Binding['run'] =>
	controls =>
		controls.update(move);

const whyNotShown = (state: ScreenState): string | undefined =>
	state.transcript.layout.isEmpty ? wordsOf(state).transcript.nothingShown : undefined;

const whyNotInHand = (state: ScreenState): string | undefined =>
	focusOf(state) === 'transcript' ? whyNotShown(state) : wordsOf(state).transcript.needsFocus;

const whyNotFold = (state: ScreenState): string | undefined =>
	whyNotInHand(state) ?? (canFold(state) ? undefined : wordsOf(state).transcript.cannotFold);

const whyNoHit = (state: ScreenState): string | undefined => {
	const {layout} = state.transcript;
	const words = wordsOf(state).transcript;
	return layout.search.text === ''
		? words.noSearch
		: layout.search.count === 0
			? words.nothingFound(layout.search.text)
			: undefined;
};

const withSession = (state: ScreenState, selectedKey: string): ScreenState => ({
	...state,
	lists: {...state.lists, sessions: {...state.lists.sessions, selectedKey, filter: ''}},
});

const showSession = (state: ScreenState, sessionId: string): ScreenState => {
	const {rows} = listOf(withSession(state, sessionId), 'sessions');
	const row = rows.find(each => each.sessionId === sessionId);
	return focusPane(goTo(withSession(state, row?.key ?? sessionId), 'sessions'), 'sessions');
};

/** The rows of the key table that are about the conversation. */
export const transcriptBindings: readonly Binding[] = [
	{
		...onTranscripts,
		keys: [' '],
		command: 'transcript.fold',
		footer: 8,
		disabledReason: whyNotFold,
		run: changing(state => toggleFold(state)),
	},
	{
		...onTranscripts,
		keys: ['-'],
		command: 'transcript.fold-all',
		disabledReason: whyNotShown,
		run: changing(state => foldAll(state, true)),
	},
	{
		...onTranscripts,
		keys: ['+', '='],
		command: 'transcript.unfold-all',
		disabledReason: whyNotShown,
		run: changing(state => foldAll(state, false)),
	},
	{
		...onTranscripts,
		keys: ['J'],
		command: 'transcript.next-block',
		disabledReason: whyNotInHand,
		run: changing(state => stepBlock(state, 1)),
	},
	{
		...onTranscripts,
		keys: ['K'],
		command: 'transcript.previous-block',
		disabledReason: whyNotInHand,
		run: changing(state => stepBlock(state, -1)),
	},
	{
		...onTranscripts,
		keys: ['n'],
		command: 'search.next',
		disabledReason: whyNoHit,
		run: changing(state => stepHit(state, 1)),
	},
	{
		...onTranscripts,
		keys: ['N'],
		command: 'search.previous',
		disabledReason: whyNoHit,
		run: changing(state => stepHit(state, -1)),
	},
	{
		group: 'This page',
		pages: ['requests'],
		keys: ['^'],
		command: 'transcript.session',
		disabledReason: state =>
			selectedRequest(state)?.sessionId === undefined ? wordsOf(state).requestKeys.noSession : undefined,
		run: changing(state => {
			const sessionId = selectedRequest(state)?.sessionId;
			return sessionId === undefined ? state : showSession(state, sessionId);
		}),
	},
];
