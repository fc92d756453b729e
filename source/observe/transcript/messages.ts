import type {TranscriptItem} from '../../event/view.ts';
import {cutNote, encryptedReasoning, errorNote, imageNote, item, messageItem} from './dialect-reader.ts';
import type {DialectReader} from './dialect-reader.ts';
import {toolCallItem} from './file-edits.ts';
import {argumentsText, isJsonObject, numberAt, objectAt, objectsAt, stringAt} from './json-value.ts';
import type {JsonObject} from './json-value.ts';

/* Anthropic Messages: the shapes of claude-wire.md 3 (also `role: "system"` in the middle of the messages). */

const kindOfRole = (role: string | undefined): TranscriptItem['kind'] =>
	role === 'assistant' || role === 'user' ? role : 'developer';

const textOf = (content: unknown): string =>
	typeof content === 'string'
		? content
		: objectsAt({content}, 'content')
				.flatMap(block => stringAt(block, 'text') ?? [])
				.join('\n');

const imagesIn = (content: unknown): readonly TranscriptItem[] =>
	objectsAt({content}, 'content')
		.filter(block => block['type'] === 'image')
		.map(block => imageOf(block));

const imageOf = (block: JsonObject): TranscriptItem => {
	const source = objectAt(block, 'source');
	const data = stringAt(source, 'data');
	return imageNote(data === undefined ? stringAt(source, 'url') : `data:${data}`);
};

const toolTitle = (block: JsonObject): string => stringAt(block, 'name') ?? 'tool';

const itemsOfBlock = (
	block: JsonObject,
	role: string | undefined,
	toolNames: ReadonlyMap<string, string>,
): readonly TranscriptItem[] => {
	const type = stringAt(block, 'type') ?? '';
	switch (type) {
		case 'text':
			return [messageItem(kindOfRole(role), stringAt(block, 'text') ?? '')];
		case 'thinking':
			return [item('reasoning', stringAt(block, 'thinking') || encryptedReasoning)];
		case 'redacted_thinking':
			return [item('reasoning', encryptedReasoning)];
		case 'image':
			return [imageOf(block)];
		case 'document':
			return [item('note', `(document ${stringAt(block, 'title') ?? ''})`, 'document')];
		case 'tool_use':
		case 'server_tool_use':
		case 'mcp_tool_use':
			return [toolCallItem(block['input'], toolTitle(block))];
		default: {
			if (!type.endsWith('tool_result')) {
				return [item('note', `(${type})`, type)];
			}

			const {content} = block;
			const text = isJsonObject(content) ? argumentsText(content) : textOf(content);
			return [item('tool-output', text, toolNames.get(stringAt(block, 'tool_use_id') ?? '')), ...imagesIn(content)];
		}
	}
};

const blocksOf = (content: unknown): readonly JsonObject[] =>
	typeof content === 'string' ? [{type: 'text', text: content}] : objectsAt({content}, 'content');

const inputItems = (body: JsonObject): readonly TranscriptItem[] => {
	const messages = objectsAt(body, 'messages');
	const toolNames = new Map(
		messages
			.flatMap(message => blocksOf(message['content']))
			.filter(({type}) => typeof type === 'string' && type.endsWith('tool_use'))
			.map(block => [stringAt(block, 'id') ?? '', toolTitle(block)]),
	);
	const system = textOf(body['system']);
	return [
		...(system === '' ? [] : [item('developer', system)]),
		...messages.flatMap(message =>
			blocksOf(message['content']).flatMap(block => itemsOfBlock(block, stringAt(message, 'role'), toolNames)),
		),
	];
};

interface Slot {
	readonly block: JsonObject;
	text: string;
	isDone: boolean;
}

/** A block as it would look in a request, with the text that its deltas brought. */
const grownBlock = ({block, text}: Slot): JsonObject => {
	switch (block['type']) {
		case 'text':
			return {...block, text: (stringAt(block, 'text') ?? '') + text};
		case 'thinking':
			return {...block, thinking: (stringAt(block, 'thinking') ?? '') + text};
		default:
			return text === '' ? block : {...block, input: text};
	}
};

const stopNote = (reason: string | undefined): readonly TranscriptItem[] =>
	reason === 'max_tokens' || reason === 'refusal' || reason === 'model_context_window_exceeded'
		? [item('note', `(stopped: ${reason})`, reason)]
		: [];

class MessagesReply {
	#slots = new Map<number, Slot>();
	#ending: readonly TranscriptItem[] | undefined;
	#stopReason: string | undefined;

	push(event: JsonObject): void {
		const index = numberAt(event, 'index') ?? 0;
		switch (event['type']) {
			case 'message_start': {
				this.#slots = new Map();
				this.#ending = undefined;
				break;
			}

			case 'content_block_start': {
				this.#slots.set(index, {block: objectAt(event, 'content_block') ?? {}, text: '', isDone: false});
				break;
			}

			case 'content_block_delta': {
				this.#grow(index, objectAt(event, 'delta'));
				break;
			}

			case 'content_block_stop': {
				const slot = this.#slots.get(index);
				if (slot !== undefined) {
					slot.isDone = true;
				}

				break;
			}

			default: {
				this.#end(event);
			}
		}
	}

	items(isLive: boolean): readonly TranscriptItem[] {
		const isCut = this.#ending === undefined && !isLive;
		return [
			...[...this.#slots.values()].flatMap(slot =>
				itemsOfBlock(grownBlock(slot), 'assistant', new Map())
					.filter(({kind, text}) => kind !== 'assistant' || text !== '')
					.map(shown => ({...shown, isLive: isLive && !slot.isDone})),
			),
			...(this.#ending ?? []),
			...(isCut ? [cutNote] : []),
		];
	}

	#grow(index: number, delta: JsonObject | undefined): void {
		const slot = this.#slots.get(index);
		if (slot !== undefined) {
			slot.text += stringAt(delta, 'text') ?? stringAt(delta, 'thinking') ?? stringAt(delta, 'partial_json') ?? '';
		}
	}

	#end(event: JsonObject): void {
		if (event['type'] === 'message_delta') {
			this.#stopReason = stringAt(objectAt(event, 'delta'), 'stop_reason');
		} else if (event['type'] === 'message_stop') {
			this.#ending = stopNote(this.#stopReason);
		} else if (event['type'] === 'error') {
			const error = objectAt(event, 'error');
			this.#ending = [errorNote(stringAt(error, 'message'), stringAt(error, 'type'))];
		}
	}
}

/** The reader of the `messages` dialect. */
export const messagesReader: DialectReader = {
	inputItems,
	replyItems: (events, isLive) => {
		const reply = new MessagesReply();
		for (const event of events) {
			reply.push(event);
		}

		return reply.items(isLive);
	},
	unaryItems: reply => {
		const error = objectAt(reply, 'error');
		return error === undefined
			? [
					...blocksOf(reply['content']).flatMap(block => itemsOfBlock(block, 'assistant', new Map())),
					...stopNote(stringAt(reply, 'stop_reason')),
				]
			: [errorNote(stringAt(error, 'message'), stringAt(error, 'type'))];
	},
};
