import {services} from '../../wire/names.ts';
import {stringify} from 'smol-toml';
import {isRecord, numberAt, textAt} from '../../base/json.ts';
import {ConfigError} from '../config-error.ts';
import type {Location} from '../config.ts';
import {formatKeyPath, type KeyPath} from '../toml.ts';

/*
 * codex-helper's first format (codex-helper.md 1.1): named configurations with a list of upstreams each, one of them active. Its order is the
 * priority, and with everything unavailable the first upstream is asked anyway (routing.md 5). Later files of it give configurations levels: where
 * those differ, all that are switched on are tried, the lowest level first.
 */

/** A file of an old format in ours. */
export interface Carried {
	readonly text: string;
	/** What could not be carried over or was decided, one sentence each; without secrets. */
	readonly notes: readonly string[];
	/** Of tables that have another place today, by their path: their path in the old file. */
	readonly origins?: ReadonlyMap<string, KeyPath>;
}

/** Where a key of the old file stands. */
export type Locate = (keyPath: KeyPath) => Location | undefined;

type Table = Readonly<Record<string, unknown>>;

interface Carrying {
	readonly path: string;
	readonly notes: string[];
	readonly locate: Locate;
	readonly origins: Map<string, KeyPath>;
}

const tableAt = (value: Table, key: string): Table => {
	const found = value[key];
	return isRecord(found) ? found : {};
};

const strings = (table: Table): Table =>
	Object.fromEntries(Object.entries(table).filter(([, value]) => typeof value === 'string' && value !== ''));

const noteOthers = (carrying: Carrying, at: string, {table, known}: {table: Table; known: readonly string[]}): void => {
	for (const key of Object.keys(table).filter(name => !known.includes(name))) {
		carrying.notes.push(`${at}${key} has no counterpart and is left out.`);
	}
};

/** As today and as they were spelt at first. */
const modelKeys = [
	['supported_models', 'supportedModels'],
	['model_mapping', 'modelMapping'],
] as const;

const modelsOf = (upstream: Table): Table =>
	Object.fromEntries(
		modelKeys.flatMap(([today, before]) => {
			const models = {...tableAt(upstream, before), ...tableAt(upstream, today)};
			return Object.keys(models).length === 0 ? [] : [[today, models]];
		}),
	);

const readUpstream = (carrying: Carrying, upstream: unknown, keyPath: KeyPath): Table => {
	const at = formatKeyPath(keyPath);
	const baseUrl = textAt(upstream, 'base_url');
	if (!isRecord(upstream) || baseUrl === undefined) {
		throw new ConfigError('config-migrate', `${at} has no base_url.`, {
			path: carrying.path,
			location: carrying.locate(keyPath),
			key: at,
		});
	}

	noteOthers(carrying, `${at}.`, {table: upstream, known: ['base_url', 'auth', 'tags', ...modelKeys.flat()]});
	const auth = tableAt(upstream, 'auth');
	noteOthers(carrying, `${at}.auth.`, {table: auth, known: ['auth_token', 'auth_token_env', 'api_key', 'api_key_env']});
	const keys = strings(auth);
	const tags = strings(tableAt(upstream, 'tags'));
	return {
		base_url: baseUrl,
		...(Object.keys(keys).length === 0 ? {} : {auth: keys}),
		...(Object.keys(tags).length === 0 ? {} : {tags}),
		...modelsOf(upstream),
	};
};

/** Routes name providers, so a provider's name has no dot, slash or blank. */
const nameOf = (carrying: Carrying, name: string, taken: ReadonlySet<string>): string => {
	let clean = name.replaceAll(/[./\s]+/g, '-').replace(/^-+|-+$/g, '') || 'provider';
	while (clean === 'main' || taken.has(clean)) {
		clean = `${clean}-1`;
	}

	if (clean !== name) {
		carrying.notes.push(`The configuration ${JSON.stringify(name)} is called ${JSON.stringify(clean)} now.`);
	}

	return clean;
};

interface Named {
	readonly old: string;
	readonly name: string;
	readonly count: number;
	readonly isEnabled: boolean;
	readonly level: number;
	readonly provider: Table;
}

const readConfigs = (carrying: Carrying, service: string, configs: Table): readonly Named[] => {
	const taken = new Set<string>();
	return Object.entries(configs).flatMap(([old, config]) => {
		const at = `${service}.configs.${old}`;
		const table = isRecord(config) ? config : {};
		const upstreams = Array.isArray(table['upstreams']) ? table['upstreams'] : [];
		noteOthers(carrying, `${at}.`, {table, known: ['name', 'alias', 'upstreams', 'enabled', 'level']});
		if (upstreams.length === 0) {
			carrying.notes.push(`${at} has no upstreams and is left out.`);
			return [];
		}

		const name = nameOf(carrying, old, taken);
		taken.add(name);
		const alias = textAt(config, 'alias');
		const endpoints = Object.fromEntries(
			upstreams.map((upstream: unknown, index) => {
				const keyPath = [service, 'configs', old, 'upstreams', index];
				carrying.origins.set(formatKeyPath([service, 'providers', name, 'endpoints', `u${index + 1}`]), keyPath);
				return [`u${index + 1}`, {...readUpstream(carrying, upstream, keyPath), priority: index}];
			}),
		);
		return [
			{
				...{old, name, count: upstreams.length, isEnabled: table['enabled'] !== false},
				level: numberAt(config, 'level') ?? 1,
				provider: {...(alias === undefined ? {} : {alias}), endpoints},
			},
		];
	});
};

/** Without a usable `active` the first name: which one codex-helper took then is not documented. */
const findActive = (carrying: Carrying, wanted: string | undefined, configs: readonly Named[]): Named | undefined => {
	const active = configs.find(({old}) => old === wanted);
	const [first] = configs.toSorted((left, right) => (left.old < right.old ? -1 : 1));
	if (active === undefined && first !== undefined) {
		carrying.notes.push(`No usable active configuration is named; ${JSON.stringify(first.old)} is routed to.`);
	}

	return active ?? first;
};

/** With levels that differ the lowest first, the active one first within its level; else the active one alone. */
const routedTo = (active: Named, configs: readonly Named[]): readonly Named[] => {
	const usable = configs.filter(config => config.isEnabled || config === active);
	return new Set(usable.map(({level}) => level)).size < 2
		? [active]
		: usable.toSorted(
				(one, other) =>
					one.level - other.level ||
					Number(other === active) - Number(one === active) ||
					(one.old < other.old ? -1 : 1),
			);
};

const readService = (carrying: Carrying, name: string, service: Table): Table => {
	noteOthers(carrying, `${name}.`, {table: service, known: ['active', 'configs']});
	const configs = readConfigs(carrying, name, tableAt(service, 'configs'));
	const active = findActive(carrying, textAt(service, 'active'), configs);
	if (active === undefined) {
		return {};
	}

	const children = routedTo(active, configs).flatMap(config =>
		Array.from({length: config.count}, (_, index) => `${config.name}.u${index + 1}`),
	);
	return {
		[name]: {
			providers: Object.fromEntries(configs.map(({name: provider, provider: table}) => [provider, table])),
			routing: {
				entry: 'main',
				affinity_policy: 'hard-compact',
				last_resort: 'first',
				routes: {main: {strategy: 'ordered-failover', children}},
			},
		},
	};
};

/** Whether a parsed file has the first format's shape, whatever it says of its version. */
export const isVersionOne = (value: Table): boolean => services.some(name => isRecord(tableAt(value, name)['configs']));

/** Carries a parsed file of the first format over; `locate` serves the messages. Throws `ConfigError` `config-migrate` for an upstream without `base_url`. */
export const carryVersionOne = (path: string, value: Table, locate: Locate): Carried => {
	const carrying: Carrying = {path, notes: [], locate, origins: new Map()};
	noteOthers(carrying, '', {table: value, known: ['version', 'default_service', 'codex', 'claude']});
	const service = textAt(value, 'default_service');
	const file = {
		version: 5,
		...(service === undefined ? {} : {default_service: service}),
		...readService(carrying, 'codex', tableAt(value, 'codex')),
		...readService(carrying, 'claude', tableAt(value, 'claude')),
	};
	return {text: `${stringify(file).trimEnd()}\n`, notes: carrying.notes, origins: carrying.origins};
};
