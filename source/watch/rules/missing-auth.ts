import type {EndpointInfo} from '../../event/view.ts';
import {endpointLabel} from '../../observe/endpoint-label.ts';
import {minutes} from '../rule.ts';
import type {Rule} from '../rule.ts';

interface Lack {
	readonly scope: string;
	readonly text: string;
}

/** Of an endpoint with a pool each account is looked at on its own: the others serve, and nobody would notice. */
const lacks = (endpoint: EndpointInfo): readonly Lack[] => {
	const {endpointKey, location} = endpoint;
	const where = location === undefined ? '' : ` (${location})`;
	const rows = endpoint.accounts?.map(account => ({...account, scope: `${endpointKey}#${account.label}`})) ?? [
		{...endpoint, scope: endpointKey},
	];
	return rows
		.filter(
			({enabled, hasAuth, authSource}) =>
				endpoint.enabled && enabled && !hasAuth && authSource !== 'none' && authSource !== 'client',
		)
		.map(({scope, authSource}) => ({scope, text: `${authSource}${where}`}));
};

const nameOf = (scope: string): string => {
	const [endpointKey = scope, account] = scope.split('#');
	return account === undefined ? endpointLabel(endpointKey) : `account ${account} of ${endpointLabel(endpointKey)}`;
};

/** An enabled endpoint or account whose credential is not there. */
export const missingAuth: Rule = {
	id: 'missing-auth',
	looksAt: ['config-loaded'],
	threshold: 1,
	windowMs: minutes(5),
	findings: event =>
		event.type === 'config-loaded'
			? event.endpoints.flatMap(lacks).map(({scope, text}) => ({scope, requestId: undefined, text, weight: 1}))
			: [],
	relieves: (event, scope) =>
		event.type === 'config-loaded' && !event.endpoints.flatMap(lacks).some(lack => lack.scope === scope),
	reliefsToClose: 1,
	quietMs: undefined,
	words: scope => ({
		title: `${nameOf(scope)} has no key`,
		effect: `${nameOf(scope)} is skipped in every plan.`,
		advice: 'Set the environment variable that is named below before the start, or switch it off.',
		closesWhen: 'a config is loaded in which it has its key, or is switched off',
	}),
};
