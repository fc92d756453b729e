import type {RouteView} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {nameOfEndpoint} from '../text/format.ts';
import {bindingsOf, whyNot} from './key-layer.ts';
import {isOnPage, type Binding} from './keymap.ts';
import {copyForms} from './list-bindings.ts';
import type {KeyName} from './keys.ts';
import {lookEntries} from './look-entries.ts';
import {isPaused, pauseIt, whyNotPauseIt} from './steer-upstream.ts';
import {pinUpstream} from './switch-upstream.ts';
import {requestEntries} from './request-bindings.ts';
import {usageEntries} from './usage-bindings.ts';

/*
 * The command palette: every command of the key table that can be run from here, and those with an object, as `noun verb object`
 * (tui.md 6.1). Found by the letters that were typed, in their order.
 */

/** One command of the palette. */
export interface PaletteEntry {
	/** What is typed and completed, for example `route pin relay-b`. */
	readonly text: string;
	readonly label: string;
	/** The key that does the same. */
	readonly key: KeyName | undefined;
	/** A sentence, when it cannot work now. */
	readonly disabledReason: string | undefined;
	readonly run: Binding['run'];
}

const keyEntries = (state: ScreenState): readonly PaletteEntry[] =>
	bindingsOf(state)
		.filter(binding => binding.group !== 'Move' && binding.command !== 'palette' && isOnPage(binding, state.page))
		.map(binding => ({
			text: binding.command.replaceAll('.', ' '),
			label: wordsOf(state).commands[binding.command],
			key: binding.keys[0],
			disabledReason: whyNot(binding, state),
			run: binding.run,
		}));

const routeEntries = (state: ScreenState): readonly PaletteEntry[] => {
	const {palette, upstreamKeys} = wordsOf(state);
	return state.routes.flatMap(route => [
		...(['only', 'prefer'] as const).map((mode): PaletteEntry => {
			const name = nameOfEndpoint(route.endpointKey);
			return {
				text: routeText(mode === 'only' ? 'pin' : 'prefer', route),
				label: mode === 'only' ? palette.onlyServes : palette.triedFirst,
				key: undefined,
				disabledReason: state.isReadOnly
					? upstreamKeys.readOnly
					: route.enabled
						? undefined
						: upstreamKeys.disabled(name),
				run: pinUpstream(route, mode),
			};
		}),
		{
			text: routeText(isPaused(state, route) ? 'resume' : 'pause', route),
			label: isPaused(state, route) ? palette.resumes : palette.pauses,
			key: undefined,
			disabledReason: whyNotPauseIt(state, route),
			run: pauseIt(route),
		},
	]);
};

const routeText = (verb: string, {endpointKey, service}: RouteView): string =>
	`route ${verb} ${nameOfEndpoint(endpointKey)}${service === 'codex' ? '' : ` ${service}`}`;

/** The selected row of the shown list in each form that the clipboard can have it. */
const copyEntries = (state: ScreenState): readonly PaletteEntry[] =>
	copyForms(state).map(({name, label, copy}) => ({
		...{text: `copy as ${name}`, label, key: undefined, disabledReason: undefined},
		run: copy,
	}));

/** How well a text fits what was typed: the letters in their order, the closer together the better. Undefined: not at all. */
export const fitOf = (text: string, typed: string): number | undefined => {
	let at = -1;
	let score = 0;
	for (const letter of typed.toLowerCase().replaceAll(' ', '')) {
		const next = text.toLowerCase().indexOf(letter, at + 1);
		if (next < 0) {
			return undefined;
		}

		score += next === at + 1 ? 0 : text[next - 1] === ' ' ? 1 : 4;
		at = next;
	}

	return score;
};

const sources: ReadonlyArray<(state: ScreenState) => readonly PaletteEntry[]> = [
	keyEntries,
	routeEntries,
	copyEntries,
	requestEntries,
	usageEntries,
	lookEntries,
];

/** The commands that fit what was typed, the best first; all of them for an empty text. */
export const paletteEntries = (state: ScreenState, typed: string): readonly PaletteEntry[] =>
	sources
		.flatMap(entriesOf => entriesOf(state))
		.map(entry => ({entry, fit: fitOf(entry.text, typed)}))
		.filter(({fit}) => fit !== undefined)
		.toSorted((left, right) => (left.fit ?? 0) - (right.fit ?? 0))
		.map(({entry}) => entry);
