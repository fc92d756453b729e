import type {AttemptEnd, CallIdentified, EngineEvent, ReplyEnd, RequestStart} from '../../source/event/catalogue.ts';
import type {EndpointInfo, LedgerRecord} from '../../source/event/view.ts';

/** Events for tests: each builder fills in what a test does not care about. */
export const requestStart = (requestId: string, atMs: number): RequestStart => ({
	type: 'request-start',
	requestId,
	atMs,
	method: 'POST',
	path: '/v1/responses',
	bodyBytes: 38_000,
});

/** A turn of Codex in the session `session-1`, unless told otherwise. */
export const callIdentified = (
	requestId: string,
	atMs: number,
	fields: Partial<CallIdentified> = {},
): CallIdentified => ({
	type: 'call-identified',
	requestId,
	atMs,
	client: 'codex',
	service: 'codex',
	dialect: 'responses',
	kind: 'turn',
	stream: true,
	sessionId: 'session-1',
	threadId: 'thread-1',
	model: 'gpt-5.3-codex',
	...fields,
});

/** The first attempt of a request begins. */
export const attemptStart = (
	requestId: string,
	atMs: number,
	{attempt = 1, endpointKey = 'codex/relay-a/default'}: {readonly attempt?: number; readonly endpointKey?: string} = {},
): EngineEvent => ({type: 'attempt-start', requestId, atMs, attempt, endpointKey, reason: 'first in the plan'});

/** A successful first attempt, unless told otherwise. */
export const attemptEnd = (requestId: string, atMs: number, fields: Partial<AttemptEnd> = {}): AttemptEnd => ({
	type: 'attempt-end',
	requestId,
	atMs,
	attempt: 1,
	endpointKey: 'codex/relay-a/default',
	outcome: 'success',
	phase: 'done',
	code: 'completed',
	reason: 'response.completed',
	durationMs: 900,
	willRetry: false,
	...fields,
});

/** A record with the fields that every record has. */
export const ledgerRecord = (requestId: string, fields: Partial<LedgerRecord> = {}): LedgerRecord => ({
	timestamp_ms: 1000,
	request_id: requestId,
	trace_id: requestId,
	service: 'codex',
	method: 'POST',
	path: '/v1/responses',
	status_code: 200,
	duration_ms: 1000,
	outcome: 'success',
	...fields,
});

/** A request that ended well, unless told otherwise. */
export const replyEnd = (requestId: string, atMs: number, fields: Partial<LedgerRecord> = {}): ReplyEnd => ({
	type: 'reply-end',
	requestId,
	atMs,
	record: ledgerRecord(requestId, fields),
});

/** An enabled endpoint with its credential, unless told otherwise. */
export const endpointInfo = (name: string, fields: Partial<EndpointInfo> = {}): EndpointInfo => ({
	endpointKey: `codex/${name}/default`,
	service: 'codex',
	provider: name,
	endpoint: 'default',
	alias: undefined,
	baseUrl: `https://${name}.example/v1`,
	dialect: 'responses',
	enabled: true,
	order: 0,
	routePath: ['main'],
	authSource: `env ${name.toUpperCase()}_KEY`,
	hasAuth: true,
	tags: {},
	location: undefined,
	...fields,
});

/** A config with these endpoints was loaded. */
export const configLoaded = (atMs: number, endpoints: readonly EndpointInfo[]): EngineEvent => ({
	type: 'config-loaded',
	atMs,
	path: '/home/user/config.toml',
	endpoints,
	warnings: [],
});
