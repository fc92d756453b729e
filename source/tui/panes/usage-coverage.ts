import {dayText} from '../../observe/usage/calendar.ts';
import type {UsageView} from '../../observe/usage/usage-view.ts';
import type {Words} from '../language/words.ts';
import {formatClock, formatCount} from '../text/format.ts';

/** What the figures do not contain, in one sentence. `warn`: they are smaller than what really was. */
export interface CoverageNote {
	readonly tone: 'warn' | 'muted';
	readonly text: string;
}

const namedModels = 3;

/** Everything that a reader of the figures must know about them, the weightiest first; the page and the command say the same. */
export const coverageNotes = ({coverage, period}: UsageView, words: Words['coverage']): readonly CoverageNote[] => {
	const {withoutUsage, withoutPrice, unpricedModels, partlyPriced, brokenLines, unreadableFiles} = coverage;
	const {filesLeft, beginsAtMs, discardedTokens} = coverage;
	const names = words.more(unpricedModels.slice(0, namedModels), unpricedModels.length - namedModels);
	const warnings = [
		filesLeft === 0 ? '' : words.filesLeft(filesLeft),
		withoutPrice === 0 ? '' : words.withoutPrice(withoutPrice, names),
		withoutUsage === 0 ? '' : words.withoutUsage(withoutUsage),
		partlyPriced === 0 ? '' : words.partlyPriced(partlyPriced),
		discardedTokens === 0 ? '' : words.discarded(formatCount(discardedTokens)),
		brokenLines === 0 ? '' : words.brokenLines(brokenLines),
		unreadableFiles.length === 0 ? '' : words.damaged(unreadableFiles),
	];
	const begins =
		beginsAtMs === undefined || beginsAtMs <= period.fromMs || filesLeft > 0
			? ''
			: words.begins(dayText(beginsAtMs), formatClock(beginsAtMs).slice(0, 5));
	return [
		...warnings.filter(text => text !== '').map((text): CoverageNote => ({tone: 'warn', text})),
		...(begins === '' ? [] : [{tone: 'muted', text: begins} as const]),
	];
};
