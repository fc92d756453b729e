/* Requests that look like Codex 0.169's (codex-wire.md 1): same headers, same keys, tools and a history up to the wanted size. */

const threadId = '01a1fd64-3b56-7071-87fc-c1140f430da4';
const turnId = '01a1fd64-3ba1-7df1-ac36-57019a850a13';
const model = 'gpt-5.5';

const turnMetadata = JSON.stringify({
	installation_id: '66e2f77a-02d1-4bad-9889-d3111767c255',
	session_id: threadId,
	thread_id: threadId,
	agent_name: '/root',
	turn_id: turnId,
	window_id: `${threadId}:0`,
	window_number: 0,
	request_kind: 'turn',
	history_initialization: 'new',
	root_turn_id: turnId,
	thread_source: 'user',
	turn_trigger: 'exec',
	sandbox: 'none',
	turn_started_at_unix_ms: 1_795_252_566_949,
	analytics_enabled: true,
	model,
});

/** The headers of a Codex turn, without those that depend on the connection or on a credential. */
export const codexHeaders: Readonly<Record<string, string>> = {
	'x-codex-beta-features': 'remote_compaction_v2',
	'x-codex-window-id': `${threadId}:0`,
	'x-codex-turn-metadata': turnMetadata,
	'x-client-request-id': threadId,
	'session-id': threadId,
	'thread-id': threadId,
	accept: 'text/event-stream',
	'content-type': 'application/json',
	originator: 'codex_exec',
	'user-agent': 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) dumb (codex_exec; 0.169.0)',
};

const toolNames = [
	'exec_command',
	'write_stdin',
	'request_user_input',
	'view_image',
	'get_goal',
	'create_goal',
	'update_goal',
	'close_agent',
];

const inputSchema = {
	type: 'object',
	properties: {input: {type: 'string'}},
	required: ['input'],
	additionalProperties: false,
};

const tool = (name: string): unknown => ({
	type: 'function',
	name,
	description: `Runs ${name} and gives back what it printed.`,
	strict: false,
	parameters: inputSchema,
});

interface Message {
	readonly role: string;
	readonly content: ReadonlyArray<{readonly type: string; readonly text: string}>;
}

const message = (
	role: string,
	text: string,
	index: number,
): Message & {readonly type: string; readonly id: string} => ({
	type: 'message',
	id: `msg_01a1fd64-3ba1-7df1-ac36-${index.toString(16).padStart(12, '0')}`,
	role,
	content: [{type: role === 'assistant' ? 'output_text' : 'input_text', text}],
});

/** Prose, code and some letters beyond ASCII, as real histories have them. */
const historyText =
	'Wir prüfen die Zeile 42 in `source/road.ts` – the test says:\n\texpect(plan.length).toBe(3); // ✓ ok "quoted"\n';

const bodyWith = (input: readonly Message[]): string =>
	JSON.stringify({
		model,
		stream: true,
		input,
		tools: toolNames.map(tool),
		tool_choice: 'auto',
		parallel_tool_calls: true,
		reasoning: {effort: 'medium'},
		store: false,
		include: ['reasoning.encrypted_content'],
		prompt_cache_key: threadId,
		client_metadata: {
			turn_id: turnId,
			thread_id: threadId,
			session_id: threadId,
			'x-codex-turn-metadata': turnMetadata,
		},
	});

/** A history that makes a Codex body of about `sizeBytes`, up to the question of a turn. */
const historyOf = (sizeBytes: number, turn: number): readonly Message[] => {
	const question = message('user', `say hi ${turn}`, 1);
	const input: Message[] = [message('developer', 'You are a coding agent.', 0)];
	let size = Buffer.byteLength(bodyWith([...input, question]));
	for (let index = 2; size < sizeBytes; index++) {
		const repeats = Math.max(1, Math.min(16, Math.floor((sizeBytes - size) / historyText.length)));
		const item = message(index % 2 === 0 ? 'user' : 'assistant', historyText.repeat(repeats), index);
		input.push(item);
		size += Buffer.byteLength(JSON.stringify(item)) + 1;
	}

	return [...input, question];
};

/**
 * A Codex-shaped body of about `sizeBytes` (a little above it; never below the 4 KB that tools and metadata need). All turns from 0 to 9 have one
 * history: they differ by their question, as requests of one conversation do.
 */
export const codexBody = (sizeBytes: number, turn: number): Buffer => Buffer.from(bodyWith(historyOf(sizeBytes, turn)));

/** The same conversation as a Messages body (claude-wire.md 3), for programs that translate from there. */
export const messagesBody = (sizeBytes: number, turn: number): Buffer => {
	const [system, ...messages] = historyOf(sizeBytes, turn);
	return Buffer.from(
		JSON.stringify({
			model: 'claude-sonnet-4-5',
			max_tokens: 4096,
			stream: true,
			system: system?.content[0]?.text,
			messages: messages.map(({role, content: [part]}) => ({role, content: [{type: 'text', text: part?.text}]})),
			tools: toolNames.map(name => ({name, description: `Runs ${name}.`, input_schema: inputSchema})),
		}),
	);
};
