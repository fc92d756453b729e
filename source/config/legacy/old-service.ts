import type {Service} from '../../wire/names.ts';
import type {TomlEditor} from '../edit/toml-editor.ts';
import type {Section} from '../section.ts';
import {formatKeyPath} from '../toml.ts';

/** A service's table of an old TOML file: read at its places, changed in its text. */
export interface OldService {
	readonly service: Service;
	/** The table as it was: where its keys stand in the old file. */
	readonly section: Section;
	readonly editor: TomlEditor;
	/** What changes or is left out, one sentence each with its place; without secrets. */
	readonly notes: string[];
}

/** An endpoint of a provider, as far as routes care. */
interface OldEndpoint {
	readonly name: string;
	readonly priority: number;
}

/** What a provider of an old file can be named with in a route. */
export interface OldProvider {
	readonly isEnabled: boolean;
	/** In the order in which they are tried: priority, then name (codex-helper.md 1.3). */
	readonly endpoints: readonly string[];
}

const byPriority = (one: OldEndpoint, other: OldEndpoint): number =>
	one.priority - other.priority || (one.name < other.name ? -1 : 1);

const readProvider = (provider: Section): OldProvider => {
	const named = provider.tables('endpoints').map(([name, endpoint]) => ({
		name,
		priority: endpoint.integer('priority', [0, 4_294_967_295]) ?? 0,
	}));
	const endpoints = provider.has('base_url') ? [...named, {name: 'default', priority: 0}] : named;
	return {
		isEnabled: provider.boolean('enabled') ?? true,
		endpoints: endpoints.toSorted(byPriority).map(({name}) => name),
	};
};

/** The providers of a service by name. Throws `ConfigError` for wrong types. */
export const readProviders = ({section}: OldService): ReadonlyMap<string, OldProvider> =>
	new Map(section.tables('providers').map(([name, provider]) => [name, readProvider(provider)]));

/** Tells what becomes of a table or one of its keys, with its place in the old file. */
export const noteAt = (
	{notes}: OldService,
	section: Section,
	[key, sentence]: readonly [string | undefined, string],
) => {
	const {document, path} = section;
	const keyPath = key === undefined ? path : [...path, key];
	const line = (document.locate(keyPath) ?? document.locate(path))?.line ?? 1;
	notes.push(`${document.path}:${line}: ${formatKeyPath(keyPath)} ${sentence}`);
};

/** A name for a route that neither a provider nor another route has; it is taken from then on. */
export const routeName = (wanted: string, taken: Set<string>): string => {
	let name = wanted;
	while (taken.has(name)) {
		name = `${name}_route`;
	}

	taken.add(name);
	return name;
};

/** Writes `[S.routing.routes.NAME]`. */
export const addRoute = (
	{service, editor}: OldService,
	name: string,
	values: Readonly<Record<string, unknown>>,
): void => {
	editor.addTable([service, 'routing', 'routes', name], values);
};
