import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {Packer} from '../envelope.ts';
import {booleanField} from '../field.ts';
import type {CallItem, ContentPart, HostedItem, Item, ReasoningItem, ResultItem, Role} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import {readRole} from '../responses/decode-item.ts';
import {blocksOf, cacheHintOf, decodeBlock, decodeParts} from './decode-content.ts';
import {openSignature} from './signature.ts';

/** What decoding messages needs besides the messages. */
export interface MessageContext {
	readonly losses: LossLog;
	readonly packer: Packer | undefined;
}

/** Blocks that Anthropic's own tools leave in a history: nobody else can read them. */
const hostedBlock = /^(?:server_tool_use|mcp_tool_use|mcp_tool_result|[a-z_]+_tool_result)$/;

const decodeCall = (block: JsonObject, losses: LossLog): CallItem => {
	if (block['cache_control'] !== undefined) {
		losses.add('cache-mark', 'A cache mark stood on a tool call, where it cannot be kept.');
	}

	return {
		type: 'call',
		callId: textField(block, 'id') ?? '',
		tool: {kind: 'function', namespace: undefined, name: textField(block, 'name') ?? ''},
		payload: JSON.stringify(block['input'] ?? {}),
	};
};

const decodeResult = (block: JsonObject, losses: LossLog): ResultItem => {
	const {content} = block;
	return {
		type: 'result',
		callId: textField(block, 'tool_use_id') ?? '',
		kind: 'function',
		output: Array.isArray(content) ? decodeParts(content, losses) : typeof content === 'string' ? content : '',
		isError: booleanField(block, 'is_error'),
		...cacheHintOf(block),
	};
};

const decodeThinking = (block: JsonObject, {losses, packer}: MessageContext): ReasoningItem => {
	const isRedacted = block['type'] === 'redacted_thinking';
	const text = isRedacted ? '' : (textField(block, 'thinking') ?? '');
	const signature = textField(block, isRedacted ? 'data' : 'signature') ?? '';
	const hidden = openSignature({text, signature, isRedacted}, losses, packer);
	return {type: 'reasoning', summary: text === '' ? [] : [text], content: [], hidden};
};

const decodeHosted = (block: JsonObject, type: string): HostedItem => ({type: 'hosted', name: type, raw: block});

/** The item that a block is by itself; undefined for one that belongs to a message's content. */
const decodeItemBlock = (block: JsonObject, context: MessageContext): Item | undefined => {
	const type = textField(block, 'type') ?? '';
	switch (type) {
		case 'tool_use': {
			return decodeCall(block, context.losses);
		}

		case 'tool_result': {
			return decodeResult(block, context.losses);
		}

		case 'thinking':
		case 'redacted_thinking': {
			return decodeThinking(block, context);
		}

		default: {
			return hostedBlock.test(type) ? decodeHosted(block, type) : undefined;
		}
	}
};

/** A system message in the middle has the authority of a developer's, and every dialect has a policy for these (translation.md 4.1). */
const roleOf = (message: JsonObject): Role => (message['role'] === 'system' ? 'developer' : readRole(message['role']));

const decodeMessage = (message: JsonObject, context: MessageContext): readonly Item[] => {
	const items: Item[] = [];
	const role = roleOf(message);
	let parts: ContentPart[] = [];
	const flush = (): void => {
		if (parts.length > 0) {
			items.push({type: 'message', role, parts});
			parts = [];
		}
	};

	for (const block of blocksOf(message['content'])) {
		const item = decodeItemBlock(block, context);
		if (item === undefined) {
			parts.push(...decodeBlock(block, context.losses));
		} else {
			flush();
			items.push(item);
		}
	}

	flush();
	return items;
};

/** M `messages` as items, in the client's order; a system message in the middle stays where it is (translation.md 4.1). */
export const decodeMessages = (messages: unknown, context: MessageContext): readonly Item[] => {
	const all: readonly unknown[] = Array.isArray(messages) ? messages : [];
	return all.flatMap((message): readonly Item[] =>
		isJsonObject(message) ? decodeMessage(message, context) : [{type: 'unknown', raw: {value: message}}],
	);
};
