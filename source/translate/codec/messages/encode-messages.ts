import {parseJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {BridgeRequest, CallItem, FoundToolsItem, Item, MessageItem, ReasoningItem, ResultItem} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {shimArguments} from '../shim.ts';
import {unmarkedOutput} from '../tool-error.ts';
import type {ToolMap} from '../tool-map.ts';
import {isCallable} from '../tool.ts';
import {cacheControl, encodeParts, textBlock} from './encode-content.ts';
import {encodeReasoning, isThinking} from './encode-reasoning.ts';

/** What encoding messages needs besides the items. */
export interface MessagesContext {
	readonly quirks: ProviderQuirks;
	readonly tools: ToolMap;
	readonly losses: LossLog;
}

/** A message whose blocks are settled. */
export interface WireMessage {
	readonly role: 'user' | 'assistant' | 'system';
	readonly content: readonly JsonObject[];
}

/** A conversation in the Messages dialect. */
export interface WireConversation {
	readonly system: readonly JsonObject[];
	readonly messages: readonly WireMessage[];
}

const reminder = (text: string): string => `<system-reminder>\n${text}\n</system-reminder>`;

type AuthorityItem = MessageItem & {readonly role: 'system' | 'developer'};

const isAuthority = (item: Item): item is AuthorityItem =>
	item.type === 'message' && (item.role === 'system' || item.role === 'developer');

const typeOf = (block: JsonObject): unknown => block['type'];

/** Results first: nothing may stand between a call and its result (translation.md 3.1, case 83). */
const orderUser = (blocks: readonly JsonObject[]): readonly JsonObject[] => [
	...blocks.filter(block => typeOf(block) === 'tool_result'),
	...blocks.filter(block => typeOf(block) !== 'tool_result'),
];

/** Thinking first where the turn begins with something else, calls last; the model's own order otherwise. */
const orderAssistant = (blocks: readonly JsonObject[]): readonly JsonObject[] => {
	const others = blocks.filter(block => typeOf(block) !== 'tool_use');
	const calls = blocks.filter(block => typeOf(block) === 'tool_use');
	const [first] = others;
	const ordered =
		first === undefined || isThinking(first)
			? others
			: [...others.filter(isThinking), ...others.filter(block => !isThinking(block))];
	return [...ordered, ...calls];
};

const ordered = (role: WireMessage['role'], blocks: readonly JsonObject[]): readonly JsonObject[] =>
	role === 'user' ? orderUser(blocks) : role === 'assistant' ? orderAssistant(blocks) : blocks;

const foundText = ({tools}: FoundToolsItem, map: ToolMap): string => {
	const rows = tools
		.filter(isCallable)
		.map(tool => `- ${map.wireNameOf(tool)}: ${(tool.description ?? '').split('\n', 1).join('')}`);
	return rows.length === 0 ? 'No tools were found.' : `Loaded tools:\n${rows.join('\n')}`;
};

/** Builds the messages of one request: roles alternate, blocks stand where Anthropic wants them (translation.md 3.1). */
class ConversationBuilder {
	readonly #context: MessagesContext;
	readonly #messages: WireMessage[] = [];
	#role: 'user' | 'assistant' = 'user';
	#blocks: JsonObject[];

	constructor(context: MessagesContext, userBlocks: readonly JsonObject[]) {
		this.#context = context;
		this.#blocks = [...userBlocks];
	}

	add(item: Item): void {
		switch (item.type) {
			case 'message': {
				this.#addMessage(item);
				break;
			}

			case 'reasoning': {
				this.#addReasoning(item);
				break;
			}

			case 'call': {
				this.#push('assistant', [this.#toolUse(item)]);
				break;
			}

			case 'result': {
				this.#push('user', [this.#toolResult(item)]);
				break;
			}

			case 'found-tools': {
				const content = foundText(item, this.#context.tools);
				this.#push('user', [{type: 'tool_result', tool_use_id: item.callId, content}]);
				break;
			}

			default: {
				this.#addOther(item);
			}
		}
	}

	finish(): readonly WireMessage[] {
		this.#flush();
		return this.#messages;
	}

	#addMessage(item: MessageItem): void {
		const {quirks, losses} = this.#context;
		if (!isAuthority(item)) {
			this.#push(item.role === 'assistant' ? 'assistant' : 'user', encodeParts(item.parts, losses));
			return;
		}

		const blocks = encodeParts(item.parts, losses);
		const texts = blocks.filter(block => typeOf(block) === 'text');
		const media = blocks.filter(block => typeOf(block) !== 'text');
		if (texts.length > 0 && quirks.messages.midSystem) {
			this.#flush();
			this.#append({role: 'system', content: texts});
		} else if (texts.length > 0) {
			const text = texts.map(block => String(block['text'])).join('\n\n');
			this.#push('user', [{type: 'text', text: reminder(text)}]);
		}

		this.#push('user', media);
	}

	#addOther(item: Item): void {
		const {losses} = this.#context;
		if (item.type === 'hosted') {
			this.#addHosted(item.name, item.raw);
		} else if (item.type === 'compaction') {
			losses.add('foreign-compaction', 'A compaction of another provider cannot be read here and was left out.');
		} else if (item.type === 'reference') {
			losses.add('unresolved-reference', 'A stored item could not be found and was left out.');
		} else if (item.type === 'unknown') {
			losses.add('unknown-item', 'An item of a type that the bridge does not know was left out.');
		}
	}

	#addReasoning(item: ReasoningItem): void {
		const block = encodeReasoning(item, this.#context.quirks);
		if (block === undefined) {
			this.#context.losses.add(
				'foreign-reasoning',
				'Reasoning of another provider cannot be verified here and was left out.',
			);
		} else {
			this.#push('assistant', [block]);
		}
	}

	/** What Anthropic's own tools did goes back to Anthropic as it came. */
	#addHosted(name: string, raw: JsonObject): void {
		if (this.#context.quirks.family === 'anthropic' && raw['type'] === name && !name.endsWith('_call')) {
			this.#push('assistant', [raw]);
		} else {
			this.#context.losses.add('hosted-item', `An item of type ${name} has no place here and was left out.`);
		}
	}

	#push(role: 'user' | 'assistant', blocks: readonly JsonObject[]): void {
		if (blocks.length === 0) {
			return;
		}

		if (role !== this.#role) {
			this.#flush();
			this.#role = role;
		}

		this.#blocks.push(...blocks);
	}

	#flush(): void {
		const content = ordered(this.#role, this.#blocks);
		this.#blocks = [];
		if (content.length > 0 && content.every(isThinking)) {
			// An answer of nothing but thoughts is refused, and the next answer is none of its business (case 31).
			this.#context.losses.add('loose-reasoning', 'Reasoning that belongs to no answer was left out.');
		} else if (content.length > 0) {
			this.#append({role: this.#role, content});
		}
	}

	/** What was left out between two messages of one role makes them neighbours. */
	#append(message: WireMessage): void {
		const last = this.#messages.at(-1);
		if (last?.role === message.role) {
			const joined = [...last.content, ...message.content];
			this.#messages[this.#messages.length - 1] = {role: message.role, content: ordered(message.role, joined)};
		} else {
			this.#messages.push(message);
		}
	}

	#toolUse(call: CallItem): JsonObject {
		const input = parseJsonObject(shimArguments(call.tool.kind, call.payload)) ?? {};
		return {type: 'tool_use', id: call.callId, name: this.#context.tools.wireNameOf(call.tool), input};
	}

	#toolResult(item: ResultItem): JsonObject {
		const {callId, cacheHint} = item;
		const {output, isError} = unmarkedOutput(item);
		const written = typeof output === 'string' ? output : encodeParts(output, this.#context.losses);
		// Anthropic refuses an error without a text.
		const content = isError === true && written.length === 0 ? 'The tool failed without a text.' : written;
		return compact({
			type: 'tool_result',
			tool_use_id: callId,
			content: content.length === 0 ? undefined : content,
			is_error: isError === true ? true : undefined,
			cache_control: cacheControl(cacheHint),
		});
	}
}

const filler = (text: string): WireMessage => ({role: 'user', content: [{type: 'text', text}]});

/** A conversation begins and ends with the user: Anthropic refuses anything else, or reads the end as words to go on from. */
const framed = (messages: readonly WireMessage[], losses: LossLog): readonly WireMessage[] => {
	const first = messages.find(({role}) => role !== 'system');
	const opened = first?.role === 'user' ? messages : [filler('(continuing the conversation)'), ...messages];
	if (opened.findLast(({role}) => role !== 'system')?.role === 'user') {
		return opened;
	}

	losses.add('continue-added', 'The history ended with an answer; a user message "Continue." was added.');
	return [...opened, filler('Continue.')];
};

/**
 * The conversation as `system` and `messages`: leading texts of authority become system blocks in their order, later ones stand
 * where they stood (translation.md 3.1). `items` come repaired.
 */
export const encodeConversation = (
	request: Pick<BridgeRequest, 'instructions'>,
	items: readonly Item[],
	context: MessagesContext,
): WireConversation => {
	const head = items.findIndex(item => !isAuthority(item) && item.type !== 'additional-tools');
	const count = head === -1 ? items.length : head;
	const leading = items.slice(0, count).filter(isAuthority);
	const system = [
		...request.instructions.map(({text, cacheHint}) => textBlock(text, cacheHint)),
		...leading.flatMap(({parts}) => encodeParts(parts, context.losses)),
	].filter(block => block !== undefined);
	// `system` takes text only: pictures that stood there are shown by the user.
	const media = system.filter(block => typeOf(block) !== 'text');
	const builder = new ConversationBuilder(context, media);
	for (const item of items.slice(count)) {
		builder.add(item);
	}

	return {
		system: system.filter(block => typeOf(block) === 'text'),
		messages: framed(builder.finish(), context.losses),
	};
};
