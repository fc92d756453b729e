import {objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import {isEnvelope, openHiddenState, type Packer} from '../envelope.ts';
import {objectsField} from '../field.ts';
import type {CacheHint, ContentPart, Item, MediaSource, ReasoningItem, Role} from '../ir.ts';
import type {LossLog} from '../loss.ts';

/** What decoding blocks needs besides the blocks. */
export interface MessageReaderContext {
	readonly losses: LossLog;
	readonly packer: Packer | undefined;
}

/** M `cache_control` as a hint; `ephemeral` without `ttl` is five minutes. */
export const cacheHintOf = (block: JsonObject): {readonly cacheHint?: CacheHint} => {
	const control = objectField(block, 'cache_control');
	return control['type'] === undefined ? {} : {cacheHint: control['ttl'] === '1h' ? '1h' : '5m'};
};

const mediaSource = (source: JsonObject): MediaSource | undefined => {
	const data = textField(source, 'data');
	switch (source['type']) {
		case 'base64': {
			return {kind: 'data', mimeType: textField(source, 'media_type') ?? 'image/png', base64: data ?? ''};
		}

		case 'text': {
			return {kind: 'data', mimeType: 'text/plain', base64: Buffer.from(data ?? '').toString('base64')};
		}

		case 'url': {
			return {kind: 'url', url: textField(source, 'url') ?? ''};
		}

		case 'file': {
			return {kind: 'file-id', id: textField(source, 'file_id') ?? ''};
		}

		default: {
			return undefined;
		}
	}
};

/** A text, image or document block; any other is unknown here. */
const decodePart = (block: JsonObject): ContentPart => {
	const source = mediaSource(objectField(block, 'source'));
	switch (block['type']) {
		case 'text': {
			return {type: 'text', text: textField(block, 'text') ?? '', ...cacheHintOf(block)};
		}

		case 'image': {
			return source ? {type: 'image', source, ...cacheHintOf(block)} : {type: 'unknown', raw: block};
		}

		case 'document': {
			const title = textField(block, 'title');
			const name = title === undefined ? {} : {filename: title};
			return source ? {type: 'file', source, ...name, ...cacheHintOf(block)} : {type: 'unknown', raw: block};
		}

		default: {
			return {type: 'unknown', raw: block};
		}
	}
};

/** The ciphertext of OpenAI begins like every Fernet token. */
const isOpenAiCiphertext = (text: string): boolean => text.startsWith('gAAAA');

/** The reasoning of a `thinking` block: its signature holds our envelope, OpenAI's ciphertext, or Anthropic's own mark. */
const decodeThinking = (block: JsonObject, {packer, losses}: MessageReaderContext): ReasoningItem => {
	const text = textField(block, 'thinking') ?? '';
	const signature = textField(block, 'signature') ?? '';
	const shown = text === '' ? [] : [text];
	const isCarrier = isEnvelope(signature) || isOpenAiCiphertext(signature);
	const hidden = isCarrier ? openHiddenState(signature, packer) : undefined;
	if (isCarrier && hidden === undefined) {
		losses.add('broken-envelope', 'Hidden reasoning came back damaged; its visible text is used in its place.');
	}

	if (isCarrier || signature === '') {
		return {type: 'reasoning', summary: shown, content: [], hidden};
	}

	return {
		type: 'reasoning',
		summary: shown,
		content: [],
		hidden: {kind: 'signed', family: 'anthropic', text: '', signature},
	};
};

const decodeRedacted = (block: JsonObject, packer: Packer | undefined): ReasoningItem => {
	const data = textField(block, 'data') ?? '';
	const hidden = isEnvelope(data)
		? openHiddenState(data, packer)
		: ({kind: 'redacted', family: 'anthropic', data} as const);
	return {type: 'reasoning', summary: [], content: [], hidden};
};

const decodeResult = (block: JsonObject): Item => {
	const {content} = block;
	return {
		type: 'result',
		callId: textField(block, 'tool_use_id') ?? '',
		kind: undefined,
		output: typeof content === 'string' ? content : objectsField(block, 'content').map(decodePart),
		isError: block['is_error'] === true ? true : undefined,
		...cacheHintOf(block),
	};
};

const decodeToolUse = (block: JsonObject): Item => ({
	type: 'call',
	callId: textField(block, 'id') ?? '',
	tool: {kind: 'function', namespace: undefined, name: textField(block, 'name') ?? ''},
	payload: JSON.stringify(block['input'] ?? {}),
});

const decodeBlock = (block: JsonObject, context: MessageReaderContext): Item | ContentPart => {
	switch (block['type']) {
		case 'thinking': {
			return decodeThinking(block, context);
		}

		case 'redacted_thinking': {
			return decodeRedacted(block, context.packer);
		}

		case 'tool_use': {
			return decodeToolUse(block);
		}

		case 'tool_result': {
			return decodeResult(block);
		}

		case 'server_tool_use':
		case 'web_search_tool_result': {
			return {type: 'hosted', name: textField(block, 'type') ?? '', raw: block};
		}

		default: {
			return decodePart(block);
		}
	}
};

const itemTypes: readonly string[] = ['reasoning', 'call', 'result', 'hosted'];

const isItem = (value: Item | ContentPart): value is Item => itemTypes.includes(value.type);

/** The role of a message; `system` may stand between others (beta `mid-conversation-system`). */
const roleOf = (message: JsonObject): Role =>
	message['role'] === 'assistant' ? 'assistant' : message['role'] === 'system' ? 'developer' : 'user';

/** One message as items: adjacent parts are one message item, calls and results stand where they were. */
export const decodeMessage = (message: JsonObject, context: MessageReaderContext): readonly Item[] => {
	const role = roleOf(message);
	const {content} = message;
	const blocks = typeof content === 'string' ? [{type: 'text', text: content}] : objectsField(message, 'content');
	const items: Item[] = [];
	let parts: ContentPart[] = [];
	const flush = (): void => {
		if (parts.length > 0) {
			items.push({type: 'message', role, parts});
			parts = [];
		}
	};
	for (const decoded of blocks.map(block => decodeBlock(block, context))) {
		if (isItem(decoded)) {
			flush();
			items.push(decoded);
		} else {
			parts.push(decoded);
		}
	}

	flush();
	return items;
};
