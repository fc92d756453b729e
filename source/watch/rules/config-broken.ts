import {minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

/** A config file that cannot be loaded; the last good one stays in use. */
export const configBroken: Rule = {
	id: 'config-broken',
	looksAt: ['config-broken', 'config-loaded'],
	threshold: 1,
	windowMs: minutes(5),
	findings: event => {
		if (event.type !== 'config-broken') {
			return [];
		}

		const place = [event.path, event.line, event.column].filter(part => part !== undefined).join(':');
		return [{scope: 'config', requestId: undefined, text: `${place}: ${event.message}`, weight: 1}];
	},
	relieves: event => event.type === 'config-loaded',
	reliefsToClose: 1,
	quietMs: undefined,
	words: () => ({
		title: 'the config file has an error',
		effect: 'The last good config stays in use; changes since then have no effect.',
		advice: 'Correct the line that is named below and save the file; it is read again at once.',
		closesWhen: 'the file can be loaded',
	}),
};
