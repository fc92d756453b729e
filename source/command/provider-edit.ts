import {readIfThere} from '../base/atomic-file.ts';
import {exitCode, type ExitCode} from '../base/errors.ts';
import type {ConfigEdit} from '../config/edit/config-edit.ts';
import type {FieldEdit, Placement, ProviderName} from '../config/edit/provider-edit.ts';
import {fieldsOf} from '../config/edit/provider-fields.ts';
import {openHome} from '../config/home.ts';
import {decodeToml, isTable, parseToml} from '../config/toml.ts';
import {findPreset} from '../provider/presets/presets.ts';
import {type Service, services} from '../wire/names.ts';
import {makeEdit, type EditSurroundings} from './config-edit.ts';
import {
	checkFlags,
	fieldEdits,
	fieldHelp,
	parseProviderEdit,
	wrongUsage,
	type ProviderEditFlags,
	type ProviderEditVerb,
} from './provider-edit-flags.ts';
import {readService} from './routing-flags.ts';

const help = `Usage: codex-tui provider add|edit NAME [fields] [options]
       codex-tui provider duplicate NAME NEW [options]
       codex-tui provider remove|enable|disable NAME [options]

  Changes config.toml; comments, order and everything else stay. The engine takes it at once; "codex-tui config undo" takes it back.
  NAME is a provider, or provider.endpoint; codex/NAME or claude/NAME where both services have one. "add" with the name of a
  preset (codex-tui provider presets) needs nothing else. A new provider goes behind the children of the entry route.

Fields (an empty text takes a field away):
  ${fieldHelp()}

Options:
  --codex, --claude  the service
  --route ROUTE      add, duplicate: behind the children of this route
  --no-route         add, duplicate: into no route
  --disabled         add: not in use yet
  --from-routes      remove: also where routes name it
  --dry-run          show the change as a diff, keys masked, and write nothing
  --json             {"path":…,"changed":true,"written":true,"what":…,"diff":…,"warnings":[]}

  A key stands in an environment variable of which the file has the name (--auth-token-env). --auth-token - reads one from stdin
  into the file; it is never shown again.

Examples:
  codex-tui provider add deepseek
  codex-tui provider add team --base-url https://team.example/v1 --auth-token-env TEAM_KEY --tag region=eu
  codex-tui provider edit team --supported-model 'gpt-5*' --max-concurrent-requests 8 --dry-run
`;

interface Named {
	readonly service: Service | undefined;
	readonly provider: string;
	readonly endpoint: string | undefined;
}

const readName = (text: string): Named => {
	const [, service, rest = ''] = /^(?:(codex|claude)\/)?(.*)$/s.exec(text) ?? [];
	const [provider = '', endpoint] = rest.split(/[./](.*)/s);
	if (provider === '' || endpoint === '') {
		throw wrongUsage('A provider is called NAME, and an endpoint of it NAME.ENDPOINT.');
	}

	return {service: service === 'claude' ? 'claude' : service === 'codex' ? 'codex' : undefined, provider, endpoint};
};

/** Which services of the file have a provider of this name. */
const servicesWith = async (provider: string, env: NodeJS.ProcessEnv): Promise<readonly Service[]> => {
	const {config} = await openHome(env);
	const bytes = await readIfThere(config);
	const {value} = parseToml(config, bytes === undefined ? '' : decodeToml(config, bytes));
	return services.filter(service => {
		const section = value[service];
		return isTable(section) && isTable(section['providers']) && Object.hasOwn(section['providers'], provider);
	});
};

const fullName = async (
	text: string,
	values: ProviderEditFlags,
	{isNew, env}: {readonly isNew: boolean; readonly env: NodeJS.ProcessEnv},
): Promise<ProviderName> => {
	const named = readName(text);
	const flagged = readService(values, wrongUsage);
	if (flagged !== undefined && named.service !== undefined && flagged !== named.service) {
		throw wrongUsage(`${text} is of ${named.service}, but --${flagged} is given.`);
	}

	const said = named.service ?? flagged;
	const found = said === undefined ? await servicesWith(named.provider, env) : [];
	if (said === undefined && found.length > 1 && (!isNew || named.endpoint !== undefined)) {
		throw wrongUsage(`Both services have a provider ${named.provider}; say --codex or --claude.`);
	}

	return {...named, service: said ?? (isNew && named.endpoint === undefined ? 'codex' : (found[0] ?? 'codex'))};
};

const placementOf = (values: ProviderEditFlags): Placement => {
	if (values['no-route'] === true && values.route !== undefined) {
		throw wrongUsage('--route and --no-route contradict each other.');
	}

	return values['no-route'] === true ? 'none' : {route: values.route};
};

/** A provider that is called as a preset and says nothing else is that preset. */
const withPreset = ({provider, endpoint}: ProviderName, fields: readonly FieldEdit[]): readonly FieldEdit[] =>
	endpoint !== undefined ||
	fields.some(({field}) => field === 'preset' || field === 'base_url') ||
	findPreset(provider) === undefined
		? fields
		: [{field: 'preset', value: provider}, ...fields];

const checkEndpointFields = ({endpoint}: ProviderName, fields: readonly FieldEdit[]): void => {
	const known = fieldsOf(endpoint !== undefined);
	const stray = fields.find(({field}) => !known.some(({name}) => name === field));
	if (stray !== undefined) {
		throw wrongUsage(`${endpoint === undefined ? 'A provider' : 'An endpoint'} has no ${stray.field}.`);
	}
};

const editOf = async (
	verb: ProviderEditVerb,
	names: readonly string[],
	{values, surroundings}: {readonly values: ProviderEditFlags; readonly surroundings: ProviderEditSurroundings},
): Promise<ConfigEdit> => {
	const {env, input = process.stdin} = surroundings;
	const [first = '', copy = ''] = names;
	const name = await fullName(first, values, {isNew: verb === 'add', env});
	switch (verb) {
		case 'add': {
			const fields = withPreset(name, await fieldEdits(values, input));
			checkEndpointFields(name, fields);
			const off = values.disabled === true ? [{field: 'enabled', value: false}] : [];
			return {kind: 'add', name, fields: [...fields, ...off], placement: placementOf(values)};
		}

		case 'edit': {
			const fields = await fieldEdits(values, input);
			checkEndpointFields(name, fields);
			if (fields.length === 0) {
				throw wrongUsage('provider edit takes at least one field.');
			}

			return {kind: 'edit', name, fields};
		}

		case 'duplicate': {
			if (name.endpoint !== undefined) {
				throw wrongUsage('provider duplicate copies a whole provider; name it without its endpoint.');
			}

			return {kind: 'duplicate', name, copy, placement: placementOf(values)};
		}

		case 'remove': {
			return {kind: 'remove', name, fromRoutes: values['from-routes'] === true};
		}

		default: {
			return {kind: 'enable', name, isEnabled: verb === 'enable'};
		}
	}
};

/** What the verbs work with. */
export interface ProviderEditSurroundings extends EditSurroundings {
	/** Standard input, for `--auth-token -`. */
	readonly input?: AsyncIterable<Uint8Array> | undefined;
}

/**
 * `codex-tui provider add|edit|duplicate|remove|enable|disable`. Writes its answer and resolves with the exit code; throws `CommandError` (2: wrong
 * usage, names and values that are none) and as `makeEdit` does.
 */
export const runProviderEdit = async (
	verb: ProviderEditVerb,
	args: readonly string[],
	surroundings: ProviderEditSurroundings,
): Promise<ExitCode> => {
	const {values, positionals} = parseProviderEdit(args);
	if (values.help === true) {
		surroundings.write(help.trimEnd());
		return exitCode.done;
	}

	checkFlags(verb, values);
	if (positionals.length !== (verb === 'duplicate' ? 2 : 1)) {
		throw wrongUsage(
			`provider ${verb} takes ${verb === 'duplicate' ? 'the name of a provider and that of its copy' : 'the name of a provider'}.`,
		);
	}

	await makeEdit(async () => await editOf(verb, positionals, {values, surroundings}), values, surroundings);
	return exitCode.done;
};
