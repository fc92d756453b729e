import type {FetchJson, JsonAnswer} from '../../attempt/fetch-json.ts';
import {messageOf, RelayError} from '../../base/errors.ts';
import {createRedactor} from '../../base/redact.ts';
import {sanitizeLine} from '../../base/sanitize.ts';
import {noRules} from '../../provider/balance/extract.ts';
import type {BalanceKind, BalanceKindName} from '../../provider/balance/kind.ts';
import {balanceKind, probeKindsFor} from '../../provider/balance/kinds.ts';
import {type BalanceRequest, buildBalanceRequest} from '../../provider/balance/request.ts';
import {isTerminalError} from '../../provider/balance/terminal-error.ts';
import type {UsageProvider} from '../../provider/balance/usage-providers.ts';
import type {BalanceReading} from '../../wire/balance.ts';
import type {BalanceTarget} from './balance-targets.ts';

/* One look at one account's balance: by its entry, or by probing the kinds in order (codex-helper.md 1.11). */

const timeoutMs = 6000;
const bodyBytes = 256 * 1024;
const errorBytes = 2048;
const kindRestMs = 600_000;

/** What a probe remembers of one target: the kind that worked, and until when (monotonic) the others are left alone. */
export interface ProbeMemory {
	workingKind: BalanceKindName | undefined;
	readonly restingUntilMs: Map<BalanceKindName, number>;
}

/** A memory with nothing in it. */
export const freshMemory = (): ProbeMemory => ({workingKind: undefined, restingUntilMs: new Map()});

/** What a look came to. `unsupported`: no kind knows this endpoint, or it must not be asked. */
export type PollOutcome =
	| {readonly kind: 'reading'; readonly reading: BalanceReading; readonly source: BalanceKindName}
	| {readonly kind: 'failure'; readonly text: string; readonly isTerminal: boolean}
	| {readonly kind: 'unsupported'; readonly text: string};

/** What a poll is made with. */
export interface PollContext {
	readonly fetch: FetchJson;
	readonly readEnv: (name: string) => string | undefined;
	/** Wall clock. */
	readonly nowMs: number;
	readonly monotonicMs: number;
	/** A person asks: kinds that rest are tried as well. */
	readonly isForced: boolean;
	readonly timeoutMs?: number | undefined;
	readonly signal?: AbortSignal | undefined;
}

interface Ask {
	readonly target: BalanceTarget;
	readonly provider: UsageProvider | undefined;
	readonly kind: BalanceKind;
}

/** The answer to one kind's question; `fault` is an answer of the upstream, `unreachable` is none at all. */
type Asked =
	| {readonly kind: 'reading'; readonly reading: BalanceReading}
	| {readonly kind: 'fault'; readonly text: string; readonly isTerminal: boolean; readonly isPassing: boolean}
	| {readonly kind: 'unreachable'; readonly text: string}
	| {readonly kind: 'refused'; readonly text: string};

const cleaner = (secrets: readonly string[]) => {
	const redact = createRedactor(secrets);
	return (text: string): string => sanitizeLine(redact(text)).slice(0, 200);
};

const cleanReading = (reading: BalanceReading, clean: (text: string) => string): BalanceReading => ({
	...reading,
	planName: reading.planName === undefined ? undefined : clean(reading.planName),
	quota: reading.quota && {...reading.quota, period: clean(reading.quota.period)},
	windows: reading.windows?.map(window => ({...window, period: clean(window.period)})),
	modelStats: reading.modelStats?.map(stat => ({...stat, model: clean(stat.model)})),
});

interface Sent {
	readonly request: BalanceRequest;
	readonly nowMs: number;
}

/** A 404 or a page says that this is not the kind; a limit or a fault of the server says nothing. */
const isPassingStatus = (status: number): boolean => status === 408 || status === 429 || status >= 500;

const readAnswer = (answer: JsonAnswer, question: Ask, sent: Sent): Asked => {
	const {target, provider, kind} = question;
	const {nowMs} = sent;
	const clean = cleaner(sent.request.secrets);
	switch (answer.kind) {
		case 'json': {
			const rules = provider?.rules ?? noRules;
			const result = kind.read({json: answer.value, rules, baseUrl: target.baseUrl, nowMs});
			return result.kind === 'reading'
				? {kind: 'reading', reading: cleanReading(result.reading, clean)}
				: {kind: 'fault', text: clean(result.text), isTerminal: isTerminalError(result.text), isPassing: false};
		}
		case 'status': {
			const text = clean(`status ${answer.status}${answer.body === '' ? '' : `: ${answer.body}`}`);
			const isPassing = isPassingStatus(answer.status);
			return {kind: 'fault', text, isTerminal: !isPassing && isTerminalError(answer.body), isPassing};
		}
		case 'failed': {
			const isAnswer = ['not-json', 'body-too-large', 'redirect', 'unexpected-encoding'].includes(answer.code);
			return isAnswer
				? {kind: 'fault', text: clean(answer.reason), isTerminal: false, isPassing: false}
				: {kind: 'unreachable', text: clean(answer.reason)};
		}
	}
};

const ask = async (question: Ask, context: PollContext): Promise<Asked> => {
	const {target, provider, kind} = question;
	const {nowMs, readEnv} = context;
	let request: BalanceRequest;
	try {
		const key = target.readKey();
		request = buildBalanceRequest({kind, provider, baseUrl: target.baseUrl, key, readEnv, nowMs});
	} catch (error) {
		if (error instanceof RelayError) {
			return {kind: 'refused', text: messageOf(error)};
		}

		throw error;
	}

	const {url, headers, secrets} = request;
	const answer = await context.fetch({
		url,
		headers,
		secrets,
		timeoutMs: context.timeoutMs ?? timeoutMs,
		bodyBytes,
		errorBytes,
		signal: context.signal,
	});
	return readAnswer(answer, question, {request, nowMs});
};

const askEntry = async (target: BalanceTarget, provider: UsageProvider, context: PollContext): Promise<PollOutcome> => {
	const asked = await ask({target, provider, kind: provider.kind}, context);
	switch (asked.kind) {
		case 'reading': {
			return {kind: 'reading', reading: asked.reading, source: provider.kind.name};
		}
		case 'fault': {
			return {kind: 'failure', text: asked.text, isTerminal: asked.isTerminal};
		}
		case 'unreachable': {
			return {kind: 'failure', text: asked.text, isTerminal: false};
		}
		case 'refused': {
			return {kind: 'unsupported', text: asked.text};
		}
	}
};

/** The user's wallet takes another token than the endpoint's key: what it says about that key is no news of the account. */
const judgesKey = (name: BalanceKindName): boolean => name !== 'new_api_user_self';

const probeOrder = (host: string, memory: ProbeMemory, context: PollContext): readonly BalanceKindName[] => {
	const known = probeKindsFor(host);
	const first = memory.workingKind;
	const order = first === undefined ? known : [first, ...known.filter(name => name !== first)];
	return order.filter(
		name => context.isForced || name === first || (memory.restingUntilMs.get(name) ?? -Infinity) <= context.monotonicMs,
	);
};

const probe = async (target: BalanceTarget, memory: ProbeMemory, context: PollContext): Promise<PollOutcome> => {
	const order = probeOrder(new URL(target.baseUrl).hostname.toLowerCase(), memory, context);
	let failure: PollOutcome = {kind: 'unsupported', text: 'no known way to ask it for a balance'};
	for (const name of order) {
		const kind = balanceKind(name);
		const asked = kind === undefined ? undefined : await ask({target, provider: undefined, kind}, context);
		if (asked === undefined || asked.kind === 'refused') {
			failure = {kind: 'unsupported', text: asked?.text ?? name};
			continue;
		}

		if (asked.kind === 'reading') {
			memory.workingKind = name;
			memory.restingUntilMs.delete(name);
			return {kind: 'reading', reading: asked.reading, source: name};
		}

		// The others stand on the same host, and a kind that worked before is not doubted because its server has a bad minute.
		if (asked.kind === 'unreachable' || (asked.isPassing && name === memory.workingKind)) {
			return {kind: 'failure', text: asked.text, isTerminal: false};
		}

		memory.restingUntilMs.set(name, context.monotonicMs + kindRestMs);
		memory.workingKind = memory.workingKind === name ? undefined : memory.workingKind;
		if (asked.isTerminal && judgesKey(name)) {
			failure = {kind: 'failure', text: asked.text, isTerminal: true};
		}
	}

	return failure;
};

/** Looks once. Never rejects for what an upstream does; `memory` is kept between the looks at one target. */
export const pollBalance = async (
	target: BalanceTarget,
	memory: ProbeMemory,
	context: PollContext,
): Promise<PollOutcome> =>
	target.usage === undefined ? await probe(target, memory, context) : await askEntry(target, target.usage, context);
