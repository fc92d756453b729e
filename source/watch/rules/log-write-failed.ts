import {minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

/** A log that cannot be written: a full disk, a lost folder, no right. */
export const logWriteFailed: Rule = {
	id: 'log-write-failed',
	looksAt: ['log-changed'],
	threshold: 1,
	windowMs: minutes(5),
	findings: event =>
		event.type === 'log-changed' && !event.isWritable
			? [{scope: event.path, requestId: undefined, text: `cannot be written: ${event.code}`, weight: 1}]
			: [],
	relieves: (event, scope) => event.type === 'log-changed' && event.isWritable && event.path === scope,
	reliefsToClose: 1,
	quietMs: undefined,
	words: scope => ({
		title: `${scope.slice(scope.lastIndexOf('/') + 1)} cannot be written`,
		effect: 'Requests are served as before, but are missing in this log.',
		advice: 'Make room on the disk, or give the folder back to its owner; writing goes on by itself.',
		closesWhen: 'a line can be written again',
	}),
};
