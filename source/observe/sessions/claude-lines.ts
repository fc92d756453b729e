import {at, numberAt, parseJson, textAt} from '../../base/json.ts';
import type {ClientTokens} from '../../event/client-session.ts';
import type {SessionDraft} from './session-draft.ts';

/* The lines of Claude Code's session files (claude-wire.md 5). */

const zero: ClientTokens = {input: 0, cacheRead: 0, cacheWrite: 0, output: 0};

const plus = (left: ClientTokens, right: ClientTokens): ClientTokens => ({
	input: left.input + right.input,
	cacheRead: left.cacheRead + right.cacheRead,
	cacheWrite: left.cacheWrite + right.cacheWrite,
	output: left.output + right.output,
});

const tokensIn = (record: unknown): ClientTokens | undefined => {
	const input = numberAt(record, 'message', 'usage', 'input_tokens');
	const of = (name: string): number => numberAt(record, 'message', 'usage', name) ?? 0;
	return input === undefined
		? undefined
		: {
				input,
				cacheRead: of('cache_read_input_tokens'),
				cacheWrite: of('cache_creation_input_tokens'),
				output: of('output_tokens'),
			};
};

/** What a user typed: neither the output of a tool nor what a local command printed. */
const spokenText = (record: unknown): string | undefined => {
	const content = at(record, 'message', 'content');
	const text =
		typeof content === 'string'
			? content
			: Array.isArray(content)
				? content
						.filter((block: unknown) => textAt(block, 'type') === 'text')
						.flatMap((block: unknown) => textAt(block, 'text') ?? [])
						.join(' ')
				: '';
	const isMeta = at(record, 'isMeta') === true || at(record, 'isCompactSummary') === true;
	return isMeta || text.trim() === '' || /^\s*<(?:local-command|command-)/.test(text) ? undefined : text;
};

const bookkeeping: ReadonlySet<string | undefined> = new Set([
	'attachment',
	'queue-operation',
	'system',
	'mode',
	'permission-mode',
	'file-history-snapshot',
	'last-prompt',
	'summary',
	'progress',
]);

const takeHead = (draft: SessionDraft, record: unknown): void => {
	const agentId = textAt(record, 'agentId');
	const sessionId = textAt(record, 'sessionId');
	draft.sessionId ??= sessionId;
	if (agentId !== undefined && at(record, 'isSidechain') === true) {
		draft.threadId ??= `agent-${agentId}`;
		draft.origin = 'subagent';
		draft.parentId ??= sessionId;
		draft.agent ??= textAt(record, 'attributionAgent');
	}

	draft.version = textAt(record, 'version') ?? draft.version;
	draft.cwd ??= textAt(record, 'cwd');
	draft.startedAt ??= textAt(record, 'timestamp');
	draft.lastAt = textAt(record, 'timestamp') ?? draft.lastAt;
};

/** Reads a session's file line by line into a draft. Never throws. */
export const createClaudeLines = (draft: SessionDraft): ((line: string) => void) => {
	/** Each block of a message is a line of its own that repeats the message's tokens: the last one counts. */
	let settled = zero;
	let current: {readonly id: string | undefined; readonly tokens: ClientTokens} | undefined;

	const takeAnswer = (record: unknown): void => {
		if (at(record, 'isApiErrorMessage') === true || textAt(record, 'message', 'model') === '<synthetic>') {
			draft.errors += at(record, 'isApiErrorMessage') === true ? 1 : 0;
			return;
		}

		draft.model = textAt(record, 'message', 'model') ?? draft.model;
		const id = textAt(record, 'message', 'id');
		const tokens = tokensIn(record) ?? zero;
		if (id === undefined || current?.id !== id) {
			settled = plus(settled, current?.tokens ?? zero);
			draft.messages++;
		}

		current = {id, tokens};
		draft.tokens = plus(settled, tokens);
	};

	return line => {
		const record = parseJson(line);
		if (record === undefined) {
			draft.broken++;
			return;
		}

		const type = textAt(record, 'type');
		if (type === 'assistant') {
			takeAnswer(record);
		} else if (type === 'user') {
			const text = spokenText(record);
			draft.turns += text === undefined ? 0 : 1;
			draft.messages += text === undefined ? 0 : 1;
			draft.title ??= text;
		} else if (!bookkeeping.has(type)) {
			return;
		}

		draft.recognised++;
		takeHead(draft, record);
	};
};
