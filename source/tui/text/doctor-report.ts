import type {CheckResult} from '../../event/doctor.ts';

/** Results as lines for a bug report or a colleague; they hold no secret. */
export const reportOf = (checks: readonly CheckResult[]): string =>
	checks
		.map(({id, state, what, where, fix}) =>
			[
				`${state.toUpperCase().padEnd(7)} ${id}: ${what}`,
				...(where === undefined ? [] : [`        at ${where}`]),
				...(fix === undefined ? [] : [`        fix: ${fix}`]),
			].join('\n'),
		)
		.join('\n');
