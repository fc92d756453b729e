import path from 'node:path';
import type {Account, Config, Endpoint} from '../../config/config.ts';
import {credentialStatus, type CredentialContext} from '../../config/credentials.ts';
import type {AccountInfo} from '../../event/account-view.ts';
import type {EndpointInfo} from '../../event/view.ts';

/** What the screens may know of every endpoint of a configuration, in the order in which it is tried; unrouted ones last. */
export const endpointInfos = (config: Config, credentials: CredentialContext): readonly EndpointInfo[] =>
	Object.values(config.services).flatMap(({endpoints, leaves}) => {
		const routed = leaves.map(({endpoint, routePath}, order) => infoOf(endpoint, {order, routePath, credentials}));
		const keys = new Set(routed.map(({endpointKey}) => endpointKey));
		const rest = endpoints
			.filter(({key}) => !keys.has(key))
			.map((endpoint, index) => infoOf(endpoint, {order: routed.length + index, routePath: [], credentials}));
		return [...routed, ...rest];
	});

const infoOf = (
	endpoint: Endpoint,
	place: {readonly order: number; readonly routePath: readonly string[]; readonly credentials: CredentialContext},
): EndpointInfo => {
	const {authSource, hasAuth} = credentialStatus(endpoint.accounts[0], place.credentials);
	const {key, service, provider, endpoint: name, alias, baseUrl, dialect, enabled, tags, location} = endpoint;
	return {
		endpointKey: key,
		endpoint: name,
		...{service, provider, alias, baseUrl, dialect, enabled, tags, authSource, hasAuth},
		accounts:
			endpoint.accounts.length < 2
				? undefined
				: endpoint.accounts.map(account => accountInfo(account, place.credentials)),
		order: place.order,
		routePath: place.routePath,
		location: location && `${path.basename(location.path)}:${location.line}`,
	};
};

const accountInfo = (account: Account, credentials: CredentialContext): AccountInfo => {
	const {authSource, hasAuth} = credentialStatus(account, credentials);
	return {label: account.label, enabled: account.enabled, authSource, hasAuth};
};
