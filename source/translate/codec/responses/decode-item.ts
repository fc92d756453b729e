import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {openHiddenState, type Packer} from '../envelope.ts';
import type {CallItem, Item, ItemStatus, MessageItem, ReasoningItem, ResultItem, Role} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {ToolKind} from '../tool.ts';
import {decodeContent, textsOf} from './decode-content.ts';
import {decodeTools} from './decode-tool.ts';

/** What decoding an item needs besides the item. */
export interface ItemContext {
	readonly losses: LossLog;
	readonly packer: Packer | undefined;
}

const idOf = (raw: JsonObject): {readonly id?: string} => {
	const id = textField(raw, 'id');
	return id === undefined || id === '' ? {} : {id};
};

const statusOf = (raw: JsonObject): {readonly status?: ItemStatus} => {
	const status = raw['status'];
	return status === 'completed' || status === 'incomplete' || status === 'in_progress' ? {status} : {};
};

const roles: readonly Role[] = ['system', 'developer', 'user', 'assistant'];

/** A role of any dialect; unknown ones speak as the user, who has the least authority. */
export const readRole = (value: unknown): Role =>
	roles.find(role => role === value) ?? (value === 'model' ? 'assistant' : 'user');

/** R `message`. */
export const decodeMessage = (raw: JsonObject): MessageItem => {
	const phase = textField(raw, 'phase');
	return {
		type: 'message',
		role: readRole(raw['role']),
		parts: decodeContent(raw['content']),
		...idOf(raw),
		...(phase !== undefined && {phase}),
		...statusOf(raw),
	};
};

/**
 * R `agent_message`: what one agent of Codex told another (codex-wire.md 9). Behind a model of another maker its `encrypted_content`
 * is the plain text that this model wrote; OpenAI's ciphertext can be read by nobody else.
 */
const decodeAgentMessage = (raw: JsonObject, {losses}: ItemContext): MessageItem => {
	const parts = (Array.isArray(raw['content']) ? raw['content'] : []).flatMap(part => {
		const sealed = isJsonObject(part) ? textField(part, 'encrypted_content') : undefined;
		if (sealed?.startsWith('gAAAA') === true) {
			losses.add('sealed-agent-message', 'A message between agents is encrypted for OpenAI and cannot be read here.');
			return [];
		}

		return sealed === undefined ? decodeContent(part) : [{type: 'text' as const, text: sealed}];
	});
	return {type: 'message', role: 'user', parts, ...idOf(raw), original: raw};
};

/** R `reasoning`: an envelope of ours is opened, other `encrypted_content` stays opaque. */
export const decodeReasoning = (raw: JsonObject, {losses, packer}: ItemContext): ReasoningItem => {
	const encrypted = textField(raw, 'encrypted_content');
	const hidden = encrypted === undefined || encrypted === '' ? undefined : openHiddenState(encrypted, packer);
	if (encrypted !== undefined && encrypted !== '' && hidden === undefined) {
		losses.add('broken-envelope', 'Hidden reasoning came back damaged; its visible summary is used in its place.');
	}

	return {
		type: 'reasoning',
		summary: textsOf(decodeContent(raw['summary'])),
		content: textsOf(decodeContent(raw['content'])),
		hidden,
		...idOf(raw),
		...statusOf(raw),
	};
};

interface CallShape {
	readonly kind: ToolKind;
	readonly name: string | undefined;
	readonly payload: string;
}

const jsonText = (value: unknown): string =>
	typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

const callShape = (raw: JsonObject): CallShape | undefined => {
	switch (raw['type']) {
		case 'function_call': {
			return {kind: 'function', name: undefined, payload: jsonText(raw['arguments'])};
		}

		case 'custom_tool_call': {
			return {kind: 'custom', name: undefined, payload: jsonText(raw['input'])};
		}

		case 'tool_search_call': {
			return {kind: 'tool-search', name: 'tool_search', payload: jsonText(raw['arguments'])};
		}

		case 'local_shell_call': {
			return {kind: 'local-shell', name: 'local_shell', payload: jsonText(raw['action'])};
		}

		case 'shell_call': {
			return {kind: 'shell', name: 'shell', payload: jsonText(raw['action'])};
		}

		case 'apply_patch_call': {
			return {kind: 'apply-patch', name: 'apply_patch', payload: jsonText(raw['operation'])};
		}

		default: {
			return undefined;
		}
	}
};

/** R calls of all kinds; undefined for an item that is none. */
export const decodeCall = (raw: JsonObject): CallItem | undefined => {
	const shape = callShape(raw);
	return (
		shape && {
			type: 'call',
			callId: textField(raw, 'call_id') ?? textField(raw, 'id') ?? '',
			tool: {
				kind: shape.kind,
				namespace: textField(raw, 'namespace'),
				name: shape.name ?? textField(raw, 'name') ?? '',
			},
			payload: shape.payload,
			...idOf(raw),
			...statusOf(raw),
		}
	);
};

const resultKinds: Readonly<Record<string, ToolKind>> = {
	function_call_output: 'function',
	custom_tool_call_output: 'custom',
	local_shell_call_output: 'local-shell',
	shell_call_output: 'shell',
	apply_patch_call_output: 'apply-patch',
};

const decodeResult = (raw: JsonObject, kind: ToolKind): ResultItem => {
	const output = raw['output'];
	return {
		type: 'result',
		callId: textField(raw, 'call_id') ?? '',
		kind,
		output: Array.isArray(output) ? decodeContent(output) : jsonText(output),
		isError: undefined,
		...idOf(raw),
	};
};

const looseParts = ['input_text', 'input_image', 'input_file', 'input_audio'];

const hostedTypes = [
	'web_search_call',
	'image_generation_call',
	'file_search_call',
	'code_interpreter_call',
	'computer_call',
	'computer_call_output',
	'mcp_call',
	'mcp_list_tools',
	'mcp_approval_request',
	'mcp_approval_response',
	'program',
	'program_output',
];

const decodeByType = (raw: JsonObject, type: string, context: ItemContext): Item | undefined => {
	switch (type) {
		case 'message': {
			return decodeMessage(raw);
		}

		case 'agent_message': {
			return decodeAgentMessage(raw, context);
		}

		case 'reasoning': {
			return decodeReasoning(raw, context);
		}

		case 'compaction': {
			return {type: 'compaction', encrypted: textField(raw, 'encrypted_content') ?? '', ...idOf(raw)};
		}

		case 'compaction_trigger': {
			return {type: 'compaction-trigger'};
		}

		case 'item_reference': {
			return {type: 'reference', id: textField(raw, 'id') ?? ''};
		}

		case 'additional_tools': {
			const tools = decodeTools(raw['tools'], context.losses);
			return {type: 'additional-tools', role: readRole(raw['role']), tools, ...idOf(raw)};
		}

		case 'tool_search_output': {
			const callId = textField(raw, 'call_id') ?? '';
			return {type: 'found-tools', callId, tools: decodeTools(raw['tools'], context.losses), ...idOf(raw)};
		}

		default: {
			return undefined;
		}
	}
};

/** One element of `input` (translation.md 1.3). Types that nobody knows are kept as they are, as a message where they look like one. */
export const decodeItem = (raw: unknown, context: ItemContext): Item => {
	if (typeof raw === 'string') {
		return {type: 'message', role: 'user', parts: decodeContent(raw)};
	}

	if (!isJsonObject(raw)) {
		return {type: 'unknown', raw: {value: raw}};
	}

	const type = textField(raw, 'type') ?? (raw['role'] === undefined ? 'unknown' : 'message');
	const resultKind = resultKinds[type];
	if (resultKind !== undefined) {
		return decodeResult(raw, resultKind);
	}

	if (looseParts.includes(type)) {
		return {type: 'message', role: 'user', parts: decodeContent(raw)};
	}

	if (hostedTypes.includes(type)) {
		return {type: 'hosted', name: type, raw, ...idOf(raw)};
	}

	const known = decodeByType(raw, type, context) ?? decodeCall(raw);
	return (
		known ?? (raw['role'] !== undefined && raw['content'] !== undefined ? decodeMessage(raw) : {type: 'unknown', raw})
	);
};
