import {jsonBytes} from '../base/utf8.ts';
import {isJsonObject, objectField, parseJsonObject, textField, type JsonObject} from '../wire/json-value.ts';
import {objectsField} from './codec/field.ts';
import {isThinking} from './codec/messages/encode-reasoning.ts';
import {isForeignSignature, foreignSignatureStarts} from './codec/messages/signature.ts';

/*
 * A Messages client brings back all thoughts of its conversation, also those that another maker's model thought behind the bridge. Anthropic
 * answers 400 to each of them (translation.md 3.1, 6.2), so they are taken out where the body goes out as it is.
 */

/** A Messages body that Anthropic can verify. */
export interface CleanedBody {
	readonly body: Buffer;
	/** How many thoughts were taken out. */
	readonly count: number;
}

const isForeign = (block: unknown): boolean =>
	isJsonObject(block) &&
	isThinking(block) &&
	isForeignSignature(textField(block, 'signature') ?? textField(block, 'data') ?? '');

const cleanMessage = (message: JsonObject): JsonObject => {
	const {content} = message;
	return message['role'] === 'assistant' && Array.isArray(content) && content.some(isForeign)
		? {...message, content: content.filter(block => !isForeign(block))}
		: message;
};

const has = (message: JsonObject | undefined, test: (block: JsonObject) => boolean): boolean =>
	message !== undefined && objectsField(message, 'content').some(test);

/** Whether the conversation ends inside a turn of calls that begins with no thought: the model may not think in it any more (case 82). */
const isOpenWithoutThought = (messages: readonly JsonObject[]): boolean => {
	const at = messages.findLastIndex(({role}) => role === 'assistant');
	const calls = messages[at];
	return (
		has(calls, ({type}) => type === 'tool_use') &&
		!has(calls, isThinking) &&
		messages.slice(at + 1).some(message => has(message, ({type}) => type === 'tool_result'))
	);
};

/** Thinking off, and with it what is only for a thinking model. */
const thinkingOff = (body: JsonObject): JsonObject => {
	const {context_management: management, ...rest} = body;
	const edits = objectsField(objectField(body, 'context_management'), 'edits').filter(
		({type}) => typeof type !== 'string' || !type.startsWith('clear_thinking'),
	);
	const kept = isJsonObject(management) && edits.length > 0 ? {context_management: {...management, edits}} : {};
	return {...rest, ...kept, thinking: {type: 'disabled'}};
};

/** The body without the thoughts of other makers; undefined where there are none. */
export const withoutForeignThinking = (body: Buffer): CleanedBody | undefined => {
	if (!foreignSignatureStarts.some(start => body.includes(`"${start}`))) {
		return undefined;
	}

	const parsed = parseJsonObject(body.toString()) ?? {};
	const count = objectsField(parsed, 'messages')
		.flatMap(message => objectsField(message, 'content'))
		.filter(isForeign);
	if (count.length === 0) {
		return undefined;
	}

	const messages = objectsField(parsed, 'messages')
		.map(cleanMessage)
		.filter(({content}) => !Array.isArray(content) || content.length > 0);
	const thinks = isJsonObject(parsed['thinking']) && parsed['thinking']['type'] !== 'disabled';
	const cleaned = {...parsed, messages};
	const sent = thinks && isOpenWithoutThought(messages) ? thinkingOff(cleaned) : cleaned;
	return {body: jsonBytes(JSON.stringify(sent)), count: count.length};
};
