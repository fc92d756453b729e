import {signalOf} from '../attempt/signal.ts';
import {planView} from './brain/plan-view.ts';
import type {Clock} from '../base/clock.ts';
import {createRequestId} from '../base/ids.ts';
import type {Config} from '../config/config.ts';
import type {Announce, BodyTranslated, EngineEvent} from '../event/catalogue.ts';
import type {PlaceNews} from '../event/place.ts';
import type {LedgerRecord} from '../event/view.ts';
import type {Call} from '../identify/call.ts';
import type {RouteCandidate, RoutePlan} from '../route/route-plan.ts';
import type {Exchange} from './door/accept.ts';
import {headersMsOf, ledgerRecord, phaseOf, type JourneyEnd, type Try, type TryReport} from './ledger-record.ts';
import {PutOff} from './put-off.ts';
import type {ReplayMark} from './replay/replays.ts';
import type {Road} from './road.ts';
import type {AskOverride, SentAsk} from './sent-ask.ts';

/** How a body differs from what the other side sent. */
export interface BodyChanges {
	readonly losses: BodyTranslated['losses'];
	readonly overrides?: readonly AskOverride[];
	/** Hidden state of this session is lost for the first time. */
	readonly isFirstRepair?: boolean;
	readonly isAnswer?: boolean;
}

/** Follows one request: keeps its config snapshot, announces its stations, and makes its ledger record at the end. */
export class Journey {
	readonly requestId: string;
	readonly exchange: Exchange;
	readonly config: Config;
	readonly startedAtMs: number;
	/** A person asked for it, with an earlier request's body. */
	readonly replay: ReplayMark | undefined;
	readonly putOff: PutOff;
	readonly #startedMs: number;
	readonly #clock: Clock;
	readonly #tell: Announce;
	readonly #clean: (text: string) => string;
	#call: Call | undefined;
	#decidedAtMs = 0;
	#ttfbMs: number | undefined;
	#repliedAtMs: number | undefined;
	readonly #tries: Try[] = [];
	/** Of two that ran beside each other, the number of the one that spoke first. */
	#speaking: number | undefined;

	constructor(exchange: Exchange, road: Pick<Road, 'config' | 'clock' | 'announce' | 'clean' | 'replays' | 'fault'>) {
		this.exchange = exchange;
		this.replay = road.replays?.take(exchange.headers);
		this.#clock = road.clock;
		this.#tell = road.announce;
		this.#clean = road.clean;
		this.putOff = new PutOff(road.fault);
		this.config = road.config();
		this.startedAtMs = road.clock.now();
		this.#startedMs = road.clock.monotonic();
		this.requestId = createRequestId(this.startedAtMs);
	}

	/** The number of the attempt whose answer flows; where none does yet, of the newest. */
	get attempts(): number {
		return this.#speaking ?? this.#tries.length;
	}

	/** How many attempts were started; the newest has this number. */
	get started(): number {
		return this.#tries.length;
	}

	/** Milliseconds since the request came. */
	elapsedMs(): number {
		return Math.round(this.#clock.monotonic() - this.#startedMs);
	}

	accepted(bodyBytes: number): void {
		const {path, request} = this.exchange;
		this.putOff.soon(() =>
			this.#tell({
				type: 'request-start',
				requestId: this.requestId,
				atMs: this.startedAtMs,
				method: request.method ?? 'GET',
				path,
				bodyBytes,
				...(this.replay && {replayOf: this.replay.of}),
			}),
		);
	}

	identified(call: Call): void {
		this.#call = call;
		const {client, service, dialect, kind, sessionId, threadId, parentThreadId, turnId} = call;
		const clean = (text: string | undefined): string | undefined =>
			text === undefined ? undefined : this.#clean(text);
		const atMs = this.#clock.now();
		this.putOff.soon(() =>
			this.#tell({
				type: 'call-identified',
				requestId: this.requestId,
				atMs,
				stream: call.isStreaming,
				...{client, service, dialect, kind, sessionId, threadId, parentThreadId, turnId},
				...{model: clean(call.model), effort: clean(call.effort), tier: clean(call.tier), cwd: clean(call.cwd)},
			}),
		);
	}

	planned(plan: RoutePlan, call: Call): void {
		const atMs = this.#clock.now();
		this.#decidedAtMs = atMs;
		this.putOff.soon(() =>
			this.#tell({
				type: 'route-planned',
				requestId: this.requestId,
				atMs,
				plan: {
					service: call.service,
					model: call.model === undefined ? undefined : this.#clean(call.model),
					...planView(plan, this.#clean),
				},
			}),
		);
	}

	/** A candidate has no place for the request, or the wait for one is over. */
	placed(news: PlaceNews): void {
		this.#announce({...news, requestId: this.requestId, atMs: this.#clock.now()});
	}

	tryStarted(candidate: RouteCandidate, model: string | undefined, reason: string): void {
		this.#speaking = undefined;
		this.#tries.push({
			candidate,
			startedMs: this.#clock.monotonic(),
			model,
			repairs: [],
			sent: undefined,
			report: undefined,
			endedMs: undefined,
		});
		const atMs = this.#clock.now();
		const attempt = this.#tries.length;
		this.putOff.soon(() =>
			this.#tell({
				type: 'attempt-start',
				requestId: this.requestId,
				atMs,
				attempt,
				endpointKey: candidate.endpoint.key,
				model: model === undefined ? undefined : this.#clean(model),
				reason,
			}),
		);
	}

	/** What the running try asks its upstream for. */
	asks(sent: SentAsk): void {
		const current = this.#tries.at(-1);
		if (current) {
			current.sent = sent;
		}
	}

	/** The body of the running try differs from the client's, or its answer from the upstream's. */
	translated({losses, overrides = [], isFirstRepair = false, isAnswer = false}: BodyChanges): void {
		const current = this.#tries.at(-1);
		if (!current || losses.length + overrides.length === 0) {
			return;
		}

		current.repairs = [...current.repairs, ...losses.map(({code, count}) => `${code}:${count}`)];
		this.#announce({
			type: 'body-translated',
			requestId: this.requestId,
			atMs: this.#clock.now(),
			attempt: this.#tries.length,
			endpointKey: current.candidate.endpoint.key,
			losses,
			overrides: overrides.map(({field, from, to, source}) => ({
				...{field, source, to: this.#clean(to)},
				from: from === undefined ? undefined : this.#clean(from),
			})),
			isFirstRepair,
			isAnswer,
			sessionId: this.#call?.sessionId,
		});
	}

	/** This attempt's answer is the one that the client gets. */
	speaks(attempt: number): void {
		this.#speaking = attempt;
	}

	tryEnded(attempt: number, report: TryReport): void {
		const current = this.#tries[attempt - 1];
		if (!current) {
			return;
		}

		current.report = report;
		current.signal = signalOf(report, this.#clock.now());
		current.endedMs = this.#clock.monotonic();
		const {outcome, code, status, retryAfterMs, willRetry, usage} = report;
		const reason = this.#clean(report.reason);
		this.#announce({
			type: 'attempt-end',
			requestId: this.requestId,
			atMs: this.#clock.now(),
			attempt,
			endpointKey: current.candidate.endpoint.key,
			durationMs: Math.round(current.endedMs - current.startedMs),
			phase: phaseOf(report.result),
			headersMs: headersMsOf(report.result),
			...{outcome, code, reason, status, retryAfterMs, willRetry, usage},
		});
	}

	/** The client's head goes out. */
	replyStarted(): void {
		if (this.#ttfbMs !== undefined) {
			return;
		}

		this.#ttfbMs = this.elapsedMs();
		this.#repliedAtMs = this.#clock.monotonic();
		const endpointKey = this.#serving?.candidate.endpoint.key ?? '';
		this.#announce({
			type: 'reply-start',
			requestId: this.requestId,
			atMs: this.#clock.now(),
			endpointKey,
			ttfbMs: this.#ttfbMs,
		});
	}

	/** How long a try took to its first byte; undefined where the client got nothing of it. */
	firstByteMs(attempt: number): number | undefined {
		const own = this.#tries[attempt - 1];
		return own === undefined || own !== this.#serving || this.#repliedAtMs === undefined
			? undefined
			: Math.max(0, this.#repliedAtMs - own.startedMs);
	}

	silent(silentMs: number): void {
		const endpointKey = this.#serving?.candidate.endpoint.key ?? '';
		this.#announce({type: 'reply-silent', requestId: this.requestId, atMs: this.#clock.now(), endpointKey, silentMs});
	}

	progressed(events: number, bytes: number): void {
		this.#announce({type: 'reply-delta', requestId: this.requestId, atMs: this.#clock.now(), events, bytes});
	}

	ended(end: JourneyEnd): LedgerRecord {
		const record = ledgerRecord({
			exchange: this.exchange,
			call: this.#call,
			tries: this.#tries,
			serving: this.#serving,
			end,
			requestId: this.requestId,
			replayOf: this.replay?.of,
			startedAtMs: this.startedAtMs,
			decidedAtMs: this.#decidedAtMs,
			durationMs: this.elapsedMs(),
			ttfbMs: this.#ttfbMs,
			clean: this.#clean,
		});
		this.#announce({type: 'reply-end', requestId: this.requestId, atMs: this.#clock.now(), record});
		return record;
	}

	#announce(event: EngineEvent): void {
		this.putOff.catchUp();
		this.#tell(event);
	}

	get #serving(): Try | undefined {
		return this.#tries[this.attempts - 1];
	}
}
