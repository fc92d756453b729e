import {services} from '../wire/names.ts';
import {readIfThere, sha256} from '../base/atomic-file.ts';
import {RelayError} from '../base/errors.ts';
import type {ConfigEdit} from '../config/edit/config-edit.ts';
import {emptyConfig} from '../config/edit/config-edit.ts';
import {planEdit, undoEdit, writeEdit, type PlannedEdit} from '../config/edit/edit-file.ts';
import type {
	EditableProvider,
	EditBar,
	EditLink,
	EditPreview,
	EditView,
	PresetFacts,
} from '../config/edit/edit-link.ts';
import {fieldText} from '../config/edit/field-text.ts';
import type {ProviderName} from '../config/edit/provider-edit.ts';
import {fieldsOf} from '../config/edit/provider-fields.ts';
import type {Home} from '../config/home.ts';
import {valueAt} from '../config/table-edit.ts';
import {decodeToml, isTable, parseToml, type TomlDocument} from '../config/toml.ts';
import {presets} from '../provider/presets/presets.ts';

/* The providers and routes of the home's config.toml for a screen. */

const presetFacts = presets.map(({name, title, baseUrl, dialect, profile, auth, note}): PresetFacts => {
	const variable = auth.kind === 'key' ? auth.variable : undefined;
	const isBearer = auth.kind === 'key' && auth.header === 'authorization';
	const keyField = auth.kind === 'key' ? (isBearer ? 'auth_token_env' : 'api_key_env') : undefined;
	return {name, title, baseUrl, dialect, profile, keyField, variable, note};
});

const editable = (name: ProviderName, table: Readonly<Record<string, unknown>>): EditableProvider => {
	const fields = fieldsOf(name.endpoint !== undefined).map(field => ({
		field,
		value: field.name.split('.').reduce<unknown>((value, key) => (isTable(value) ? value[key] : undefined), table),
	}));
	const isThere = fields.filter(({value}) => value !== undefined);
	return {
		name,
		texts: Object.fromEntries(
			isThere
				.filter(({field}) => field.kind !== 'secret')
				.map(({field, value}) => [field.name, fieldText(field, value)]),
		),
		hidden: isThere.filter(({field}) => field.kind === 'secret').map(({field}) => field.name),
	};
};

const tablesAt = (document: TomlDocument, path: readonly string[]) => {
	const value = valueAt(document, path);
	return Object.entries(isTable(value) ? value : {}).flatMap(([name, table]) =>
		isTable(table) ? [{name, table}] : [],
	);
};

const viewOf = (document: TomlDocument): EditView => {
	return {
		presets: presetFacts,
		providers: services.flatMap(service =>
			tablesAt(document, [service, 'providers']).flatMap(({name: provider, table}) => [
				editable({service, provider}, table),
				...tablesAt(document, [service, 'providers', provider, 'endpoints']).map(({name: endpoint, table: own}) =>
					editable({service, provider, endpoint}, own),
				),
			]),
		),
		routes: services.flatMap(service =>
			tablesAt(document, [service, 'routing', 'routes']).map(({name}) => `${service}/${name}`),
		),
	};
};

const stampOf = ({before}: Pick<PlannedEdit, 'before'>): string => (before === undefined ? '' : sha256(before));

/** What the desk needs. */
export interface RouteDeskOptions {
	readonly home: Home;
	readonly env: NodeJS.ProcessEnv;
	readonly bar: EditBar | undefined;
	readonly now: () => number;
}

/** Reads and edits config.toml; every change can be taken back, here and by `codex-tui config undo`. */
export class RouteFileDesk implements EditLink {
	readonly #options: RouteDeskOptions;
	readonly bar: EditBar | undefined;

	constructor(options: RouteDeskOptions) {
		this.#options = options;
		this.bar = options.bar;
	}

	readonly read = async (): Promise<EditView> => {
		const {config} = this.#options.home;
		const bytes = await readIfThere(config);
		return viewOf(parseToml(config, bytes === undefined ? emptyConfig : decodeToml(config, bytes)));
	};

	readonly plan = async (edit: ConfigEdit): Promise<EditPreview> => {
		const planned = await this.#plan(edit);
		return {what: planned.what, diff: planned.diff, warnings: planned.warnings, stamp: stampOf(planned)};
	};

	readonly apply = async (edit: ConfigEdit, stamp: string): Promise<string> => {
		const {home, now} = this.#options;
		const planned = await this.#plan(edit);
		if (stampOf(planned) !== stamp) {
			throw new RelayError(
				'file-changed',
				`${home.config} was changed by another program in the meantime; look at the change again.`,
			);
		}

		if (!planned.isChanged) {
			throw new RelayError('edit-refused', 'Nothing would change, so nothing is written.');
		}

		await writeEdit(home, planned, now());
		return planned.what;
	};

	readonly undo = async (): Promise<string> => (await undoEdit(this.#options.home)).what;

	async #plan(edit: ConfigEdit): Promise<PlannedEdit> {
		return await planEdit(this.#options.home, edit, this.#options.env);
	}
}
