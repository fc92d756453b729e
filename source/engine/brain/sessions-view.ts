import type {Config, ServiceConfig} from '../../config/config.ts';
import type {BrainView, ChoicesView, OverrideView} from '../../event/route-view.ts';
import type {Continuity} from './continuity.ts';
import {sessionKey} from './session-key.ts';

/** More sessions than a screen shows; the others can be asked for one by one (explain). */
const mostAffinities = 500;

/** What the user and the engine have decided for single sessions, and what may be chosen for them. */
export const sessionsView = (
	{overrides, profiles, affinities}: Pick<Continuity, 'overrides' | 'profiles' | 'affinities'>,
	config: Config,
): Pick<BrainView, 'overrides' | 'affinities' | 'choices'> => ({
	overrides: overridesOf(overrides.list(), profiles.list()),
	affinities: affinities.newest(mostAffinities).map(({service, sessionId, record}) => {
		const {endpointKey, account, lastSelectedAtMs, lastChangedAtMs, changeReason} = record;
		return {service, sessionId, endpointKey, account, lastSelectedAtMs, lastChangedAtMs, changeReason};
	}),
	choices: Object.values(config.services).map(choicesOf),
});

const overridesOf = (
	fields: ReturnType<Continuity['overrides']['list']>,
	profiles: ReturnType<Continuity['profiles']['list']>,
): readonly OverrideView[] => {
	const bySession = new Map<string, OverrideView>();
	for (const {service, sessionId, model, effort, tier} of fields) {
		bySession.set(sessionKey(service, sessionId), {service, sessionId, model, effort, tier, profile: undefined});
	}

	for (const {service, sessionId, name} of profiles) {
		const known = bySession.get(sessionKey(service, sessionId));
		const {model, effort, tier} = known ?? {};
		bySession.set(sessionKey(service, sessionId), {service, sessionId, model, effort, tier, profile: name});
	}

	return [...bySession.values()];
};

const choicesOf = ({service, endpoints, profiles}: ServiceConfig): ChoicesView => {
	const all = [...profiles.byName];
	const names = [
		...endpoints.flatMap(({supportedModels}) => [...supportedModels].flatMap(([name, has]) => (has ? [name] : []))),
		...endpoints.flatMap(({modelMapping}) => [...modelMapping.keys()]),
		...all.flatMap(([, {model}]) => model ?? []),
	];
	return {
		service,
		models: [...new Set(names)].filter(name => !name.includes('*')).toSorted(),
		profiles: all.map(([name, {model, effort, tier}]) => ({
			name,
			about: [model, effort, tier].filter(field => field !== undefined).join(', '),
		})),
		defaultProfile: profiles.defaultProfile,
	};
};
