import {rangeNames} from '../../observe/usage/calendar.ts';
import {groupings} from '../../observe/usage/usage-view.ts';
import {goTo} from '../store/moves.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {groupBy, stepGrouping, stepRange, stepSort, withUsage} from '../store/usage-page.ts';
import type {Binding} from './keymap.ts';
import type {PaletteEntry} from './palette.ts';

const onUsage = {group: 'This page', pages: ['usage']} as const;

const changing =
	(move: (state: ScreenState) => ScreenState): Binding['run'] =>
	controls =>
		controls.update(move);

const noWiderRange = (state: ScreenState): string | undefined =>
	state.usagePage.range === rangeNames.at(-1) ? wordsOf(state).notices.longestRange : undefined;

const noNarrowerRange = (state: ScreenState): string | undefined =>
	state.usagePage.range === rangeNames[0] ? wordsOf(state).notices.shortestRange : undefined;

/** The rows of the key table that are about usage. */
export const usageBindings: readonly Binding[] = [
	{
		...onUsage,
		keys: [']'],
		command: 'usage.longer',
		footer: 3,
		disabledReason: noWiderRange,
		run: changing(state => stepRange(state, 1)),
	},
	{
		...onUsage,
		keys: ['['],
		command: 'usage.shorter',
		footer: 3,
		disabledReason: noNarrowerRange,
		run: changing(state => stepRange(state, -1)),
	},
	{
		...onUsage,
		keys: ['v'],
		command: 'usage.group',
		footer: 2,
		run: changing(state => stepGrouping(state, 1)),
	},
	{
		...onUsage,
		keys: ['V'],
		command: 'usage.group-back',
		run: changing(state => stepGrouping(state, -1)),
	},
	{...onUsage, keys: ['s'], command: 'usage.sort', footer: 4, run: changing(stepSort)},
	{
		...onUsage,
		keys: ['S'],
		command: 'usage.reverse',
		run: changing(state => withUsage(state, {isReversed: !state.usagePage.isReversed})),
	},
];

const entry = (text: string, label: string, move: (state: ScreenState) => ScreenState): PaletteEntry => ({
	...{text, label, key: undefined, disabledReason: undefined},
	run: changing(state => goTo(move(state), 'usage')),
});

/** The commands of the palette that are about usage. */
export const usageEntries = (shown: ScreenState): readonly PaletteEntry[] => {
	const {usageBy, usageRange} = wordsOf(shown).palette;
	return [
		...groupings.map(name => entry(`usage by ${name}`, usageBy[name], state => groupBy(state, name))),
		...rangeNames.map(name => entry(`usage range ${name}`, usageRange, state => withUsage(state, {range: name}))),
	];
};
