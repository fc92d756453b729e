import {readField} from '../../config/edit/field-text.ts';
import type {ConfigEdit} from '../../config/edit/config-edit.ts';
import type {EditableProvider, EditView, PresetFacts} from '../../config/edit/edit-link.ts';
import type {FieldEdit, ProviderName} from '../../config/edit/provider-edit.ts';
import {fieldsOf, type ProviderField} from '../../config/edit/provider-fields.ts';
import {changedFields, textOf, withTexts, type Form, type FormField} from '../forms/form.ts';
import type {Words} from '../language/words.ts';

/* The form of a provider: from what stands in the file to fields, and from what was typed to a change of the file. */

/** What a form is for: a new provider, another one like it, or the one that is there. */
export type ProviderFormKind = 'add' | 'copy' | 'edit';

/** What a form is made from. */
export interface ProviderFormSource {
	readonly kind: ProviderFormKind;
	readonly view: EditView;
	/** The provider that is edited or copied; undefined for a new one. */
	readonly from: EditableProvider | undefined;
	readonly words: Words;
}

const noRoute = 'none';

/** What counts where the file says nothing and no preset does (product.md 6, codex-helper.md 1.3). */
const usual: Readonly<Record<string, string>> = {
	enabled: 'true',
	requires_openai_auth: 'false',
	reasoning: 'pass',
	on_length: 'faithful',
	price_multiplier: '1',
	priority: '0',
	'intent.any_url': 'false',
	'intent.any_command': 'false',
};

const fromPreset = (name: string, preset: PresetFacts): string | undefined => {
	switch (name) {
		case 'base_url': {
			return preset.baseUrl;
		}

		case 'dialect': {
			return preset.dialect;
		}

		case 'profile': {
			return preset.profile;
		}

		default: {
			return name === preset.keyField ? preset.variable : undefined;
		}
	}
};

const choicesOf = ({name, kind, choices}: ProviderField, {presets}: EditView): FormField['choices'] =>
	name === 'preset'
		? presets.map(({name: preset, title, baseUrl}) => [preset, `${title}  ${baseUrl ?? ''}`])
		: kind === 'boolean'
			? [
					['true', ''],
					['false', ''],
				]
			: choices?.map(choice => [choice, '']);

const aboutOf = (name: string, words: Words): string => {
	const about: Readonly<Record<string, string>> = words.routeEditor.about;
	return about[name] ?? '';
};

/** The field that each group begins with; all before the first one are what a provider is. */
const groups: ReadonlyArray<readonly [first: string, group: keyof Words['routeEditor']['groups']]> = [
	['auth_token_env', 'key'],
	['priority', 'models'],
	['supported_models', 'models'],
	['limits.max_concurrent_requests', 'limits'],
	['headers', 'quirks'],
	['price_multiplier', 'rest'],
];

/** The fields, each with the group that it stands in. */
const inGroups = (fields: readonly FormField[], {words}: ProviderFormSource): readonly FormField[] => {
	let group = words.routeEditor.groups.basics;
	return fields.map(field => {
		const [, begins] = groups.find(([first]) => first === field.name) ?? [];
		group = begins === undefined ? group : words.routeEditor.groups[begins];
		return {...field, group};
	});
};

const fieldOf = (field: ProviderField, {from, view, words}: ProviderFormSource): FormField => {
	const {name, kind} = field;
	const isHidden = from?.hidden.includes(name) === true;
	const before = isHidden ? words.routeEditor.hidden : (from?.texts[name] ?? '');
	return {
		name,
		label: name,
		about: aboutOf(kind === 'secret' ? kind : name, words),
		hint: '',
		text: before,
		before,
		choices: choicesOf(field, view),
		isFree: kind !== 'choice' && kind !== 'boolean',
		isSecret: kind === 'secret',
	};
};

const own = (name: 'service' | 'name' | 'route', {words}: ProviderFormSource, more: Partial<FormField>): FormField => ({
	name: `form.${name}`,
	label: words.routeEditor.labels[name],
	about: aboutOf(name, words),
	...{hint: '', text: '', before: ''},
	...more,
});

const freeName = ({providers}: EditView, {service, provider}: ProviderName): string => {
	const taken = new Set(providers.filter(({name}) => name.service === service).map(({name}) => name.provider));
	let count = 2;
	while (taken.has(`${provider}-${count}`)) {
		count++;
	}

	return `${provider}-${count}`;
};

const routeChoices = ({view, words, from}: ProviderFormSource): FormField['choices'] => [
	[noRoute, words.routeEditor.noRoute],
	...view.routes
		.filter(route => from === undefined || route.startsWith(`${from.name.service}/`))
		.map(route => [route, ''] as const),
];

/** The fields that say what is made, before those of the provider. */
const headOf = (source: ProviderFormSource): readonly FormField[] => {
	const {kind, from, view, words} = source;
	const route = own('route', source, {hint: words.routeEditor.entryRoute, choices: routeChoices(source)});
	if (kind === 'add') {
		const services: FormField['choices'] = [
			['codex', ''],
			['claude', ''],
		];
		return [
			own('service', source, {text: 'codex', before: 'codex', choices: services}),
			own('name', source, {}),
			route,
		];
	}

	return kind === 'copy' && from !== undefined ? [own('name', source, {text: freeName(view, from.name)}), route] : [];
};

const nameOf = ({kind, from}: ProviderFormSource, form: Form): ProviderName => {
	const service = textOf(form, 'form.service') === 'claude' ? 'claude' : 'codex';
	return from === undefined || kind === 'add' ? {service, provider: textOf(form, 'form.name')} : from.name;
};

/** The form's fields: what a new provider begins with, then what stands in its table. */
export const providerFormFields = (source: ProviderFormSource): readonly FormField[] => {
	const fields = fieldsOf(source.from?.name.endpoint !== undefined).map(field => fieldOf(field, source));
	const [first, ...rest] = fields;
	// The preset fills in all else, the name included.
	const all =
		source.kind === 'add' && first !== undefined ? [first, ...headOf(source), ...rest] : [...headOf(source), ...fields];
	return inGroups(all, source);
};

/** The title of the form. */
export const providerFormTitle = ({kind, from, words}: ProviderFormSource): string => {
	const {titles} = words.routeEditor;
	const name = from === undefined ? '' : nameText(from.name);
	return kind === 'add' ? titles.add : kind === 'copy' ? titles.copy(name) : titles.edit(name);
};

/** A provider or endpoint as the screen names it. */
export const nameText = ({service, provider, endpoint}: ProviderName): string =>
	`${service}/${provider}${endpoint === undefined ? '' : `.${endpoint}`}`;

const hintOf = ({name}: FormField, form: Form, {kind, view, words}: ProviderFormSource): string | undefined => {
	const preset = view.presets.find(each => each.name === textOf(form, 'preset'));
	const given = preset === undefined ? undefined : fromPreset(name, preset);
	const isKeyOpen =
		kind === 'add' && name === 'auth_token_env' && preset === undefined && textOf(form, 'api_key_env') === '';
	const {fromPreset: said, keyHint} = words.routeEditor;
	return given === undefined ? (isKeyOpen ? keyHint : usual[name]) : said(given);
};

/** What a new provider cannot do without, where no preset gives it. */
const neededFields: Readonly<Record<ProviderFormKind, readonly string[]>> = {
	add: ['form.name', 'base_url'],
	copy: ['form.name'],
	edit: [],
};

/** The form with what follows from its texts: hints of the chosen preset, and its name for a provider that has none yet. */
export const withConsequences = (form: Form, source: ProviderFormSource): Form => {
	const preset = textOf(form, 'preset');
	const name = textOf(form, 'form.name');
	const isFollowing = name === '' || (name !== preset && source.view.presets.some(each => each.name === name));
	const named = source.kind === 'add' && preset !== '' && isFollowing ? withTexts(form, {'form.name': preset}) : form;
	return {
		...named,
		fields: named.fields.map(field => {
			const hint = hintOf(field, named, source);
			const isNeeded = hint === undefined && neededFields[source.kind].includes(field.name);
			return {...field, isNeeded, hint: isNeeded ? source.words.routeEditor.needed : (hint ?? field.hint)};
		}),
	};
};

const fieldEdits = (form: Form): readonly FieldEdit[] =>
	changedFields(form)
		.filter(({name}) => !name.startsWith('form.'))
		.map(({name, text}) => {
			const field = [...fieldsOf(false), ...fieldsOf(true)].find(each => each.name === name);
			return {field: name, value: readField(field ?? {name, kind: 'text'}, text)};
		});

/** The change that the form asks for; undefined where nothing is changed. Throws `RelayError` `field-invalid` for a text that cannot be read. */
export const editOf = (form: Form, source: ProviderFormSource): ConfigEdit | undefined => {
	const fields = fieldEdits(form);
	const name = nameOf(source, form);
	const route = textOf(form, 'form.route');
	const placement = route === noRoute ? 'none' : {route: route === '' ? undefined : route.replace(/^[^/]*\//, '')};
	switch (source.kind) {
		case 'add': {
			return {kind: 'add', name, fields, placement};
		}

		case 'copy': {
			const copy = textOf(form, 'form.name');
			const duplicate: ConfigEdit = {kind: 'duplicate', name, copy, placement};
			const edits: readonly ConfigEdit[] = [duplicate, {kind: 'edit', name: {...name, provider: copy}, fields}];
			return fields.length === 0 ? duplicate : {kind: 'all', edits};
		}

		default: {
			return fields.length === 0 ? undefined : {kind: 'edit', name, fields};
		}
	}
};
