import {at, isRecord, numberAt, parseJson, textAt} from '../../base/json.ts';
import type {ClientTokens} from '../../event/client-session.ts';
import type {SessionDraft} from './session-draft.ts';

/* The lines of Codex's rollout files (codex-wire.md 4; `user_message` and `agent_message` are of versions before 0.160). */

/** What can be told of most lines without parsing them: they are large, and their keys come in this order. */
const head = /^\{"timestamp":"([^"]{10,40})"(?:,"ordinal":\d+)?,"type":"(\w+)","payload":\{(?:"type":"(\w+)")?/;

const told: ReadonlySet<string | undefined> = new Set(['session_meta', 'turn_context', 'token_usage_record']);

const toldEvents: ReadonlySet<string | undefined> = new Set([
	'item_completed',
	'task_complete',
	'thread_settings_applied',
	'token_count',
	'user_message',
	'agent_message',
]);

interface Counted {
	readonly input: number;
	readonly cached: number;
	readonly written: number;
	readonly output: number;
}

const countedAt = (value: unknown, ...path: readonly string[]): Counted | undefined => {
	const input = numberAt(value, ...path, 'input_tokens');
	return input === undefined
		? undefined
		: {
				input,
				cached: numberAt(value, ...path, 'cached_input_tokens') ?? 0,
				written: numberAt(value, ...path, 'cache_write_input_tokens') ?? 0,
				output: numberAt(value, ...path, 'output_tokens') ?? 0,
			};
};

const minus = (left: Counted, right: Counted): Counted => ({
	input: left.input - right.input,
	cached: left.cached - right.cached,
	written: left.written - right.written,
	output: left.output - right.output,
});

const tokensOf = ({input, cached, written, output}: Counted): ClientTokens => ({
	input: Math.max(0, input - cached - written),
	cacheRead: Math.max(0, cached),
	cacheWrite: Math.max(0, written),
	output: Math.max(0, output),
});

/** What Codex puts before the user's first words: it is no title. */
const isPreamble = (text: string): boolean => /^\s*(?:<[a-z_]+[ >]|# AGENTS\.md instructions)/.test(text);

const takeTitle = (draft: SessionDraft, text: string | undefined): void => {
	if (draft.title === undefined && text !== undefined && text.trim() !== '' && !isPreamble(text)) {
		draft.title = text;
	}
};

const partsText = (content: unknown): string | undefined =>
	Array.isArray(content)
		? content
				.flatMap((part: unknown) => textAt(part, 'text') ?? [])
				.join(' ')
				.trim() || undefined
		: undefined;

const takeMeta = (draft: SessionDraft, payload: unknown): void => {
	const spawned =
		textAt(payload, 'parent_thread_id') ?? textAt(payload, 'source', 'subagent', 'thread_spawn', 'parent_thread_id');
	const forked = textAt(payload, 'forked_from_id');
	// The file is the thread of its first head: one behind it was copied from the parent.
	if (draft.threadId !== undefined) {
		return;
	}

	draft.threadId = textAt(payload, 'id');
	draft.sessionId = textAt(payload, 'session_id') ?? draft.threadId;
	draft.origin = spawned !== undefined ? 'subagent' : forked === undefined ? 'main' : 'fork';
	draft.parentId = spawned ?? forked;
	draft.agent = textAt(payload, 'agent_nickname') ?? textAt(payload, 'agent_role');
	draft.version = textAt(payload, 'cli_version');
	draft.provider = textAt(payload, 'model_provider');
	draft.cwd = textAt(payload, 'cwd');
	draft.startedAt = textAt(payload, 'timestamp');
};

class CodexLines {
	readonly #draft: SessionDraft;
	/** A fork's totals go on from its parent's, which were counted there: what stood before the first answer is taken off. */
	#base: Counted | undefined;
	#hasRecords = false;
	#hasItems = false;

	constructor(draft: SessionDraft) {
		this.#draft = draft;
	}

	take(line: string): void {
		const draft = this.#draft;
		const [, stamp, kind, event] = head.exec(line) ?? [];
		if (kind !== undefined && this.#isDull(kind, event)) {
			draft.recognised++;
			draft.lastAt = stamp ?? draft.lastAt;
			return;
		}

		const record = parseJson(line);
		const type = textAt(record, 'type');
		const payload = at(record, 'payload');
		if (record === undefined) {
			draft.broken++;
		} else if (type !== undefined && isRecord(payload)) {
			draft.recognised++;
			draft.lastAt = textAt(record, 'timestamp') ?? draft.lastAt;
			this.#takePayload(type, payload);
		}
	}

	#isDull(kind: string, event: string | undefined): boolean {
		const isTitle = kind === 'response_item' && this.#draft.title === undefined && event === 'message';
		return !told.has(kind) && !isTitle && !(kind === 'event_msg' && toldEvents.has(event));
	}

	#takePayload(type: string, payload: unknown): void {
		const draft = this.#draft;
		switch (type) {
			case 'session_meta': {
				takeMeta(draft, payload);
				break;
			}

			case 'turn_context': {
				draft.model = textAt(payload, 'model') ?? draft.model;
				draft.effort = textAt(payload, 'effort') ?? draft.effort;
				draft.cwd ??= textAt(payload, 'cwd');
				break;
			}

			case 'token_usage_record': {
				this.#hasRecords = true;
				this.#takeTotal(countedAt(payload, 'thread_token_usage'), countedAt(payload, 'usage'));
				break;
			}

			case 'event_msg': {
				this.#takeEvent(payload);
				break;
			}

			default: {
				if (type === 'response_item' && textAt(payload, 'role') === 'user') {
					takeTitle(draft, partsText(at(payload, 'content')));
				}
			}
		}
	}

	#takeEvent(payload: unknown): void {
		const draft = this.#draft;
		const event = textAt(payload, 'type');
		switch (event) {
			case 'item_completed': {
				const type = textAt(payload, 'item', 'type');
				if (type === 'UserMessage' || type === 'AgentMessage') {
					this.#hasItems = true;
					this.#takeSpeech(type === 'UserMessage', partsText(at(payload, 'item', 'content')));
				}

				break;
			}

			case 'user_message':
			case 'agent_message': {
				if (!this.#hasItems) {
					this.#takeSpeech(event === 'user_message', textAt(payload, 'message'));
				}

				break;
			}

			case 'token_count': {
				if (!this.#hasRecords) {
					const [total, last] = ['total_token_usage', 'last_token_usage'].map(name => countedAt(payload, 'info', name));
					this.#takeTotal(total, last);
				}

				break;
			}

			case 'task_complete': {
				draft.errors += isRecord(at(payload, 'error')) ? 1 : 0;
				break;
			}

			default: {
				draft.model = textAt(payload, 'thread_settings', 'model') ?? draft.model;
				draft.effort = textAt(payload, 'thread_settings', 'reasoning_effort') ?? draft.effort;
			}
		}
	}

	#takeTotal(total: Counted | undefined, last: Counted | undefined): void {
		if (total !== undefined) {
			this.#base ??= last === undefined ? {input: 0, cached: 0, written: 0, output: 0} : minus(total, last);
			this.#draft.tokens = tokensOf(minus(total, this.#base));
		}
	}

	#takeSpeech(isUser: boolean, text: string | undefined): void {
		this.#draft.messages++;
		if (isUser) {
			this.#draft.turns++;
			takeTitle(this.#draft, text);
		}
	}
}

/** Reads a rollout line by line into a draft. Never throws. */
export const createCodexLines = (draft: SessionDraft): ((line: string) => void) => {
	const lines = new CodexLines(draft);
	return line => lines.take(line);
};
