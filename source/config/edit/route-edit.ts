import {RelayError} from '../../base/errors.ts';
import type {Service} from '../../wire/names.ts';
import {isTable} from '../toml.ts';
import type {TomlEditor} from './toml-editor.ts';

/* Routes: the order of their children, their fields, and where they name providers. Each changes the text that an editor holds. */

/** A route of a service; undefined: the entry. */
export interface RouteName {
	readonly service: Service;
	readonly route: string | undefined;
}

/** Where a route names something. */
export interface ChildPlace {
	readonly keyPath: readonly string[];
	/** In the file, from 1. */
	readonly line: number;
	readonly child: string;
}

const refuse = (sentence: string): RelayError => new RelayError('edit-refused', sentence);

const routingPath = (service: Service): readonly string[] => [service, 'routing'];
const routesPath = (service: Service): readonly string[] => [...routingPath(service), 'routes'];

const textAt = (editor: TomlEditor, path: readonly string[]): string | undefined => {
	const value = editor.value(path);
	return typeof value === 'string' ? value : undefined;
};

const namesAt = (editor: TomlEditor, path: readonly string[]): readonly string[] => {
	const value = editor.value(path);
	return isTable(value) ? Object.keys(value) : [];
};

const textsAt = (editor: TomlEditor, path: readonly string[]): readonly string[] => {
	const value = editor.value(path);
	return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
};

/** The name of a service's entry route. */
export const entryOf = (editor: TomlEditor, service: Service): string =>
	textAt(editor, [...routingPath(service), 'entry']) ?? 'main';

/** The children of a route; where the file has no routes the entry has all providers, in the order of their names (codex-helper.md 1.4). */
export const childrenOf = (
	editor: TomlEditor,
	{service, route = entryOf(editor, service)}: RouteName,
): readonly string[] | undefined => {
	if (namesAt(editor, routesPath(service)).length === 0 && route === entryOf(editor, service)) {
		return namesAt(editor, [service, 'providers']).toSorted();
	}

	return editor.value([...routesPath(service), route]) === undefined
		? undefined
		: textsAt(editor, [...routesPath(service), route, 'children']);
};

/** Writes the routes that count without being written, so that they can be changed. */
const makeImplicit = (editor: TomlEditor, service: Service, children: readonly string[]): void => {
	const entry = entryOf(editor, service);
	if (editor.value(routingPath(service)) === undefined) {
		editor.addTable(routingPath(service), {entry});
	}

	editor.addTable([...routesPath(service), entry], {strategy: 'ordered-failover', children});
};

const needRoute = (editor: TomlEditor, name: RouteName): string => {
	const route = name.route ?? entryOf(editor, name.service);
	if (childrenOf(editor, {...name, route}) === undefined) {
		const known = namesAt(editor, routesPath(name.service));
		throw refuse(
			`There is no route ${name.service}/${route}; there ${known.length === 0 ? 'is main' : `are ${known.join(', ')}`}.`,
		);
	}

	return route;
};

/** Puts a child behind the others of a route; undefined where the route has no children of its own, or where no routes are written. */
export const addChild = (editor: TomlEditor, name: RouteName, child: string): string | undefined => {
	const {service} = name;
	if (namesAt(editor, routesPath(service)).length === 0 && name.route === undefined) {
		return undefined;
	}

	const route = needRoute(editor, name);
	const path = [...routesPath(service), route, 'children'];
	if (editor.value(path) === undefined && name.route === undefined) {
		return undefined;
	}

	editor.set(path, [...textsAt(editor, path), child]);
	return route;
};

/** Whether a name of a route's table means the provider or, where one is named, the endpoint. */
const isMeant = (
	child: string,
	{provider, endpoint}: {readonly provider: string; readonly endpoint?: string | undefined},
): boolean =>
	endpoint === undefined ? child === provider || child.startsWith(`${provider}.`) : child === `${provider}.${endpoint}`;

/** Every place in which the routes of a service name a provider or one of its endpoints. */
export const routesNaming = (
	editor: TomlEditor,
	wanted: {readonly service: Service; readonly provider: string; readonly endpoint?: string | undefined},
): readonly ChildPlace[] => {
	const {service} = wanted;
	return namesAt(editor, routesPath(service)).flatMap(route => {
		const path = [...routesPath(service), route];
		const children = textsAt(editor, [...path, 'children']).map(child => ({keyPath: [...path, 'children'], child}));
		const single = ['target', 'then', 'default'].map(key => ({
			keyPath: [...path, key],
			child: textAt(editor, [...path, key]),
		}));
		const weights = namesAt(editor, [...path, 'weights']).map(child => ({keyPath: [...path, 'weights', child], child}));
		return [...children, ...single, ...weights].flatMap(({keyPath, child}) =>
			child !== undefined && isMeant(child, wanted)
				? [{keyPath, child, line: editor.document.locate(keyPath)?.line ?? 1}]
				: [],
		);
	});
};

/** Takes a name out of a route. Throws where the route cannot be without it. */
export const removeChild = (editor: TomlEditor, {keyPath, child}: ChildPlace): void => {
	const key = keyPath.at(-1) ?? '';
	if (['target', 'then', 'default'].includes(key)) {
		throw refuse(`${keyPath.join('.')} is ${child}, and the route cannot be without it; name another one first.`);
	}

	if (key === 'children') {
		editor.set(
			keyPath,
			textsAt(editor, keyPath).filter(each => each !== child),
		);
		return;
	}

	const weights = keyPath.slice(0, -1);
	editor.remove(namesAt(editor, weights).length === 1 ? weights : keyPath);
};

/**
 * Another order of a route's children: the named ones first, the others behind them in their order. Throws for a name that is no child of it.
 */
export const orderChildren = (editor: TomlEditor, name: RouteName, wanted: readonly string[]): string => {
	const route = needRoute(editor, name);
	const children = childrenOf(editor, {...name, route}) ?? [];
	const stray = wanted.find(child => !children.includes(child));
	if (stray !== undefined) {
		const known = children.length === 0 ? 'it has none' : `its children are ${children.join(', ')}`;
		throw refuse(`${stray} is no child of the route ${name.service}/${route}; ${known}.`);
	}

	const ordered = [...new Set([...wanted, ...children])];
	setRoute(editor, {...name, route}, {children: ordered});
	return `The route ${name.service}/${route} tries ${ordered.join(', ')}.`;
};

/** Puts values into a route's table; one that is undefined goes. Throws where there is no such route. */
export const setRoute = (editor: TomlEditor, name: RouteName, values: Readonly<Record<string, unknown>>): string => {
	const route = needRoute(editor, name);
	const path = [...routesPath(name.service), route];
	if (editor.value(path) === undefined) {
		makeImplicit(editor, name.service, childrenOf(editor, {...name, route}) ?? []);
	}

	for (const [key, value] of Object.entries(values)) {
		setOrRemove(editor, [...path, key], value);
	}

	return `The route ${name.service}/${route}: ${listed(Object.keys(values))} changed.`;
};

const listed = (names: readonly string[]): string => `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}`;

const setOrRemove = (editor: TomlEditor, path: readonly string[], value: unknown): void => {
	if (value === undefined) {
		editor.remove(path);
	} else {
		editor.set(path, value);
	}
};

/** Puts values into the table `[S.routing]` itself. */
export const setRouting = (editor: TomlEditor, service: Service, values: Readonly<Record<string, unknown>>): string => {
	if (editor.value(routingPath(service)) === undefined) {
		makeImplicit(editor, service, childrenOf(editor, {service, route: undefined}) ?? []);
	}

	for (const [key, value] of Object.entries(values)) {
		setOrRemove(editor, [...routingPath(service), key], value);
	}

	return `The routing of ${service}: ${listed(Object.keys(values))} changed.`;
};

/** A child of a route. */
interface Seat {
	readonly route: string;
	readonly child: string;
	readonly strategy: string;
	readonly children: readonly string[];
}

/** The routes among whose children a provider or endpoint is, the entry first. */
const seatsOf = (
	editor: TomlEditor,
	{
		service,
		provider,
		endpoint,
	}: {readonly service: Service; readonly provider: string; readonly endpoint?: string | undefined},
): readonly Seat[] => {
	const entry = entryOf(editor, service);
	const routes = [entry, ...namesAt(editor, routesPath(service)).filter(name => name !== entry)];
	const names = endpoint === undefined ? [provider] : [`${provider}.${endpoint}`, provider];
	return routes.flatMap(route => {
		const children = childrenOf(editor, {service, route}) ?? [];
		const child = names.find(name => children.includes(name));
		const strategy = textAt(editor, [...routesPath(service), route, 'strategy']) ?? 'ordered-failover';
		return child === undefined ? [] : [{route, child, strategy, children}];
	});
};

const needSeat = (editor: TomlEditor, name: Parameters<typeof seatsOf>[1], strategy?: string): Seat => {
	const seats = seatsOf(editor, name);
	const seat = seats.find(each => each.strategy === strategy) ?? seats[0];
	if (seat === undefined) {
		throw refuse(`No route of ${name.service} has ${name.provider} among its children, so it has no place there.`);
	}

	return seat;
};

/** Moves a provider or endpoint one place up (-1) or down among the children of its route. */
export const moveChild = (editor: TomlEditor, name: Parameters<typeof seatsOf>[1], step: 1 | -1): string => {
	const {route, child, children} = needSeat(editor, name);
	const at = children.indexOf(child);
	const neighbour = children[at + step];
	if (neighbour === undefined) {
		throw refuse(`${child} is the ${step === 1 ? 'last' : 'first'} of the route ${name.service}/${route} already.`);
	}

	const order = children.map((each, index) => (index === at ? neighbour : index === at + step ? child : each));
	return orderChildren(editor, {service: name.service, route}, order);
};

const steppedWeight = (before: number, step: 1 | -1): number => {
	const after = step === 1 ? (before < 1 ? before * 2 : before + 1) : before <= 1 ? before / 2 : before - 1;
	return Math.min(1_000_000, Math.max(0.001, Number(after.toFixed(3))));
};

/** The weight of a provider or endpoint in its weighted route, one step up or down: 1, 2, 3 …; below 1 it halves. */
export const stepWeight = (editor: TomlEditor, name: Parameters<typeof seatsOf>[1], step: 1 | -1): string => {
	const {route, child, strategy} = needSeat(editor, name, 'weighted');
	if (strategy !== 'weighted') {
		throw refuse(
			`The route ${name.service}/${route} is ${strategy}; weights count with strategy = "weighted" only ("codex-tui routing set ${route} --strategy weighted").`,
		);
	}

	const path = [...routesPath(name.service), route, 'weights', child];
	const found = editor.value(path);
	const weight = steppedWeight(typeof found === 'number' ? found : 1, step);
	editor.set(path, weight);
	return `${child} weighs ${weight} in the route ${name.service}/${route}.`;
};
