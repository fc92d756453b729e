import type {Check} from './check.ts';
import type {ProviderFacts} from './provider-checks.ts';

/** One check for each enabled endpoint; every one sends a request with each of its accounts, which costs money. The bridge is loaded with the first. */
export const deepChecks = (facts: ProviderFacts, codexHome: string): readonly Check[] =>
	Object.values(facts.config.services)
		.flatMap(({endpoints}) => endpoints)
		.filter(({enabled}) => enabled)
		.map(endpoint => ({
			id: `deep:${endpoint.key}`,
			group: 'providers',
			look: async signal => {
				const {testEndpoint} = await import('./deep-accounts.ts');
				return await testEndpoint(endpoint, facts, {codexHome, signal});
			},
		}));
