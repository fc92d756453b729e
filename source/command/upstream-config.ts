import {CommandError, exitCode} from '../base/errors.ts';
import {findPreset, presets} from '../provider/presets/presets.ts';
import type {ProviderPreset} from '../provider/presets/preset.ts';
import {profileNames, type ProfileName} from '../provider/profiles/names.ts';
import {type Dialect, dialects} from '../wire/names.ts';

/*
 * `serve --upstream`: a configuration from flags and variables in place of config.toml (product.md 6). It becomes the text of such a file, so that
 * every check and default is that of the file. It holds names of variables, never a key.
 */

/** What the command line and the environment say; flags come first. */
export interface UpstreamFlags {
	/** `URL[,WORD…]` or `PRESET[,WORD…]`, in the order in which they are tried. */
	readonly upstream?: readonly string[] | undefined;
	readonly 'api-key-env'?: string | undefined;
	/** `A=B[,C=D…]`. */
	readonly 'model-map'?: readonly string[] | undefined;
	/** `A[,B…]`. */
	readonly 'tool-denylist'?: readonly string[] | undefined;
}

const wrongUsage = (sentence: string): CommandError =>
	new CommandError(exitCode.usage, 'usage', `${sentence} See \`codex-tui serve --help\`.`);

interface Upstream {
	readonly url: string | undefined;
	readonly preset: ProviderPreset | undefined;
	readonly dialect: Dialect | undefined;
	readonly profile: ProfileName | undefined;
	readonly keyVariable: string | undefined;
}

/** Whether a text can be the name of an environment variable. */
export const isVariableName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);

const readVariable = (name: string, flag: string): string => {
	if (!isVariableName(name)) {
		// A key that was pasted in its place must not be shown.
		throw wrongUsage(`${flag} takes the name of an environment variable, not a key.`);
	}

	return name;
};

const readWords = (words: readonly string[]): Pick<Upstream, 'dialect' | 'profile' | 'keyVariable'> => {
	let found: Pick<Upstream, 'dialect' | 'profile' | 'keyVariable'> = {
		...{dialect: undefined, profile: undefined, keyVariable: undefined},
	};
	for (const word of words) {
		const dialect = found.dialect === undefined ? dialects.find(known => known === word) : undefined;
		const profile = profileNames.find(known => known === word);
		const key = /^key=(.*)$/.exec(word)?.[1];
		if (key !== undefined) {
			found = {...found, keyVariable: readVariable(key, 'key=')};
		} else if (dialect === undefined && profile === undefined) {
			throw wrongUsage(
				`--upstream does not know ${JSON.stringify(word)}: behind the address stand a dialect (${dialects.join(', ')}), a provider profile, or key=VARIABLE.`,
			);
		} else {
			found = {...found, dialect: dialect ?? found.dialect, profile: profile ?? found.profile};
		}
	}

	return found;
};

/** Servers at ports where anything may listen. */
const unguessed: ReadonlySet<string> = new Set(['llama-cpp', 'vllm']);

const hostOf = ({host}: URL): string => host.replace(/^localhost(?=:|$)/, '127.0.0.1');

/** The preset whose own address this is: of several at one host the one with the longest common path. */
export const presetAt = (url: URL): ProviderPreset | undefined => {
	const known = presets.flatMap(preset =>
		[preset.baseUrl ?? [], preset.otherUrls].flat().map(text => ({preset, own: new URL(text)})),
	);
	const same = known.filter(({own, preset}) => hostOf(own) === hostOf(url) && !unguessed.has(preset.name));
	const inside = same.filter(({own}) => url.pathname.startsWith(own.pathname.replace(/\/+$/, '')));
	return (inside.toSorted((one, other) => other.own.pathname.length - one.own.pathname.length)[0] ?? same[0])?.preset;
};

const readUpstream = (text: string): Upstream => {
	const [address = '', ...words] = text.split(/,|(?<=,[^,]*)\//).map(word => word.trim());
	if (/^https?:\/\//i.test(address)) {
		if (!URL.canParse(address)) {
			throw wrongUsage('--upstream takes an http:// or https:// URL or the name of a preset.');
		}

		return {url: address, preset: presetAt(new URL(address)), ...readWords(words)};
	}

	const preset = findPreset(address);
	if (preset === undefined) {
		throw wrongUsage(
			`--upstream takes a URL with http:// or https://, or one of "codex-tui provider presets"; ${JSON.stringify(address)} is neither.`,
		);
	}

	if (preset.baseUrl === undefined) {
		throw wrongUsage(`The preset ${preset.name} has no address of its own; give --upstream the URL.`);
	}

	return {url: undefined, preset, ...readWords(words)};
};

/** A name for a provider that routes can use: the preset's, else the host's without dots. */
const nameOf = ({url, preset}: Upstream): string =>
	preset?.name ?? (url === undefined ? 'upstream' : new URL(url).host.replaceAll(/[^A-Za-z0-9-]+/g, '-'));

const uniqueNames = (upstreams: readonly Upstream[]): readonly string[] => {
	const taken = new Map<string, number>();
	return upstreams.map(upstream => {
		const name = nameOf(upstream);
		const count = (taken.get(name) ?? 0) + 1;
		taken.set(name, count);
		return count === 1 ? name : `${name}-${count}`;
	});
};

/** Unknown servers that are no vendor's own speak Chat Completions. */
const dialectOf = ({dialect, preset}: Upstream): Dialect => dialect ?? preset?.dialect ?? 'chat';

const keyLines = (upstream: Upstream): readonly string[] => {
	const {preset, keyVariable} = upstream;
	if (keyVariable === undefined) {
		return [];
	}

	const value = JSON.stringify(keyVariable);
	const dialect = dialectOf(upstream);
	const presetHeader = preset?.auth.kind === 'key' ? preset.auth.header : undefined;
	const header =
		presetHeader ?? (dialect === 'messages' ? 'x-api-key' : dialect === 'gemini' ? 'x-goog-api-key' : 'authorization');
	return header === 'authorization'
		? [`auth_token_env = ${value}`]
		: [`api_key_env = ${value}`, `api_key_header = ${JSON.stringify(header)}`];
};

const inlineTable = (entries: ReadonlyArray<readonly [name: string, value: string | boolean]>): string =>
	`{ ${entries.map(([name, value]) => `${JSON.stringify(name)} = ${JSON.stringify(value)}`).join(', ')} }`;

const readModelMap = (texts: readonly string[]): ReadonlyArray<readonly [from: string, to: string]> =>
	texts
		.flatMap(text => text.split(','))
		.filter(pair => pair.trim() !== '')
		.map(pair => {
			const [from = '', ...to] = pair.split('=').map(word => word.trim());
			if (from === '' || to.length !== 1 || to[0] === '') {
				throw wrongUsage(`--model-map takes FROM=TO, with one * in each at most; ${JSON.stringify(pair)} is none.`);
			}

			return [from, to[0] ?? ''];
		});

const readList = (texts: readonly string[]): readonly string[] => [
	...new Set(texts.flatMap(text => text.split(',').map(word => word.trim())).filter(word => word !== '')),
];

const given = (flag: readonly string[] | undefined, variable: string | undefined): readonly string[] =>
	flag ?? (variable === undefined || variable === '' ? [] : [variable]);

/** Whose key `--api-key-env` means: with several upstreams it would go to the wrong one. */
const withKey = (upstreams: readonly Upstream[], flags: UpstreamFlags, env: NodeJS.ProcessEnv): readonly Upstream[] => {
	const flag = flags['api-key-env'];
	const fallback = env['CODEX_TUI_API_KEY'] === undefined ? undefined : 'CODEX_TUI_API_KEY';
	if (flag !== undefined && upstreams.length > 1) {
		throw wrongUsage('--api-key-env is for one upstream; with several write --upstream URL,key=VARIABLE for each.');
	}

	const variable = flag === undefined ? fallback : readVariable(flag, '--api-key-env');
	return upstreams.length > 1
		? upstreams
		: upstreams.map(upstream => ({...upstream, keyVariable: upstream.keyVariable ?? variable}));
};

/** The text of a configuration with these upstreams for Codex; undefined where none is named. Throws CommandError `usage`. */
export const upstreamConfigText = (flags: UpstreamFlags, env: NodeJS.ProcessEnv): string | undefined => {
	const named = given(flags.upstream, env['CODEX_TUI_UPSTREAM']).map(readUpstream);
	const modelMap = readModelMap(given(flags['model-map'], env['CODEX_TUI_MODEL_MAP']));
	const denylist = readList(given(flags['tool-denylist'], env['CODEX_TUI_TOOL_DENYLIST']));
	if (named.length === 0) {
		if ((flags['model-map'] ?? flags['tool-denylist'] ?? flags['api-key-env']) !== undefined) {
			throw wrongUsage('--api-key-env, --model-map and --tool-denylist go with --upstream; else config.toml says it.');
		}

		return undefined;
	}

	const upstreams = withKey(named, flags, env);
	const names = uniqueNames(upstreams);
	const shared = [
		// Without a list a map would be one: whoever names two models does not refuse the others.
		...(modelMap.length === 0
			? []
			: [`model_mapping = ${inlineTable(modelMap)}`, `supported_models = ${inlineTable([['*', true]])}`]),
		...(denylist.length === 0 ? [] : [`tool_denylist = ${JSON.stringify(denylist)}`]),
	];
	const tables = upstreams.flatMap((upstream, index) => [
		`[codex.providers.${JSON.stringify(names[index])}]`,
		...(upstream.preset === undefined ? [] : [`preset = ${JSON.stringify(upstream.preset.name)}`]),
		...(upstream.url === undefined ? [] : [`base_url = ${JSON.stringify(upstream.url)}`]),
		`dialect = ${JSON.stringify(dialectOf(upstream))}`,
		...(upstream.profile === undefined ? [] : [`profile = ${JSON.stringify(upstream.profile)}`]),
		...keyLines(upstream),
		...shared,
	]);
	const routes = ['[codex.routing]', 'entry = "main"', '[codex.routing.routes.main]', 'strategy = "ordered-failover"'];
	return ['version = 5', ...tables, ...routes, `children = ${JSON.stringify(names)}`, ''].join('\n');
};
