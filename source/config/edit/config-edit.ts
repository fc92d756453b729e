import type {Service} from '../../wire/names.ts';
import {parseConfig, type LoadOptions} from '../load.ts';
import {
	addProvider,
	duplicateProvider,
	editProvider,
	enableProvider,
	removeProvider,
	type FieldEdit,
	type Placement,
	type ProviderName,
} from './provider-edit.ts';
import {moveChild, orderChildren, setRoute, setRouting, stepWeight, type RouteName} from './route-edit.ts';
import {TomlEditor} from './toml-editor.ts';

/* One change of the providers or routes of a configuration: text in, text out. What the reader of the file would refuse is refused with its sentence. */

type Values = Readonly<Record<string, unknown>>;

/** What can be changed. */
export type ConfigEdit =
	| {
			readonly kind: 'add';
			readonly name: ProviderName;
			readonly fields: readonly FieldEdit[];
			readonly placement: Placement;
	  }
	| {readonly kind: 'edit'; readonly name: ProviderName; readonly fields: readonly FieldEdit[]}
	| {readonly kind: 'duplicate'; readonly name: ProviderName; readonly copy: string; readonly placement: Placement}
	| {readonly kind: 'remove'; readonly name: ProviderName; readonly fromRoutes: boolean}
	| {readonly kind: 'enable'; readonly name: ProviderName; readonly isEnabled: boolean}
	| {readonly kind: 'order'; readonly route: RouteName; readonly children: readonly string[]}
	/** One place up (-1) or down in the order of its route, one step of its weight there. */
	| {readonly kind: 'move' | 'weight'; readonly name: ProviderName; readonly step: 1 | -1}
	/** Undefined takes a key away. */
	| {readonly kind: 'route'; readonly route: RouteName; readonly values: Values}
	| {readonly kind: 'routing'; readonly service: Service; readonly values: Values}
	/** Several, as one. */
	| {readonly kind: 'all'; readonly edits: readonly ConfigEdit[]};

/** A text that was changed and checked. */
export interface EditedConfig {
	readonly text: string;
	/** What was done, in a sentence. */
	readonly what: string;
	/** Warnings of the new text that the old one did not have. */
	readonly warnings: readonly string[];
}

const make = (editor: TomlEditor, edit: ConfigEdit): string => {
	switch (edit.kind) {
		case 'add': {
			return addProvider(editor, edit.name, edit);
		}

		case 'edit': {
			return editProvider(editor, edit.name, edit.fields);
		}

		case 'duplicate': {
			return duplicateProvider(editor, edit.name, edit);
		}

		case 'remove': {
			return removeProvider(editor, edit.name, edit);
		}

		case 'enable': {
			return enableProvider(editor, edit.name, edit.isEnabled);
		}

		case 'order': {
			return orderChildren(editor, edit.route, edit.children);
		}

		case 'weight': {
			return stepWeight(editor, edit.name, edit.step);
		}

		case 'move': {
			return moveChild(editor, edit.name, edit.step);
		}

		case 'route': {
			return setRoute(editor, edit.route, edit.values);
		}

		case 'routing': {
			return setRouting(editor, edit.service, edit.values);
		}

		default: {
			return edit.edits.map(each => make(editor, each)).join(' ');
		}
	}
};

/** Warnings begin with the file and the line, which moves. */
const withoutPlace = (warning: string): string => warning.replace(/:\d+: /, ': ');

const newWarnings = (source: string, after: readonly string[], options: LoadOptions): readonly string[] => {
	const before = new Set(warningsOf(source, options).map(withoutPlace));
	return after.filter(warning => !before.has(withoutPlace(warning)));
};

const warningsOf = (source: string, options: LoadOptions): readonly string[] => {
	try {
		return parseConfig(source, options).warnings;
	} catch {
		// The edit may be what mends it; its own faults are told below.
		return [];
	}
};

/** The text of a configuration that says nothing. */
export const emptyConfig = 'version = 5\n';

/**
 * The text with the change in it: comments, order and all other values stay. Throws `RelayError` `edit-refused` (there is no such provider, a route
 * names it …), `ConfigError` `config-edit` where the file stands in a shape that cannot be edited safely, and the `ConfigError` with which the
 * changed file would be refused.
 */
export const changeConfig = (source: string, edit: ConfigEdit, options: LoadOptions): EditedConfig => {
	const editor = new TomlEditor({path: options.path, text: source});
	const what = make(editor, edit);
	const {text} = editor;
	const {warnings} = parseConfig(text, options);
	return {text, what, warnings: newWarnings(source, warnings, options)};
};
