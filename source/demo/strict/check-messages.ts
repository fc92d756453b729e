import {isObject, objectsOf, stringOf, type SeenRequest} from '../read-request.ts';
import {fault, type Fault} from './refuse.ts';
import type {JsonObject} from '../script.ts';
import type {Seal} from '../seal.ts';

/* What the real Messages API refuses: the documented keys and those of Claude Code 2.1 (claude-wire.md 3) are allowed. */

const countKeys = ['context_management', 'messages', 'model', 'system', 'thinking', 'tool_choice', 'tools'];

const turnKeys = [
	...countKeys,
	'container',
	'diagnostics',
	'inference_geo',
	'max_tokens',
	'mcp_servers',
	'metadata',
	'output_config',
	'service_tier',
	'speed',
	'stop_sequences',
	'stream',
	'temperature',
	'top_k',
	'top_p',
];

const checkKeys = (body: JsonObject, isCount: boolean): readonly Fault[] => {
	const allowed = new Set(isCount ? countKeys : turnKeys);
	const unknown = Object.keys(body).filter(key => !allowed.has(key));
	const required = isCount ? ['model', 'messages'] : ['model', 'messages', 'max_tokens'];
	return [
		...unknown.map(key => fault('unknown-key', `${key}: Extra inputs are not permitted`)),
		...required.filter(key => body[key] === undefined).map(key => fault('bad-field', `${key}: Field required`)),
	];
};

const checkRoles = ({headers}: SeenRequest, messages: readonly JsonObject[]): readonly Fault[] => {
	const isSystemAllowed = stringOf(headers['anthropic-beta']).includes('mid-conversation-system');
	const allowed = new Set(['user', 'assistant', ...(isSystemAllowed ? ['system'] : [])]);
	return messages
		.filter(message => !allowed.has(stringOf(message['role'])))
		.map(message => fault('bad-field', `messages: Unexpected role "${stringOf(message['role'])}".`));
};

const idsOf = (message: JsonObject | undefined, type: string, key: string): readonly string[] =>
	objectsOf(message?.['content'])
		.filter(block => block['type'] === type)
		.map(block => stringOf(block[key]));

const checkTools = (messages: readonly JsonObject[]): readonly Fault[] =>
	messages.flatMap((message, index) => {
		const calls = message['role'] === 'assistant' ? idsOf(message, 'tool_use', 'id') : [];
		const answers = idsOf(messages[index + 1], 'tool_result', 'tool_use_id');
		const results = message['role'] === 'user' ? idsOf(message, 'tool_result', 'tool_use_id') : [];
		const asked = idsOf(messages[index - 1], 'tool_use', 'id');
		return [
			...calls
				.filter(id => !answers.includes(id))
				.map(id => fault('missing-tool-output', `messages.${index}: tool_use ${id} has no tool_result after it.`)),
			...results
				.filter(id => !asked.includes(id))
				.map(id => fault('orphan-tool-output', `messages.${index}: tool_result ${id} has no tool_use before it.`)),
		];
	});

const checkSignatures = (messages: readonly JsonObject[], seal: Seal): readonly Fault[] =>
	messages
		.flatMap(message => objectsOf(message['content']))
		.filter(block => block['type'] === 'thinking' && !seal.verify('thinking', stringOf(block['signature'])))
		.map(() => fault('foreign-encrypted-content', 'messages: Invalid `signature` in `thinking` block'));

/** The faults of a request to `POST /messages` or `/messages/count_tokens`, in the order in which they are answered. */
export const checkMessages = (request: SeenRequest, seal: Seal): readonly Fault[] => {
	if (!isObject(request.parsed)) {
		return [fault('bad-json', 'The body is not a JSON object.')];
	}

	const version = request.headers['anthropic-version'] === undefined;
	const messages = objectsOf(request.parsed['messages']);
	return [
		...(version ? [fault('bad-field', 'anthropic-version: header is required')] : []),
		...checkKeys(request.parsed, request.path.includes('/count_tokens')),
		...checkRoles(request, messages),
		...checkTools(messages.filter(message => message['role'] !== 'system')),
		...checkSignatures(messages, seal),
	];
};
