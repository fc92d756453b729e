import type {EndpointInfo} from '../../event/view.ts';
import {endpointLabel} from '../../observe/endpoint-label.ts';
import {minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

const lacksAuth = ({enabled, hasAuth, authSource}: EndpointInfo): boolean =>
	enabled && !hasAuth && authSource !== 'none' && authSource !== 'client';

/** An enabled endpoint whose credential is not there. */
export const missingAuth: Rule = {
	id: 'missing-auth',
	looksAt: ['config-loaded'],
	threshold: 1,
	windowMs: minutes(5),
	findings: event =>
		event.type === 'config-loaded'
			? event.endpoints.filter(lacksAuth).map(({endpointKey, authSource, location}) => ({
					scope: endpointKey,
					requestId: undefined,
					text: location === undefined ? authSource : `${authSource} (${location})`,
					weight: 1,
				}))
			: [],
	relieves: (event, scope) =>
		event.type === 'config-loaded' &&
		!event.endpoints.some(endpoint => endpoint.endpointKey === scope && lacksAuth(endpoint)),
	reliefsToClose: 1,
	quietMs: undefined,
	words: scope => ({
		title: `${endpointLabel(scope)} has no key`,
		effect: `${endpointLabel(scope)} is skipped in every plan.`,
		advice: 'Set the environment variable that is named below before the start, or switch the endpoint off.',
		closesWhen: 'a config is loaded in which it has its key, or is switched off',
	}),
};
