import {readIfThere} from '../base/atomic-file.ts';
import {CommandError, exitCode} from '../base/errors.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {writeEdit} from '../config/edit/edit-file.ts';
import {openHome} from '../config/home.ts';
import {loadConfig, parseConfig} from '../config/load.ts';
import {addSupportedModels} from '../config/model-edit.ts';
import {decodeToml} from '../config/toml.ts';
import {modelListLimits} from '../provider/presets/model-list.ts';
import {chooseEndpoint, fetchModels} from './provider-models.ts';

/** What {@link importModels} is asked for. */
export interface ImportRequest {
	readonly name: string;
	/** Ids separated by commas, blanks or line ends; undefined: the provider is asked. */
	readonly ids: string | undefined;
	readonly isWrite: boolean;
	readonly json: boolean;
}

const idsIn = (text: string): readonly string[] => {
	const {bodyBytes, models} = modelListLimits;
	const words = text.split(/[,\s]+/).map(word => sanitizeLine(word).trim());
	const ids = [...new Set(words.filter(word => word !== ''))];
	if (text.length > bodyBytes || ids.length > models) {
		const sentence = `That are more than ${models} models; import them in parts.`;
		throw new CommandError(exitCode.usage, 'usage', sentence);
	}

	return ids;
};

const countText = (count: number): string => (count === 1 ? '1 model' : `${count} models`);

/**
 * Puts model ids into a provider's `supported_models` in config.toml: those that are given, else those that it lists. Without `isWrite` nothing is
 * touched. Throws `CommandError` as `modelsText` does, `ConfigError` (`config-edit` among them), and the `RelayError` of a failed write.
 */
export const importModels = async (request: ImportRequest, env: NodeJS.ProcessEnv): Promise<string> => {
	const home = await openHome(env);
	const {config: path} = home;
	const config = await loadConfig({path, env});
	const endpoint = chooseEndpoint(config, request.name);
	const {service, provider} = endpoint;
	const ids =
		request.ids === undefined
			? (await fetchModels(endpoint, {env, connectMs: config.clocks.connectMs})).models.map(({id}) => id)
			: idsIn(request.ids);
	const bytes = (await readIfThere(path)) ?? Buffer.alloc(0);
	const edit = addSupportedModels({path, text: decodeToml(path, bytes)}, {service, provider}, ids);
	parseConfig(edit.text, {path, env});
	const isWritten = request.isWrite && edit.added.length > 0;
	if (isWritten) {
		const what = `${service}/${provider}: ${countText(edit.added.length)} added to supported_models.`;
		await writeEdit(home, {before: bytes, text: edit.text, what}, Date.now());
	}

	const {added, known} = edit;
	if (request.json) {
		return JSON.stringify({provider: `${service}/${provider}`, added, known, isWritten});
	}

	const end = isWritten
		? `${path} is written; ${provider} is asked for the models of its list only.`
		: added.length === 0
			? 'There is nothing to add.'
			: 'Nothing is written; add --write to do it.';
	const sum = `${service}/${provider}: ${countText(added.length)} to add, ${known.length} in the file already.`;
	return [sum, ...added.map(id => `+ ${id}`), end].join('\n');
};
