import {fitText} from '../../base/text-width.ts';
import type {CheckResult} from '../../event/doctor.ts';
import type {Words} from '../language/words.ts';

const stateCells = 7;

/** Results as lines for a bug report or a colleague; they hold no secret. */
export const reportOf = (
	checks: readonly CheckResult[],
	{said, reportStates, reportAt, reportFix}: Words['doctor'],
): string => {
	const gap = ' '.repeat(stateCells + 1);
	return checks
		.map(({id, state, what, where, fix}) =>
			[
				`${fitText(reportStates[state], stateCells)} ${id}: ${said(what)}`,
				...(where === undefined ? [] : [`${gap}${reportAt(said(where))}`]),
				...(fix === undefined ? [] : [`${gap}${reportFix(said(fix))}`]),
			].join('\n'),
		)
		.join('\n');
};
