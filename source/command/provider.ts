import {type ExitCode, exitCode} from '../base/errors.ts';
import {providerEditVerbs} from './provider-edit-flags.ts';
import {modelListLimits} from '../provider/presets/model-list.ts';
import {readWords, usageErrorOf} from './arguments.ts';

const help = `Usage: codex-tui provider presets|models|import-models|learned|forget [NAME] [options]
       codex-tui provider add|edit|duplicate|remove|enable|disable NAME …   (codex-tui provider add --help)

  presets             every provider that \`preset = "…"\` in config.toml knows: address, dialect, key, profile, terms
  models NAME         the model ids that a configured provider lists (asked at once; at most 5000)
  import-models NAME [IDS|-]
                      puts ids into its supported_models: these (with commas; - reads them from stdin), else all that it lists
  learned [NAME]      what the running engine has learned of providers: what they can do, what they refuse
  forget NAME|--all   has it forget that

NAME is a provider's name in config.toml, or codex/NAME/ENDPOINT or claude/NAME/ENDPOINT for one of several.

Options:
  --write     import-models: change config.toml; without it the change is shown
  --model M   learned, forget: of this model only
  --need N    learned, forget: this row only, such as mend:drop:stream_options
  --json      JSON instead of a table or a list
  --help      this text

Examples:
  codex-tui provider models deepseek
  codex-tui provider forget deepseek --need mend:drop:stream_options
`;

const wrongUsage = usageErrorOf('provider');

const flag = {type: 'boolean'} as const;
const word = {type: 'string'} as const;

const parse = (args: readonly string[]) =>
	readWords('provider', args, {
		json: flag,
		write: flag,
		all: flag,
		model: word,
		need: word,
		help: {...flag, short: 'h'},
	});

/** What the command works with; tests give their own. */
export interface ProviderSurroundings {
	readonly env: NodeJS.ProcessEnv;
	readonly write: (text: string) => void;
	/** Standard input, for `import-models NAME -` and keys. */
	readonly input?: AsyncIterable<Uint8Array>;
	/** Wall clock, milliseconds. */
	readonly nowMs: number;
}

type Values = ReturnType<typeof parse>['values'];

interface Verb {
	/** Names behind the verb, at least and at most. */
	readonly names: readonly [least: number, most: number];
	readonly flags: ReadonlyArray<keyof Values>;
	/** What it takes, for a wrong use. */
	readonly takes: string;
	readonly run: (
		asked: {readonly names: readonly string[]; readonly values: Values},
		surroundings: ProviderSurroundings,
	) => Promise<string>;
}

/** Bounded: a pipe has no end that we know. */
const readAll = async (input: AsyncIterable<Uint8Array>): Promise<string> => {
	const pieces: Uint8Array[] = [];
	let bytes = 0;
	for await (const piece of input) {
		bytes += piece.length;
		if (bytes > modelListLimits.bodyBytes) {
			throw wrongUsage('import-models reads at most 1 MiB.');
		}

		pieces.push(piece);
	}

	return Buffer.concat(pieces).toString();
};

const learnedOf = ([name]: readonly string[], {model, need, json}: Values) => ({
	name,
	model,
	need,
	json: json === true,
});

const verbs: Readonly<Record<string, Verb>> = {
	presets: {
		names: [0, 0],
		flags: ['json'],
		takes: 'presets takes no name.',
		run: async ({values}) => (await import('./provider-presets.ts')).presetsText(values.json === true),
	},
	models: {
		names: [1, 1],
		flags: ['json'],
		takes: 'models takes the name of a provider.',
		run: async ({names: [name = ''], values}, {env}) =>
			(await import('./provider-models.ts')).modelsText(name, {json: values.json === true, env}),
	},
	'import-models': {
		names: [1, 2],
		flags: ['json', 'write'],
		takes: 'import-models takes the name of a provider, then ids with commas between them, or -.',
		run: async ({names: [name = '', given], values}, {env, input = process.stdin}) => {
			const ids = given === '-' ? await readAll(input) : given;
			const {importModels} = await import('./provider-import.ts');
			return importModels({name, ids, isWrite: values.write === true, json: values.json === true}, env);
		},
	},
	learned: {
		names: [0, 1],
		flags: ['json', 'model', 'need'],
		takes: 'learned takes one name at most.',
		run: async ({names, values}, {env}) =>
			(await import('./provider-learned.ts')).learnedText(learnedOf(names, values), env),
	},
	forget: {
		names: [0, 1],
		flags: ['json', 'model', 'need', 'all'],
		takes: 'forget takes the name of a provider, or --all.',
		run: async ({names, values}, {env}) => {
			if ((names.length === 0) !== (values.all === true)) {
				throw wrongUsage('forget takes the name of a provider, or --all.');
			}

			return (await import('./provider-learned.ts')).forgetText(learnedOf(names, values), env);
		},
	},
};

/**
 * `codex-tui provider presets|models|import-models|learned|forget|add|edit|duplicate|remove|enable|disable`. Writes its answer and resolves with the exit code; throws `CommandError`
 * (wrong usage, unknown provider, a list that could not be had, no engine), `ConfigError` (exit code 3) and `RelayError`.
 */
export const runProvider = async (args: readonly string[], surroundings: ProviderSurroundings): Promise<ExitCode> => {
	const [first, ...others] = args;
	const editing = providerEditVerbs.find(verb => verb === first);
	if (editing !== undefined) {
		return (await import('./provider-edit.ts')).runProviderEdit(editing, others, surroundings);
	}

	const {values, positionals} = parse(args);
	if (values.help === true) {
		surroundings.write(help.trimEnd());
		return exitCode.done;
	}

	const [name = '', ...names] = positionals;
	const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
	if (verb === undefined) {
		throw wrongUsage(
			'provider takes presets, models, import-models, learned, forget, add, edit, duplicate, remove, enable or disable.',
		);
	}

	const [least, most] = verb.names;
	if (names.length < least || names.length > most) {
		throw wrongUsage(`provider ${verb.takes}`);
	}

	const foreign = Object.keys(values).find(each => !verb.flags.some(known => known === each));
	if (foreign !== undefined) {
		throw wrongUsage(`provider ${name} has no --${foreign}.`);
	}

	surroundings.write(await verb.run({names, values}, surroundings));
	return exitCode.done;
};

/** {@link runProvider} on the real standard streams. */
export const run = async (args: readonly string[]): Promise<ExitCode> =>
	await runProvider(args, {env: process.env, write: text => console.log(text), nowMs: Date.now()});
