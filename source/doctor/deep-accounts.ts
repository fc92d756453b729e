import path from 'node:path';
import {readIfThere} from '../base/atomic-file.ts';
import type {Account, Endpoint} from '../config/config.ts';
import {decodeToml, parseToml} from '../config/toml.ts';
import type {CheckFinding, CheckStep} from '../event/doctor.ts';
import {modelListLimits, readModelList} from '../provider/presets/model-list.ts';
import {skipped} from './check.ts';
import {testAccount, untested, whyUntested, type AccountEnd} from './deep-check.ts';
import {nameOf} from './endpoint-name.ts';
import {listQuestion} from './list-question.ts';
import type {ProviderFacts} from './provider-checks.ts';

/* The deep check of an endpoint: each of its accounts is tested, all at once and within one limit of time. */

/** An endpoint with the accounts of it that can be asked. */
interface Tested {
	readonly endpoint: Endpoint;
	readonly accounts: readonly Account[];
}

/** The model that Codex asks for by default; undefined where its file does not say. */
const codexModel = async (codexHome: string): Promise<string | undefined> => {
	const file = path.join(codexHome, 'config.toml');
	try {
		const bytes = await readIfThere(file);
		const model = bytes === undefined ? undefined : parseToml(file, decodeToml(file, bytes)).value['model'];
		return typeof model === 'string' ? model : undefined;
	} catch {
		// The check of the client says what is wrong with the file.
		return undefined;
	}
};

const isExact = (name: string): boolean => !name.includes('*');

/** What the file names: exact names only, by the name at this upstream. */
const namedModel = ({supportedModels, modelMapping}: Endpoint): string | undefined => {
	const supported = [...supportedModels].find(([name, isAllowed]) => isAllowed && isExact(name))?.[0];
	return supported === undefined
		? [...modelMapping.values()].find(isExact)
		: (modelMapping.get(supported) ?? supported);
};

/** The models that an endpoint lists to one of its accounts; none where it does not. */
const listedModels = async (
	{endpoint, accounts}: Tested,
	{context, asker, clocks}: ProviderFacts,
	signal: AbortSignal,
): Promise<readonly string[]> => {
	const {bodyBytes, errorBytes} = modelListLimits;
	const lists = await Promise.all(
		accounts.map(async account => {
			const question = listQuestion(endpoint, account, context);
			const answer =
				question && (await asker.get({...question, timeoutMs: clocks.authMs, bodyBytes, errorBytes, signal}));
			return answer?.kind === 'json' ? (readModelList(answer.value)?.models.map(({id}) => id) ?? []) : [];
		}),
	);
	return lists.find(ids => ids.length > 0) ?? [];
};

/** Rather none than one picked by chance from a long list: that could be the dearest. */
const chooseModel = async (
	tested: Tested,
	facts: ProviderFacts,
	{codexHome, signal}: {readonly codexHome: string; readonly signal: AbortSignal},
): Promise<string | undefined> => {
	const named = namedModel(tested.endpoint);
	if (named !== undefined) {
		return named;
	}

	const usual = await codexModel(codexHome);
	if (listQuestion(tested.endpoint, tested.endpoint.accounts[0], facts.context) === undefined) {
		return usual;
	}

	const ids = await listedModels(tested, facts, signal);
	return ids.length === 1 ? ids[0] : ids.find(id => id === usual);
};

interface Ended {
	readonly account: Account;
	readonly end: AccountEnd;
}

/** What the accounts come to: the worst of them tells the whole, each of several has its line. */
const together = (endpoint: Endpoint, model: string, ended: readonly Ended[]): CheckFinding => {
	const name = nameOf(endpoint);
	const isTested = ended.some(({end}) => end.tookMs !== undefined);
	const where = isTested ? `${endpoint.baseUrl}, model ${model}` : undefined;
	const telling = ['fail', 'warn', 'ok', 'skipped']
		.map(state => ended.find(({end}) => end.state === state))
		.find(found => found !== undefined);
	if (telling === undefined) {
		return skipped(`${name} has no account that is enabled.`, {where: endpoint.baseUrl});
	}

	const {state, text, what, steps, fix} = telling.end;
	if (ended.length === 1) {
		return {state, what, where, steps, fix};
	}

	const lines: readonly CheckStep[] = ended.map(({account, end}) => ({
		name: `account ${account.label}`,
		state: end.state,
		text: end.text,
		tookMs: end.tookMs,
	}));
	const isGood = ended.every(({end}) => end.state === 'ok');
	const subject = isGood ? `${name} (each of ${ended.length} accounts)` : `${name} (account ${telling.account.label})`;
	return {state, what: `${subject}: ${text}.`, where, steps: lines, fix};
};

/** Tests every account of an endpoint that is enabled with one request each, all at once; without a key or a model none is sent. */
export const testEndpoint = async (
	endpoint: Endpoint,
	facts: ProviderFacts,
	{codexHome, signal}: {readonly codexHome: string; readonly signal: AbortSignal},
): Promise<CheckFinding> => {
	const clock = AbortSignal.timeout(facts.clocks.deepMs);
	const enabled = endpoint.accounts.filter(account => account.enabled);
	const hindered = enabled.map(account => ({account, end: whyUntested(endpoint, account, facts.context)}));
	const accounts = hindered.flatMap(({account, end}) => (end === undefined ? [account] : []));
	const model =
		accounts.length === 0
			? ''
			: await chooseModel({endpoint, accounts}, facts, {codexHome, signal: AbortSignal.any([clock, signal])});
	if (model === undefined) {
		return skipped(`${nameOf(endpoint)} was not tested: no model is named for it.`, {
			fix: `Name one under supported_models of [${endpoint.service}.providers.${endpoint.provider}].`,
		});
	}

	const unspoken = `speaks ${endpoint.dialect}, which the test does not`;
	const ended = await Promise.all(
		hindered.map(async ({account, end}): Promise<Ended> => {
			const tested = end ?? (await testAccount({endpoint, account, model, clock, signal}, facts));
			return {account, end: tested ?? untested(endpoint, unspoken)};
		}),
	);
	return together(endpoint, model, ended);
};
