import {systemClock} from '../../base/clock.ts';
import {createUuid7} from '../random.ts';
import type {JsonObject} from '../script.ts';

/* What Codex 0.169 sends, byte for byte where a proxy could look (codex-wire.md 1): header names and order, metadata, body keys. */

/** One thread of the demo's Codex, or of a sub-agent of it. */
export interface CodexThread {
	readonly sessionId: string;
	readonly threadId: string;
	readonly installationId: string;
	readonly contextWindowId: string;
	readonly folder: string;
	readonly model: string;
	/** Undefined for a model that Codex has no metadata for. */
	readonly effort: string | undefined;
	readonly parent: {readonly threadId: string; readonly turnId: string} | undefined;
}

/** One turn of a thread. */
export interface CodexTurn {
	readonly turnId: string;
	readonly startedAtMs: number;
	/** The `x-codex-turn-state` that the first response of the turn gave. */
	readonly state: string | undefined;
}

/** Makes a thread; a sub-agent's thread takes session, folder and model from its parent. */
export const createThread = (
	random: () => number,
	wanted: Pick<CodexThread, 'folder' | 'model' | 'effort'> & {
		readonly parent?: CodexThread;
		readonly parentTurn?: CodexTurn;
	},
): CodexThread => {
	const {folder, model, effort, parent, parentTurn} = wanted;
	const makeId = (): string => createUuid7(random, systemClock.now());
	const threadId = makeId();
	return {
		sessionId: parent?.sessionId ?? threadId,
		threadId,
		installationId: parent?.installationId ?? makeId(),
		contextWindowId: makeId(),
		folder,
		model,
		effort,
		parent: parent && parentTurn && {threadId: parent.threadId, turnId: parentTurn.turnId},
	};
};

const turnMetadata = (thread: CodexThread, turn: CodexTurn): string =>
	JSON.stringify({
		installation_id: thread.installationId,
		session_id: thread.sessionId,
		thread_id: thread.threadId,
		agent_name: '/root',
		turn_id: turn.turnId,
		window_id: `${thread.threadId}:0`,
		window_number: 0,
		context_window_id: thread.contextWindowId,
		request_kind: 'turn',
		history_initialization: 'new',
		...(thread.parent && {parent_thread_id: thread.parent.threadId, parent_turn_id: thread.parent.turnId}),
		root_turn_id: thread.parent?.turnId ?? turn.turnId,
		...(thread.parent && {subagent_kind: 'thread_spawn'}),
		thread_source: thread.parent ? 'subagent' : 'user',
		turn_trigger: 'exec',
		sandbox: 'none',
		sandbox_mode: 'danger-full-access',
		auto_review_enabled: false,
		node_repl_auto_review_required: false,
		node_repl_disabled: false,
		workspaces: {
			[thread.folder]: {latest_git_commit_hash: thread.contextWindowId.replaceAll('-', ''), has_changes: true},
		},
		turn_started_at_unix_ms: turn.startedAtMs,
		analytics_enabled: false,
		model: thread.model,
		...(thread.effort !== undefined && {reasoning_effort: thread.effort}),
	});

/** The headers in Codex's order; the local token stands first, as Codex sends `http_headers`. */
export const codexHeaders = (
	thread: CodexThread,
	turn: CodexTurn,
	token: string,
): Readonly<Record<string, string>> => ({
	'x-codex-tui-token': token,
	'x-codex-beta-features': 'remote_compaction_v2',
	'x-codex-window-id': `${thread.threadId}:0`,
	'x-codex-turn-metadata': turnMetadata(thread, turn),
	...(turn.state !== undefined && {'x-codex-turn-state': turn.state}),
	...(thread.parent && {'x-codex-parent-thread-id': thread.parent.threadId, 'x-openai-subagent': 'collab_spawn'}),
	'x-client-request-id': thread.threadId,
	'session-id': thread.sessionId,
	'thread-id': thread.threadId,
	accept: 'text/event-stream',
	'content-type': 'application/json',
	originator: 'codex_exec',
	'user-agent': 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) dumb (codex_exec; 0.169.0)',
});

const tool = (name: string, properties: JsonObject): JsonObject => ({
	type: 'function',
	name,
	description: `The client's tool ${name}.`,
	strict: false,
	parameters: {type: 'object', properties, additionalProperties: false},
});

const tools: readonly JsonObject[] = [
	tool('exec_command', {cmd: {type: 'string'}, workdir: {type: 'string'}, max_output_tokens: {type: 'number'}}),
	tool('write_stdin', {session_id: {type: 'number'}, chars: {type: 'string'}}),
	tool('view_image', {path: {type: 'string'}}),
	{type: 'custom', name: 'apply_patch', description: 'Edits files by a patch.', format: {type: 'text'}},
	{type: 'web_search', external_web_access: true},
];

/** The body of a request for this turn with the thread's whole history as `input`. */
export const codexBody = (thread: CodexThread, turn: CodexTurn, input: readonly JsonObject[]): JsonObject => ({
	model: thread.model,
	stream: true,
	input,
	tools,
	tool_choice: 'auto',
	parallel_tool_calls: true,
	reasoning: thread.effort === undefined ? {summary: 'auto'} : {effort: thread.effort},
	store: false,
	include: ['reasoning.encrypted_content'],
	prompt_cache_key: thread.sessionId,
	text: {verbosity: 'low'},
	client_metadata: {
		'x-codex-installation-id': thread.installationId,
		thread_id: thread.threadId,
		session_id: thread.sessionId,
		turn_id: turn.turnId,
		root_turn_id: thread.parent?.turnId ?? turn.turnId,
		'x-codex-window-id': `${thread.threadId}:0`,
		'x-codex-turn-metadata': turnMetadata(thread, turn),
		...(thread.parent && {
			parent_turn_id: thread.parent.turnId,
			'x-codex-parent-thread-id': thread.parent.threadId,
			'x-openai-subagent': 'collab_spawn',
		}),
	},
});

/** A message of the input with an id of its own. */
export const inputMessage = (random: () => number, role: 'developer' | 'user', text: string): JsonObject => ({
	type: 'message',
	id: `msg_${createUuid7(random, systemClock.now())}`,
	role,
	content: [{type: 'input_text', text}],
});

/** What stands at the start of every thread: instructions and the folder. */
export const firstInput = (random: () => number, folder: string): readonly JsonObject[] => [
	inputMessage(
		random,
		'developer',
		'You are Codex, a coding agent. You and the user share one workspace. Be exact and brief.',
	),
	inputMessage(
		random,
		'user',
		`<environment_context>\n  <cwd>${folder}</cwd>\n  <shell>bash</shell>\n</environment_context>`,
	),
];
