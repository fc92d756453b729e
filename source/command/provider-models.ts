import {homedir} from 'node:os';
import path from 'node:path';
import {fetchJson, type JsonAnswer} from '../attempt/fetch-json.ts';
import {Pools} from '../attempt/pools.ts';
import {CommandError, exitCode} from '../base/errors.ts';
import {createRedactor} from '../base/redact.ts';
import {codexHomeOf} from '../client/codex/switch-status.ts';
import type {Config, Endpoint} from '../config/config.ts';
import {createClientKeyReader, credentialStatus} from '../config/credentials.ts';
import {openHome} from '../config/home.ts';
import {loadConfig} from '../config/load.ts';
import {listQuestion, type ListQuestion} from '../doctor/list-question.ts';
import {modelListLimits, readModelList, type ListedModel, type ModelList} from '../provider/presets/model-list.ts';
import {limits} from '../wire/limits.ts';

const failed = (code: string, sentence: string): CommandError => new CommandError(exitCode.failed, code, sentence);

const isMeant = ({service, provider, key}: Endpoint, name: string): boolean =>
	[provider, `${service}/${provider}`, key].includes(name);

/** The endpoint to ask: the first one of the provider. Throws CommandError `unknown-provider` or `wrong-usage`. */
export const chooseEndpoint = (config: Config, name: string): Endpoint => {
	const all = Object.values(config.services).flatMap(({endpoints}) => endpoints);
	const found = all.filter(endpoint => isMeant(endpoint, name));
	const [first] = found;
	if (first === undefined) {
		const names = [...new Set(all.map(({provider}) => provider))].join(', ');
		const known = names === '' ? 'config.toml has no provider' : `config.toml has ${names}`;
		throw failed('unknown-provider', `There is no provider ${name}; ${known}.`);
	}

	if (new Set(found.map(({service}) => service)).size > 1) {
		const names = `codex/${first.provider} or claude/${first.provider}`;
		throw new CommandError(exitCode.usage, 'usage', `Both services have a provider ${name}; write ${names}.`);
	}

	return first;
};

const questionOf = (endpoint: Endpoint, env: NodeJS.ProcessEnv): ListQuestion => {
	const claudeHome = env['CLAUDE_CONFIG_DIR'] ?? path.join(env['HOME'] ?? homedir(), '.claude');
	const readClientKey = createClientKeyReader({codexHome: codexHomeOf(env), claudeHome}, () => performance.now());
	const [account] = endpoint.accounts;
	const question = listQuestion(endpoint, account, {env, readClientKey});
	if (question === undefined) {
		throw failed('no-model-list', `${endpoint.key} has no list of models; name them in supported_models.`);
	}

	const {missingVariable} = credentialStatus(account, {env, readClientKey});
	if (missingVariable !== undefined) {
		const sentence = `${endpoint.key} wants the variable ${missingVariable}, which is not set.`;
		throw new CommandError(exitCode.checkFailed, 'missing-credential', sentence);
	}

	return question;
};

const listOf = (answer: JsonAnswer, {key}: Endpoint): ModelList => {
	const ask = `${key} was asked for its models, but`;
	if (answer.kind === 'failed') {
		throw failed('model-list-failed', `${ask} ${answer.reason}.`);
	}

	if (answer.kind === 'status') {
		const said = answer.body.trim().slice(0, 200);
		throw failed('model-list-refused', `${ask} it answered ${answer.status}${said === '' ? '' : `: ${said}`}.`);
	}

	const list = readModelList(answer.value);
	if (list === undefined) {
		throw failed('model-list-failed', `${ask} its answer is no list of models.`);
	}

	return list;
};

const ask = async (endpoint: Endpoint, question: ListQuestion, connectMs: number): Promise<ModelList> => {
	const pools = new Pools({
		connectMs,
		idleSocketMs: limits.upstreamIdleSocketMs,
		headerBytes: limits.upstreamHeaderBytes,
	});
	try {
		const {timeoutMs, bodyBytes, errorBytes} = modelListLimits;
		return listOf(await fetchJson(pools, {...question, timeoutMs, bodyBytes, errorBytes}), endpoint);
	} finally {
		await pools.close();
	}
};

/** What an endpoint answered, without any of its secrets. */
export interface FetchedModels {
	readonly endpointKey: string;
	readonly models: readonly ListedModel[];
	readonly isCut: boolean;
}

/**
 * Asks an endpoint for its models. Throws `CommandError` (`no-model-list`, `missing-credential`, `model-list-failed`,
 * `model-list-refused`).
 */
export const fetchModels = async (
	endpoint: Endpoint,
	{env, connectMs}: {readonly env: NodeJS.ProcessEnv; readonly connectMs: number},
): Promise<FetchedModels> => {
	const question = questionOf(endpoint, env);
	const {models, isCut} = await ask(endpoint, question, connectMs);
	const redact = createRedactor(question.secrets);
	return {endpointKey: endpoint.key, models: models.map(model => ({...model, id: redact(model.id)})), isCut};
};

/**
 * Asks the first endpoint of a provider for its models: their ids, one a line, or as JSON. Throws `CommandError`
 * (`unknown-provider` and those of {@link fetchModels}) and `ConfigError`.
 */
export const modelsText = async (
	name: string,
	{json, env}: {readonly json: boolean; readonly env: NodeJS.ProcessEnv},
): Promise<string> => {
	const config = await loadConfig({path: (await openHome(env)).config, env});
	const endpoint = chooseEndpoint(config, name);
	const {models, isCut} = await fetchModels(endpoint, {env, connectMs: config.clocks.connectMs});
	const ids = models.map(({id}) => id);
	if (json) {
		return JSON.stringify({endpointKey: endpoint.key, models: ids, isCut});
	}

	const rest = isCut
		? [`(${endpoint.key} lists more than ${modelListLimits.models} models; these are the first.)`]
		: [];
	return ids.length === 0 ? `${endpoint.key} lists no models.` : [...ids, ...rest].join('\n');
};
