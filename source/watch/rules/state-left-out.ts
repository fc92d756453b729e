import {endpointLabel} from '../../observe/endpoint-label.ts';
import {minutes, type Rule} from '../rule.ts';

/** A session lost encrypted reasoning because it had to move: worth knowing once, since answers may get worse (routing.md 4). */
export const stateLeftOut: Rule = {
	id: 'state-left-out',
	looksAt: ['body-translated', 'config-loaded'],
	threshold: 1,
	windowMs: minutes(10),
	findings: event => {
		if (event.type !== 'body-translated' || event.isFirstRepair !== true) {
			return [];
		}

		const {endpointKey, requestId, losses, sessionId} = event;
		const what = losses.map(({text}) => text).join(', ');
		return [{scope: endpointKey, requestId, text: `session ${sessionId ?? 'unknown'}: ${what}`, weight: 1}];
	},
	relieves: (event, scope) =>
		event.type === 'config-loaded' && !event.endpoints.some(({endpointKey}) => endpointKey === scope),
	reliefsToClose: 1,
	quietMs: minutes(10),
	words: scope => ({
		title: `Sessions without their hidden state at ${endpointLabel(scope)}`,
		effect:
			'The conversation goes on, but the model does not see what it thought before, and the prompt cache starts anew.',
		advice:
			'Nothing needs to be done. Providers that share one account belong into one continuity_domain; a pin keeps a session where it is.',
		closesWhen: '10 minutes without another session',
	}),
};
