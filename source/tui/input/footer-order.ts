import type {PageName, PaneName, ScreenState} from '../store/screen-state.ts';
import {focusOf} from '../store/selectors.ts';
import {isOnPage, type Binding} from './keymap.ts';

/* Which keys of a page the footer shows first: those of the pane that has the focus, what is done most often before the rest. */

type Commands = ReadonlyArray<Binding['command']>;

const ofTranscript: Commands = [
	'transcript.fold',
	'transcript.fold-all',
	'transcript.unfold-all',
	'transcript.next-block',
	'search.next',
	'transcript.scope',
	'list.export',
];

const ofSession: Commands = ['open', 'session.effort', 'session.model', 'session.pin', 'undo', 'session.reset'];

const firstOfPane: Readonly<Partial<Record<PageName, Partial<Record<PaneName, Commands>>>>> = {
	dash: {
		routes: ['open', 'route.pin', 'route.prefer', 'undo', 'pane.next'],
		sessions: ['open', 'undo', 'pane.next'],
		requests: ['open', 'request.explain', 'request.move', 'undo', 'pane.next'],
		incidents: ['open', 'request.explain', 'undo', 'pane.next'],
	},
	routes: {routes: ['route.pin', 'route.prefer', 'provider.add', 'provider.edit', 'undo', 'provider.enable', 'open']},
	sessions: {sessions: ofSession, detail: ofSession, transcript: ofTranscript},
	requests: {
		requests: ['open', 'request.explain', 'request.body', 'request.replay', 'request.move', 'errors.only', 'undo'],
		transcript: ofTranscript,
	},
	incidents: {incidents: ['open', 'request.explain'], detail: ['request.explain']},
	trace: {trace: ['request.explain', 'errors.only', 'open']},
	explain: {explain: ['explain.what-if', 'explain.next'], whatif: ['open', 'explain.next']},
	usage: {usage: ['open', 'usage.group', 'usage.shorter', 'usage.longer', 'usage.sort']},
	doctor: {checks: ['check.fix', 'doctor.run', 'check.copy', 'provider.test']},
	settings: {settings: ['setting.change', 'undo', 'setting.detail', 'setting.copy']},
};

/** The keys of the shown page in the order in which the footer shows them: the lower, the sooner one is left out. */
export const inFooterOrder = (state: ScreenState, bindings: readonly Binding[]): readonly Binding[] => {
	const first = firstOfPane[state.page]?.[focusOf(state)] ?? [];
	const rankOf = ({command, footer = Infinity}: Binding): number => {
		const place = first.indexOf(command);
		return place === -1 ? first.length + footer : place;
	};

	return bindings
		.filter(binding => binding.keys.length > 0 && isOnPage(binding, state.page) && rankOf(binding) < Infinity)
		.toSorted((left, right) => rankOf(left) - rankOf(right));
};
