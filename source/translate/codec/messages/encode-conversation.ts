import {isJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import type {InstructionBlock, Item, MessageItem} from '../ir.ts';
import {textsOf} from '../responses/decode-content.ts';
import {isCallable} from '../tool.ts';
import {
	encodeBlocks,
	encodeThinking,
	encodeToolResult,
	encodeToolUse,
	cacheControl,
	type BlockContext,
} from './encode-blocks.ts';

/** A message of the Messages dialect with its blocks. */
export interface BlockMessage {
	readonly role: 'user' | 'assistant' | 'system';
	readonly content: readonly JsonObject[];
}

/** The system blocks and the messages of a request. */
export interface Conversation {
	readonly system: readonly JsonObject[];
	readonly messages: readonly BlockMessage[];
}

const hasAuthority = ({role}: MessageItem): boolean => role === 'system' || role === 'developer';

const isSystem = (item: Item): item is MessageItem => item.type === 'message' && hasAuthority(item);

const reminder = (text: string): JsonObject => ({type: 'text', text: `<system-reminder>\n${text}\n</system-reminder>`});

/** Thinking first, then text, then calls: the order that the API wants within one assistant message. */
const blockRank = (block: JsonObject): number =>
	block['type'] === 'thinking' || block['type'] === 'redacted_thinking' ? 0 : block['type'] === 'tool_use' ? 2 : 1;

const foundText = (item: Item & {readonly type: 'found-tools'}, {tools}: BlockContext): string =>
	`Loaded tools: ${item.tools
		.filter(isCallable)
		.map(tool => tools.wireNameOf(tool))
		.join(', ')}`;

class ConversationBuilder {
	readonly #context: BlockContext;
	readonly #messages: BlockMessage[] = [];

	constructor(context: BlockContext) {
		this.#context = context;
	}

	get messages(): readonly BlockMessage[] {
		return this.#messages;
	}

	add(item: Item): void {
		switch (item.type) {
			case 'message': {
				this.#addMessage(item);
				break;
			}

			case 'reasoning': {
				const block = encodeThinking(item, this.#context);
				this.#push('assistant', block === undefined ? [] : [block]);
				break;
			}

			case 'call': {
				this.#push('assistant', [encodeToolUse(item, this.#context)]);
				break;
			}

			case 'result': {
				this.#push('user', [encodeToolResult(item, this.#context)]);
				break;
			}

			case 'found-tools': {
				const content = foundText(item, this.#context);
				this.#push('user', [{type: 'tool_result', tool_use_id: item.callId, content}]);
				break;
			}

			default: {
				this.#addOther(item);
			}
		}
	}

	#addMessage(item: MessageItem): void {
		const {quirks, losses} = this.#context;
		const blocks = encodeBlocks(item.parts, losses);
		if (!hasAuthority(item)) {
			this.#push(item.role === 'assistant' ? 'assistant' : 'user', blocks);
		} else if (quirks.messages.midSystem) {
			this.#push('system', blocks);
		} else {
			const text = textsOf(item.parts).join('\n');
			const media = blocks.filter(block => block['type'] !== 'text');
			this.#push('user', text.trim() === '' ? media : [reminder(text), ...media]);
		}
	}

	#addOther(item: Item): void {
		const {losses} = this.#context;
		if (item.type === 'compaction' && item.summary !== undefined) {
			this.#push('user', [{type: 'text', text: `Summary of earlier work: ${item.summary}`}]);
		} else if (item.type === 'compaction') {
			losses.add('foreign-compaction', 'A compaction of another provider cannot be read here and was left out.');
		} else if (item.type === 'hosted' || item.type === 'unknown' || item.type === 'reference') {
			losses.add(`${item.type}-item`, 'An item that Messages has no place for was left out.');
		}
	}

	/** Adds blocks to the last message of the same role, or begins one. */
	#push(role: BlockMessage['role'], blocks: readonly JsonObject[]): void {
		const last = this.#messages.at(-1);
		if (blocks.length === 0) {
			return;
		}

		if (last?.role !== role) {
			this.#messages.push({role, content: blocks});
			return;
		}

		const joined = [...last.content, ...blocks];
		const ordered =
			role === 'assistant'
				? joined.toSorted((left, right) => blockRank(left) - blockRank(right))
				: joined.toSorted((left, right) => resultRank(left) - resultRank(right));
		this.#messages[this.#messages.length - 1] = {role, content: ordered};
	}
}

/** Results stand before everything else of a user's message (case 83). */
const resultRank = (block: JsonObject): number => (block['type'] === 'tool_result' ? 0 : 1);

/** Blank space behind the last text of an assistant message is 400. */
const trimmed = (message: BlockMessage): BlockMessage => {
	const last = message.content.at(-1);
	return message.role === 'assistant' && typeof last?.['text'] === 'string'
		? {...message, content: [...message.content.slice(0, -1), {...last, text: last['text'].trimEnd()}]}
		: message;
};

const text = (value: string): readonly JsonObject[] => [{type: 'text', text: value}];

const withUserEnds = (messages: readonly BlockMessage[], {losses}: BlockContext): readonly BlockMessage[] => {
	const first: readonly BlockMessage[] =
		messages[0]?.role === 'user' ? [] : [{role: 'user', content: text('(continuing the conversation)')}];
	if (messages.at(-1)?.role !== 'assistant') {
		return [...first, ...messages];
	}

	losses.add('continue-added', 'The history ended with an answer; a user message "Continue." was added.');
	return [...first, ...messages, {role: 'user', content: text('Continue.')}];
};

/**
 * The conversation in the Messages dialect (translation.md 3.1): the leading system texts are separate system blocks, later ones
 * stay where they are, roles alternate, results directly follow their calls.
 */
export const encodeConversation = (
	instructions: readonly InstructionBlock[],
	items: readonly Item[],
	context: BlockContext,
): Conversation => {
	const count = items.findIndex(item => !isSystem(item) && item.type !== 'additional-tools');
	const head = items.slice(0, count === -1 ? items.length : count).filter(isSystem);
	const builder = new ConversationBuilder(context);
	const media = head.flatMap(({parts}) => parts.filter(part => part.type !== 'text'));
	builder.add({type: 'message', role: 'user', parts: media});
	for (const item of items.slice(count === -1 ? items.length : count)) {
		builder.add(item);
	}

	const leading = [...instructions, ...head.flatMap(({parts}) => parts.filter(part => part.type === 'text'))];
	const system = leading
		.filter(block => block.text.trim() !== '')
		.map(block => ({type: 'text', text: block.text, ...cacheControl(block.cacheHint)}));
	const messages = builder.messages.map(trimmed);
	return {system, messages: messages.length === 0 ? [] : withUserEnds(messages, context)};
};

/** Whether the conversation waits for the answer to tool results whose call came without its signed thinking (translation.md 3.1). */
export const lacksThinking = (messages: readonly BlockMessage[]): boolean => {
	const last = messages.at(-1);
	const before = messages.at(-2)?.content[0];
	const answersCalls = last?.role === 'user' && last.content.some(block => block['type'] === 'tool_result');
	return (
		answersCalls && isJsonObject(before) && before['type'] !== 'thinking' && before['type'] !== 'redacted_thinking'
	);
};
