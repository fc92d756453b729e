import path from 'node:path';
import {readIfThere} from '../base/atomic-file.ts';
import {createRequestId} from '../base/ids.ts';
import {createRedactor} from '../base/redact.ts';
import {decodeToml, parseToml} from '../config/toml.ts';
import type {Account, Endpoint} from '../config/config.ts';
import {credentialHeaders} from '../config/credential-headers.ts';
import {credentialStatus, resolveCredentials} from '../config/credentials.ts';
import {buildBridge, type Bridge} from '../engine/bridge/bridge.ts';
import {upstreamTarget} from '../engine/upstream-target.ts';
import type {CheckFinding, CheckStep} from '../event/doctor.ts';
import {modelListLimits, readModelList} from '../provider/presets/model-list.ts';
import {AnswerReader} from '../translate/codec/answer-reader.ts';
import type {AnswerEvent} from '../translate/codec/ir-event.ts';
import {transportFailure} from '../attempt/transport-failure.ts';
import {limits} from '../wire/limits.ts';
import {fail, skipped} from './check.ts';
import {nameOf} from './endpoint-name.ts';
import {
	deepTokens,
	deepTool,
	judgeEnd,
	judgeReasoning,
	judgeTools,
	judgeUsage,
	type DeepAnswer,
} from './deep-answer.ts';
import {listQuestion, secretsOf} from './list-question.ts';
import {tellingStep, type ProviderFacts} from './provider-checks.ts';

/*
 * One small request to an upstream, written by the bridge as Codex's would be. It costs money, so it runs only where somebody asked
 * for it by name.
 */

const mostBytes = 1024 * 1024;

/** A small turn as Codex writes it. */
const turnOf = (model: string, thinks: boolean): Readonly<Record<string, unknown>> => ({
	model,
	instructions: 'This is a test of a connection. Do exactly what is asked and nothing else.',
	input: [
		{
			type: 'message',
			role: 'user',
			content: [{type: 'input_text', text: `Call the tool ${deepTool.name} with the word "${deepTool.word}".`}],
		},
	],
	tools: [
		{
			type: 'function',
			name: deepTool.name,
			description: 'Reports one word.',
			strict: false,
			parameters: {
				type: 'object',
				properties: {word: {type: 'string'}},
				required: ['word'],
				additionalProperties: false,
			},
		},
	],
	tool_choice: 'auto',
	parallel_tool_calls: false,
	max_output_tokens: deepTokens,
	store: false,
	stream: true,
	...(thinks && {reasoning: {effort: 'low', summary: 'auto'}}),
});

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

/** The first account that may be used. */
const accountOf = ({accounts}: Endpoint): Account => accounts.find(({enabled}) => enabled) ?? accounts[0];

const isExact = (name: string): boolean => !name.includes('*');

/** What the file names: exact names only, by the name at this upstream. */
const namedModel = ({supportedModels, modelMapping}: Endpoint): string | undefined => {
	const supported = [...supportedModels].find(([name, isAllowed]) => isAllowed && isExact(name))?.[0];
	return supported === undefined
		? [...modelMapping.values()].find(isExact)
		: (modelMapping.get(supported) ?? supported);
};

/** Rather none than one picked by chance from a long list: that could be the dearest. */
const chooseModel = async (
	endpoint: Endpoint,
	{context, asker, clocks}: ProviderFacts,
	codexHome: string,
): Promise<string | undefined> => {
	const named = namedModel(endpoint);
	const question = named === undefined ? listQuestion(endpoint, accountOf(endpoint), context) : undefined;
	const usual = await codexModel(codexHome);
	if (question === undefined) {
		return named ?? usual;
	}

	const {bodyBytes, errorBytes} = modelListLimits;
	const answer = await asker.get({...question, timeoutMs: clocks.authMs, bodyBytes, errorBytes});
	const ids = answer.kind === 'json' ? (readModelList(answer.value)?.models.map(({id}) => id) ?? []) : [];
	return ids.length === 1 ? ids[0] : ids.find(id => id === usual);
};

interface Sending {
	readonly endpoint: Endpoint;
	readonly bridge: Bridge;
	readonly facts: ProviderFacts;
	readonly signal: AbortSignal;
}

type Received =
	| {readonly kind: 'answer'; readonly events: readonly AnswerEvent[]}
	| {readonly kind: 'status'; readonly status: number; readonly body: string};

const send = async ({endpoint, bridge, facts, signal}: Sending): Promise<Received> => {
	const {origin, path: target} = upstreamTarget(endpoint, {relative: bridge.path, query: ''});
	const credentials = resolveCredentials(accountOf(endpoint), facts.context);
	const redact = createRedactor(secretsOf(endpoint, credentials));
	const {status, body} = await facts.asker.post({
		origin,
		path: target,
		headers: {
			'content-type': 'application/json',
			accept: 'text/event-stream',
			'accept-encoding': 'identity',
			...bridge.headers,
			...credentialHeaders(endpoint, credentials),
			...endpoint.headers,
		},
		body: bridge.body.toString(),
		signal,
	});
	const isGood = status >= 200 && status <= 299;
	const reader = new AnswerReader(bridge.machines().decoder, {eventBytes: limits.eventBytes, wholeBytes: mostBytes});
	const events: AnswerEvent[] = [];
	let text = '';
	let bytes = 0;
	for await (const part of body) {
		bytes += part.length;
		if (isGood) {
			events.push(...reader.push(part));
		} else {
			text += part.toString('utf8').slice(0, modelListLimits.errorBytes);
		}

		if (bytes > (isGood ? mostBytes : modelListLimits.errorBytes)) {
			break;
		}
	}

	return isGood
		? {kind: 'answer', events: [...events, ...reader.end()]}
		: {kind: 'status', status, body: redact(text).slice(0, modelListLimits.errorBytes)};
};

const stepsOf = (answer: DeepAnswer, tookMs: number): readonly CheckStep[] =>
	(
		[
			['answer', judgeEnd(answer)],
			['tools', judgeTools(answer)],
			['reasoning', judgeReasoning(answer)],
			['usage', judgeUsage(answer)],
		] as const
	).map(([name, [state, text]]) => ({name, state, text, tookMs: name === 'answer' ? tookMs : undefined}));

const fixes: Readonly<Record<string, string>> = {
	answer: 'See what it says, and whether base_url, dialect and model are right.',
	tools: 'Codex needs tool calls: choose another model, or set the right profile for this provider.',
	usage: 'Nothing can be done here but choosing another provider; its requests work.',
};

/** Not every model may be asked to think. */
const noThoughts = ({service, provider}: Endpoint): string =>
	`Set reasoning = "off" under [${service}.providers.${provider}] and test again.`;

const judge = (answer: DeepAnswer, {endpoint, model, tookMs}: Told): CheckFinding => {
	const steps = stepsOf(answer, tookMs);
	const step = tellingStep(steps.filter(({state}) => state === 'fail' || state === 'warn'));
	const where = `${endpoint.baseUrl}, model ${model}`;
	if (step !== undefined) {
		return {state: step.state, what: `${nameOf(endpoint)}: ${step.text}.`, where, steps, fix: fixes[step.name]};
	}

	return {state: 'ok', what: `${nameOf(endpoint)} answers, calls tools and counts with ${model}.`, where, steps};
};

interface Told {
	readonly endpoint: Endpoint;
	readonly model: string;
	readonly tookMs: number;
}

const bridgeOf = (endpoint: Endpoint, model: string, thinks: boolean): Bridge | undefined => {
	const nowMs = Date.now();
	return buildBridge({
		call: {dialect: 'responses', client: 'codex', isStreaming: true, model},
		body: Buffer.from(JSON.stringify(turnOf(model, thinks))),
		dialect: endpoint.dialect,
		profile: endpoint.profile,
		// What the model itself can do is asked, not what is made of its text.
		textTools: 'off',
		intent: {level: 0, anyUrl: false, anyCommand: false},
		model,
		requestId: createRequestId(nowMs),
		nowMs,
	});
};

const ask = async (
	{endpoint, model, bridge}: {readonly endpoint: Endpoint; readonly model: string; readonly bridge: Bridge},
	facts: ProviderFacts,
	{thinks, signal}: {readonly thinks: boolean; readonly signal: AbortSignal},
): Promise<CheckFinding> => {
	const startedMs = performance.now();
	const where = `${endpoint.baseUrl}, model ${model}`;
	const clock = AbortSignal.timeout(facts.clocks.deepMs);
	try {
		const received = await send({endpoint, bridge, facts, signal: AbortSignal.any([clock, signal])});
		const tookMs = Math.round(performance.now() - startedMs);
		if (received.kind === 'answer') {
			return judge({events: received.events, askedForThoughts: thinks}, {endpoint, model, tookMs});
		}

		const said = received.body.trim().slice(0, 200);
		return fail(`${nameOf(endpoint)} refused the test (${received.status}${said === '' ? '' : `: ${said}`}).`, {
			where,
			fix: thinks && /reasoning|thinking|effort/i.test(said) ? noThoughts(endpoint) : fixes['answer'],
		});
	} catch (error) {
		const reason = clock.aborted
			? `no whole answer within ${facts.clocks.deepMs / 1000} s`
			: transportFailure(error, 'headers').reason;
		return fail(`${nameOf(endpoint)}: ${reason}.`, {where, fix: fixes['answer']});
	}
};

/** Tests one endpoint with one request; without a key or a model it sends none. */
export const testEndpoint = async (
	endpoint: Endpoint,
	facts: ProviderFacts,
	{codexHome, signal}: {readonly codexHome: string; readonly signal: AbortSignal},
): Promise<CheckFinding> => {
	const account = accountOf(endpoint);
	if (account.credentials.passesClientAuth) {
		return skipped(`${nameOf(endpoint)} takes the client's own login, which only the client has.`);
	}

	const {missingVariable} = credentialStatus(account, facts.context);
	if (missingVariable !== undefined) {
		return skipped(`${nameOf(endpoint)} was not tested: ${missingVariable} is not set.`);
	}

	const model = await chooseModel(endpoint, facts, codexHome);
	if (model === undefined) {
		return skipped(`${nameOf(endpoint)} was not tested: no model is named for it.`, {
			fix: `Name one under supported_models of [${endpoint.service}.providers.${endpoint.provider}].`,
		});
	}

	const thinks = endpoint.reasoning !== 'off';
	const bridge = bridgeOf(endpoint, model, thinks);
	return bridge === undefined
		? skipped(`${nameOf(endpoint)} speaks ${endpoint.dialect}, which the test does not.`)
		: await ask({endpoint, model, bridge}, facts, {thinks, signal});
};
