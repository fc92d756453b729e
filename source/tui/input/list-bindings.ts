import {wordsOf} from '../language/words.ts';
import {withPicker} from '../store/picker.ts';
import {canSort, nextSort, type ListSort} from '../store/list-sort.ts';
import {pageNames, type ScreenState} from '../store/screen-state.ts';
import {activeList, focusOf, listOf} from '../store/selectors.ts';
import {itemText} from '../text/list-export.ts';
import type {Binding} from './keymap.ts';

/* What can be done with the rows of any list: copy, export, sort; and with those that tell of errors. */

/** Explain shows no list of its own. */
const listPages = pageNames.filter(page => page !== 'explain');

/** There `y` and `Y` copy what mends, and a setting as its file has it. */
const copyPages = listPages.filter(page => page !== 'doctor' && page !== 'settings');

/** Usage has an order of its own, and a trace is one of time. */
const sortPages = listPages.filter(page => page !== 'usage' && page !== 'trace');

const whyNothingSelected = (state: ScreenState): string | undefined =>
	listOf(state, activeList(state)).selected === undefined ? wordsOf(state).exports.nothingSelected : undefined;

const whyNothingShown = (state: ScreenState): string | undefined =>
	listOf(state, activeList(state)).rows.length === 0 ? wordsOf(state).exports.nothingShown : undefined;

/** There `x` is about the conversation. */
const whyNoTranscript = (state: ScreenState): string | undefined =>
	state.transcript.layout.isEmpty ? wordsOf(state).transcript.nothingShown : undefined;

const withSort = (state: ScreenState, sort: ListSort | undefined): ScreenState => {
	const name = activeList(state);
	return {...state, lists: {...state.lists, [name]: {...state.lists[name], sort}}};
};

const sortNext: Binding['run'] = ({update}) =>
	update(state => {
		const name = activeList(state);
		return withSort(state, nextSort(name, state.lists[name].sort));
	});

const reverseSort: Binding['run'] = ({update}) =>
	update(state => {
		const name = activeList(state);
		const sort = state.lists[name].sort ?? nextSort(name, undefined);
		return withSort(state, sort && {...sort, isReversed: !sort.isReversed});
	});

const errorTerm = 'error:yes';

/** The filter says it, so that it shows, and Esc takes it away. */
const toggleErrors: Binding['run'] = ({update}) =>
	update(state => {
		const name = state.page === 'trace' ? 'trace' : 'requests';
		const words = state.lists[name].filter.split(/\s+/).filter(word => word !== '');
		const others = words.filter(word => word !== errorTerm);
		const filter = (others.length < words.length ? others : [...others, errorTerm]).join(' ');
		return {...state, lists: {...state.lists, [name]: {...state.lists[name], filter}}};
	});

/** A form in which a row can be put on the clipboard. */
export interface CopyForm {
	readonly name: 'json' | 'id' | 'curl';
	readonly label: string;
	readonly copy: Binding['run'];
}

/** The forms that the selected row of the shown list has. */
export const copyForms = (state: ScreenState): readonly CopyForm[] => {
	const list = activeList(state);
	const {selected, keyAt, index} = listOf(state, list);
	const {asJson, asId, theRow} = wordsOf(state).exports;
	if (selected === undefined) {
		return [];
	}

	const id = keyAt(index) ?? '';
	const curl: CopyForm = {name: 'curl', label: wordsOf(state).bodies.asCurl, copy: ({bodies}) => bodies.copyCurl(id)};
	return [
		{name: 'json', label: asJson, copy: ({terminal}) => terminal.copy(JSON.stringify(selected, undefined, 2), theRow)},
		{name: 'id', label: asId, copy: ({terminal}) => terminal.copy(id, theRow)},
		...(list === 'requests' ? [curl] : []),
	];
};

const copyItem: Binding['run'] = ({state, terminal}) => {
	const current = state();
	terminal.copy(itemText(current, activeList(current)) ?? '', wordsOf(current).exports.theRow);
};

const pickForm = (state: ScreenState): ScreenState =>
	withPicker(state, {
		title: wordsOf(state).exports.copyAs,
		does: wordsOf(state).commands['setting.copy'],
		choices: copyForms(state).map(({name, label}) => ({value: name, label: name, about: label})),
		choose: (value, controls) =>
			copyForms(state)
				.find(({name}) => name === value)
				?.copy(controls),
	});

/** The rows of the key table that are about any list. */
export const listBindings: readonly Binding[] = [
	{
		keys: ['y'],
		command: 'item.copy',
		group: 'Find',
		pages: copyPages,
		disabledReason: whyNothingSelected,
		run: copyItem,
	},
	{
		keys: ['Y'],
		command: 'item.copy-as',
		group: 'Find',
		pages: copyPages,
		disabledReason: whyNothingSelected,
		run: ({update}) => update(pickForm),
	},
	{
		keys: ['x'],
		command: 'list.export',
		group: 'Find',
		pages: listPages,
		disabledReason: state => (focusOf(state) === 'transcript' ? whyNoTranscript(state) : whyNothingShown(state)),
		run: ({state, files}) =>
			focusOf(state()) === 'transcript' ? files.exportTranscript() : files.exportList(activeList(state()), 'jsonl'),
	},
	{
		keys: ['X'],
		command: 'list.export-csv',
		group: 'Find',
		pages: listPages,
		disabledReason: whyNothingShown,
		run: ({state, files}) => files.exportList(activeList(state()), 'csv'),
	},
	{
		keys: ['s'],
		command: 'list.sort',
		group: 'Find',
		pages: sortPages,
		disabledReason: state => (canSort(activeList(state)) ? undefined : wordsOf(state).exports.cannotSort),
		run: sortNext,
	},
	{
		keys: ['S'],
		command: 'list.reverse',
		group: 'Find',
		pages: sortPages,
		disabledReason: state => (canSort(activeList(state)) ? undefined : wordsOf(state).exports.cannotSort),
		run: reverseSort,
	},
	{keys: ['E'], command: 'errors.only', group: 'Find', pages: ['requests', 'trace'], footer: 5, run: toggleErrors},
];
