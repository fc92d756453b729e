import type {Endpoint} from '../config/config.ts';

/** Who can read an endpoint's hidden state: its continuity domain, else its provider. Never guessed from a host (codex-helper.md 2.9). */
export const stateOwner = (endpoint: Endpoint): string =>
	endpoint.continuityDomain === undefined
		? `${endpoint.service}/${endpoint.provider}`
		: `domain ${endpoint.continuityDomain}`;
