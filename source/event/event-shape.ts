import type {EngineEvent} from './catalogue.ts';
import {isFlag, isList, isNumber, isOneOf, isShaped, isText, maybe, type Guard, type Members} from './shape.ts';
import {
	isBalance,
	isClient,
	isDialect,
	isEndpoint,
	isIncident,
	isKind,
	isLedgerRecord,
	isOutcome,
	isPhase,
	isPin,
	isPlan,
	isService,
	isUsage,
} from './view-shape.ts';

/*
 * The catalogue as guards: an event of another process is taken only where it has the shape that reducers and panes count on. The compiler
 * holds each of them to its type, so that neither can be changed alone.
 */

const maybeText = maybe(isText);
const maybeNumber = maybe(isNumber);
const maybeFlag = maybe(isFlag);
const ofRequest = {requestId: isText, atMs: isNumber};
const ofPlace = {...ofRequest, endpointKey: isText, account: isText, limitKey: maybeText};
const ofIncident = {atMs: isNumber, incident: isIncident};

type Translated = Extract<EngineEvent, {type: 'body-translated'}>;

/** Each event without its type. */
type Shapes = {readonly [Type in EngineEvent['type']]: Members<Omit<Extract<EngineEvent, {type: Type}>, 'type'>>};

const shapes: Shapes = {
	'request-start': {...ofRequest, method: isText, path: isText, bodyBytes: isNumber, replayOf: maybeText},
	'call-identified': {
		...ofRequest,
		client: isClient,
		service: isService,
		dialect: maybe(isDialect),
		kind: isKind,
		stream: isFlag,
		sessionId: maybeText,
		threadId: maybeText,
		parentThreadId: maybeText,
		turnId: maybeText,
		model: maybeText,
		effort: maybeText,
		tier: maybeText,
		cwd: maybeText,
	},
	'route-planned': {...ofRequest, plan: isPlan},
	'candidate-saturated': {...ofPlace, active: isNumber, limit: maybeNumber, ahead: maybeNumber},
	'wait-end': {...ofPlace, waitedMs: isNumber, result: isOneOf('place', 'timeout', 'stopped')},
	'body-translated': {
		...ofRequest,
		attempt: isNumber,
		endpointKey: isText,
		losses: isList(isShaped<Translated['losses'][number]>({code: isText, count: isNumber, text: isText})),
		overrides: maybe(
			isList(
				isShaped<NonNullable<Translated['overrides']>[number]>({
					field: isOneOf('model', 'effort', 'tier'),
					from: maybeText,
					to: isText,
					source: isText,
				}),
			),
		),
		isFirstRepair: maybeFlag,
		isAnswer: maybeFlag,
		sessionId: maybeText,
	},
	'attempt-start': {...ofRequest, attempt: isNumber, endpointKey: isText, model: maybeText, reason: isText},
	'attempt-end': {
		...ofRequest,
		attempt: isNumber,
		endpointKey: isText,
		outcome: isOutcome,
		phase: isOneOf('connect', 'headers', 'stream', 'done'),
		code: isText,
		reason: isText,
		status: maybeNumber,
		headersMs: maybeNumber,
		durationMs: isNumber,
		retryAfterMs: maybeNumber,
		willRetry: isFlag,
		usage: maybe(isUsage),
	},
	'reply-start': {...ofRequest, endpointKey: isText, ttfbMs: isNumber},
	'reply-delta': {...ofRequest, events: isNumber, bytes: isNumber},
	'reply-silent': {...ofRequest, endpointKey: isText, silentMs: isNumber},
	'reply-end': {...ofRequest, record: isLedgerRecord},
	'breaker-changed': {
		atMs: isNumber,
		endpointKey: isText,
		account: maybeText,
		phase: isPhase,
		untilMs: maybeNumber,
		failures: isNumber,
		reason: isText,
	},
	'policy-action-changed': {
		atMs: isNumber,
		id: isText,
		scope: isOneOf('account', 'model', 'quota'),
		endpointKey: isText,
		account: isText,
		model: maybeText,
		change: isOneOf('created', 'extended', 'dismissed', 'ended'),
		cause: maybe(isOneOf('hard', 'limit', 'quota', 'auth')),
		untilMs: maybeNumber,
		reason: isText,
	},
	'account-changed': {atMs: isNumber, service: isService, provider: isText, account: isText, isPaused: isFlag},
	'pin-changed': {
		atMs: isNumber,
		service: isService,
		sessionId: maybeText,
		pin: maybe(isPin),
		hasExpired: maybeFlag,
	},
	'config-loaded': {atMs: isNumber, path: maybeText, endpoints: isList(isEndpoint), warnings: isList(isText)},
	'config-broken': {atMs: isNumber, path: isText, message: isText, line: maybeNumber, column: maybeNumber},
	'incident-opened': ofIncident,
	'incident-updated': ofIncident,
	'incident-closed': ofIncident,
	'engine-ready': {
		atMs: isNumber,
		url: isText,
		claudeUrl: maybeText,
		controlUrl: isText,
		pid: isNumber,
		isDemo: isFlag,
		version: isText,
	},
	'engine-restarting': {atMs: isNumber, inMs: isNumber, restarts: isNumber, reason: isText},
	'engine-stats': {
		atMs: isNumber,
		loopP99Ms: isNumber,
		rssMb: isNumber,
		liveRequests: isNumber,
		droppedEvents: isNumber,
	},
	'client-switched': {
		atMs: isNumber,
		client: isOneOf('codex', 'claude-code'),
		state: isOneOf('on', 'off', 'elsewhere'),
	},
	'log-changed': {atMs: isNumber, path: isText, isWritable: isFlag, lostLines: isNumber, code: isText},
	'state-lost': {atMs: isNumber, problem: isOneOf('damaged', 'unusable', 'unwritten'), message: isText},
	'balance-changed': {atMs: isNumber, balance: isBalance},
};

const guards: ReadonlyMap<string, Guard<object>> = new Map(
	Object.entries(shapes).map(([type, members]) => [type, isShaped<object>(members)]),
);

/** Whether a value, parsed from JSON, is an event of the catalogue with all that its type promises. */
export const isEngineEvent = (value: unknown): value is EngineEvent =>
	typeof value === 'object' &&
	value !== null &&
	'type' in value &&
	typeof value.type === 'string' &&
	guards.get(value.type)?.(value) === true;
