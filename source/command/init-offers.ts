import {readIfThere} from '../base/atomic-file.ts';
import {CommandError, exitCode, RelayError} from '../base/errors.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {codexConfigFile, codexHomeOf} from '../client/codex/switch-status.ts';
import {findCodexProviders, type CodexProvider} from '../client/codex/found-providers.ts';
import {writeEdit} from '../config/edit/edit-file.ts';
import {firstConfigText, type FirstUpstream} from '../config/first-config.ts';
import type {Home} from '../config/home.ts';
import {parseConfig} from '../config/load.ts';
import type {TakenUpstream, UpstreamOffer, WizardView} from '../event/wizard.ts';
import {findPreset, presets} from '../provider/presets/presets.ts';
import type {ProviderPreset} from '../provider/presets/preset.ts';
import {isVariableName, presetAt} from './upstream-config.ts';

/* What a first configuration can be made of: Codex's own providers and login, variables that hold a known provider's key, and all presets. */

const isSet = (env: NodeJS.ProcessEnv, name: string | undefined): boolean =>
	name !== undefined && (env[name] ?? '').trim() !== '';

const variableOf = ({auth}: ProviderPreset): string | undefined => (auth.kind === 'key' ? auth.variable : undefined);

const noteOf = ({terms, note}: ProviderPreset): string | undefined => terms ?? note;

/** Presets that one line sets up: they have an address, and a key or none. */
const isSimple = ({baseUrl, auth}: ProviderPreset): boolean =>
	baseUrl !== undefined && (auth.kind === 'key' || auth.kind === 'none');

const presetOffer = (
	preset: ProviderPreset,
	found: UpstreamOffer['found'],
	isKeySet: boolean,
): Omit<UpstreamOffer, 'id'> => ({
	name: preset.name,
	title: preset.title,
	found,
	preset: preset.name,
	baseUrl: undefined,
	dialect: undefined,
	keyVariable: variableOf(preset),
	needsKey: preset.auth.kind === 'key' && !preset.auth.isOptional,
	isKeySet,
	note: noteOf(preset),
});

const codexOffer = (provider: CodexProvider, env: NodeJS.ProcessEnv): UpstreamOffer => {
	const {id, title, baseUrl, wireApi, keyVariable, leftOut} = provider;
	const preset = presetAt(new URL(baseUrl));
	const left = `Codex also has ${leftOut.join(', ')} for it, which is not carried over: add headers if it needs them.`;
	return {
		id: `codex/${id}`,
		name: id.replaceAll(/[^\w-]+/g, '-'),
		title: sanitizeLine(title),
		found: 'codex',
		preset: preset?.name,
		baseUrl,
		dialect: wireApi,
		keyVariable: keyVariable ?? (preset && variableOf(preset)),
		needsKey: preset?.auth.kind !== 'none',
		isKeySet: isSet(env, keyVariable),
		note: leftOut.length === 0 ? undefined : left,
	};
};

const loginOffers = (login: 'api-key' | 'chatgpt' | undefined): readonly UpstreamOffer[] => {
	const preset = login === undefined ? undefined : findPreset(login === 'chatgpt' ? 'chatgpt' : 'openai');
	return preset === undefined ? [] : [{...presetOffer(preset, 'login', true), id: `login/${preset.name}`}];
};

/** Variables of several presets (two dialects of one provider) are found once. */
const environmentOffers = (env: NodeJS.ProcessEnv): readonly UpstreamOffer[] => {
	const seen = new Set<string>();
	return presets.filter(isSimple).flatMap((preset): UpstreamOffer[] => {
		const variable = variableOf(preset);
		if (variable === undefined || seen.has(variable) || !isSet(env, variable)) {
			return [];
		}

		seen.add(variable);
		return [{...presetOffer(preset, 'environment', true), id: `preset/${preset.name}`}];
	});
};

/** All that can be taken, what was found first. Rejects with what the file system throws. */
export const findOffers = async (env: NodeJS.ProcessEnv): Promise<readonly UpstreamOffer[]> => {
	const {providers, login} = await findCodexProviders(codexHomeOf(env));
	const own = providers.map(provider => codexOffer(provider, env));
	const found = [...own, ...loginOffers(login), ...environmentOffers(env)];
	const taken = new Set(found.map(({id}) => id));
	const hasOpenAi = found.some(({id}) => id === 'login/openai');
	const known = presets
		.filter(isSimple)
		.map((preset): UpstreamOffer => ({
			...presetOffer(preset, undefined, isSet(env, variableOf(preset))),
			id: `preset/${preset.name}`,
		}))
		.filter(({id}) => !taken.has(id));
	return [...found, ...known].filter(({id}) => !(hasOpenAi && id === 'preset/openai'));
};

/** What the wizard of a home shows. */
export const lookAround = async (home: Home, env: NodeJS.ProcessEnv): Promise<WizardView> => ({
	path: home.config,
	codexFile: codexConfigFile(codexHomeOf(env)),
	offers: await findOffers(env),
});

const readName = (variable: string): string => {
	if (!isVariableName(variable)) {
		// A key that was pasted in its place must not be shown.
		throw new CommandError(
			exitCode.usage,
			'usage',
			'A key is given by the name of its environment variable, such as RELAY_KEY: letters, digits and _.',
		);
	}

	return variable;
};

const upstreamOf = (offer: UpstreamOffer, keyVariable: string | undefined, name: string): FirstUpstream => {
	const {title, preset: presetName, baseUrl, dialect, note} = offer;
	const preset = presetName === undefined ? undefined : findPreset(presetName);
	const variable = keyVariable ?? offer.keyVariable;
	const header = preset?.auth.kind === 'key' ? preset.auth.header : 'authorization';
	return {
		name,
		comments: [[title, preset?.docs].filter(Boolean).join('. '), ...(note === undefined ? [] : [note])],
		preset: presetName,
		...{baseUrl, dialect},
		key: variable === undefined || variable === '' ? undefined : {variable: readName(variable), header},
	};
};

/** The text for what was taken, which the loader accepts. Throws CommandError for what is no offer or no name of a variable, ConfigError otherwise. */
export const configTextOf = (
	taken: readonly TakenUpstream[],
	{offers, path}: Pick<WizardView, 'offers' | 'path'>,
	env: NodeJS.ProcessEnv,
): string => {
	const names = new Map<string, number>();
	const upstreams = taken.map(({id, keyVariable}) => {
		const offer = offers.find(candidate => candidate.id === id);
		if (offer === undefined) {
			throw new CommandError(exitCode.usage, 'usage', `There is no upstream ${JSON.stringify(id)} to take.`);
		}

		const count = (names.get(offer.name) ?? 0) + 1;
		names.set(offer.name, count);
		return upstreamOf(offer, keyVariable, count === 1 ? offer.name : `${offer.name}-${count}`);
	});
	if (upstreams.length === 0) {
		throw new CommandError(exitCode.usage, 'usage', 'Nothing was taken, so there is nothing to write.');
	}

	const text = firstConfigText(upstreams);
	parseConfig(text, {path, env});
	return text;
};

/**
 * Writes a first configuration; "codex-tui config undo" takes it back. Rejects with RelayError `config-exists` where there is a file: that one is the
 * user's.
 */
export const writeFirstConfig = async (home: Home, text: string): Promise<void> => {
	if ((await readIfThere(home.config)) !== undefined) {
		throw new RelayError(
			'config-exists',
			`${home.config} is there already and is left as it is; "codex-tui provider add" and the page Routes add to it.`,
		);
	}

	await writeEdit(home, {before: undefined, text, what: 'The first configuration was written.'}, Date.now());
};
