import type {JsonObject} from '../../../wire/json-value.ts';
import type {
	BridgeRequest,
	CallItem,
	ContentPart,
	FoundToolsItem,
	Item,
	MessageItem,
	ReasoningItem,
	ResultItem,
} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {shimArguments} from '../shim.ts';
import {markedOutput} from '../tool-error.ts';
import type {ToolMap} from '../tool-map.ts';
import {isCallable} from '../tool.ts';
import {encodePart, encodeToolOutput, joinParts} from './encode-content.ts';
import {encodeReasoning, reasoningFields} from './encode-reasoning.ts';

/** What encoding messages needs besides the items. */
export interface MessageContext {
	readonly quirks: ProviderQuirks;
	readonly tools: ToolMap;
	readonly losses: LossLog;
}

/** A message whose `content` is settled; `role` decides what may follow it. */
export type ChatMessage = JsonObject & {readonly role: string};

const reminder = (text: string): string => `<system-reminder>\n${text}\n</system-reminder>`;

const foundText = ({tools}: FoundToolsItem, map: ToolMap): string => {
	const rows = tools
		.filter(isCallable)
		.map(tool => `- ${map.wireNameOf(tool)}: ${(tool.description ?? '').split('\n', 1).join('')}`);
	return rows.length === 0 ? 'No tools were found.' : `Loaded tools:\n${rows.join('\n')}`;
};

/** Builds the messages of one request; items come in paired order (translation.md 1.3, 1.9). */
class MessageBuilder {
	readonly #context: MessageContext;
	readonly #messages: ChatMessage[] = [];
	#texts: ContentPart[] = [];
	#calls: CallItem[] = [];
	#reasoning: ReasoningItem[] = [];
	#media: JsonObject[] = [];
	#mediaCount = 0;

	constructor(context: MessageContext) {
		this.#context = context;
	}

	add(item: Item): void {
		switch (item.type) {
			case 'message': {
				this.#addMessage(item);
				break;
			}

			case 'reasoning': {
				this.#flushMedia();
				this.#reasoning.push(item);
				break;
			}

			case 'call': {
				this.#flushMedia();
				this.#calls.push(item);
				break;
			}

			case 'result':
			case 'found-tools': {
				this.#flushAssistant();
				this.#addResult(item);
				break;
			}

			default: {
				this.#addOther(item);
			}
		}
	}

	finish(): readonly ChatMessage[] {
		this.#flushAssistant();
		this.#flushMedia();
		return this.#messages;
	}

	#addMessage(item: MessageItem): void {
		this.#flushMedia();
		if (item.role === 'assistant') {
			this.#texts.push(...item.parts);
			return;
		}

		this.#flushAssistant();
		const content = this.#content(item.parts);
		if (content.length > 0) {
			this.#messages.push({role: item.role, content});
		}
	}

	#addOther(item: Item): void {
		const {losses} = this.#context;
		if (item.type === 'compaction') {
			losses.add('foreign-compaction', 'A compaction of another provider cannot be read here and was left out.');
		} else if (item.type === 'hosted') {
			losses.add('hosted-item', `An item of type ${item.name} has no place in Chat Completions and was left out.`);
		} else if (item.type === 'unknown') {
			losses.add('unknown-item', 'An item of a type that the bridge does not know was left out.');
		} else if (item.type === 'reference') {
			losses.add('unresolved-reference', 'A stored item could not be found and was left out.');
		}
	}

	#content(parts: readonly ContentPart[]): string | readonly JsonObject[] {
		const context = {quirks: this.#context.quirks.chat, losses: this.#context.losses};
		const encoded = parts.map(part => encodePart(part, context)).filter(part => part !== undefined);
		return joinParts(encoded, context);
	}

	#addResult(item: ResultItem | FoundToolsItem): void {
		const {quirks, losses, tools} = this.#context;
		const output = item.type === 'result' ? markedOutput(item) : foundText(item, tools);
		const encoded = encodeToolOutput(output, this.#mediaCount + 1, {quirks: quirks.chat, losses});
		this.#messages.push({role: 'tool', tool_call_id: item.callId, content: encoded.content});
		if (encoded.media.length > 0) {
			this.#mediaCount += encoded.media.length;
			this.#media.push({type: 'text', text: `Output media for call ${item.callId}:`}, ...encoded.media);
		}
	}

	/** Media of results follow the last result of a batch, never stand between two (translation.md 1.5). */
	#flushMedia(): void {
		if (this.#media.length > 0) {
			const context = {quirks: this.#context.quirks.chat, losses: this.#context.losses};
			this.#messages.push({role: 'user', content: joinParts(this.#media, context)});
			this.#media = [];
		}
	}

	#flushAssistant(): void {
		const content = this.#content(this.#texts);
		const calls = this.#calls.map(call => this.#toolCall(call));
		const fields = reasoningFields(this.#reasoning, this.#context.quirks);
		const isEmpty = content.length === 0 && calls.length === 0;
		if (isEmpty && this.#reasoning.length > 0) {
			this.#attachBackward();
		} else if (!isEmpty) {
			const {nullContent, reasoningIn} = this.#context.quirks.chat;
			const reasoning = encodeReasoning(fields, calls.length > 0, this.#context.quirks);
			const plain = content.length > 0 ? content : nullContent ? null : '';
			const thinking = {type: 'thinking', thinking: fields.texts.map(text => ({type: 'text', text}))};
			const isArray = reasoningIn === 'content-thinking' && fields.texts.length > 0;
			const parts = typeof content === 'string' ? (content === '' ? [] : [{type: 'text', text: content}]) : content;
			this.#messages.push({
				role: 'assistant',
				content: isArray ? [thinking, ...parts] : plain,
				...reasoning,
				...(calls.length > 0 && {tool_calls: calls}),
			});
		}

		this.#texts = [];
		this.#calls = [];
		this.#reasoning = [];
	}

	/** Reasoning with nothing behind it belongs to the assistant message before it, unless a turn lies between. */
	#attachBackward(): void {
		const last = this.#messages.at(-1);
		const {quirks, losses} = this.#context;
		const field = quirks.chat.reasoningIn;
		const isText = field === 'reasoning_content' || field === 'reasoning';
		if (last?.role === 'assistant' && isText && last[field] === undefined) {
			const hasCalls = last['tool_calls'] !== undefined;
			const reasoning = encodeReasoning(reasoningFields(this.#reasoning, quirks), hasCalls, quirks);
			this.#messages[this.#messages.length - 1] = {...last, ...reasoning};
		} else if (quirks.chat.reasoningIn !== 'drop') {
			losses.add('loose-reasoning', 'Reasoning that belongs to no answer was left out.');
		}
	}

	#toolCall(call: CallItem): JsonObject {
		const name = this.#context.tools.wireNameOf(call.tool);
		const google = call.signature === undefined ? {} : {extra_content: {google: {thought_signature: call.signature}}};
		return {
			id: call.callId,
			type: 'function',
			function: {name, arguments: shimArguments(call.tool.kind, call.payload)},
			...google,
		};
	}
}

const isSystem = ({role}: ChatMessage): boolean => role === 'system' || role === 'developer';

const plainText = ({content}: ChatMessage): string => {
	if (typeof content === 'string') {
		return content;
	}

	const parts: readonly unknown[] = Array.isArray(content) ? content : [];
	return parts
		.map(part => (typeof part === 'object' && part !== null && 'text' in part ? String(part.text) : ''))
		.filter(text => text !== '')
		.join('\n');
};

const systemMessage = (messages: readonly ChatMessage[]): readonly ChatMessage[] => {
	const text = messages
		.map(plainText)
		.filter(one => one.trim() !== '')
		.join('\n\n');
	return text === '' ? [] : [{role: 'system', content: text}];
};

/** System and developer messages where the provider takes them (translation.md 1.2). */
const placeSystem = (messages: readonly ChatMessage[], {chat}: ProviderQuirks): readonly ChatMessage[] => {
	switch (chat.system) {
		case 'keep': {
			return messages.map(message =>
				message.role === 'developer' && !chat.developerRole ? {...message, role: 'system'} : message,
			);
		}

		case 'merge-head': {
			return [...systemMessage(messages.filter(isSystem)), ...messages.filter(message => !isSystem(message))];
		}

		case 'head-tail': {
			const head = messages.findIndex(message => !isSystem(message));
			const count = head === -1 ? messages.length : head;
			const tail = messages
				.slice(count)
				.map(message => (isSystem(message) ? {role: 'user', content: reminder(plainText(message))} : message));
			return [...systemMessage(messages.slice(0, count)), ...tail];
		}
	}
};

/** The conversation as Chat messages: system texts placed, calls merged, results behind their calls (translation.md 1.2-1.5). */
export const encodeMessages = (
	request: Pick<BridgeRequest, 'instructions'>,
	items: readonly Item[],
	context: MessageContext,
): readonly ChatMessage[] => {
	const builder = new MessageBuilder(context);
	for (const item of items) {
		builder.add(item);
	}

	const instructions = request.instructions.map(({text}) => ({role: 'system', content: text}));
	return placeSystem([...instructions, ...builder.finish()], context.quirks);
};
