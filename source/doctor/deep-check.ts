import {createRequestId} from '../base/ids.ts';
import {createRedactor} from '../base/redact.ts';
import type {Account, Endpoint} from '../config/config.ts';
import {credentialHeaders} from '../config/credential-headers.ts';
import {credentialStatus, resolveCredentials} from '../config/credentials.ts';
import {buildBridge, type Bridge} from '../engine/bridge/bridge.ts';
import {upstreamTarget} from '../engine/upstream-target.ts';
import type {CheckFinding, CheckStep} from '../event/doctor.ts';
import {modelListLimits} from '../provider/presets/model-list.ts';
import {AnswerReader} from '../translate/codec/answer-reader.ts';
import type {AnswerEvent} from '../translate/codec/ir-event.ts';
import {transportFailure} from '../attempt/transport-failure.ts';
import {limits} from '../wire/limits.ts';
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
import {secretsOf} from './list-question.ts';
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

interface Sending {
	readonly endpoint: Endpoint;
	readonly account: Account;
	readonly bridge: Bridge;
	readonly facts: ProviderFacts;
	readonly signal: AbortSignal;
}

type Received =
	| {readonly kind: 'answer'; readonly events: readonly AnswerEvent[]}
	| {readonly kind: 'status'; readonly status: number; readonly body: string};

const send = async ({endpoint, account, bridge, facts, signal}: Sending): Promise<Received> => {
	const {origin, path: target} = upstreamTarget(endpoint, {relative: bridge.path, query: ''});
	const credentials = resolveCredentials(account, facts.context);
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

/** How the test of one account ended. */
export interface AccountEnd extends Pick<CheckFinding, 'state' | 'steps' | 'fix'> {
	/** A phrase about the endpoint, as steps have it. */
	readonly text: string;
	/** The same as a sentence that names it. */
	readonly what: string;
	readonly tookMs: number | undefined;
}

const judge = (answer: DeepAnswer, {endpoint, model, tookMs}: Told): AccountEnd => {
	const steps = stepsOf(answer, tookMs);
	const step = tellingStep(steps.filter(({state}) => state === 'fail' || state === 'warn'));
	const name = nameOf(endpoint);
	if (step !== undefined) {
		const {state, text} = step;
		return {state, text, what: `${name}: ${text}.`, steps, fix: fixes[step.name], tookMs};
	}

	const done = `answers, calls tools and counts with ${model}`;
	return {state: 'ok', text: `it ${done}`, what: `${name} ${done}.`, steps, tookMs};
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

/** One small request; whom it is for and what ends it. */
export interface AccountTest {
	readonly endpoint: Endpoint;
	readonly account: Account;
	readonly model: string;
	/** Ends the test as a failure, `deepMs` after it began. */
	readonly clock: AbortSignal;
	/** Ends it because nobody waits for it. */
	readonly signal: AbortSignal;
}

const ask = async (test: AccountTest, bridge: Bridge, facts: ProviderFacts): Promise<AccountEnd> => {
	const {endpoint, model, clock, signal} = test;
	const thinks = endpoint.reasoning !== 'off';
	const name = nameOf(endpoint);
	const startedMs = performance.now();
	const tookMs = (): number => Math.round(performance.now() - startedMs);
	try {
		const received = await send({...test, bridge, facts, signal: AbortSignal.any([clock, signal])});
		if (received.kind === 'answer') {
			const answer = {events: received.events, askedForThoughts: thinks};
			return judge(answer, {endpoint, model, tookMs: tookMs()});
		}

		const said = received.body.trim().slice(0, 200);
		const refused = `refused the test (${received.status}${said === '' ? '' : `: ${said}`})`;
		const fix = thinks && /reasoning|thinking|effort/i.test(said) ? noThoughts(endpoint) : fixes['answer'];
		return {state: 'fail', text: `it ${refused}`, what: `${name} ${refused}.`, fix, tookMs: tookMs()};
	} catch (error) {
		const text = clock.aborted
			? `no whole answer within ${facts.clocks.deepMs / 1000} s`
			: transportFailure(error, 'headers').reason;
		return {state: 'fail', text, what: `${name}: ${text}.`, fix: fixes['answer'], tookMs: tookMs()};
	}
};

/** No request was sent; `said` is what the endpoint does or was, without its name. */
export const untested = (endpoint: Endpoint, said: string): AccountEnd => ({
	state: 'skipped',
	text: `it ${said}`,
	what: `${nameOf(endpoint)} ${said}.`,
	tookMs: undefined,
});

/** Why an account cannot be tested; undefined where it can. */
export const whyUntested = (
	endpoint: Endpoint,
	account: Account,
	context: ProviderFacts['context'],
): AccountEnd | undefined => {
	if (account.credentials.passesClientAuth) {
		return untested(endpoint, "takes the client's own login, which only the client has");
	}

	const {missingVariable} = credentialStatus(account, context);
	return missingVariable === undefined
		? undefined
		: untested(endpoint, `was not tested: ${missingVariable} is not set`);
};

/** Tests one account with one request; undefined where the test does not speak the endpoint's protocol. */
export const testAccount = async (test: AccountTest, facts: ProviderFacts): Promise<AccountEnd | undefined> => {
	const {endpoint, model} = test;
	const bridge = bridgeOf(endpoint, model, endpoint.reasoning !== 'off');
	return bridge && (await ask(test, bridge, facts));
};
