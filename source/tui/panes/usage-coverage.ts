import {dayText} from '../../observe/usage/calendar.ts';
import type {UsageView} from '../../observe/usage/usage-view.ts';
import {formatClock} from '../text/format.ts';

/** What the figures do not contain, in one sentence. `warn`: they are smaller than what really was. */
export interface CoverageNote {
	readonly tone: 'warn' | 'muted';
	readonly text: string;
}

const namedModels = 3;

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const namesOf = (names: readonly string[]): string => {
	const more = names.length - namedModels;
	return `${names.slice(0, namedModels).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/** Everything that a reader of the figures must know about them, the weightiest first; the page and the command say the same. */
export const coverageNotes = ({coverage, period}: UsageView): readonly CoverageNote[] => {
	const {withoutUsage, withoutPrice, unpricedModels, partlyPriced, brokenLines, unreadableFiles} = coverage;
	const {filesLeft, beginsAtMs} = coverage;
	const warnings = [
		filesLeft === 0 ? '' : `${counted(filesLeft, 'older file is', 'older files are')} still to be read.`,
		withoutPrice === 0
			? ''
			: `${counted(withoutPrice, 'answer has', 'answers have')} no known price and no part in the cost: ${namesOf(unpricedModels)}.`,
		withoutUsage === 0
			? ''
			: `${counted(withoutUsage, 'answer', 'answers')} told no tokens; tokens and cost are without ${withoutUsage === 1 ? 'it' : 'them'}.`,
		partlyPriced === 0
			? ''
			: `${counted(partlyPriced, 'cost is', 'costs are')} priced in part (a tier, a long prompt or cached tokens without a price).`,
		brokenLines === 0 ? '' : `${counted(brokenLines, 'line', 'lines')} of the ledger cannot be read.`,
		unreadableFiles.length === 0 ? '' : `Damaged: ${unreadableFiles.join(', ')}.`,
	];
	const begins =
		beginsAtMs === undefined || beginsAtMs <= period.fromMs || filesLeft > 0
			? ''
			: `The ledger begins ${dayText(beginsAtMs)} ${formatClock(beginsAtMs).slice(0, 5)}; what was before is not known.`;
	return [
		...warnings.filter(text => text !== '').map((text): CoverageNote => ({tone: 'warn', text})),
		...(begins === '' ? [] : [{tone: 'muted', text: begins} as const]),
	];
};
