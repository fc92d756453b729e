import type {Controls} from './controls.ts';
import {doctorBindings} from './doctor-bindings.ts';
import {listBindings} from './list-bindings.ts';
import {logBindings} from './log-bindings.ts';
import {moveRequest, whyNotMove} from './move-request.ts';
import {requestBindings} from './request-bindings.ts';
import {routeBindings} from './route-bindings.ts';
import {sessionBindings} from './session-bindings.ts';
import {editBindings} from './edit-bindings.ts';
import {settingsBindings} from './settings-bindings.ts';
import {transcriptBindings} from './transcript-bindings.ts';
import {undoBindings} from './undo-bindings.ts';
import {usageBindings} from './usage-bindings.ts';
import {wizardBinding} from './wizard-keys.ts';
import {
	explain,
	focusNext,
	focusPane,
	goBack,
	goTo,
	moveBy,
	movePages,
	moveToEdge,
	openDeeper,
	toggleFollow,
	withScope,
} from '../store/moves.ts';
import {openPalette, startFilter} from '../store/typing.ts';
import {wordsOf, type Words} from '../language/words.ts';
import {moveSplit, splitsText} from '../store/kept-state.ts';
import {keyOfPage, pageNames, type PageName, type ScreenState} from '../store/screen-state.ts';
import {focusOf, isList, listOf, liveCount, requestAtHand, selectedRequest, showsList} from '../store/selectors.ts';
import type {KeyName} from './keys.ts';

/*
 * The one key table. Dispatch, footer and help are made from it, so a key cannot do something that nobody is told of.
 * The same key means the same on every page; a key that cannot work now says why.
 */

/** One row of the key table. */
export interface Binding {
	/** All do the same; the first is the one that the footer shows. */
	readonly keys: readonly KeyName[];
	/** A stable name; what it does is said by the catalogues of `language/`. */
	readonly command: keyof Words['commands'];
	readonly group: 'Move' | 'Pages' | 'Find' | 'This page' | 'Program';
	/** Undefined: everywhere. */
	readonly pages?: readonly PageName[];
	/** Shown in the footer of its pages; the lower, the longer it stays when there is little room. */
	readonly footer?: number;
	/** A sentence, when the key cannot work now. */
	readonly disabledReason?: (state: ScreenState) => string | undefined;
	readonly run: (controls: Controls) => void;
}

type Move = (state: ScreenState) => ScreenState;

const changing =
	(move: Move): Binding['run'] =>
	controls =>
		controls.update(move);

/** Where nothing else is to be left, the offer to set the home up is answered with "later". */
const back: Binding['run'] = controls => {
	const before = controls.state().setUp;
	controls.update(goBack);
	if (before !== controls.state().setUp) {
		controls.wizard.close();
	}
};

const pageBindings: readonly Binding[] = pageNames.map((page): Binding => ({
	keys: [keyOfPage(page), `f${pageNames.indexOf(page) + 1}`],
	command: `page.${page}`,
	group: 'Pages',
	run: changing(state => goTo(state, page)),
}));

const neighbour = (state: ScreenState, step: number): PageName =>
	pageNames[(pageNames.indexOf(state.page) + step + pageNames.length) % pageNames.length] ?? state.page;

/** Dash has four panes, and the figures of Usage stand across both. */
const splitPages = pageNames.filter(page => page !== 'dash' && page !== 'usage');

const movingSplit =
	(step: 1 | -1): Binding['run'] =>
	({update, terminal, state}) => {
		update(current => moveSplit(current, step));
		terminal.keep('splits', splitsText(state()));
	};

const movement: readonly Binding[] = [
	{keys: ['j', 'down'], command: 'list.next', group: 'Move', run: changing(state => moveBy(state, 1))},
	{keys: ['k', 'up'], command: 'list.previous', group: 'Move', run: changing(state => moveBy(state, -1))},
	{
		keys: ['pagedown'],
		command: 'page.down',
		group: 'Move',
		run: changing(state => movePages(state, 1)),
	},
	{keys: ['pageup'], command: 'page.up', group: 'Move', run: changing(state => movePages(state, -1))},
	{
		keys: ['ctrl+d'],
		command: 'half.down',
		group: 'Move',
		run: changing(state => movePages(state, 0.5)),
	},
	{
		keys: ['ctrl+u'],
		command: 'half.up',
		group: 'Move',
		run: changing(state => movePages(state, -0.5)),
	},
	{
		keys: ['g', 'home'],
		command: 'list.first',
		group: 'Move',
		run: changing(state => moveToEdge(state, 'first')),
	},
	{
		keys: ['G', 'end'],
		command: 'list.last',
		group: 'Move',
		run: changing(state => moveToEdge(state, 'last')),
	},
	{
		keys: ['tab', 'right', 'l'],
		command: 'pane.next',
		group: 'Move',
		footer: 3,
		run: changing(state => focusNext(state, 1)),
	},
	{
		keys: ['shift+tab', 'left', 'h'],
		command: 'pane.previous',
		group: 'Move',
		run: changing(state => focusNext(state, -1)),
	},
	{
		keys: ['z'],
		command: 'pane.zoom',
		group: 'Move',
		footer: 6,
		run: changing(state => ({...state, isZoomed: !state.isZoomed})),
	},
	{keys: ['<'], command: 'split.less', group: 'Move', pages: splitPages, run: movingSplit(-1)},
	{keys: ['>'], command: 'split.more', group: 'Move', pages: splitPages, run: movingSplit(1)},
	{
		keys: ['f'],
		command: 'follow',
		group: 'Move',
		pages: ['dash', 'requests', 'trace'],
		footer: 7,
		run: changing(toggleFollow),
	},
];

const actions: readonly Binding[] = [
	{
		keys: ['enter'],
		command: 'open',
		group: 'This page',
		// There Enter mends, and changes.
		pages: pageNames.filter(page => page !== 'doctor' && page !== 'settings'),
		footer: 1,
		disabledReason: state => {
			const pane = focusOf(state);
			const isEmpty = isList(pane) && listOf(state, pane).selected === undefined;
			const {nothingSelected, nothingDeeper} = wordsOf(state).requestKeys;
			return isEmpty ? nothingSelected : openDeeper(state) === state ? nothingDeeper : undefined;
		},
		run: changing(openDeeper),
	},
	{
		keys: ['t'],
		command: 'transcript.scope',
		group: 'This page',
		pages: ['requests'],
		footer: 4,
		disabledReason: state =>
			selectedRequest(state)?.sessionId === undefined ? wordsOf(state).requestKeys.noSession : undefined,
		run: changing(state => withScope(state, state.transcript.scope === 'request' ? 'session' : 'request')),
	},
	{
		keys: ['i'],
		command: 'request.explain',
		group: 'This page',
		pages: ['dash', 'requests', 'trace', 'incidents'],
		footer: 5,
		disabledReason: state =>
			requestAtHand(state) === undefined
				? wordsOf(state).requestKeys[state.page === 'incidents' ? 'noneBehind' : 'noneSelected']
				: undefined,
		run: changing(state => explain(state, requestAtHand(state))),
	},
	{
		keys: ['n'],
		command: 'explain.next',
		group: 'This page',
		pages: ['explain'],
		footer: 4,
		run: changing(state => explain(state, undefined)),
	},
	{
		keys: ['w'],
		command: 'explain.what-if',
		group: 'This page',
		pages: ['explain'],
		footer: 2,
		run: changing(state => focusPane(state, 'whatif')),
	},
	{
		keys: ['m'],
		command: 'request.move',
		group: 'This page',
		pages: ['dash', 'requests'],
		footer: 6,
		disabledReason: whyNotMove,
		run: moveRequest,
	},
];

/** On Usage `[` and `]` go through the ranges. */
const steppedPages = pageNames.filter(page => page !== 'usage');

const program: readonly Binding[] = [
	{
		keys: [']'],
		command: 'page.next',
		group: 'Pages',
		pages: steppedPages,
		run: changing(state => goTo(state, neighbour(state, 1))),
	},
	{
		keys: ['['],
		command: 'page.previous',
		group: 'Pages',
		pages: steppedPages,
		run: changing(state => goTo(state, neighbour(state, -1))),
	},
	{keys: ['esc', 'b'], command: 'back', group: 'Pages', run: back},
	{keys: [':'], command: 'palette', group: 'Find', run: changing(openPalette)},
	{
		keys: ['/'],
		command: 'filter',
		group: 'Find',
		disabledReason: state => (showsList(state) ? undefined : wordsOf(state).explain.noList),
		run: changing(startFilter),
	},
	{
		keys: ['?'],
		command: 'help',
		group: 'Program',
		run: changing(state => ({...state, isHelpOpen: !state.isHelpOpen, helpTop: 0})),
	},
	{keys: ['L'], command: 'language.next', group: 'Program', run: controls => controls.terminal.cycleLanguage()},
	{keys: ['T'], command: 'theme.next', group: 'Program', run: controls => controls.terminal.cycleTheme()},
	{keys: ['M'], command: 'mouse', group: 'Program', run: controls => controls.terminal.toggleMouse()},
	{keys: ['ctrl+l'], command: 'redraw', group: 'Program', run: controls => controls.terminal.redraw()},
	{
		keys: ['ctrl+z'],
		command: 'suspend',
		group: 'Program',
		disabledReason: state =>
			liveCount(state) > 0 ? wordsOf(state).requestKeys.wouldFreeze(liveCount(state)) : undefined,
		run: controls => controls.terminal.suspend(),
	},
	{keys: ['q', 'ctrl+c'], command: 'quit', group: 'Program', run: controls => controls.quit()},
];

/** The key table. */
export const keyTable: readonly Binding[] = [
	...movement,
	...pageBindings,
	...routeBindings,
	...editBindings,
	...usageBindings,
	...doctorBindings,
	...settingsBindings,
	...sessionBindings,
	...actions,
	...requestBindings,
	...transcriptBindings,
	...listBindings,
	wizardBinding,
	...undoBindings,
	...logBindings,
	...program,
];

/** Whether a binding belongs to a page. */
export const isOnPage = (binding: Binding, page: PageName): boolean => binding.pages?.includes(page) ?? true;
