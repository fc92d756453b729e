import {hintOf} from '../nearest.ts';
import type {Section} from '../section.ts';
import {addRoute, noteAt, type OldProvider, type OldService, readProviders, routeName} from './old-service.ts';

/*
 * The second format (codex-helper.md 1.1): named stations, at first called groups, whose members are providers or some of their endpoints. The
 * lowest level is tried first and within a level the active station; one that is switched off counts only while it is the active one. All of them
 * together are the order, so each becomes a route of the entry. Stations always were as strict with a session's state as `hard` (2.9).
 */

interface Member {
	readonly section: Section;
	readonly provider: string;
	/** Empty: all of the provider. */
	readonly endpoints: readonly string[];
	readonly isPreferred: boolean;
}

interface Station {
	readonly name: string;
	readonly section: Section;
	readonly isEnabled: boolean;
	readonly level: number;
	/** Preferred ones first, else as written. */
	readonly members: readonly Member[];
}

const readMember = (section: Section): Member => {
	const provider = section.string('provider');
	if (provider === undefined) {
		throw section.error('config-migrate', 'names no provider.');
	}

	return {
		section,
		provider,
		endpoints: section.stringList('endpoint_names') ?? section.stringList('endpoints') ?? [],
		isPreferred: section.boolean('preferred') ?? false,
	};
};

const readStation = (name: string, section: Section): Station => ({
	name,
	section,
	isEnabled: section.boolean('enabled') ?? true,
	level: section.integer('level', [0, 255]) ?? 1,
	members: (section.tableList('members') ?? [])
		.map(readMember)
		.toSorted((one, other) => Number(other.isPreferred) - Number(one.isPreferred)),
});

/** The one of two names for a key that the file uses. Throws where it uses both. */
const keyOf = (section: Section, names: readonly [string, string]): string => {
	const [today, before] = names;
	if (section.has(today) && section.has(before)) {
		throw section.error('config-migrate', `stands beside ${today}, which is the same; keep one of them.`, before);
	}

	return section.has(before) ? before : today;
};

/** The stations that requests went to, in the order in which they were tried. */
const selected = (stations: readonly Station[], active: string | undefined): readonly Station[] => {
	const byName = stations.toSorted((one, other) => (one.name < other.name ? -1 : 1));
	const found = byName.filter(({name, isEnabled}) => isEnabled || name === active);
	const first = byName.slice(0, 1);
	return (found.length === 0 ? first : found).toSorted(
		(one, other) => one.level - other.level || Number(other.name === active) - Number(one.name === active),
	);
};

interface Members {
	readonly old: OldService;
	readonly providers: ReadonlyMap<string, OldProvider>;
	/** `provider.endpoint` of what stands in a route already: a second time is never reached and would be an error today. */
	readonly placed: Set<string>;
}

const checkMember = ({section, provider, endpoints}: Member, providers: Members['providers']): OldProvider => {
	const known = providers.get(provider);
	if (known === undefined) {
		const hint = hintOf(provider, providers.keys());
		throw section.error('config-migrate', `is ${JSON.stringify(provider)}, which is no provider${hint}`, 'provider');
	}

	const stray = endpoints.find(name => !known.endpoints.includes(name));
	if (stray !== undefined) {
		const key = section.has('endpoint_names') ? 'endpoint_names' : 'endpoints';
		const hint = hintOf(stray, known.endpoints);
		throw section.error(
			'config-migrate',
			`names ${JSON.stringify(stray)}, which ${provider} does not have${hint}`,
			key,
		);
	}

	return known;
};

const childrenOf = (member: Member, {old, providers, placed}: Members): readonly string[] => {
	const {section, provider, endpoints} = member;
	const known = checkMember(member, providers);
	const wanted = [...new Set(endpoints.length === 0 ? known.endpoints : endpoints)];
	const fresh = wanted.map(name => `${provider}.${name}`).filter(name => !placed.has(name));
	if (fresh.length < wanted.length) {
		noteAt(old, section, [undefined, 'stands in an earlier place too; here what is repeated is left out.']);
	}

	for (const name of fresh) {
		placed.add(name);
	}

	return endpoints.length === 0 && fresh.length === known.endpoints.length ? [provider] : fresh;
};

const noteStations = (old: OldService, stations: readonly Station[], chosen: readonly Station[]): void => {
	for (const station of stations) {
		const {section, isEnabled} = station;
		if (!chosen.includes(station)) {
			noteAt(old, section, [undefined, 'is switched off and not the active one; it is left out.']);
		} else if (!isEnabled) {
			noteAt(old, section, ['enabled', 'was overruled because the station is the active one; it stays in use.']);
		}

		if (section.has('alias')) {
			noteAt(old, section, ['alias', 'has no counterpart and is left out.']);
		}
	}
};

interface Route {
	readonly station: Station;
	readonly children: readonly string[];
}

const writeRoutes = (old: OldService, routes: readonly Route[], providerNames: Iterable<string>): void => {
	const {service, editor} = old;
	editor.addTable([service, 'routing'], {entry: 'main', affinity_policy: 'hard-compact'});
	const [only, ...others] = routes;
	if (only !== undefined && others.length === 0) {
		addRoute(old, 'main', {strategy: 'ordered-failover', children: only.children});
		return;
	}

	const taken = new Set([...providerNames, 'main']);
	const named = routes.map(({station: {name}, children}) => ({name: routeName(name, taken), children}));
	addRoute(old, 'main', {strategy: 'ordered-failover', children: named.map(({name}) => name)});
	for (const {name, children} of named) {
		addRoute(old, name, {strategy: 'ordered-failover', children});
	}
};

const routesOf = (old: OldService, stations: readonly Station[], active: string | undefined): readonly Route[] => {
	const chosen = selected(stations, active);
	noteStations(old, stations, chosen);
	const members = {old, providers: readProviders(old), placed: new Set<string>()};
	return chosen.flatMap(station => {
		const children = station.members.flatMap(member => childrenOf(member, members));
		if (children.length === 0) {
			noteAt(old, station.section, [undefined, 'adds nothing to try; it is left out.']);
		}

		return children.length === 0 ? [] : [{station, children}];
	});
};

/**
 * Turns a service's stations into routes; without stations all providers are tried in the order of their names, as before. Throws `ConfigError`
 * with the place of a name that does not exist, of a table `routing` beside stations, or where no station has a member.
 */
export const carryStations = (old: OldService): void => {
	const {service, section, editor} = old;
	const key = keyOf(section, ['stations', 'groups']);
	const activeKey = keyOf(section, ['active_station', 'active_group']);
	if (!section.has(key) && !section.has(activeKey)) {
		return;
	}

	if (section.has('routing')) {
		throw section.error(
			'config-migrate',
			`stands beside ${key}, and only one of them can decide; take one out.`,
			'routing',
		);
	}

	const stations = section.tables(key).map(([name, station]) => readStation(name, station));
	const active = section.string(activeKey);
	if (active !== undefined && !stations.some(({name}) => name === active)) {
		noteAt(old, section, [activeKey, `is ${JSON.stringify(active)}, which is no station; no level prefers it.`]);
	}

	const routes = routesOf(old, stations, active);
	if (stations.length > 0 && routes.length === 0) {
		throw section.error('config-migrate', 'has no station with a member, so nothing could be tried.', key);
	}

	editor.remove([service, key]);
	editor.remove([service, activeKey]);
	if (routes.length > 0) {
		writeRoutes(old, routes, readProviders(old).keys());
	}
};
