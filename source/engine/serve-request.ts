import type {AttemptResult} from '../attempt/sink.ts';
import {Cancellation} from '../base/cancellation.ts';
import {conversationKey} from '../identify/earlier-bodies.ts';
import {identify} from '../identify/identify.ts';
import {isAuxiliary} from '../identify/paths.ts';
import type {Call} from '../identify/call.ts';
import type {RoutePlan} from '../route/route-plan.ts';
import {TranslationRefusal} from '../translate/codec/refusal.ts';
import {BodyError, readBody} from './door/accept-body.ts';
import type {Exchange} from './door/accept.ts';
import {attempt} from './attempt-station.ts';
import type {Ending} from './reply/ending.ts';
import {endingOf} from './reply/failed-request.ts';
import {createGate} from './gate/create-gate.ts';
import {clientLogin, keptHeaders} from './headers.ts';
import {withoutSession} from './replay/replays.ts';
import {Journey} from './journey.ts';
import {answerLocally, estimateLocally} from './memory/local-answers.ts';
import type {JourneyEnd} from './ledger-record.ts';
import {conclude, race, type Send} from './search/race.ts';
import {neededBy} from './brain/lessons.ts';
import {routeCallOf} from './brain/route-call.ts';
import {refuseRequest} from './reply/refuse.ts';
import {StreamReply, type Reply, type ReplyVerdict} from './reply/reply.ts';
import type {Road} from './road.ts';
import {rememberServed} from './search/remember-served.ts';
import {Search, type Decision} from './search/search.ts';
import type {Step} from './search/step.ts';
import {translate, type Translated} from './translate-station.ts';
import type {Trip} from './trip.ts';
import {UnaryReply} from './reply/unary-reply.ts';

/*
 * The road of a request, station by station: accept → identify → route → translate → attempt → reply → observe
 * (architecture.md). Each station is one call; what it decides is announced and can be read back in the control trace.
 */

/** Serves one request that the door let in, to its end; never rejects. */
export const serveRequest = async (exchange: Exchange, road: Road): Promise<void> => {
	const journey = new Journey(exchange, road);
	using client = watchClient(exchange, road);
	const {cancellation} = client;
	try {
		const body = await accept(exchange, journey, road);
		const call = await unfold(identifyCall({exchange, journey, body}, road), journey, road);
		const reply = openReply({exchange, call, journey}, road);
		const encrypted = road.state.encryptedItems(call);
		const asked = road.asked(call, journey.config);
		const facts = {asked, state: road.state.claimOf(call, encrypted), needs: neededBy(call)};
		const routeCall = routeCallOf(call, facts);
		const trip = {road, call, journey, reply, encrypted, asked, routeCall, cancellation};
		const end = (await answerLocally(trip)) ?? (await travel(trip));
		observe(journey, end, road);
	} catch (fault) {
		observe(journey, refuseRequest(exchange, fault), road);
	}
};

/** From candidate to candidate, until one has served the request or its ending is due. */
const travel = async (trip: Trip): Promise<JourneyEnd> => {
	const {road, journey, reply, cancellation} = trip;
	let first: RoutePlan | undefined = route(trip);
	journey.planned(first, trip.call);
	// The search begins in the same tick: the plan that was announced is the one that it follows.
	const plan = (): RoutePlan => {
		const fresh = first ?? route(trip);
		first = undefined;
		return fresh;
	};
	using search = new Search({
		...{health: road.health, limits: road.limits, clock: road.clock, budgets: road.budgets},
		...{plan, cancellation, retry: journey.config.retry, taken: taken => road.router.taken(taken)},
		isAuxiliary: isAuxiliary(trip.call.target),
		listener: journey,
	});
	using _running = road.running.add(journey.requestId, to => search.move(to, reply.canMove()));
	for (;;) {
		const step = await search.next();
		if (step === 'none' || step === 'cancelled') {
			return end(trip, search, step === 'none' ? 'given-up' : 'cancelled');
		}

		const tried = await race({trip, search, send}, step);
		const decision = conclude(tried, {trip, search});
		const {result} = tried;
		if (decision === 'served' && result !== 'saturated' && result.kind === 'verdict') {
			reply.finish(result.verdict, result.head);
			rememberServed(trip, tried.step, search.failures.at(-1)?.judged);
			return {outcome: 'success', statusCode: result.head.status, ending: undefined};
		}

		if (decision !== 'again') {
			return end(trip, search, decision);
		}
	}
};

/** Translate and attempt: one try at one candidate, in its place among those that it may serve at once. */
const send: Send = async (trip, step, sink) => {
	const {road, call, journey} = trip;
	const permit = await road.permit?.(step, call.sessionId, journey);
	if (permit === 'saturated') {
		return {step, attempt: 0, result: 'saturated'};
	}

	using _place = permit;

	const sent = translateOrRefuse(trip, step);
	const number = journey.started;
	if ('refusal' in sent) {
		return {step, attempt: number, result: sent.refusal, isUntranslatable: true};
	}

	const learn = road.lessons.begin(step.candidate, call, trip.routeCall.needs);
	const {result, statedUsage} = await attempt(trip, step, {sent, sink});
	learn(result, journey.firstByteMs(number));
	return {step, attempt: number, result, statedUsage};
};

/** What cannot be carried over to a candidate's protocol is the request's fault, as if the candidate had refused it. */
const translateOrRefuse = (trip: Trip, step: Step): Translated | {readonly refusal: AttemptResult<ReplyVerdict>} => {
	try {
		return translate(trip, step);
	} catch (error) {
		if (!(error instanceof TranslationRefusal)) {
			throw error;
		}

		const {wireCode, message, parameter} = error;
		const body = {error: {type: 'invalid_request_error', code: wireCode, message, param: parameter ?? null}};
		const head = {status: 400, headers: {}, headersMs: 0};
		return {refusal: {kind: 'status', head, body: Buffer.from(JSON.stringify(body))}};
	}
};

/** Accept: the whole body, once; it is sent as often as needed. */
const accept = async (exchange: Exchange, journey: Journey, road: Road): Promise<Buffer> => {
	let bodyBytes = 0;
	try {
		const body = await readBody(exchange.request, road.limits);
		bodyBytes = body.length;
		return body;
	} finally {
		// Also where the body is refused, or does not come: the end of the request is told of, and would belong to nothing.
		journey.accepted(bodyBytes);
	}
};

/** Identify: whose call is it, and what for? */
const identifyCall = (
	{exchange, journey, body}: {readonly exchange: Exchange; readonly journey: Journey; readonly body: Buffer},
	{bodies}: Road,
): Call => {
	const {request, path, query, target, headers} = exchange;
	const method = request.method ?? 'GET';
	if (method === 'POST' && body.length === 0) {
		throw new BodyError(400, 'body-empty', 'the request has no body; it needs one JSON object.');
	}

	const conversation = conversationKey(path, headers);
	const earlier = bodies.of(conversation);
	const found = identify({method, path, query, target, headers, body: body.length === 0 ? undefined : body, earlier});
	const {held} = found;
	if (held) {
		journey.putOff.soon(() => bodies.keep(conversation, {bytes: body, held}));
	}

	const call = journey.replay === undefined ? found : withoutSession(found);
	journey.identified(call);
	return call;
};

/** A request that names an earlier answer of ours gets the conversation that it stands for (translation.md 6). */
const unfold = async (call: Call, journey: Journey, {memory}: Road): Promise<Call> =>
	memory?.names(call) ? await memory.unfold(call, journey.exchange, journey.config) : call;

/** Route: every endpoint in order, with reasons. Asked again before each try, since health changes meanwhile. */
const route = ({road, call, journey, routeCall}: Trip): RoutePlan =>
	road.router.plan({
		call: routeCall,
		config: journey.config,
		login: clientLogin(journey.exchange),
		brokeOff: road.brokenTurns.of(call),
		pin: journey.replay?.pin,
	});

/** Reply: whole answers are collected, streams pass a gate. */
const openReply = (
	parts: {readonly exchange: Exchange; readonly call: Call; readonly journey: Journey},
	road: Road,
): Reply => {
	const {call, journey} = parts;
	if (call.dialect !== undefined && call.body) {
		const {dialect, body} = call;
		journey.putOff.soon(() => {
			const {path, query, headers} = parts.exchange;
			const sent = {method: call.method, path, query, headers: keptHeaders(headers)};
			road.capture.begin(journey.requestId, {dialect, body, sent});
		});
	}

	const options = {
		...parts,
		limits: road.limits,
		clocks: journey.config.clocks,
		capture: road.capture,
		monotonic: road.clock.monotonic,
		holdsSecret: road.holdsSecret,
	};
	if (!call.isStreaming || call.dialect === undefined) {
		return new UnaryReply(options);
	}

	const gate = createGate(call.dialect, {
		client: call.client,
		requestedModel: call.model,
		eventBytes: road.limits.eventBytes,
	});
	return new StreamReply(options, gate);
};

const engineEnds: Ending = {
	kind: 'mid-stream-break',
	code: 'engine-stopping',
	sentence: 'the engine is being stopped. Start it again, then repeat the request.',
};

/** Reply, where nobody served: the contract's ending, or nothing where the client has left. */
const end = (trip: Trip, search: Search, decision: Decision): JourneyEnd => {
	const {road, journey, reply} = trip;
	if (decision === 'cancelled') {
		return road.stopping.isCancelled && !journey.exchange.response.destroyed
			? {outcome: 'cut', statusCode: reply.fail(engineEnds), ending: engineEnds.kind}
			: {outcome: 'cancelled', statusCode: 499, ending: undefined};
	}

	const configPath = journey.config.path ?? 'config.toml';
	const estimated = estimateLocally(trip);
	if (estimated) {
		return estimated;
	}

	const isBroken = decision === 'broken';
	const last = search.failures.at(-1);
	if (isBroken && last) {
		road.brokenTurns.add(trip.call, last.endpointKey);
	}

	const failed = {plan: route(trip), failures: search.failures, isBroken, nowMs: road.clock.now(), configPath};
	const ending = endingOf(failed, road.redact);
	return {outcome: isBroken ? 'cut' : 'failed', statusCode: reply.fail(ending), ending: ending.kind};
};

/** Observe: the ledger's line; everything else was announced on the way. */
const observe = (journey: Journey, journeyEnd: JourneyEnd, road: Road): void => {
	journey.putOff.catchUp();
	road.capture.end(journey.requestId);
	road.record(journey.ended(journeyEnd));
};

/** A client that leaves before its answer is complete cancels everything that still works for it (rule 7), as the engine's end does. */
const watchClient = ({response}: Exchange, road: Road): {readonly cancellation: Cancellation} & Disposable => {
	const cancellation = new Cancellation();
	const forget = road.stopping.onCancel(() => cancellation.cancel());
	response.once('close', () => {
		if (!response.writableEnded) {
			cancellation.cancel();
		}
	});
	return {cancellation, [Symbol.dispose]: forget};
};
