import {RelayError} from '../../base/errors.ts';
import type {Service} from '../../wire/names.ts';
import {findNearestName} from '../nearest.ts';
import {formatKeyPath, isTable} from '../toml.ts';
import {fieldsOf} from './provider-fields.ts';
import {addChild, removeChild, routesNaming, type ChildPlace} from './route-edit.ts';
import type {TomlEditor} from './toml-editor.ts';

/* Providers and their endpoints: added, changed, copied, taken away, switched on and off. Each changes the text that an editor holds. */

/** A provider of a service, or one of its endpoints. */
export interface ProviderName {
	readonly service: Service;
	readonly provider: string;
	/** Undefined: the provider itself. */
	readonly endpoint?: string | undefined;
}

/** A new value of a field; undefined takes it away. */
export interface FieldEdit {
	readonly field: string;
	readonly value: unknown;
	/** Only the named members of a table change; one that is undefined goes. */
	readonly isMerged?: boolean;
}

const refuse = (sentence: string): RelayError => new RelayError('edit-refused', sentence);

/** The provider as commands name it: `codex/team`, `codex/team.west`. */
export const providerText = ({service, provider, endpoint}: ProviderName): string =>
	`${service}/${provider}${endpoint === undefined ? '' : `.${endpoint}`}`;

const pathOf = ({service, provider, endpoint}: ProviderName): readonly string[] => [
	...[service, 'providers', provider],
	...(endpoint === undefined ? [] : ['endpoints', endpoint]),
];

const namesAt = (editor: TomlEditor, path: readonly string[]): readonly string[] => {
	const value = editor.value(path);
	return isTable(value) ? Object.keys(value) : [];
};

/** Throws where the provider or endpoint is not in the file. */
const need = (editor: TomlEditor, name: ProviderName): readonly string[] => {
	const path = pathOf(name);
	if (!isTable(editor.value(path))) {
		const known = namesAt(editor, path.slice(0, -1));
		const nearest = findNearestName(path.at(-1) ?? '', known);
		const what = name.endpoint === undefined ? 'provider' : 'endpoint';
		const hint =
			nearest === undefined
				? known.length === 0
					? ''
					: `; there are ${known.join(', ')}`
				: `; did you mean ${nearest}?`;
		throw refuse(`There is no ${what} ${providerText(name)} in the file${hint}${hint.endsWith('?') ? '' : '.'}`);
	}

	return path;
};

const merged = (before: unknown, value: unknown): unknown => {
	const all = {...(isTable(before) ? before : {}), ...(isTable(value) ? value : {})};
	const members = Object.entries(all).filter(([, member]) => member !== undefined);
	return members.length === 0 ? undefined : Object.fromEntries(members);
};

const setField = (editor: TomlEditor, path: readonly string[], {field, value, isMerged}: FieldEdit): void => {
	const keyPath = [...path, ...field.split('.')];
	const before = editor.value(keyPath);
	const wanted = isMerged === true ? merged(before, value) : value;
	if (wanted !== undefined && !(isTable(wanted) && Object.keys(wanted).length === 0)) {
		editor.set(keyPath, wanted);
		return;
	}

	const parent = keyPath.slice(0, -1);
	const isLast = parent.length > path.length && namesAt(editor, parent).length === 1 && before !== undefined;
	editor.remove(isLast ? parent : keyPath);
};

const checkFields = (fields: readonly FieldEdit[], isEndpoint: boolean): void => {
	const known = fieldsOf(isEndpoint).map(({name}) => name);
	const stray = fields.find(({field}) => !known.includes(field));
	if (stray !== undefined) {
		const whose = isEndpoint ? 'An endpoint' : 'A provider';
		throw refuse(`${whose} has no field ${stray.field}; it takes one of ${known.join(', ')}.`);
	}
};

/** The fields as a table in the order of the catalogue. */
const tableOf = (fields: readonly FieldEdit[], isEndpoint: boolean): Record<string, unknown> => {
	const table: Record<string, unknown> = {};
	for (const {name} of fieldsOf(isEndpoint)) {
		const value = fields.find(({field}) => field === name)?.value;
		const [first = '', second] = name.split('.');
		const below = table[first];
		if (value !== undefined) {
			table[first] = second === undefined ? value : {...(isTable(below) ? below : {}), [second]: value};
		}
	}

	return table;
};

/** Where a new provider is put: behind the children of the entry route, of another one, or nowhere. */
export type Placement = {readonly route: string | undefined} | 'none';

/** Adds a provider or an endpoint; a provider goes behind the last child of a route. Resolves to what was done, in a sentence. */
export const addProvider = (
	editor: TomlEditor,
	name: ProviderName,
	{fields, placement}: {readonly fields: readonly FieldEdit[]; readonly placement: Placement},
): string => {
	const isEndpoint = name.endpoint !== undefined;
	checkFields(fields, isEndpoint);
	if (isEndpoint) {
		need(editor, {...name, endpoint: undefined});
	}

	const path = pathOf(name);
	if (editor.value(path) !== undefined) {
		throw refuse(`${providerText(name)} is in the file already; edit it, or take another name.`);
	}

	editor.addTable(path, tableOf(fields, isEndpoint));
	return `${providerText(name)} is added${isEndpoint ? '' : placed(editor, name, placement)}.`;
};

const placed = (editor: TomlEditor, {service, provider}: ProviderName, placement: Placement): string => {
	const route = placement === 'none' ? undefined : addChild(editor, {service, ...placement}, provider);
	return route === undefined ? '' : `, last in the route ${route}`;
};

/** Changes fields of a provider or an endpoint. */
export const editProvider = (editor: TomlEditor, name: ProviderName, fields: readonly FieldEdit[]): string => {
	const path = need(editor, name);
	checkFields(fields, name.endpoint !== undefined);
	for (const field of fields) {
		setField(editor, path, field);
	}

	const names = fields.map(({field}) => field);
	return `${providerText(name)}: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} changed.`;
};

/** Copies a provider under another name, its comments included. */
export const duplicateProvider = (
	editor: TomlEditor,
	name: ProviderName,
	{copy, placement}: {readonly copy: string; readonly placement: Placement},
): string => {
	const path = need(editor, name);
	const target = {...name, provider: copy};
	if (editor.value(pathOf(target)) !== undefined) {
		throw refuse(`${providerText(target)} is in the file already; take another name.`);
	}

	editor.copy(path, pathOf(target));
	return `${providerText(target)} is a copy of ${providerText(name)}${placed(editor, target, placement)}.`;
};

const placeText = ({keyPath, line}: ChildPlace): string => `${formatKeyPath(keyPath)} (line ${line})`;

/** Takes a provider or an endpoint away. Where routes name it, `fromRoutes` takes it out of them too; otherwise the places are told. */
export const removeProvider = (
	editor: TomlEditor,
	name: ProviderName,
	{fromRoutes}: {readonly fromRoutes: boolean},
): string => {
	const path = need(editor, name);
	const places = routesNaming(editor, name);
	if (places.length > 0 && !fromRoutes) {
		const list = places.map(placeText).join(', ');
		throw refuse(
			`Routes name ${providerText(name)}: ${list}. Take it out there first, or remove it with --from-routes.`,
		);
	}

	for (const place of places) {
		removeChild(editor, place);
	}

	editor.remove(path);
	return `${providerText(name)} is removed${places.length === 0 ? '' : ', from the routes too'}.`;
};

/** Switches a provider or an endpoint on or off. */
export const enableProvider = (editor: TomlEditor, name: ProviderName, isEnabled: boolean): string => {
	const path = need(editor, name);
	const state = isEnabled ? 'enabled' : 'disabled';
	if ((editor.value([...path, 'enabled']) ?? true) === isEnabled) {
		return `${providerText(name)} is ${state} already.`;
	}

	editor.set([...path, 'enabled'], isEnabled);
	return `${providerText(name)} is ${state}.`;
};
