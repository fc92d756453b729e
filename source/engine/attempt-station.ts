import {runAttempt} from '../attempt/attempt.ts';
import type {AttemptResult} from '../attempt/sink.ts';
import type {UpstreamRequest} from '../attempt/sink.ts';
import {fingerprint} from '../base/ids.ts';
import type {ClockConfig, Endpoint} from '../config/config.ts';
import type {Usage} from '../event/view.ts';
import type {RouteCandidate} from '../route/route-plan.ts';
import type {Limits} from '../wire/limits.ts';
import {answerRefused, askAgain} from './bridge/ask-again.ts';
import type {Bridge} from './bridge/bridge.ts';
import {BridgeSink} from './bridge/bridge-sink.ts';
import {clientLogin, upstreamHeaders} from './headers.ts';
import type {ReplyVerdict, TrySink} from './reply/reply.ts';
import type {Step} from './search/step.ts';
import type {Translated} from './translate-station.ts';
import type {Trip} from './trip.ts';
import type {Answered} from './memory/stored-answer.ts';
import {upstreamTarget} from './upstream-target.ts';

/** What one try came to. */
export interface Attempted {
	readonly result: AttemptResult<ReplyVerdict>;
	/** Tokens that its upstream stated although it did not serve: they may be billed all the same. */
	readonly statedUsage: Usage | undefined;
}

/**
 * The station "attempt": one send to one candidate, its answer flowing into the reply. A reset on a kept socket before any answer is
 * repeated once on a new connection and is no attempt of its own (rule 7).
 */
export const attempt = async (
	trip: Trip,
	step: Step,
	{sent, sink}: {readonly sent: Translated; readonly sink: TrySink},
): Promise<Attempted> => {
	const {endpoint} = step.candidate;
	const request = upstreamRequest(trip, step.candidate, sent);
	const bridge = sent.bridge && bridged(trip, sent.bridge, sink);
	const taker = bridge ?? sink;
	const first = await send(trip, step, {request, sink: taker, isFresh: false});
	const answered =
		first.kind === 'transport' && first.isReusedSocket
			? await send(trip, step, {request, sink: taker, isFresh: true})
			: first;
	const result = taker instanceof BridgeSink ? await throughText(trip, step, {answered, request, taker}) : answered;
	const issued = sink.issuedState();
	if (issued.length > 0) {
		trip.road.state.recordIssued(issued, endpoint);
	}

	if (bridge && sent.bridge && result.kind === 'verdict' && isAnswer(result.verdict)) {
		rememberAnswer(trip, endpoint, {bridge: sent.bridge, answer: bridge.answer()});
	}

	rememberHead(trip, step.candidate, result);
	const hasServed = result.kind === 'verdict' && isAnswer(result.verdict);
	return {result, statedUsage: hasServed ? undefined : taker.statedUsage()};
};

const isAnswer = ({kind}: ReplyVerdict): boolean => kind === 'completed' || kind === 'unary';

/** What only this upstream's kind can read stays with it, also where its client never saw it. */
const rememberAnswer = (
	{road, call, journey}: Trip,
	endpoint: Endpoint,
	answered: Pick<Answered, 'bridge' | 'answer'>,
): void => {
	const hidden = road.memory?.answered({call, exchange: journey.exchange, endpoint, ...answered}) ?? [];
	if (hidden.length > 0) {
		road.state.recordIssued(
			hidden.map(envelope => fingerprint(envelope)),
			endpoint,
		);
	}
};

const askedAgain = {
	code: 'recovery.asked-again',
	count: 1,
	text: 'The upstream was asked once more within the same try.',
};

/** What only the text of an answer says, or of its refusal: each may take one more send to the same candidate, where the budgets pay for it. */
const throughText = async (
	trip: Trip,
	step: Step,
	how: {
		readonly answered: AttemptResult<ReplyVerdict>;
		readonly request: UpstreamRequest;
		readonly taker: BridgeSink;
	},
): Promise<AttemptResult<ReplyVerdict>> => {
	const {answered, request, taker} = how;
	const more = {
		mayAsk: () => step.mayAskAgain(),
		send: (body: Buffer | undefined): Promise<AttemptResult<ReplyVerdict>> => {
			trip.journey.translated({losses: [askedAgain], isAnswer: true});
			return send(trip, step, {request: {...request, body: body ?? request.body}, sink: taker, isFresh: false});
		},
	};
	return askAgain(await answerRefused(answered, taker, more), taker, more);
};

const send = (
	trip: Trip,
	{isLast, stop, candidate}: Step,
	how: {readonly request: UpstreamRequest; readonly sink: TrySink; readonly isFresh: boolean},
): Promise<AttemptResult<ReplyVerdict>> => {
	const {road} = trip;
	const {idleMs} = candidate.endpoint;
	how.sink.beginAttempt();
	const firstByte = firstByteMs(trip, isLast);
	return runAttempt({
		...how,
		pools: road.pools,
		ticker: road.ticker,
		cancellation: stop,
		firstByteMs: firstByte,
		idleMs,
		watchMs: watchMs(Math.min(firstByte, idleMs ?? Infinity), trip.journey.config.clocks, road.limits),
		errorBodyReadBytes: road.limits.errorBodyReadBytes,
		errorBodyMs: road.limits.errorBodyMs,
		monotonic: road.clock.monotonic,
	});
};

const upstreamRequest = (
	{road, call, journey}: Trip,
	{endpoint, account}: RouteCandidate,
	{body, headers, bridge}: Translated,
): UpstreamRequest => ({
	...upstreamTarget(
		endpoint,
		bridge ? {relative: bridge.path, query: ''} : {relative: call.target.relative, query: call.query},
	),
	method: call.method,
	headers: upstreamHeaders({
		client: headers,
		isLocalToken: journey.exchange.isLocalToken,
		endpoint,
		account,
		credential: road.credentialOf(account),
		turnState: road.state.turnStateFor(call, endpoint.key),
		hasBody: body !== undefined,
	}),
	body,
});

const bridged = ({road, call, journey}: Trip, bridge: Bridge, inner: TrySink): BridgeSink =>
	new BridgeSink({
		...{inner, bridge, isStreaming: call.isStreaming, dialect: call.dialect},
		announce: losses => journey.translated({losses, isAnswer: true}),
		eventBytes: road.limits.eventBytes,
		bodyBytes: road.limits.unaryBodyBytes,
	});

const longestWatchMs = 4000;

/** Four seconds are exact enough for clocks of many seconds, and a thousand silent streams cost little; short clocks are watched closer. */
const watchMs = (ownMs: number, clocks: ClockConfig, limits: Limits): number => {
	const {idleClaudeMs, idleClaudeOpenBlockMs, idleSdkMs, slowClientMs} = limits;
	const {heartbeatMs, idleCodexMs} = clocks;
	const shortest = Math.min(
		ownMs,
		heartbeatMs,
		idleCodexMs,
		idleClaudeMs,
		idleClaudeOpenBlockMs,
		idleSdkMs,
		slowClientMs,
	);
	return Math.min(longestWatchMs, shortest / 4);
};

/**
 * routing.md 11: thinking takes its time, the more the longer the input is; the last candidate gets all of it. A configured base
 * shortens or stretches what is added to it in proportion: whoever wants an answer in a second means it for long inputs too.
 */
const firstByteMs = ({road, call, journey}: Trip, isLast: boolean): number => {
	const {limits} = road;
	if (isLast) {
		return limits.firstByteLastCandidateMs;
	}

	const scale = journey.config.clocks.firstByteBaseMs / limits.firstByteBaseMs;
	const wantedMs =
		limits.firstByteBaseMs + (call.body?.length ?? 0) / 2 + (call.hasTools ? limits.firstByteToolsMs : 0);
	return Math.min(wantedMs, limits.firstByteMaxMs) * scale;
};

const rememberHead = (
	{road, call, journey}: Trip,
	candidate: RouteCandidate,
	result: AttemptResult<ReplyVerdict>,
): void => {
	if (result.kind === 'aborted' || result.head === undefined) {
		return;
	}

	const turnState = result.head.headers['x-codex-turn-state'];
	if (typeof turnState === 'string' && call.turnId !== undefined) {
		road.state.recordTurnState(call.turnId, candidate.endpoint.key, turnState);
	}

	if (result.head.status === 401 || result.head.status === 403) {
		road.credentialRefused(candidate, clientLogin(journey.exchange));
	}
};
