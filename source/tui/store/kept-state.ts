import {pageNames, type ScreenState} from './screen-state.ts';

/* What of the screen is kept for the next start, as the texts that settings.json holds. */

/** The names under which the screen keeps something. */
export type KeptName = 'theme' | 'language' | 'commands' | 'splits';

/** The two ends of a split, in steps from its usual place. */
const mostSteps = 5;

/** Moves the split of the shown page by a step; both ends stay. */
export const moveSplit = (state: ScreenState, step: 1 | -1): ScreenState => {
	const at = (state.splits[state.page] ?? 0) + step;
	return {...state, splits: {...state.splits, [state.page]: Math.max(-mostSteps, Math.min(mostSteps, at))}};
};

/** `routes=1 trace=-2`. */
export const splitsText = ({splits}: Pick<ScreenState, 'splits'>): string =>
	Object.entries(splits)
		.map(([page, steps]) => `${page}=${steps}`)
		.join(' ');

const splitsOf = (text: string): ScreenState['splits'] =>
	Object.fromEntries(
		pageNames.flatMap(page => {
			const steps = Number(new RegExp(`(?:^| )${page}=(-?\\d)(?: |$)`).exec(text)?.[1] ?? 0);
			return steps === 0 ? [] : [[page, Math.max(-mostSteps, Math.min(mostSteps, steps))]];
		}),
	);

/** The commands of the palette, one a line. */
export const commandsText = ({commandHistory}: Pick<ScreenState, 'commandHistory'>): string =>
	commandHistory.join('\n');

const longestCommand = 200;

/** The state with what was kept; a text that nobody of us wrote gives nothing. */
export const withKept = (state: ScreenState, read: (name: KeptName) => unknown): ScreenState => {
	const [commands, splits] = [read('commands'), read('splits')];
	const lines = typeof commands === 'string' ? commands.split('\n') : [];
	return {
		...state,
		commandHistory: lines.filter(line => line !== '' && line.length <= longestCommand && !/\p{Control}/u.test(line)),
		splits: splitsOf(typeof splits === 'string' ? splits : ''),
	};
};
