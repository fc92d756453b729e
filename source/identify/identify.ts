import {at, isRecord, parseJson, textAt} from '../base/json.ts';
import {scanBodyFor, type ScannedBody} from '../wire/body-scan.ts';
import {hasElements, readString, type ByteRange} from '../wire/json-scan.ts';
import type {Client, RequestKind} from '../wire/names.ts';
import {bodyWords} from './body-words.ts';
import type {Call} from './call.ts';
import type {ServedPath} from './paths.ts';
import {readState} from './state-evidence.ts';

/*
 * Headers, path and body bytes → call. Pure. The body is scanned at its top level only; it is parsed in full nowhere on the road
 * (architecture.md, rule 8).
 */

/** What identify reads. Header names are in lower case. */
export interface IdentifyInput {
	readonly method: string;
	readonly path: string;
	readonly query: string;
	readonly target: ServedPath;
	readonly headers: Readonly<Record<string, string | undefined>>;
	readonly body: Buffer | undefined;
	/** The body before this one of the same conversation: see `scanBodyFor`. */
	readonly earlier?: ScannedBody | undefined;
}

/** A session or thread id that may name a file or a key (reliability-security.md SEC-16). */
const safeId = /^[A-Za-z0-9_-]{1,128}$/;
const maxModelLength = 200;

/**
 * Throws RelayError `body-not-json` or `duplicate-key` where a POST's body is not one JSON object with distinct top-level keys.
 */
export const identify = (input: IdentifyInput): Call => {
	const {method, path, query, target, headers, body, earlier} = input;
	const scanned = body === undefined || body.length === 0 ? undefined : scanBodyFor(body, bodyWords, earlier);
	const {fields, held} = scanned ?? {};
	const words = scanned?.words ?? 0;
	const range = (key: string): ByteRange | undefined => fields?.get(key)?.value;
	const text = (key: string): string | undefined => {
		const found = range(key);
		return body && found && readString(body, found);
	};

	const client = clientOf(headers);
	const metadata = turnMetadata(headers['x-codex-turn-metadata']);
	const session = sessionOf(headers, client, {text, metadataJson: smallValue(body, range('metadata'))});
	const model = text('model');
	const tools = range('tools');
	const hasTools = body !== undefined && tools !== undefined && hasElements(body, tools);
	const outputConfig = smallValue(body, range('output_config'));
	const subagent = headers['x-openai-subagent'] ?? textAt(metadata, 'subagent_kind');
	const state = readState({target, body, fields, held, words});
	// Claude Code asks for a session's title with a schema and without tools (claude-wire.md 1).
	const isTitle = target.operation === 'messages' && !hasTools && isRecord(at(outputConfig, 'format'));
	return {
		method,
		path,
		query,
		target,
		headers,
		fields,
		held,
		words,
		state,
		client,
		service: target.service,
		dialect: target.dialect,
		kind: isTitle ? 'title' : state.kind === 'ordinary' ? kindOf(target, headers, metadata) : 'compaction',
		// A v1 compact is answered in one piece whatever its body says: `stream` does not go along (codex-helper.md 2.2(9)).
		isStreaming: target.operation !== 'compact' && isTrue(body, range('stream')),
		hasTools,
		model: model === undefined || model.length > maxModelLength ? undefined : model,
		modelRange: range('model'),
		inputRange: target.dialect === 'responses' ? range('input') : undefined,
		effort:
			textAt(metadata, 'reasoning_effort') ??
			textAt(smallValue(body, range('reasoning')), 'effort') ??
			textAt(outputConfig, 'effort') ??
			(target.dialect === 'chat' ? text('reasoning_effort') : undefined),
		tier: text('service_tier'),
		promptCacheKey: text('prompt_cache_key'),
		...session,
		threadId: safe(headers['thread-id']) ?? safe(headers['x-claude-code-agent-id']),
		parentThreadId: safe(headers['x-codex-parent-thread-id']),
		turnId: safe(textAt(metadata, 'turn_id')),
		isSubagent: subagent !== undefined || headers['x-claude-code-agent-id'] !== undefined,
		subagent,
		cwd: isRecord(metadata) && isRecord(metadata['workspaces']) ? Object.keys(metadata['workspaces'])[0] : undefined,
		turnState: headers['x-codex-turn-state'],
		body,
	};
};

const safe = (id: string | undefined): string | undefined => (id !== undefined && safeId.test(id) ? id : undefined);

const turnMetadata = (header: string | undefined): unknown => (header === undefined ? undefined : parseJson(header));

const smallValueBytes = 4096;

/** Parses a small value of the body; a large one is not what we look for. */
const smallValue = (body: Buffer | undefined, range: ByteRange | undefined): unknown =>
	body && range && range.end - range.start <= smallValueBytes
		? parseJson(body.toString('utf8', range.start, range.end))
		: undefined;

const isTrue = (body: Buffer | undefined, range: ByteRange | undefined): boolean =>
	body !== undefined && range !== undefined && body.toString('latin1', range.start, range.end) === 'true';

/** Codex sends its window or turn metadata (architecture.md, rule 3), Claude Code its session id or user agent (claude-wire.md 2). */
const clientOf = (headers: IdentifyInput['headers']): Client => {
	if (headers['x-codex-turn-metadata'] !== undefined || headers['x-codex-window-id'] !== undefined) {
		return 'codex';
	}

	return headers['x-claude-code-session-id'] !== undefined || headers['user-agent']?.startsWith('claude-cli/') === true
		? 'claude-code'
		: 'sdk';
};

/** Sources of the session's id in the order of trust (codex-helper.md 2.2(5), claude-wire.md 3); `previous_response_id` is none. */
const sessionOf = (
	headers: IdentifyInput['headers'],
	client: Client,
	body: {readonly text: (key: string) => string | undefined; readonly metadataJson: unknown},
): Pick<Call, 'sessionId' | 'sessionIdSource'> => {
	const names = [
		'x-claude-code-session-id',
		'session_id',
		'x-session-id',
		'session-id',
		'conversation_id',
		'thread-id',
	];
	for (const name of names) {
		const sessionId = safe(headers[name]);
		if (sessionId !== undefined) {
			return {sessionId, sessionIdSource: 'header'};
		}
	}

	const fromUserId =
		client === 'claude-code' ? textAt(parseJson(textAt(body.metadataJson, 'user_id') ?? ''), 'session_id') : undefined;
	const candidates: ReadonlyArray<readonly [string | undefined, string]> = [
		[fromUserId, 'metadata_user_id'],
		[body.text('session_id'), 'body_session_id'],
		[body.text('x-session-id'), 'body_session_id'],
		[body.text('prompt_cache_key'), 'prompt_cache_key'],
		[textAt(body.metadataJson, 'session_id'), 'metadata_session_id'],
	];
	const found = candidates.find(([id]) => safe(id) !== undefined);
	return {sessionId: safe(found?.[0]), sessionIdSource: found?.[1]};
};

const kindOf = (target: ServedPath, headers: IdentifyInput['headers'], metadata: unknown): RequestKind => {
	if (target.operation === 'other') {
		return 'other';
	}

	const stated = textAt(metadata, 'request_kind');
	if (target.operation === 'compact' || stated === 'compaction') {
		return 'compaction';
	}

	if (stated === 'prewarm') {
		return 'prewarm';
	}

	const subagent = headers['x-openai-subagent'] ?? textAt(metadata, 'subagent_kind');
	if (subagent === 'review') {
		return 'review';
	}

	if (textAt(metadata, 'thread_source') === 'thread_title') {
		return 'title';
	}

	return subagent !== undefined || headers['x-claude-code-agent-id'] !== undefined ? 'subagent' : 'turn';
};
