import {minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

/** `state.db` is locked, damaged or cannot be written: what the engine had learned is lost, at once or at the next restart. */
export const stateLost: Rule = {
	id: 'state-lost',
	looksAt: ['state-lost'],
	threshold: 1,
	windowMs: minutes(5),
	findings: event =>
		event.type === 'state-lost' ? [{scope: 'state.db', requestId: undefined, text: event.message, weight: 1}] : [],
	relieves: () => false,
	reliefsToClose: 1,
	quietMs: minutes(10),
	words: () => ({
		title: 'state.db is damaged or cannot be used',
		effect:
			'Traffic goes on. Pins, cooldowns, paused accounts and the ties of sessions may be forgotten, and are not kept over a restart while it cannot be written.',
		advice:
			'See whether another program has the file open and whether the disk is full; a damaged file was set aside beside it and may be removed.',
		closesWhen: '10 minutes without a fault of state.db',
	}),
};
